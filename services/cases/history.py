"""What happened in a case, line by line, as far as a reader may know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.authority import Sight
from services.models.audit import AuditEntry, Decision
from services.models.cases import Task


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One line of the history.

    Attributes:
        act: start, complete, message, timer, claim, release, incident, repair, …
        decision: The record, when somebody decided; by which name and role is in it.
        for_name: The name of who was away and in whose place that was.
    """

    at: datetime
    seq: int
    actor: str
    actor_name: str
    act: str
    element: str | None
    name: str | None
    line: str | None
    decision: Decision | None
    facts: dict[str, Any]
    for_name: str | None = None


def history_of(
    entries: Sequence[AuditEntry],
    tasks: Sequence[Task],
    decisions: Sequence[Decision],
    names: dict[str, str],
    sight: Sight,
) -> list[Event]:
    """Tell acts and decisions in the order in which they happened; acts on tasks that are not among these are left out."""
    by_task = {decision.task_id: decision for decision in decisions if decision.task_id}
    known = {task.id: task for task in tasks}
    seen = [entry for entry in entries if entry.task_id is None or entry.task_id in known]
    events = [_event(entry, known.get(entry.task_id or ""), by_task.get(entry.task_id or ""), names, sight) for entry in seen]
    events += [_rule_event(decision, names) for decision in decisions if decision.task_id is None]
    return sorted(events, key=lambda event: event.at)


def _event(entry: AuditEntry, task: Task | None, decision: Decision | None, names: dict[str, str], sight: Sight) -> Event:
    return Event(
        at=entry.at,
        seq=entry.seq,
        actor=entry.actor,
        actor_name=names[entry.actor],
        act=entry.act,
        element=task.element if task else None,
        name=task.name if task else None,
        line=task.line if task else None,
        decision=decision if entry.act == "complete" else None,
        for_name=_for_name(decision, names) if entry.act == "complete" else None,
        facts=entry.payload if sight.areas is None else {},
    )


def _for_name(decision: Decision | None, names: dict[str, str]) -> str | None:
    return names[decision.acted_for] if decision is not None and decision.acted_for else None


def _rule_event(decision: Decision, names: dict[str, str]) -> Event:
    """A decision by rule, or a declared conflict: it belongs to no task that it completed."""
    return Event(
        at=decision.decided_at,
        seq=0,
        actor=decision.actor_person,
        actor_name=names[decision.actor_person],
        act="decide",
        element=decision.element,
        name=None,
        line=decision.line,
        decision=decision,
        for_name=_for_name(decision, names),
        facts={},
    )
