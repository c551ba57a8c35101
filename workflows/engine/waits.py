"""What a waiting token waits for: kept in its fact "wait", as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflows.engine.errors import StepFailed
from workflows.engine.formulas import read_expression, read_formula
from workflows.engine.moments import Cycle, TimerInvalid, add_duration, read_cycle, read_moment

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Event
    from workflows.engine.run import Run


def arm(run: Run, task: Task, event: Event | None) -> None:
    """Let a token wait for an event. Raises: StepFailed when the event cannot be waited for."""
    if event is None:
        raise StepFailed(task.task_spec.name, "It waits for nothing.")
    task._set_state(TaskState.WAITING)
    task.internal_data["wait"] = _wait_for(run, task, event)


def rearm(run: Run, task: Task) -> bool:
    """Let a token that has fired wait again. Answers False when it may not."""
    wait = task.internal_data["wait"]
    if wait["kind"] == "timer":
        return _next_round(run, wait)
    if wait["kind"] == "conditional":
        wait["was"] = True
    return True


def due_at(task: Task) -> datetime | None:
    """The moment of a token's timer."""
    wait = task.internal_data.get("wait")
    return datetime.fromisoformat(wait["due"]) if wait is not None and wait["kind"] == "timer" else None


def expects_message(task: Task, name: str, key: str | None) -> bool:
    """Whether a token waits for this message."""
    wait = task.internal_data["wait"]
    return bool(wait["kind"] == "message" and wait["name"] == name and (wait["key"] is None or wait["key"] == key))


def catcher_of(task: Task, kind: str, code: str) -> Task | None:
    """The event that catches an error or escalation of an activity: on its boundary, or an event subprocess beside it.

    One that names the code goes before one that catches everything.
    """
    hosts = {str(task.id), task.internal_data.get("body")}
    near: list[Task] = []
    beside: list[Task] = []
    for token in task.workflow.tokens():
        wait = token.internal_data.get("wait")
        if wait is None or wait["kind"] != kind or wait["code"] not in (code, None, ""):
            continue
        if token.internal_data.get("host") in hosts:
            near.append(token)
        elif "host" not in token.internal_data:
            beside.append(token)
    for found in (near, beside):
        if found:
            return max(found, key=lambda token: bool(token.internal_data["wait"]["code"]))
    return None


def has_become_true(run: Run, task: Task) -> bool:
    """Whether a condition holds that did not hold when it was last asked."""
    wait = task.internal_data["wait"]
    before = wait["was"]
    wait["was"] = _holds(run, task, wait["condition"])
    return bool(wait["was"] and not before)


def _wait_for(run: Run, task: Task, event: Event) -> dict[str, Any]:
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
    if event.kind in ("error", "escalation"):
        return {"kind": event.kind, "code": name}
    raise StepFailed(task.task_spec.name, f"An event of the kind {event.kind} cannot be waited for.")


def _timer(run: Run, task: Task, timer: tuple[str, str]) -> dict[str, Any]:
    kind, text = timer
    value = read_formula(text).evaluate(run.visible(task), run.now)
    try:
        if kind != "cycle":
            return {"kind": "timer", "due": read_moment(value, run.now).isoformat()}
        cycle: Cycle = read_cycle(value, run.now)
        first = cycle.start or add_duration(run.now, cycle.every)
    except TimerInvalid as error:
        raise StepFailed(task.task_spec.name, str(error)) from error
    return {"kind": "timer", "due": first.isoformat(), "every": cycle.every, "left": cycle.times}


def _next_round(run: Run, wait: dict[str, Any]) -> bool:
    """Move a cycle on to its next moment after now: rounds missed while nobody looked fire once, not once each."""
    if "every" not in wait:
        return False
    if wait["left"] is not None:
        wait["left"] -= 1
        if wait["left"] <= 0:
            return False
    due = add_duration(datetime.fromisoformat(wait["due"]), wait["every"])
    while due <= run.now:
        due = add_duration(due, wait["every"])
    wait["due"] = due.isoformat()
    return True


def _holds(run: Run, task: Task, condition: str) -> bool:
    return read_expression(condition).evaluate(run.visible(task), run.now) is True
