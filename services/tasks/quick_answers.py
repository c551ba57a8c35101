"""Approving without opening: only what the process allows for this very task, and never what its card warns of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.cards import flags_of
from services.errors import NotAllowed
from services.models.cases import OPEN, Task
from services.people import Actor
from services.proof import asks_for_proof
from services.tasks.claiming import load_open
from services.tasks.completing import Completion, capacity_of, complete_task

#: The property of a user task whose FEEL works out, when it opens, the answers of an approval; null where it has to be opened.
QUICK_APPROVAL = "quick.approve"


class NeedsOpening(NotAllowed):
    """This has to be opened before it is decided."""


class Flagged(NeedsOpening):
    """This has to be opened before it is decided: its facts carry a warning."""


def quick_answers_of(properties: Mapping[str, Any], card: Any) -> Mapping[str, Any] | None:
    """Return the answers that approve a task from the list; None where it has to be opened."""
    if asks_for_proof(properties):
        return None
    answers = properties.get(QUICK_APPROVAL)
    return answers if isinstance(answers, Mapping) and answers and not flags_of(card) else None


def approve_quickly(
    session: Session,
    task_id: str,
    *,
    actor: Actor,
    revision: int,
    now: datetime,
    idempotency_key: str | None = None,
    held: timedelta = timedelta(0),
) -> Completion:
    """Approve a task from the list with the answers that its process has for that.

    Args:
        held: As for completing it.

    Raises:
        NeedsOpening, Flagged: The process wants it read first.
        NotFound, AlreadyDecided, TaskClosed, StaleRevision, NotAllowed, ClaimedByOther: As for completing it.
    """
    # Columns only: the row itself is read under the lock, and must not be known from before.
    said = session.execute(select(Task.properties, Task.card, Task.state).where(Task.id == task_id)).one_or_none()
    answers = quick_answers_of(said.properties, said.card) if said is not None else None
    if answers is None and said is not None and said.state == OPEN:
        capacity_of(session, load_open(session, task_id, actor=actor, now=now), actor=actor, now=now)
        raise Flagged if flags_of(said.card) else NeedsOpening
    return complete_task(
        session,
        task_id,
        actor=actor,
        answers=answers or {},
        revision=revision,
        now=now,
        idempotency_key=idempotency_key,
        held=held,
    )
