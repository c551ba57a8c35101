"""What indicators are read from at night, and the values that were frozen for a period."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, UtcDateTime


class WhereaboutsNight(Base):
    """Of how many people of a duty station it was known one night where they were; measured then, and not worked out again."""

    __tablename__ = "whereabouts_nights"
    __table_args__ = (
        CheckConstraint("located >= 0 AND located <= listed", name="located"),
        CheckConstraint("signs >= 0 AND signs <= located", name="signs"),
        Index("ix_whereabouts_nights_night", "night"),
    )

    duty_station: Mapped[str] = mapped_column(ForeignKey("duty_stations.code"), primary_key=True)
    night: Mapped[date] = mapped_column(Date, primary_key=True)
    listed: Mapped[int] = mapped_column(Integer)
    located: Mapped[int] = mapped_column(Integer)
    signs: Mapped[int] = mapped_column(Integer)  # Those of whom there was a sign of life, not only a known place.
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FrozenPeriod(Base):
    """All indicators of a period as they were reported. Never changed: a correction is the next version beside it."""

    __tablename__ = "frozen_periods"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("version = 1 OR reason IS NOT NULL", name="correction_says_why"),
    )

    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    frozen_as: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(2000))
    definitions: Mapped[int] = mapped_column(Integer)  # The version of the definitions that the values follow.
    hash: Mapped[str] = mapped_column(String(64))  # Of all values of this version.


class FrozenValue(Base):
    """One figure of a frozen period, with the hash of the list that it was counted from."""

    __tablename__ = "frozen_values"
    __table_args__ = (
        ForeignKeyConstraint(["period", "version"], ["frozen_periods.period", "frozen_periods.version"]),
        CheckConstraint("denominator IS NULL OR denominator >= 0", name="denominator"),
    )

    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    part: Mapped[str] = mapped_column(String(32), primary_key=True)  # Empty for the indicator itself.
    unit: Mapped[str] = mapped_column(String(16))
    numerator: Mapped[int] = mapped_column(Integer)
    denominator: Mapped[int | None] = mapped_column(Integer)
    value: Mapped[str | None] = mapped_column(String(32))  # Decimal digits; nothing means that nothing was there to be counted.
    entries: Mapped[int] = mapped_column(Integer)
    list_hash: Mapped[str] = mapped_column(String(64))
