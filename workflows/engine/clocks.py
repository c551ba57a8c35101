"""The clock of a user task: the timers that count how long its person has, and how it stands still while somebody else is asked.

To the clock of a task belong the timers on its boundary that count from its opening (durations and cycles), and any timer in the
same or an enclosing scope whose property `clock_of` names the task. A timer on the boundary that is a moment stands for something
outside, such as an arrival, and does not move unless it names the task; `clock_of="case"` keeps any timer where it is.

A timer may belong to the clocks of several tasks: the runs of a repeated activity share those on its boundary. It stands still as
long as any of them does, and time in which several do counts once.

Where the clock of a task counts working days, the durations and cycles on its boundary are as many working days. The engine
knows no calendar: whoever stores the case counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from workflows.diagrams import CASE_CLOCK, CLOCK, CLOCK_OF, WORKING_CLOCK, names_in
from workflows.engine import waits

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.inspection import Inspection

#: Says where a moment goes when the clock stands still between two others.
Shift = Callable[[datetime, datetime, datetime], datetime]


def hold_clock(run: Inspection, token: str, until: datetime, shift: Shift) -> None:
    """Let the clock of an open user task stand still from now on.

    Args:
        until: How long it stands at the latest. Its timers wait for the moments that follow from this, so that a clock that
            nobody starts again runs on by itself.

    Raises:
        NotOpen: There is no such open task.
    """
    for waiting, wait in _timers_of(run, run.open_user_task(token)):
        due = waits.due_at(wait)
        if due is None or due <= run.now:
            continue
        if waits.ENDS not in wait or _stands_until(wait) <= run.now:
            wait |= {waits.HELD: wait["due"], waits.SINCE: run.now.isoformat(), waits.ENDS: {}}
        wait[waits.ENDS][token] = until.isoformat()
        _move(run, waiting, wait, shift)


def start_clock(run: Inspection, token: str, at: datetime, shift: Shift) -> None:
    """Let the clock of an open user task go on that stood still until `at`. What has fired meanwhile is over.

    Raises:
        NotOpen: There is no such open task.
    """
    for waiting, wait in _timers_of(run, run.open_user_task(token)):
        if token not in wait.get(waits.ENDS, ()):
            continue
        wait[waits.ENDS][token] = at.isoformat()
        _move(run, waiting, wait, shift)
        if _stands_until(wait) <= run.now:
            for name in waits.STANDING:
                del wait[name]


def stops_at(run: Inspection, token: str) -> datetime | None:
    """Say when an open user task is taken away at the latest by a timer that no question moves. Raises: NotOpen."""
    task = run.open_user_task(token)
    own = [id(wait) for _, wait in _timers_of(run, task)]
    moments = [
        moment
        for waiting, wait in _timers_around(task)
        if _interrupts(waiting) and id(wait) not in own and (moment := waits.due_at(wait)) is not None
    ]
    return min(moments, default=None)


def count_working_days(run: Inspection, add: Callable[[str, datetime, float], datetime]) -> None:
    """Let timers that were armed on tasks whose clock counts working days wait for as many of them as their diagram says days.

    Args:
        add: Says when so many working days are over, by the token of the task and the moment from which they count.
    """
    for task in run.open_user_tasks():
        for waiting, wait in _timers_of(run, task) if _counts_working_days(task) else ():
            since = wait.get(waits.COUNTS)
            if since is None:
                continue
            wait[waits.COUNTS] = None
            element, before, start = waiting.task_spec.name, wait["due"], datetime.fromisoformat(since)
            rank = next(count for count, each in enumerate(run.timers_of(element, before)) if each is wait)
            due = add(task.id, start, (datetime.fromisoformat(before) - start) / timedelta(days=1)).isoformat()
            if due != before:
                wait["due"] = due
                run.changes.counted.append((element, before, due, rank))


def _counts_working_days(task: Task) -> bool:
    return bool(task.task_spec.element.properties.get(CLOCK) == WORKING_CLOCK)


def _stands_until(wait: dict[str, Any]) -> datetime:
    return max(datetime.fromisoformat(end) for end in wait[waits.ENDS].values())


def _move(run: Inspection, waiting: Task, wait: dict[str, Any], shift: Shift) -> None:
    """Let a timer wait for the moment to which standing still moves it, and tell whoever stores it."""
    since, held = datetime.fromisoformat(wait[waits.SINCE]), datetime.fromisoformat(wait[waits.HELD])
    element, before, due = waiting.task_spec.name, wait["due"], shift(held, since, _stands_until(wait)).isoformat()
    rank = next(count for count, each in enumerate(run.timers_of(element, before)) if each is wait)
    if due != before:
        wait["due"] = due
        run.changes.moved.append((element, before, due, rank))


def _timers_of(run: Inspection, task: Task) -> Iterator[tuple[Task, dict[str, Any]]]:
    element, hosts = task.task_spec.name, {task.id, task.internal_data.get("body", task.id)}
    for waiting, wait in _timers_around(task):
        named = names_in(waiting.task_spec.element.properties.get(CLOCK_OF, ""))
        is_own = waiting.internal_data.get("host") in hosts and _counts_from_opening(waiting, wait)
        if element in named or (is_own and CASE_CLOCK not in named):
            yield waiting, wait


def _timers_around(task: Task) -> Iterator[tuple[Task, dict[str, Any]]]:
    """The timers that wait on the task's boundary, on those of the activities around it, and in their scopes."""
    inside: Task | None = task
    while inside is not None:
        for waiting in inside.workflow.tokens():
            hosted_by = waiting.internal_data.get("host")
            if hosted_by is None or hosted_by in {inside.id, inside.internal_data.get("body")}:
                yield from ((waiting, wait) for wait in waits.parts(waiting) if wait["kind"] == "timer")
        inside = inside.workflow.parent_task


def _interrupts(waiting: Task) -> bool:
    element = waiting.task_spec.element
    return bool(element.interrupting and element.kind in {"boundaryEvent", "startEvent"})


def _counts_from_opening(waiting: Task, wait: dict[str, Any]) -> bool:
    event = waiting.task_spec.element.event
    return "every" in wait or any(part.timer is not None and part.timer[0] == "duration" for part in event.each)
