"""Premises: what they are, how they were surveyed, what is put right, who enters them, and who entered without leave."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, Ref, UtcDateTime

#: What may be answered to a question of a survey.
YES, NO, NOT_APPLICABLE = "YES", "NO", "NOT_APPLICABLE"


class Premises(Base):
    """A building or compound in which organisations work; `case_id` is the case in which it is surveyed now."""

    __tablename__ = "premises"
    __table_args__ = (
        CheckConstraint("kind IN ('OFFICE', 'COMPOUND', 'CONFERENCE', 'WAREHOUSE')", name="kind"),
        CheckConstraint("headcount >= 0", name="headcount"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[dict[str, Any]] = mapped_column(Json)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    kind: Mapped[str] = mapped_column(String(16), default="OFFICE")
    organisations: Mapped[list[Any]] = mapped_column(Json, default=list)
    headcount: Mapped[int] = mapped_column(Integer, default=0)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"), index=True)


class PremisesSurvey(Base):
    """A look at premises by the headquarters minimum operating security standards; it counts for twelve months."""

    __tablename__ = "premises_surveys"
    __table_args__ = (CheckConstraint("score_pct IS NULL OR (score_pct >= 0 AND score_pct <= 100)", name="score_pct"),)

    premises: Mapped[str] = mapped_column(ForeignKey("premises.code"), primary_key=True)
    surveyed_on: Mapped[date] = mapped_column(Date, primary_key=True)
    surveyor: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    score_pct: Mapped[float | None] = mapped_column(Float)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"), index=True)


class SurveyAnswer(Base):
    """One question of a survey, how much it weighs, and what was found."""

    __tablename__ = "premises_survey_answers"
    __table_args__ = (
        ForeignKeyConstraint(["premises", "surveyed_on"], ["premises_surveys.premises", "premises_surveys.surveyed_on"]),
        CheckConstraint("weight > 0", name="weight"),
        CheckConstraint("answer IN ('YES', 'NO', 'NOT_APPLICABLE')", name="answer"),
    )

    premises: Mapped[str] = mapped_column(String(32), primary_key=True)
    surveyed_on: Mapped[date] = mapped_column(Date, primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    question: Mapped[str] = mapped_column(String(300))
    weight: Mapped[int] = mapped_column(Integer, default=1)
    answer: Mapped[str] = mapped_column(String(16))


class EntryCount(Base):
    """How many times people entered premises in a month, as their gates counted."""

    __tablename__ = "premises_entries"
    __table_args__ = (CheckConstraint("entries >= 0", name="entries"),)

    premises: Mapped[str] = mapped_column(ForeignKey("premises.code"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)  # Its first day.
    entries: Mapped[int] = mapped_column(Integer)


class AccessBreach(Base):
    """Somebody entered premises without leave, or tried to and was stopped at the gate."""

    __tablename__ = "access_breaches"
    __table_args__ = (
        CheckConstraint("kind IN ('UNAUTHORISED_ENTRY', 'STOPPED_AT_GATE')", name="kind"),
        CheckConstraint("status IN ('REPORTED', 'CONFIRMED', 'DISMISSED')", name="status"),
        Index("ix_access_breaches_happened_at", "happened_at"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    premises: Mapped[str] = mapped_column(ForeignKey("premises.code"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    status: Mapped[str] = mapped_column(String(16), default="REPORTED")
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[str] = mapped_column(String(2000))
    measure: Mapped[str | None] = mapped_column(String(2000))
    place: Mapped[str | None] = mapped_column(String(200))
    who: Mapped[str | None] = mapped_column(String(16))
    how: Mapped[str | None] = mapped_column(String(16))
    findings: Mapped[str | None] = mapped_column(String(2000))
    reported_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    reviewed_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"), index=True)


class PremisesAction(Base):
    """Something to be put right in premises after a survey or an access breach: by whom, until when, and how it was settled."""

    __tablename__ = "premises_actions"
    __table_args__ = (
        CheckConstraint("priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')", name="priority"),
        CheckConstraint("status IN ('OPEN', 'DONE', 'VERIFIED', 'ACCEPTED')", name="status"),
        CheckConstraint("(status IN ('VERIFIED', 'ACCEPTED')) = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_premises_actions_due_at", "status", "due_at"),
    )

    number: Mapped[str] = mapped_column(String(80), primary_key=True)
    premises: Mapped[str] = mapped_column(ForeignKey("premises.code"), index=True)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"), index=True)
    breach: Mapped[str | None] = mapped_column(ForeignKey("access_breaches.number"), index=True)
    finding: Mapped[str] = mapped_column(String(2000))
    text: Mapped[str] = mapped_column(String(1000))
    owner_role: Mapped[str] = mapped_column(String(16))
    priority: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(16), default="OPEN")
    evidence: Mapped[str | None] = mapped_column(String(4000))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    reasons: Mapped[str | None] = mapped_column(String(2000))
