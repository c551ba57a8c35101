"""Trainings as they are recorded and revoked: whoever waits for one, or was cleared on one, hears of it."""

from __future__ import annotations

import calendar
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.errors import Declined, NotFound
from services.models.base import new_id
from services.models.trainings import TrainingCourse, TrainingRecord
from services.people import Actor
from services.posting import post_event

RECORDED, REVOKED = "MSG_TRAINING_RECORDED", "MSG_TRAINING_REVOKED"


class NotYetHeld(Declined):
    """A training cannot be recorded before it took place."""


def record_training(
    session: Session,
    person: str,
    course: str,
    *,
    issued_on: date,
    valid_to: date | None = None,
    evidence: str | None = None,
    actor: Actor,
    now: datetime,
) -> TrainingRecord:
    """Record that somebody passed a course; without a last day it holds for as long as the course says.

    Raises:
        NotFound: There is no such course.
        NotYetHeld: The day lies in the future.
    """
    found = session.get(TrainingCourse, course)
    if found is None:
        raise NotFound
    if issued_on > now.date():
        raise NotYetHeld
    record = TrainingRecord(
        id=new_id(),
        person=person,
        course=course,
        issued_on=issued_on,
        valid_to=valid_to or last_day(found, issued_on),
        verified_by=actor.person,
        evidence=evidence,
        revoked=False,
    )
    session.add(record)
    _tell(session, RECORDED, record, actor, now)
    return record


def revoke_training(session: Session, record: TrainingRecord, *, actor: Actor, now: datetime) -> None:
    """Revoke a training; what was granted on it is looked at again."""
    if not record.revoked:
        record.revoked = True
        _tell(session, REVOKED, record, actor, now)


def last_day(course: TrainingCourse, issued_on: date) -> date | None:
    """Return until when a course counts that was passed on a day; None is for good."""
    return _months_later(issued_on, course.validity_months) if course.validity_months else None


def _tell(session: Session, kind: str, record: TrainingRecord, actor: Actor, now: datetime) -> None:
    payload: dict[str, Any] = {"person": record.person, "course": record.course}
    post_event(session, kind, area=None, payload=payload, by=actor.person, now=now)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
