"""Head counts: who was asked whether they are safe, and every answer that came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Json, Line, Prose, Ref, Word

WAITING, SAFE, NEED_HELP = "WAITING", "SAFE", "NEED_HELP"
UNREACHED, OUT_OF_AREA, WRONG_RECORD = "UNREACHED", "OUT_OF_AREA", "WRONG_RECORD"
#: States in which nobody knows how a person is.
SILENT = (WAITING, UNREACHED)
#: What may be said of somebody; that a person waits is nobody's answer.
ANSWERS = (SAFE, NEED_HELP, UNREACHED, OUT_OF_AREA, WRONG_RECORD)
#: A call for help that nobody has taken up yet, and one that somebody has.
CALLED, TAKEN = "CALLED", "TAKEN"


class Headcount(Base):
    """One head count of an area. An exercise becomes a real one when something happens there meanwhile."""

    __tablename__ = "headcounts"
    __table_args__ = (
        CheckConstraint("outcome IS NULL OR outcome IN ('ALL_ACCOUNTED', 'SIGNED_OFF', 'EXERCISE')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="end"),
        Index("ix_headcounts_area_started_at", "area", "started_at"),
    )

    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[Code] = mapped_column(unique=True)
    area: Mapped[Code] = mapped_column(ForeignKey("areas.code"))
    reason: Mapped[Prose]
    exercise: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Code | None]
    signed_by: Mapped[Code | None]
    sign_reason: Mapped[Prose | None]
    left: Mapped[list[Any]] = mapped_column(Json, default=list)  # Codes of those whom nobody had reached at the sign-off.


class HeadcountPerson(Base):
    """Somebody who is counted: why, and what is known now. What is known follows from the last answer that counts."""

    __tablename__ = "headcount_persons"
    __table_args__ = (
        UniqueConstraint("case_id", "person"),
        UniqueConstraint("case_id", "no"),
        CheckConstraint("state IN ('WAITING', 'SAFE', 'NEED_HELP', 'UNREACHED', 'OUT_OF_AREA', 'WRONG_RECORD')", name="state"),
        CheckConstraint("because IN ('TRAVELLER', 'EXPECTED', 'RESIDENT', 'DEPENDANT', 'NAMED')", name="because"),
        CheckConstraint("help IS NULL OR help IN ('CALLED', 'TAKEN')", name="help"),
        Index("ix_headcount_persons_person", "person"),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("headcounts.case_id"))
    no: Mapped[int]
    person: Mapped[Code] = mapped_column(ForeignKey("people.code"))
    area: Mapped[Code] = mapped_column(ForeignKey("areas.code"))
    because: Mapped[Code]
    state: Mapped[Code] = mapped_column(default=WAITING)
    help: Mapped[Code | None]
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Code | None]
    source: Mapped[Code | None]
    place: Mapped[Word | None]
    words: Mapped[Line | None]


class HeadcountAnswer(Base):
    """What somebody said about a person who is counted. Rows are only ever added; `counted` says whether it became the state."""

    __tablename__ = "headcount_answers"
    __table_args__ = (
        CheckConstraint("state IN ('SAFE', 'NEED_HELP', 'UNREACHED', 'OUT_OF_AREA', 'WRONG_RECORD')", name="state"),
        CheckConstraint("source IN ('PERSON', 'SPONSOR', 'CHECK_IN', 'WDN', 'CSA')", name="source"),
        Index("ix_headcount_answers_listed", "listed", "at"),
    )

    id: Mapped[Id]
    listed: Mapped[Ref] = mapped_column(ForeignKey("headcount_persons.id"))
    state: Mapped[Code]
    source: Mapped[Code]
    counted: Mapped[bool]
    by: Mapped[Code]
    at: Mapped[datetime]
    place: Mapped[Word | None]
    words: Mapped[Line | None]
