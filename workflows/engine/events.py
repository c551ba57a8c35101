"""Events: what starts, catches, throws and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.engine.activities import OperationSpec
from workflows.engine.formulas import Formula, read_formula
from workflows.engine.specs import TokenSpec, Way, make_ready, run_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element
    from workflows.engine.tokens import ProcessSpec


class EventSpec(TokenSpec):
    """An event that a token passes: a start, a none throw, a none end; with mappings it writes what it was given."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        self.output_mappings = [(read_formula(source), target) for source, target in element.outputs]

    @property
    def local(self) -> bool:
        """Whether mapped results stay in the scope that the event opened."""
        return False

    def _run_hook(self, my_task: Task) -> bool | None:
        if my_task.data or self.output_mappings:
            run_of(my_task).apply_result(my_task, my_task.data, self.output_mappings, local=self.local)
            my_task.data = {}
        return True


class StartEventSpec(EventSpec):
    """A start event of a process, subprocess or event subprocess.

    In an event subprocess the mapped fields of a message are variables of that run alone, so that a second message cannot
    change the first one's handling.
    """

    @property
    def local(self) -> bool:
        return True


class CatchEventSpec(EventSpec):
    """An intermediate event that waits."""

    def arrive(self, task: Task) -> None:
        run = run_of(task)
        run.note("entered", task)
        run.arm(task, self.element.event)

    def fire(self, task: Task, payload: dict[str, Any]) -> None:
        """What it waits for has happened."""
        gateway = task.internal_data.pop("gateway", None)
        if gateway is not None:
            workflow = task.workflow
            run_of(task).note("entered", task)
            holder = next(token for token in workflow.tokens() if str(token.id) == gateway)
            holder.task_spec.settle(holder)
        task.data = payload
        task.internal_data.pop("wait", None)
        make_ready(task)


class LinkThrowSpec(EventSpec):
    """Goes on at the link catch event of the same name."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        self.catches: list[TokenSpec] = []

    def chosen_ways(self, task: Task) -> list[Way]:
        return [Way(flow="", target=catch, condition=None, is_default=False) for catch in self.catches]


class LinkCatchSpec(EventSpec):
    """Where a link comes out."""


class BoundarySpec(EventSpec):
    """An event on the boundary of an activity.

    While the activity runs a waiting token stands on it, with the activity's token id in its fact "host". When it fires, a
    second token goes on from here; the waiting one stays if the event may fire again.
    """

    def keeps_alive(self, task: Task) -> bool:
        return "host" not in task.internal_data

    def fire(self, task: Task, payload: dict[str, Any]) -> None:
        """What it waits for has happened."""
        run, workflow = run_of(task), task.workflow
        host = next(token for token in workflow.tokens() if str(token.id) == task.internal_data["host"])
        going = workflow.token(self)
        going.data = payload
        run.note("entered", going)
        if self.element.interrupting:
            run.cancel(host)
        elif not run.rearm(task):
            workflow.drop(task)
        make_ready(going)


class EventSubprocessStartSpec(StartEventSpec):
    """The start event of an event subprocess, waiting in the scope around it.

    Attributes:
        subprocess: The spec of the event subprocess in the scope around it.
    """

    subprocess: TokenSpec

    def keeps_alive(self, task: Task) -> bool:
        return False

    def fire(self, task: Task, payload: dict[str, Any]) -> None:
        """What it waits for has happened: start the event subprocess, and end everything else in its scope if it interrupts."""
        run, workflow = run_of(task), task.workflow
        started = workflow.token(self.subprocess)
        started.internal_data["trigger"] = payload
        started.internal_data["start"] = self.name
        if self.element.interrupting:
            for token in workflow.tokens():
                if token is not started and token is not task and token.id in workflow.tasks:
                    run.cancel(token)
            workflow.drop(task)
        elif not run.rearm(task):
            workflow.drop(task)
        self.subprocess._update(started)


class EndEventSpec(EventSpec):
    """A none end: the token is consumed."""

    def leave(self, task: Task) -> None:
        run = run_of(task)
        run.note("left", task)
        run.note_end(task)
        self.move_on(task, self.ways)


class TerminateEndSpec(EndEventSpec):
    """Ends its scope at once, with all that is still going on in it."""

    def leave(self, task: Task) -> None:
        run, workflow = run_of(task), task.workflow
        run.note("left", task)
        run.note_end(task)
        workflow.drop(task)
        for token in workflow.tokens():
            if token.id in workflow.tasks:
                run.cancel(token)
        run.end_scope_if_done(workflow)


class ErrorEndSpec(EndEventSpec):
    """Ends its scope with an error for whoever catches it."""

    def _run_hook(self, my_task: Task) -> bool | None:
        run = run_of(my_task)
        run.note("left", my_task)
        code = self.element.event.name if self.element.event else None
        my_task.workflow.drop(my_task)
        run.throw_error(my_task, code or "", f'The error "{code}" was thrown by {self.name}.')
        return None


class ThrowSpec(EventSpec):
    """Throws a signal, a message or an escalation, and goes on."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        event = element.event
        self.thrown_name: Formula | None = read_formula(event.name) if event and event.name else None
        self.thrown_key = read_formula(event.correlation_key) if event and event.correlation_key else None
        self.input_mappings = [(read_formula(source), target) for source, target in element.inputs]

    def _run_hook(self, my_task: Task) -> bool | None:
        run_of(my_task).throw(my_task, self)
        return True


class ThrowEndSpec(ThrowSpec, EndEventSpec):
    """Throws a signal, a message or an escalation, and ends."""


class OperationEventSpec(OperationSpec):
    """A message thrown by an operation, in the middle or at an end."""

    def finish(self, task: Task) -> None:
        if not self.ways:
            run_of(task).note_end(task)
        super().finish(task)
