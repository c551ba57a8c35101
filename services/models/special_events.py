"""Special events and who comes to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Ref, UtcDateTime

OUTCOMES = ("REGISTERED", "HELD", "REFUSED", "CANCELLED", "BARRED", "NOT_AUTHORISED")


class SpecialEvent(Base):
    """A conference, a visit or another event in an area: what was announced, at which level, and how it came out.

    Attributes:
        kind: INTERNAL when an organisation of the system holds it, else EXTERNAL.
        vips: How many protected guests were named.
        level: The highest level up to its end, as it was read last.
        authorised_at: When it was last authorised; None while it is not, also when the level rose afterwards.
        outcome: One of `OUTCOMES`; None before it is over.
    """

    __tablename__ = "special_events"
    __table_args__ = (
        CheckConstraint("kind IN ('INTERNAL', 'EXTERNAL')", name="kind"),
        CheckConstraint("participants > 0 AND vips >= 0", name="people"),
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('REGISTERED', 'HELD', 'REFUSED', 'CANCELLED', 'BARRED', 'NOT_AUTHORISED')",
            name="outcome",
        ),
        Index("ix_special_events_starts_at", "area", "starts_at"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"), index=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    organiser: Mapped[str] = mapped_column(ForeignKey("people.code"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    venue: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    participants: Mapped[int] = mapped_column(Integer)
    vips: Mapped[int] = mapped_column(Integer, default=0)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    level: Mapped[int | None] = mapped_column(Integer)
    authorised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(16))
    incident: Mapped[bool | None]
    lessons: Mapped[str | None] = mapped_column(String(6100))


class EventAccreditation(Base):
    """Somebody whom an organiser expects at an event, and whether the security service admits them.

    It is forgotten with the content of its case.
    """

    __tablename__ = "event_accreditations"
    __table_args__ = (
        CheckConstraint("kind IN ('DELEGATE', 'VISITOR', 'PRESS', 'CONTRACTOR')", name="kind"),
        CheckConstraint("verdict IS NULL OR verdict IN ('ADMITTED', 'REFUSED')", name="verdict"),
        CheckConstraint("verdict IS NULL OR verdict <> 'REFUSED' OR reason IS NOT NULL", name="reason"),
        CheckConstraint("last_on >= first_on", name="days"),
    )

    event: Mapped[str] = mapped_column(ForeignKey("special_events.number"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"), index=True)
    listed_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    name: Mapped[str] = mapped_column(String(120))
    organisation: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    verdict: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(500))
    screened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    screened_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
