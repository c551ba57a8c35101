"""One act on several tasks: each in a transaction of its own, so that one that does not go through keeps none of the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import request
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import questions, tasks
from services.errors import NotFound, OperationFailed
from webapp.context import actor, database, now
from webapp.failures import note_failure
from webapp.i18n import say
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.inbox.acts import MOST_AT_ONCE
from workflows.errors import SafeconductError

Act = Callable[[Session, str], object]
#: (id, is done, why, may be known of)
Outcome = tuple[str, bool, Markup | str, bool]
_LONGEST_ID = 36
_LONGEST_BATCH = 64


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a form about several tasks says.

    Attributes:
        seen: The revision that was shown of each, as it was sent.
        batch: What tells the same form sent twice.
    """

    ids: list[str]
    seen: dict[str, str]
    batch: str

    def revision(self, task_id: str) -> int:
        """The revision of the case that the person saw; none is older than all."""
        text = self.seen.get(task_id, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def key(self, task_id: str) -> str | None:
        """The mark of the act on one task: the same form sent again does it once."""
        return hashlib.sha256(f"{self.batch}:{task_id}".encode()).hexdigest()[:48] if self.batch else None


def read_chosen() -> Chosen:
    """Read which tasks were chosen, each once, and no more than can be done at once."""
    ids = [task_id for task_id in dict.fromkeys(request.form.getlist("task")) if 0 < len(task_id) <= _LONGEST_ID]
    seen = {task_id: request.form.get(f"seen.{task_id}", "") for task_id in ids[:MOST_AT_ONCE]}
    return Chosen(ids=list(seen), seen=seen, batch=request.form.get("batch", "")[:_LONGEST_BATCH])


def approve_chosen(chosen: Chosen) -> Act:
    """Make the act that approves each task as it was shown, once however often the form is sent."""

    def approve(session: Session, task_id: str) -> object:
        revision, key = chosen.revision(task_id), chosen.key(task_id)
        return tasks.approve_quickly(
            session, task_id, actor=actor(), revision=revision, now=now(), idempotency_key=key, held=tasks.GRACE
        )

    return approve


def ask_chosen(chosen: Chosen, *, text: str, audience: str) -> Act:
    """Make the act that asks the requester of each task, once however often the form is sent."""

    def ask(session: Session, task_id: str) -> object:
        key = chosen.key(task_id)
        return questions.ask_requester(
            session, task_id, text=text, audience=audience, actor=actor(), now=now(), idempotency_key=key
        )

    return ask


def do_each(ids: Sequence[str], act: Act, done: str) -> list[Outcome]:
    """Carry an act out on each task and say what became of it."""
    return [_do_one(task_id, act, done) for task_id in ids]


def _do_one(task_id: str, act: Act, done: str) -> Outcome:
    try:
        with database().transaction() as session:
            act(session, task_id)
    except OperationFailed as error:
        return task_id, False, say(note_failure(error, "complete", task_id=task_id, typed={})), True
    except SafeconductError as refusal:
        sentence = say_conflict(refusal, now=now()) if refusal.facts else escape(say(refusal))
        return task_id, False, sentence, not isinstance(refusal, NotFound)
    return task_id, True, done, True
