"""Chasing a step by its time: a reminder at half of it, further people when it is over, and again half as long after that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services import authority
from services.models.cases import OPEN, Task
from services.operations.catalogue import operation
from services.operations.moments import read_moment, write_moment
from services.operations.work import Work
from services.registers.calendars import calendar_of
from workflows.diagrams import CLOCK, WORKING_CLOCK

REMIND, OVERDUE = "N-ALL-10", "N-ALL-11"
#: A clock that was held for a question may come a little before the moment that is worked out from the due date.
TOLERANCE = 0.05


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


@operation("task.chase_open")
def chase_open(work: Work, *, steps: list[dict[str, Any]], facts: dict[str, Any] | None) -> dict[str, Any]:
    """Remind of steps whose time is half over, and let further people act on those that are overdue; nothing is decided.

    A step is `{element, upwards, tell}`. Its time is that of its task, from the opening to the due date, in working days where
    its clock counts them. When it is over the first role of `upwards` may act too, when half as much again is over the second;
    the roles and persons of `tell` hear of it both times. Each is told once, whichever clock of a step has called; where there
    is nobody else, those who have the step are told again.
    """
    for step in steps:
        query = select(Task).where(Task.case_id == work.case.id, Task.element == step["element"], Task.state == OPEN)
        for task in work.session.scalars(query.order_by(Task.opened_at, Task.id)).all():
            _chase(work, task, step.get("upwards") or [], step.get("tell") or [], facts or {})
    return {}


def _chase(work: Work, task: Task, upwards: list[str | None], tell: list[str], facts: dict[str, Any]) -> None:
    times = _times_of(work, task)
    if times is None or work.now < times.remind:
        return
    late = (work.now >= times.due) + (work.now >= times.escalate)
    role = next(iter(upwards[late - 1 : late]), None) if late else None
    if role:
        work.add_candidate([task.element], task.line, role=role, why="Overdue")
    receivers = [each for each in (role, *tell) if each] if late else []
    receivers = receivers or [each.person for each in authority.candidates(work.session, task, work.now)]
    work.notify(
        OVERDUE if late else REMIND,
        receivers,
        facts={"task": task.name, "element": task.element, "deadline": write_moment(times.deadline), **facts},
        area=task.area,
        organisation=task.organisation,
        line=f"{task.id}:{late}",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Times:
    """When a task is due, and from when on it is chased: a little before half the time, all of it, and half as much again."""

    deadline: datetime
    remind: datetime
    due: datetime
    escalate: datetime


def _times_of(work: Work, task: Task) -> _Times | None:
    """Work out the times of a task from its due date, which has moved by what questions took; None where it has none."""
    if task.due_at is None:
        return None
    begun = task.opened_at + timedelta(seconds=task.paused_s)
    if task.properties.get(CLOCK) == WORKING_CLOCK:
        calendar = calendar_of(work.session, task.area)
        half = calendar.working_days_between(begun, task.due_at) / 2
        remind, escalate = calendar.add_working_days(begun, half), calendar.add_working_days(task.due_at, half)
    else:
        remind = begun + (task.due_at - begun) / 2
        escalate = task.due_at + (task.due_at - begun) / 2
    early = (task.due_at - begun) * TOLERANCE
    return _Times(deadline=task.due_at, remind=remind - early, due=task.due_at - early, escalate=escalate - early)
