"""What is thrown, and who catches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.engine import waits
from workflows.engine.changes import Thrown
from workflows.engine.errors import StepFailed
from workflows.engine.formulas import read_formula, read_optional
from workflows.engine.specs import run_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element, Event
    from workflows.engine.run import Run

THROWN_KINDS = frozenset({"signal", "escalation", "message"})


class Thrower:
    """Throws one signal, message or escalation, as an element of the diagram says."""

    def __init__(self, element: Element, event: Event) -> None:
        self.kind = event.kind
        self.name = read_optional(event.name)
        self.key = read_optional(event.correlation_key)
        self.payload = [(read_formula(source), target) for source, target in element.inputs]
        self.properties = {name: read_formula(raw) for name, raw in element.properties.items()}

    def throw(self, task: Task) -> None:
        """Throw it from where a token stands, to the receivers inside the case, and note it for those outside."""
        run = run_of(task)
        variables = run.visible(task)
        name = "" if self.name is None else str(self.name.to_json(variables, run.now))
        key = None if self.key is None else self.key.to_json(variables, run.now)
        payload = {target: formula.to_json(variables, run.now) for formula, target in self.payload}
        properties = {name: formula.to_json(variables, run.now) for name, formula in self.properties.items()}
        caught = 0
        if self.kind == "signal":
            caught = broadcast(run, name, payload)
        elif self.kind == "escalation":
            caught = int(_throw_upwards(run, "escalation", task, name, {**payload, "escalationCode": name}))
        run.changes.thrown.append(
            Thrown(
                kind=self.kind,
                name=name,
                key=None if key is None else str(key),
                payload=payload,
                properties=properties,
                caught=caught,
            )
        )


def throw_error(task: Task, code: str, message: str) -> None:
    """Hand a business error to the nearest event outwards that catches it. Raises: StepFailed when none does."""
    if not _throw_upwards(run_of(task), "error", task, code, {"errorCode": code, "errorMessage": message}):
        raise StepFailed(task.task_spec.name, f'{message} Nothing catches the error "{code}".'.strip())


def broadcast(run: Run, name: str, payload: dict[str, Any]) -> int:
    """Deliver a signal to everyone in the case who waits for it now. Answers how many there were."""
    receivers = [(task, wait) for task, wait in run.waiting() if wait["kind"] == "signal" and wait["name"] == name]
    caught = 0
    for receiver, wait in receivers:
        if run.holds(receiver) and "done" not in wait:
            run.fire(receiver, wait, payload)
            caught += 1
    return caught


def _throw_upwards(run: Run, kind: str, task: Task, code: str, payload: dict[str, Any]) -> bool:
    here: Task | None = task
    while here is not None:
        caught = waits.catcher_of(here, kind, code)
        if caught is not None:
            run.fire(*caught, payload)
            return True
        here = here.workflow.parent_task
    return False
