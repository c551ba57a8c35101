"""Chasing a step by its working days: a reminder at half of them, further people when they are over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services import authority
from services.models.cases import OPEN, Task
from services.operations.catalogue import operation
from services.operations.moments import read_moment
from services.operations.work import Work


@operation("task.chase")
def chase(
    work: Work,
    *,
    element: str,
    deadline: dict[str, Any],
    upwards: list[str] | None,
    code: str,
    facts: dict[str, Any] | None,
) -> dict[str, Any]:
    """Remind of an open step, or let the next role act on it as well, by how much of its time is over; says when to look again.

    Before `deadline.due` its people are reminded. At `due` the first role of `upwards` may act too, at `escalate` the second.
    Nobody loses the step by it, and nothing is decided. A step that is done is left alone.
    """
    open_tasks = select(Task).where(Task.case_id == work.case.id, Task.element == element, Task.state == OPEN)
    task = work.session.scalars(open_tasks.limit(1)).first()
    if task is None:
        return {"chase": {"next_at": None}}
    moments = [(read_moment(deadline[name]), name) for name in ("due", "escalate")]
    passed = [name for moment, name in moments if moment <= work.now]
    role = (upwards or [])[len(passed) - 1 : len(passed)] if passed else []
    if role:
        work.add_candidate([element], task.line, role=role[0], why="Overdue")
    receivers = role or [each.person for each in authority.candidates(work.session, task, work.now)]
    work.notify(code, receivers, facts=facts or {}, area=task.area, line=f"{element}:{len(passed)}")
    later = [name for moment, name in moments if moment > work.now]
    return {"chase": {"next_at": deadline[later[0]] if later else None}}
