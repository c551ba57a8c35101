"""What each element does with a token: the task specifications that SpiffWorkflow runs.

SpiffWorkflow calls `_update` when a token arrives, `_run_hook` when it is run, `_on_complete` when that succeeded. Its own
specifications predict the future of the tree and read conditions as Python; these do neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from workflows.engine.errors import StepFailed
from workflows.engine.repairs import obey, placed

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element
    from workflows.engine.formulas import Formula
    from workflows.engine.run import Run
    from workflows.engine.tokens import ProcessSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """An outgoing sequence flow."""

    flow: str
    target: TokenSpec
    condition: Formula | None
    is_default: bool


class TokenSpec(BpmnTaskSpec):
    """An element that a token can be on. By itself: pass through.

    Attributes:
        element: What the diagram says of it.
        ways: Its outgoing sequence flows, in the order of the file.
        boundaries: The specs of the events on its boundary.
    """

    def __init__(self, process: ProcessSpec, element: Element, **kwargs: Any) -> None:
        super().__init__(process, element.id, lane=element.lane, documentation=element.documentation, **kwargs)
        self.bpmn_id = element.id
        self.bpmn_name = element.name
        self.element = element
        self.ways: list[Way] = []
        self.boundaries: list[TokenSpec] = []
        self.manual = False

    # What SpiffWorkflow calls.

    def test(self) -> None:
        """The diagram was checked when it was published."""

    def _predict(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted: the tree would grow exponentially with parallel stages."""

    def _update(self, my_task: Task) -> None:
        with placed(my_task):
            run = run_of(my_task)
            if run.orders:
                obey(run, my_task)
            self.arrive(my_task)

    def _on_ready(self, my_task: Task) -> None:
        if not self.manual:
            run_of(my_task).agenda.append(my_task)

    def _on_complete(self, my_task: Task) -> None:
        self.leave(my_task)

    def _on_cancel(self, my_task: Task) -> None:
        """What hangs on the token is cancelled by `Run.cancel`."""

    # What an element does.

    def keeps_alive(self, task: Task) -> bool:
        """Whether its scope cannot end while this token is there."""
        return True

    def arrive(self, task: Task) -> None:
        """A token has come along a sequence flow."""
        run_of(task).note("entered", task)
        task._ready()

    def leave(self, task: Task) -> None:
        """The token is done here and goes on."""
        run_of(task).note("left", task)
        self.move_on(task, self.chosen_ways(task))

    def chosen_ways(self, task: Task) -> list[Way]:
        """All outgoing flows whose condition holds; the default one when none does. No outgoing flow ends the token."""
        if not self.ways:
            return []
        chosen = [way for way in self.ways if not way.is_default and holds(way, task)]
        return chosen or self.default_way(task)

    def default_way(self, task: Task) -> list[Way]:
        """The default flow. Raises: StepFailed when there is none."""
        for way in self.ways:
            if way.is_default:
                return [way]
        raise StepFailed(self.name, "No condition of its outgoing flows holds, and none of them is the default.")

    def move_on(self, task: Task, ways: list[Way]) -> None:
        """Put a token on the target of each way and forget this one."""
        workflow = task.workflow
        workflow.drop(task)
        for way in ways:
            arriving = workflow.token(way.target, flow=way.flow)
            way.target._update(arriving)
        if not ways:
            run_of(task).end_scope_if_done(workflow)


class RootSpec(BpmnTaskSpec):
    """The root that SpiffWorkflow's tree needs; it only holds the tokens."""

    def test(self) -> None:
        """There is nothing to check."""


def run_of(task: Task) -> Run:
    """The run that a token belongs to."""
    run: Run = task.workflow.run
    return run


def holds(way: Way, task: Task) -> bool:
    """Whether a flow may be taken: it has no condition, or its condition is true (null is not)."""
    if way.condition is None:
        return True
    run = run_of(task)
    return way.condition.evaluate(run.visible(task), run.now) is True


def make_ready(task: Task) -> None:
    """Let a waiting or started token run."""
    task._set_state(TaskState.READY)
    task.task_spec._on_ready(task)
