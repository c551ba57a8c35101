"""Areas: the tree of places, and what held in each of them at every moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.models.base import Base, Json, UtcDateTime, new_id
from services.models.words import words_of


def _words_of_names(context: Any) -> str:
    """Say what a search compares of an area that is entered with many others at once."""
    return words_of(*context.get_current_parameters()["name"].values())


class Calendar(Base):
    """The working days of a duty station."""

    __tablename__ = "calendars"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    weekend: Mapped[list[int]] = mapped_column(Json)  # Days as ISO numbers, Monday is 1.
    holidays: Mapped[list[str]] = mapped_column(Json)  # Dates as ISO texts.


class Area(Base):
    """A place that clearances are given for, or a designated area (the domain of one Designated Official) above such places.

    `words` is what a search compares with its names in all languages: at the area alone, so that a new name counts at once for
    everything that lies there.
    """

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    designated_area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    name: Mapped[dict[str, Any]] = mapped_column(Json)
    words: Mapped[str] = mapped_column(Text, default=_words_of_names)
    kind: Mapped[str] = mapped_column(String(24))  # DESIGNATED, HQ_MAIN, FIELD_CAPITAL, FIELD_SUB, SITE
    location_class: Mapped[str] = mapped_column(String(8))  # HQ or FIELD
    zone: Mapped[str] = mapped_column(String(48))
    calendar: Mapped[str | None] = mapped_column(ForeignKey("calendars.code"))
    country_code: Mapped[str | None] = mapped_column(String(2))
    phase: Mapped[str] = mapped_column(String(16), default="ESTABLISHED")
    active_from: Mapped[date | None] = mapped_column(Date)
    active_to: Mapped[date | None] = mapped_column(Date)
    contact: Mapped[str | None] = mapped_column(String(120))

    @validates("name")
    def _keep_words(self, _name: str, name: dict[str, Any]) -> dict[str, Any]:
        """Keep what a search compares beside the names."""
        self.words = words_of(*(str(each) for each in name.values()))
        return name


class AreaWithin(Base):
    """Which area lies within which, itself included: the closure of the tree, so that one join answers it."""

    __tablename__ = "area_within"
    __table_args__ = (Index("ix_area_within_ancestor_area", "ancestor", "area"),)

    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), primary_key=True)
    ancestor: Mapped[str] = mapped_column(ForeignKey("areas.code"), primary_key=True)


class AreaState(Base):
    """What holds in an area from a moment on, until the next row of that area begins.

    A row has no end of its own: with one row per area and beginning there can be neither a gap nor an overlap, so exactly one row
    holds at every moment after the first. A change announced for later is simply a row that begins later.
    """

    __tablename__ = "area_states"
    __table_args__ = (
        UniqueConstraint("area", "valid_from"),
        CheckConstraint("security_level BETWEEN 1 AND 6", name="security_level"),
        CheckConstraint("status IN ('OPEN', 'SUSPENDED', 'EVACUATED')", name="status"),
        CheckConstraint("clearance_mode IN ('AUTO', 'MANUAL')", name="clearance_mode"),
        CheckConstraint("residual_risk IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH', 'UNACCEPTABLE')", name="residual_risk"),
        CheckConstraint("ceiling IS NULL OR ceiling >= 0", name="ceiling"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(16), default="OPEN")
    security_level: Mapped[int] = mapped_column(Integer)
    residual_risk: Mapped[str] = mapped_column(String(16))
    clearance_mode: Mapped[str] = mapped_column(String(8))
    ceiling: Mapped[int | None] = mapped_column(Integer)
    present: Mapped[int] = mapped_column(Integer, default=0)  # People posted there, who fill the ceiling on every night.
    requires_ssafe: Mapped[bool] = mapped_column(Boolean, default=False)
    family_restricted: Mapped[bool] = mapped_column(Boolean, default=False)
    accom_required: Mapped[bool] = mapped_column(Boolean, default=False)
    internal_control: Mapped[bool] = mapped_column(Boolean, default=False)
    checkin_required: Mapped[bool] = mapped_column(Boolean, default=False)
    assessment: Mapped[str | None] = mapped_column(String(32))
    assessment_valid_to: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(String(500))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def ceiling_enabled(self) -> bool:
        """Whether the number of people in the area is limited."""
        return self.ceiling is not None


class StandingOrder(Base):
    """The Designated Official's written order that clearances of an area are granted by rule; automatic grants rest on it."""

    __tablename__ = "standing_orders"

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    signed_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(String(1000))


class Advisory(Base):
    """A version of the travel advisory of an area; travellers acknowledge the version in force."""

    __tablename__ = "advisories"
    __table_args__ = (UniqueConstraint("area", "version"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    version: Mapped[int] = mapped_column(Integer)
    text: Mapped[dict[str, Any]] = mapped_column(Json)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)


class Lodging(Base):
    """A lodging that security has cleared."""

    __tablename__ = "lodgings"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(240))
    phone: Mapped[str | None] = mapped_column(String(20))
    cleared_to: Mapped[date] = mapped_column(Date)
