"""The page on which a task is handed over: who may act on it, each with role and capacity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services import authority, definitions, tasks
from services.errors import NotAllowed
from services.models.cases import OPEN
from services.people import Actor
from webapp.presenters.subjects import name_subject
from webapp.presenters.texts import Texts
from webapp.presenters.words import say_actor


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Somebody to whom the task can be handed over."""

    code: str
    name: str
    about: str


@dataclass(frozen=True, kw_only=True)
class AssigningPage:
    """A task that is handed over.

    Attributes:
        is_open: Whether there is anything to hand over.
    """

    id: str
    number: str
    subject: str
    receivers: list[Receiver]
    is_open: bool


def get_assigning_page(session: Session, task_id: str, *, actor: Actor, now: datetime) -> AssigningPage:
    """List those to whom a task can be handed over.

    Raises:
        NotFound: There is no such task for this person.
        NotAllowed: The reader may not act on it and does not have it in hand.
    """
    view = tasks.get_task(session, task_id, actor=actor, now=now)
    task = view.task
    if task.state == OPEN and view.capacity is None and task.claimed_by != actor.person:
        raise NotAllowed
    able = authority.candidates(session, task, now) if task.state == OPEN else []
    receivers = [
        Receiver(code=one.person, name=one.name, about=say_actor("", one.role, one.capacity))
        for one in sorted(able, key=lambda one: one.name)
        if one.person not in {task.claimed_by or actor.person, actor.person}
    ]
    return AssigningPage(
        id=task.id,
        number=view.case.number,
        subject=name_subject(session, task, Texts.of(definitions.get_package(session, view.case.version_id))),
        receivers=receivers,
        is_open=task.state == OPEN,
    )
