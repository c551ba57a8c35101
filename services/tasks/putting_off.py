"""Putting a task off: for oneself only, until a moment. It comes back by itself, earlier when it is due or changes hands."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.errors import NotAllowed
from services.models import Task
from services.models.inbox import PutOff
from services.people import Actor
from services.tasks.claiming import load_open
from services.tasks.completing import capacity_of

#: A task that is due within this time is in the list whatever anybody wished.
DUE_SOON = timedelta(hours=24)
LONGEST = timedelta(days=60)


class DueSoon(NotAllowed):
    """This is due within 24 hours, so it cannot be put off. Hand it over if you have no time for it."""


class NotLater(NotAllowed):
    """Choose a moment that lies ahead and is no more than 60 days away."""


def may_wait(task: Task, *, now: datetime) -> bool:
    """Whether a task is far enough from its end to be put off."""
    return task.due_at is None or task.due_at > now + DUE_SOON


def put_off_task(session: Session, task_id: str, *, until: datetime, actor: Actor, now: datetime) -> PutOff:
    """Take a task out of the actor's own lists until a moment. It stays open for everybody else, and nobody is told.

    It changes nothing about the case, so its history does not mention it.

    Raises:
        NotFound, AlreadyDecided, TaskClosed, NotAllowed: As for completing it.
        NotLater: The moment has passed or is too far away.
        DueSoon: The task is due within a day.
    """
    loaded = load_open(session, task_id, actor=actor, now=now)
    capacity_of(session, loaded, actor=actor, now=now)
    task = loaded.task
    if not now < until <= now + LONGEST:
        raise NotLater
    if not may_wait(task, now=now):
        raise DueSoon
    # What came back by its time has no effect any more.
    session.execute(delete(PutOff).where(PutOff.person == actor.person, PutOff.until <= now))
    kept = session.get(PutOff, (actor.person, task.id))
    if kept is None:
        kept = PutOff(person=actor.person, task_id=task.id)
        session.add(kept)
    kept.until, kept.since, kept.assignee, kept.claimed_by = until, now, task.assignee, task.claimed_by
    return kept


def bring_back_task(session: Session, task_id: str, *, actor: Actor) -> None:
    """Bring a task back that the actor put off; one that was not put off stays as it is."""
    session.execute(delete(PutOff).where(PutOff.person == actor.person, PutOff.task_id == task_id))
