"""Recognition of good security practice: who is nominated for what, and what was decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Ref, UtcDateTime

#: How a nomination ends that leads to a letter.
RECOGNISED = "RECOGNISED"


class Recognition(Base):
    """A nomination for good security practice; `outcome` is None before it is decided or withdrawn."""

    __tablename__ = "recognitions"
    __table_args__ = (
        CheckConstraint("kind IN ('PERSON', 'TEAM')", name="kind"),
        CheckConstraint("kind = 'PERSON' OR team IS NOT NULL", name="team"),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('RECOGNISED', 'NOT_SHORTLISTED', 'NOT_RECOGNISED', 'WITHDRAWN')", name="outcome"
        ),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"), index=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    kind: Mapped[str] = mapped_column(String(8))
    team: Mapped[str | None] = mapped_column(String(120))
    done: Mapped[str] = mapped_column(String(3000))
    nominated_by: Mapped[str] = mapped_column(ForeignKey("people.code"), index=True)
    nominated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    outcome: Mapped[str | None] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Nominee(Base):
    """Somebody who is nominated, alone or as one of a team."""

    __tablename__ = "recognition_nominees"

    recognition: Mapped[str] = mapped_column(ForeignKey("recognitions.number"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"), primary_key=True)
