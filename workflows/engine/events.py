"""Events: what starts, catches, throws and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflows.engine import compensation, waits
from workflows.engine.activities import OperationSpec
from workflows.engine.errors import StepFailed
from workflows.engine.formulas import read_formula
from workflows.engine.gateways import settle_gateway
from workflows.engine.specs import TokenSpec, Way, make_ready, run_of
from workflows.engine.throwing import THROWN_KINDS, Thrower, throw_error

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element
    from workflows.engine.tokens import ProcessSpec, Tokens


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
        if settle_gateway(task):
            run_of(task).note("entered", task)
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
        host = next(token for token in workflow.tokens() if token.id == task.internal_data["host"])
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
        if self.element.interrupting:
            run.cancel_all(workflow)
        elif not run.rearm(task):
            workflow.drop(task)
        self.begin(workflow, payload)

    def begin(self, workflow: Tokens, payload: dict[str, Any]) -> None:
        """Start the event subprocess in a scope."""
        started = workflow.token(self.subprocess, trigger=payload, start=self.name)
        self.subprocess._update(started)


class EndEventSpec(EventSpec):
    """A none end: the token is consumed."""

    def leave(self, task: Task) -> None:
        run = run_of(task)
        run.note("left", task)
        run.note_end(task)
        self.move_on(task, self.ways)


class ThrowSpec(EventSpec):
    """Throws signals, messages and escalations, and goes on."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        self.events = {event.kind: event for event in (element.event.each if element.event else ())}
        self.throwers = [Thrower(element, event) for event in (element.event.each if element.event else ())]
        self.throwers = [thrower for thrower in self.throwers if thrower.kind in THROWN_KINDS]

    def _run_hook(self, my_task: Task) -> bool | None:
        super()._run_hook(my_task)
        for thrower in self.throwers:
            thrower.throw(my_task)
            if not run_of(my_task).holds(my_task):
                return None  # What it threw has interrupted it.
        return self.then(my_task)

    def then(self, task: Task) -> bool | None:
        """What else it does; answers True to go on, None to stay."""
        return True


class ThrowEndSpec(ThrowSpec, EndEventSpec):
    """Throws signals, messages and escalations, and ends."""


class TerminateEndSpec(ThrowEndSpec):
    """Ends its scope at once, with all that is still going on in it."""

    def leave(self, task: Task) -> None:
        run, workflow = run_of(task), task.workflow
        run.note("left", task)
        run.note_end(task)
        workflow.drop(task)
        run.cancel_all(workflow)
        run.end_scope_if_done(workflow)


class ErrorEndSpec(ThrowEndSpec):
    """Ends its scope with an error for whoever catches it."""

    def then(self, task: Task) -> bool | None:
        code = self.events["error"].name or ""
        run_of(task).note("left", task)
        task.workflow.drop(task)
        throw_error(task, code, f'The error "{code}" was thrown by {self.name}.')
        return None


class CompensationThrowSpec(ThrowSpec):
    """Undoes what was completed in its scope, and goes on when that is done, or at once if it need not wait."""

    def then(self, task: Task) -> bool | None:
        event = self.events["compensation"]
        holder = task
        if not event.awaits:
            holder = task.workflow.token(self, unseen=True)
            holder._set_state(TaskState.STARTED)
        if compensation.begin(holder, compensation.scopes_seen(task), event.activity):
            return None if event.awaits else True
        if not event.awaits:
            task.workflow.drop(holder)
        return True

    def undone(self, task: Task) -> None:
        """Everything is undone."""
        if "unseen" in task.internal_data:
            task.workflow.drop(task)
            run_of(task).end_scope_if_done(task.workflow)
        else:
            task.complete()


class CompensationEndSpec(CompensationThrowSpec, ThrowEndSpec):
    """Undoes what was completed in its scope, and ends."""


class CancelEndSpec(ThrowEndSpec):
    """Cancels its transaction: gives up what is going on, undoes what was completed, and leaves by the cancel boundary event."""

    def then(self, task: Task) -> bool | None:
        run, workflow = run_of(task), task.workflow
        run.note("left", task)
        task.internal_data["unseen"] = True
        run.cancel_all(workflow, but=task)
        if not compensation.begin(task, [workflow]):
            self.undone(task)
        return None

    def undone(self, task: Task) -> None:
        """Everything is undone: leave the transaction."""
        run, transaction = run_of(task), task.workflow.parent_task
        caught = None if transaction is None else waits.catcher_of(transaction, "cancel", "")
        if caught is None:
            raise StepFailed(self.name, "Its transaction has no cancel event on its boundary.")
        task.workflow.drop(task)
        run.fire(*caught, {})


class OperationEventSpec(OperationSpec):
    """A message thrown by an operation, in the middle or at an end."""

    def finish(self, task: Task) -> None:
        if not self.ways:
            run_of(task).note_end(task)
        super().finish(task)
