"""Ceilings: how many people an area has room for on each night."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, UtcDateTime, new_id


class CeilingNight(Base):
    """The places taken in an area on one night: the row that every reservation must pass.

    Two reservations for the last place meet here: each adds to this row, and the second finds what the first has left.
    """

    __tablename__ = "ceiling_nights"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken_not_negative"),)

    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), primary_key=True)
    night: Mapped[date] = mapped_column(Date, primary_key=True)
    taken: Mapped[int] = mapped_column(Integer, default=0)


class CeilingEntry(Base):
    """A movement of places, kept for ever: reserved, consumed or released for one unit and night.

    RESERVE and BEYOND take places, RELEASE gives them back (negative quantity), CONSUME turns a reservation into presence and
    moves nothing.
    """

    __tablename__ = "ceiling_ledger"
    __table_args__ = (
        CheckConstraint("kind IN ('RESERVE', 'BEYOND', 'CONSUME', 'RELEASE')", name="kind"),
        Index("ix_ceiling_ledger_area_night", "area", "night"),
        Index("ix_ceiling_ledger_unit_key", "unit_key"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    night: Mapped[date] = mapped_column(Date)
    unit_key: Mapped[str] = mapped_column(String(48))
    kind: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[int] = mapped_column(Integer)
    organisation: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
