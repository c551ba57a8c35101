"""What a waiting token waits for: kept in its fact "wait", as JSON.

A multiple event waits for each of its parts; one that has happened bears the mark "done".
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflows.diagrams import CLOCK, WORKING_CLOCK
from workflows.engine.errors import StepFailed
from workflows.engine.formulas import read_expression, read_formula
from workflows.engine.moments import Cycle, TimerInvalid, add_duration, read_cycle, read_moment

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Event
    from workflows.engine.run import Run

#: What a timer keeps that stands still: its moment before, since when, and until when at the latest for each task.
STANDING = (HELD, SINCE, ENDS) = ("held", "since", "ends")
#: What a timer keeps that counts working days: from when they are to be counted; None once they have been.
COUNTS = "counts"


def arm(run: Run, task: Task, event: Event | None) -> None:
    """Let a token wait for an event. Raises: StepFailed when the event cannot be waited for."""
    if event is None:
        raise StepFailed(task.task_spec.name, "It waits for nothing.")
    task._set_state(TaskState.WAITING)
    task.internal_data["wait"] = _wait_for(run, task, event)


def parts(task: Task) -> list[dict[str, Any]]:
    """What a token still waits for: nothing, one event, or the parts of a multiple one that have not happened."""
    wait = task.internal_data.get("wait")
    if wait is None:
        return []
    return [part for part in wait["parts"] if "done" not in part] if "parts" in wait else [wait]


def happen(task: Task, part: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any] | None:
    """Note that an event has happened. Answers what it has brought, or None while all parts must happen and some have not."""
    wait = task.internal_data["wait"]
    if wait is part:
        return payload
    part["done"] = True
    if not wait["all"]:
        return payload
    wait["brought"] = {**wait.get("brought", {}), **payload}
    return None if parts(task) else wait.pop("brought")


def rearm(run: Run, task: Task) -> bool:
    """Let a token that has fired wait again. Answers False when it may not."""
    wait = task.internal_data["wait"]
    if "parts" not in wait:
        return _rearm(run, wait)
    for part in wait["parts"]:
        if "done" in part and _rearm(run, part):
            del part["done"]
    left = parts(task)
    return len(left) == len(wait["parts"]) if wait["all"] else bool(left)


def _rearm(run: Run, wait: dict[str, Any]) -> bool:
    if wait["kind"] == "timer":
        return _next_round(run, wait)
    if wait["kind"] == "conditional":
        wait["was"] = True
    return True


def due_at(wait: dict[str, Any]) -> datetime | None:
    """The moment of a timer."""
    return datetime.fromisoformat(wait["due"]) if wait["kind"] == "timer" else None


def expects_message(wait: dict[str, Any], name: str, key: str | None) -> bool:
    """Whether this message is waited for."""
    return bool(wait["kind"] == "message" and wait["name"] == name and (wait["key"] is None or wait["key"] == key))


def catcher_of(task: Task, kind: str, code: str) -> tuple[Task, dict[str, Any]] | None:
    """The event that catches an error or escalation of an activity: on its boundary, or an event subprocess beside it.

    One that names the code goes before one that catches everything. What an event subprocess throws is not for it, nor for one
    beside it, but for whoever is around its scope.
    """
    hosts = {task.id, task.internal_data.get("body", task.id)}
    near: list[tuple[Task, dict[str, Any]]] = []
    beside: list[tuple[Task, dict[str, Any]]] = []
    for token in task.workflow.tokens():
        for wait in parts(token):
            if wait["kind"] != kind or wait["code"] not in (code, None, ""):
                continue
            if token.internal_data.get("host") in hosts:
                near.append((token, wait))
            elif "host" not in token.internal_data and not task.task_spec.element.triggered_by_event:
                beside.append((token, wait))
    for found in (near, beside):
        if found:
            return max(found, key=lambda pair: bool(pair[1]["code"]))
    return None


def has_become_true(run: Run, task: Task, wait: dict[str, Any]) -> bool:
    """Whether a condition holds that did not hold when it was last asked."""
    before = wait["was"]
    wait["was"] = _holds(run, task, wait["condition"])
    return bool(wait["was"] and not before)


def _wait_for(run: Run, task: Task, event: Event) -> dict[str, Any]:
    if event.parts:
        return {"kind": "multiple", "all": event.parallel, "parts": [_wait_for(run, task, part) for part in event.parts]}
    if event.kind == "timer" and event.timer is not None:
        return _timer(run, task, event.timer)
    if event.kind == "conditional":
        return {"kind": "conditional", "condition": event.condition or "", "was": False}
    variables = run.visible(task)
    name = None if event.name is None else read_formula(event.name).to_json(variables, run.now)
    if event.kind == "message":
        key = None if event.correlation_key is None else read_formula(event.correlation_key).to_json(variables, run.now)
        if event.correlation_key is not None and key is None:
            raise StepFailed(
                task.task_spec.name, f'The correlation key "{event.correlation_key}" of the message "{name}" is empty.'
            )
        return {"kind": "message", "name": name, "key": None if key is None else str(key)}
    if event.kind == "signal":
        return {"kind": "signal", "name": name}
    if event.kind in ("error", "escalation", "cancel"):
        return {"kind": event.kind, "code": name}
    raise StepFailed(task.task_spec.name, f"An event of the kind {event.kind} cannot be waited for.")


def _timer(run: Run, task: Task, timer: tuple[str, str]) -> dict[str, Any]:
    kind, text = timer
    value = read_formula(text).evaluate(run.visible(task), run.now)
    try:
        counted = {COUNTS: run.now.isoformat()} if _is_of_working_days(task) else {}
        if kind != "cycle":
            moment = {"kind": "timer", "due": read_moment(value, run.now).isoformat()}
            return {**moment, **counted} if kind == "duration" else moment
        cycle: Cycle = read_cycle(value, run.now)
        first = cycle.start or add_duration(run.now, cycle.every)
    except TimerInvalid as error:
        raise StepFailed(task.task_spec.name, str(error)) from error
    repeated = {"kind": "timer", "due": first.isoformat(), "every": cycle.every, "left": cycle.times}
    return {**repeated, **counted} if cycle.start is None else repeated


def _is_of_working_days(task: Task) -> bool:
    """Whether a timer lies on the boundary of a task whose clock counts working days."""
    activity = task.workflow.spec.task_specs.get(task.task_spec.element.attached_to or "")
    return activity is not None and activity.element.properties.get(CLOCK) == WORKING_CLOCK


def _next_round(run: Run, wait: dict[str, Any]) -> bool:
    """Move a cycle on to its next moment after now: rounds missed while nobody looked fire once, not once each."""
    for name in STANDING:  # the clock of its task ran on by itself before anybody started it again
        wait.pop(name, None)
    if "every" not in wait:
        return False
    if wait["left"] is not None:
        wait["left"] -= 1
        if wait["left"] <= 0:
            return False
    if COUNTS in wait:
        wait[COUNTS] = wait["due"]
    due = add_duration(datetime.fromisoformat(wait["due"]), wait["every"])
    while due <= run.now:
        due = add_duration(due, wait["every"])
    wait["due"] = due.isoformat()
    return True


def _holds(run: Run, task: Task, condition: str) -> bool:
    return read_expression(condition).evaluate(run.visible(task), run.now) is True
