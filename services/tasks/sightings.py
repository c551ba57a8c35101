"""What a person has seen of a step, so that the page can say what is different now. It also holds when the step comes again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.models.cases import Task
from services.models.questions import SeenCard
from services.people import Actor
from services.tasks.cards import pairs_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One fact that is different; None where it was not there, or is no more."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """What a person has seen of a step.

    Attributes:
        changes: What is different from the card that was seen before.
        since: When that one was last seen.
        is_new: The card as it is now has not been noted as seen.
    """

    changes: list[Change]
    since: datetime | None
    is_new: bool


def find_sighting(session: Session, task: Task, *, actor: Actor) -> Sighting:
    """Compare the card of a task with what the actor last saw of this step on this line. One query."""
    seen = session.get(SeenCard, _key(task, actor))
    if seen is None:
        return Sighting(changes=[], since=None, is_new=True)
    if seen.card != task.card:
        return Sighting(changes=compare_cards(seen.card, task.card), since=seen.seen_at, is_new=True)
    changes = compare_cards(seen.before, seen.card) if seen.before_at is not None else []
    return Sighting(changes=changes, since=seen.before_at, is_new=False)


def note_sighting(session: Session, task_id: str, *, actor: Actor, now: datetime) -> None:
    """Remember the card of a task as the actor sees it now.

    The one before stays beside it, so that a second look says the same.
    """
    task = session.get_one(Task, task_id)
    key = _key(task, actor)
    # Two windows may show it for the first time at the same moment.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(SeenCard).values(**key, card=task.card, seen_at=now).on_conflict_do_nothing())
    seen = session.get_one(SeenCard, key, with_for_update=True)
    if seen.card != task.card:
        seen.before, seen.before_at = seen.card, seen.seen_at
        seen.card, seen.seen_at = task.card, now


def compare_cards(old: Any, new: Any) -> list[Change]:
    """List field by field what differs between two cards, in the order of the newer one; what fell away comes last."""
    before, after = _by_name(old), _by_name(new)
    changed = [Change(name=name, old=before.get(name), new=value) for name, value in after.items() if before.get(name) != value]
    return changed + [Change(name=name, old=value, new=None) for name, value in before.items() if name not in after]


def _by_name(card: Any) -> dict[str, Any]:
    return {name: value for name, value in pairs_of(card) if value not in (None, "", [])}


def _key(task: Task, actor: Actor) -> dict[str, str]:
    return {"case_id": task.case_id, "person": actor.person, "element": task.element, "line": task.line or ""}
