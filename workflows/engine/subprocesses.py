"""Activities that hold a process of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflows.engine import compensation
from workflows.engine.activities import ActivitySpec
from workflows.engine.errors import StepFailed
from workflows.engine.formulas import read_formula
from workflows.engine.specs import make_ready, run_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element
    from workflows.engine.tokens import ProcessSpec, SubprocessWorkflow


class SubprocessSpec(ActivitySpec):
    """An embedded subprocess, or an event subprocess once it has been triggered."""

    def begin(self, task: Task) -> None:
        task._set_state(TaskState.STARTED)
        workflow = task.workflow.top_workflow.create_subprocess(task, self.process_name(task))
        self.start(task, workflow)

    def process_name(self, task: Task) -> str:
        """The specification that is run."""
        return self.name

    def start(self, task: Task, workflow: SubprocessWorkflow) -> None:
        """Put the first token into it."""
        trigger = task.internal_data.pop("trigger", None)
        if trigger is None:
            run_of(task).begin_scope(workflow)
        else:
            start = workflow.spec.task_specs[task.internal_data.pop("start")]
            run_of(task).begin_scope(workflow, starts=[start], payload=trigger)

    def scope_ended(self, task: Task, workflow: SubprocessWorkflow) -> None:
        """No token is left inside: the activity is done."""
        del task.workflow.top_workflow.subprocesses[task.id]
        if "unseen" in task.internal_data:
            self._undone(task)
            return
        if workflow.undoable and workflow.home is None:
            task.internal_data["inside"] = workflow.undoable
        make_ready(task)

    def work(self, task: Task) -> dict[str, Any]:
        return {}

    def goes_on_inside(self, workflow: SubprocessWorkflow) -> bool:
        """Whether something begins inside when no token is left there."""
        return False

    def is_enough(self, task: Task, inner: Task) -> bool:
        """Whether nothing need follow on an activity inside that is done."""
        return False

    # Compensation.

    def can_be_undone(self, task: Task) -> bool:
        inner = task.workflow.top_workflow.subprocess_specs.get(self.name)
        return super().can_be_undone(task) or (inner is not None and inner.undoing is not None)

    def undo_inside(self, task: Task, records: list[compensation.Record]) -> None:
        """Undo what a completed run of the subprocess did: by its compensation event subprocess, or activity by activity."""
        task._set_state(TaskState.STARTED)
        task.internal_data["unseen"] = True
        workflow = task.workflow.top_workflow.create_subprocess(task, self.name)
        workflow.undoable = list(records)
        if (undoing := workflow.spec.undoing) is not None:
            undoing.begin(workflow, {})
        else:
            compensation.begin(task, [workflow])

    def undone(self, task: Task) -> None:
        """All that was done inside is undone."""
        workflow = task.workflow.top_workflow.subprocesses.pop(task.id)
        workflow.completed = True
        self._undone(task)

    def _undone(self, task: Task) -> None:
        run_of(task).release(task)
        compensation.handler_done(task)


class CallActivitySpec(SubprocessSpec):
    """Runs another process of the bundle, with variables of its own."""

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        if not element.called_process:
            raise StepFailed(element.id, "It names no process.")
        self.called_process = read_formula(element.called_process)

    def process_name(self, task: Task) -> str:
        run = run_of(task)
        name = str(self.called_process.evaluate(run.visible(task), run.now))
        spec = task.workflow.top_workflow.subprocess_specs.get(name)
        if spec is None or not spec.called:
            raise StepFailed(self.name, f'There is no process called "{name}" in this bundle.')
        return name

    def scope_ended(self, task: Task, workflow: SubprocessWorkflow) -> None:
        run = run_of(task)
        home = workflow.home or ""
        results = run.scopes.by_key.get(home, {})
        task.data = dict(results) if self.element.propagate_child or self.output_mappings else {}
        run.scopes.close(home)
        run.forget_traces(home)
        super().scope_ended(task, workflow)

    def work(self, task: Task) -> dict[str, Any]:
        result: dict[str, Any] = task.data
        return result
