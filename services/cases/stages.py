"""Where a case stands: its steps for people, each with who has it, and where a token is or was in its diagram."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.models.audit import AuditEntry, Decision
from services.models.cases import DONE, OPEN, Task

_STEPS = {"entered": 1, "left": -1, "cancelled": -1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One step for a person: open, done, or passed by.

    Attributes:
        who: Code of whoever did it, has claimed it, or is named for it; None while it waits for a role.
        why: The decision tables that led here, as recorded.
    """

    task_id: str
    element: str
    name: str
    role: str | None
    area: str | None
    line: str | None
    state: str
    since: datetime
    due_at: datetime | None
    closed_at: datetime | None
    who: str | None
    who_name: str | None
    act: str | None
    outcome: str | None
    why: list[dict[str, Any]]
    organisation: str | None = None


def stages_of(tasks: Sequence[Task], decisions: Sequence[Decision], names: dict[str, str]) -> list[Stage]:
    """Tell the steps in the order of their tasks, each with what was decided on it."""
    by_task = {decision.task_id: decision for decision in decisions if decision.task_id}
    return [_stage(task, by_task.get(task.id), names) for task in tasks]


def _stage(task: Task, decision: Decision | None, names: dict[str, str]) -> Stage:
    who = decision.actor_person if decision else task.claimed_by or task.assignee
    return Stage(
        task_id=task.id,
        element=task.element,
        name=task.name,
        role=task.role,
        area=task.area,
        line=task.line,
        organisation=task.organisation,
        state=task.state,
        since=task.opened_at,
        due_at=task.due_at,
        closed_at=task.closed_at,
        who=who,
        who_name=names.get(who) if who else None,
        act=task.act,
        outcome=decision.outcome if decision and task.state == DONE else None,
        why=task.tables_used,
    )


def taken_back(entries: Iterable[AuditEntry]) -> set[str]:
    """Return the ids of the tasks whose completion was taken back; each is open again, or was, under another id."""
    return {task for entry in entries if entry.act == "take_back" for task in entry.payload["tasks"]}


def mark_elements(entries: Iterable[AuditEntry], tasks: Iterable[Task]) -> dict[str, str]:
    """Say of each element whether a token is there, has passed, or was taken away."""
    inside: dict[str, int] = {}
    last: dict[str, str] = {}
    entries = list(entries)
    void = taken_back(entries)
    for entry in entries:
        if entry.act == "complete" and entry.task_id in void:
            continue
        if mapping := entry.payload.get("mapping") if entry.act == "migrate" else None:
            inside = {mapping.get(element, element): count for element, count in inside.items()}
            last = {mapping.get(element, element): kind for element, kind in last.items()}
        for kind, element in entry.payload.get("trail", ()):
            inside[element] = inside.get(element, 0) + _STEPS.get(kind, 0)
            last[element] = kind
    active = {task.element for task in tasks if task.state == OPEN} | {element for element, count in inside.items() if count > 0}
    over = {element: "cancelled" if kind == "cancelled" else "done" for element, kind in last.items()}
    return over | dict.fromkeys(active, "active")
