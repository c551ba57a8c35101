"""The page on which a decision is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import definitions, tasks
from services.errors import TooLateToTakeBack
from services.people import Actor
from services.tasks import Completion
from webapp.presenters.moments import show_moment
from webapp.presenters.subjects import name_subject
from webapp.presenters.texts import Texts
from webapp.presenters.words import say_act, say_actor
from webapp.speech import gettext

#: The kind of note that offers to undo what it tells of.
UNDO = "undo"


def note_done(sentence: str, done: Completion) -> tuple[Any, str]:
    """Make the note on what was just sent: with the way to undo it, where there is one."""
    if done.case.undo_of != done.decision.id:
        return sentence, "success"
    return {"sentence": sentence, "task": done.decision.task_id}, UNDO


@dataclass(frozen=True, kw_only=True)
class TakeBackPage:
    """What was decided on which task, in words."""

    task_id: str
    number: str
    subject: str
    step: str
    said: Markup


def get_page(session: Session, task_id: str, *, actor: Actor, now: datetime) -> TakeBackPage:
    """Read what the reader decided.

    Raises:
        NotFound: There is no such task for this person.
        TooLateToTakeBack: It cannot be taken back by this person now.
    """
    view = tasks.get_task(session, task_id, actor=actor, now=now)
    decision, task = view.decision, view.task
    if decision is None or not tasks.may_take_back(view.case, decision, actor=actor, now=now):
        raise TooLateToTakeBack
    texts = Texts.of(definitions.get_package(session, view.case.version_id))
    return TakeBackPage(
        task_id=task_id,
        number=view.case.number,
        subject=name_subject(session, task, texts),
        step=texts.element(task.element, task.name),
        said=escape(gettext("{who} {did}, {when}.")).format(
            who=say_actor(view.decided_by_name or decision.actor_person, decision.actor_role, decision.capacity),
            did=say_act(decision.act, decision.outcome),
            when=show_moment(decision.decided_at, now=now),
        ),
    )
