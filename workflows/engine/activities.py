"""Tasks: what is done by a person, an operation, a decision table or an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflows import feel
from workflows.engine import compensation
from workflows.engine.errors import BusinessError, StepFailed
from workflows.engine.formulas import Formula, read_expression, read_formula
from workflows.engine.gateways import settle_gateway
from workflows.engine.repairs import is_left_out, obey, placed
from workflows.engine.specs import TokenSpec, run_of
from workflows.engine.throwing import Thrower, throw_error

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element
    from workflows.engine.loops import LoopPlan
    from workflows.engine.tokens import ProcessSpec


class ActivitySpec(TokenSpec):
    """An activity: local variables, boundary events, repetition.

    With a loop the arriving token is the body, which stays until all its runs are done; each run is a token of its own on the
    same element and bears the body's id in its fact "body".
    """

    def __init__(self, process: ProcessSpec, element: Element, **kwargs: Any) -> None:
        super().__init__(process, element, **kwargs)
        self.loop: LoopPlan | None = None
        self.undone_by: ActivitySpec | None = None
        self.input_mappings = [(read_formula(source), target) for source, target in element.inputs]
        self.output_mappings = [(read_formula(source), target) for source, target in element.outputs]

    def arrive(self, task: Task) -> None:
        if self.loop is not None:
            run_of(task).arm_boundaries(task, self.boundaries)
            self.loop.begin(task)
        else:
            self.activate(task)

    def activate(self, task: Task) -> None:
        """Begin one run of the activity."""
        run = run_of(task)
        run.note("entered", task)
        with placed(task):
            if run.orders:
                obey(run, task)
                if is_left_out(run, task):
                    task.internal_data["skipped"] = True
                    task._ready()
                    return
            run.map_inputs(task, self.input_mappings)
            if self.loop is None:
                run.arm_boundaries(task, self.boundaries)
            self.begin(task)

    def begin(self, task: Task) -> None:
        """Do the work, or wait until it is done; by itself: run at once."""
        task._ready()

    def work(self, task: Task) -> dict[str, Any]:
        """Do the work and answer the result variables."""
        result: dict[str, Any] = task.data
        return result

    def _run_hook(self, my_task: Task) -> bool | None:
        if is_body(my_task) or "skipped" in my_task.internal_data:
            return True
        run = run_of(my_task)
        try:
            result = self.work(my_task)
        except BusinessError as error:
            throw_error(my_task, error.code, str(error))
            return None
        if not run.holds(my_task):  # What it threw has interrupted it.
            return None
        run.apply_result(my_task, result, self.output_mappings)
        my_task.data = {}
        return True

    def leave(self, task: Task) -> None:
        if is_body(task):
            self.finish(task)
            return
        run = run_of(task)
        run.note("left", task)
        compensation.remember(task)
        body = run.body_of(task)
        if body is not None and self.loop is not None:
            self.loop.run_done(body, task)
            return
        self.finish(task)

    def finish(self, task: Task) -> None:
        """Close what the activity held open and go on."""
        run, around = run_of(task), task.workflow.parent_task
        if "undoes" in task.internal_data:
            run.release(task)
            compensation.handler_done(task)
            return
        enough = around is not None and around.task_spec.is_enough(around, task)
        run.release(task)
        self.move_on(task, [] if enough else self.chosen_ways(task))

    def can_be_undone(self, task: Task) -> bool:
        """Whether a compensation has to know that this was completed."""
        return self.undone_by is not None


def is_body(task: Task) -> bool:
    """Whether the token stands for all runs of a repeated activity, not for one of them."""
    return "loop" in task.internal_data


class PassThroughSpec(ActivitySpec):
    """A task without work for the engine: a manual or undefined task."""


class UserTaskSpec(ActivitySpec):
    """A task for a person: waits until it is completed with answers."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        self.manual = True
        self.texts: dict[str, Formula] = {name: read_formula(raw) for name, raw in element.properties.items()}
        for name in ("assignee", "candidate_groups", "candidate_users", "due", "follow_up", "priority", "form"):
            if (raw := getattr(element, name)) is not None:
                self.texts["@" + name] = read_formula(raw)

    def begin(self, task: Task) -> None:
        task._ready()
        run_of(task).open_task(task)

    def _on_complete(self, my_task: Task) -> None:
        if not is_body(my_task):
            run_of(my_task).changes.closed.append(my_task.id)
        super()._on_complete(my_task)


class OperationSpec(ActivitySpec):
    """A service task, or a message sent by one: calls an operation of the catalogue."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        self.line = read_formula(element.properties["line"]) if "line" in element.properties else None
        self.area = read_formula(element.properties["scope.area"]) if "scope.area" in element.properties else None

    def work(self, task: Task) -> dict[str, Any]:
        return run_of(task).perform(task, self)


class ScriptSpec(ActivitySpec):
    """A script task: one FEEL expression into one variable."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        if element.script is None:
            raise StepFailed(element.id, "It has no FEEL expression.")
        self.expression = read_expression(element.script[0])

    def work(self, task: Task) -> dict[str, Any]:
        run = run_of(task)
        name = (self.element.script or ("", None))[1]
        value = self.expression.to_json(run.visible(task), run.now)
        return {name: value} if name else {}


class DecisionSpec(ActivitySpec):
    """A business rule task: asks a decision of the process's tables."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        if element.called_decision is None:
            raise StepFailed(element.id, "It names no decision.")
        self.decision = read_formula(element.called_decision[0])
        self.line = read_formula(element.properties["line"]) if "line" in element.properties else None

    def work(self, task: Task) -> dict[str, Any]:
        run = run_of(task)
        variables = run.visible(task)
        decision = str(self.decision.evaluate(variables, run.now))
        outcome = run.program.decide(decision, variables, run.now)
        line = None if self.line is None else self.line.to_json(variables, run.now)
        run.remember_trace(task, {**outcome.trace.as_json(), "element": self.name, "line": line})
        name = (self.element.called_decision or ("", None))[1]
        return {name: feel.to_json(outcome.value)} if name else {}


class SendTaskSpec(ActivitySpec):
    """A send task that throws a message."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        if element.event is None:
            raise StepFailed(element.id, "It names no message.")
        self.thrower = Thrower(element, element.event)

    def work(self, task: Task) -> dict[str, Any]:
        self.thrower.throw(task)
        return {}


class ReceiveTaskSpec(ActivitySpec):
    """A receive task: waits for a message."""

    def begin(self, task: Task) -> None:
        run_of(task).arm(task, self.element.event)

    def fire(self, task: Task, payload: dict[str, Any]) -> None:
        """The message has come."""
        if settle_gateway(task):
            run_of(task).note("entered", task)
        task.internal_data.pop("wait", None)
        task.data = payload
        task._set_state(TaskState.READY)
        self._on_ready(task)
