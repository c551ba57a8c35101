"""Where the tokens of a case are: SpiffWorkflow's workflows and task trees, kept flat.

A token is a SpiffWorkflow `Task` directly under the root of its workflow; a workflow is one run of a process, a called
process or a subprocess. What a token has left is forgotten by the tree (the trail and the database remember it), so a step
costs the same in the thousandth round of a loop as in the first, nothing is predicted, and no tree grows deep enough for
SpiffWorkflow to lose a task in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.feel_engine import FeelEngine
from workflows.engine.scopes import ROOT

if TYPE_CHECKING:
    from workflows.engine.run import Run
    from workflows.engine.specs import TokenSpec

OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.FUTURE


def new_id() -> str:
    """Make an id for a token that nobody can guess, written as UUIDs are."""
    return unpacked(os.urandom(16).hex())


def packed(token: str) -> str:
    """Write the id of a token as a stored state does."""
    return token.replace("-", "")


def unpacked(text: str) -> str:
    """Read the id of a token from a stored state."""
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class ProcessSpec(BpmnProcessSpec):
    """One process or subprocess of a diagram, as SpiffWorkflow wants it.

    SpiffWorkflow puts tasks named "Start" and "End" into each process and ends it when something named "End" completes. They
    are taken out, so that an element may bear any id.

    Attributes:
        called: Whether it is a process of its own, with a root scope of its own.
        starts: The specs of its none start events; without any start event, of all elements that no flow leads to.
        entries: The specs of all its start events.
        handlers: The specs of the start events of its event subprocesses.
        undoing: That of the event subprocess that undoes it, once it is completed.
    """

    def __init__(self, name: str, *, called: bool) -> None:
        super().__init__(name)
        self.task_specs.pop("End")
        self.task_specs.pop(self.end.name)
        self.task_specs.pop("Start")
        self.called = called
        self.starts: list[TokenSpec] = []
        self.entries: list[TokenSpec] = []
        self.handlers: list[TokenSpec] = []
        self.undoing: TokenSpec | None = None


class Tokens:
    """What the workflow of a case and those of its subprocesses have in common.

    The id of a task is a text, not a UUID, which has to be written and compared time and again: under it the facts of other
    tokens, scopes and stored rows refer to it. That of the root, which nothing refers to, stays as a stored state writes it.

    Attributes:
        home: The key of its own scope of variables; None when it shares the one around it.
        around: The keys of the scopes around its tokens, innermost first.
        owner: The key of the scope of the process instance that it belongs to.
        undoable: Records of what was completed in it and can be undone, oldest first (see `compensation`).
    """

    spec: ProcessSpec
    parent_task: Task | None
    home: str | None
    around: Sequence[str]
    owner: str
    undoable: list[dict[str, Any]]
    tasks: dict[str, Task]
    task_tree: Task
    completed: bool
    run: Run

    def _plant(self, root_id: str | None) -> None:
        self.undoable = []
        self.task_tree = Task(self, self.spec.start, state=TaskState.COMPLETED, id=root_id or packed(new_id()))

    def token(self, spec: TokenSpec, *, state: int = TaskState.FUTURE, token: str | None = None, **facts: Any) -> Task:
        """Put a token on an element."""
        task = Task(self, spec, parent=self.task_tree, state=state, id=token or new_id())
        task.internal_data = facts
        return task

    def chain(self, task: Task) -> list[str]:
        """The keys of the scopes that one of its tokens sees, innermost first."""
        facts = task.internal_data
        # A run of a repeated activity reads through its body, an event that waits on a boundary through its activity.
        held = [facts[fact] for fact in ("body", "host") if fact in facts]
        return [task.id, *held, *self.around]

    def tokens(self) -> list[Task]:
        """All tokens of this workflow, oldest first; those of its subprocesses are not among them."""
        return [task for task in self.tasks.values() if task is not self.task_tree]

    def tokens_with(self, fact: str, value: str) -> list[Task]:
        """The tokens that bear a fact, e.g. those of the boundary events of one activity."""
        return [task for task in self.tasks.values() if task.internal_data.get(fact) == value]

    def drop(self, task: Task) -> None:
        """Take a token off the tree."""
        if self.tasks.pop(task.id, None) is not None:
            self.task_tree._children.remove(task.id)

    def has_live_tokens(self) -> bool:
        """Whether anything is left that could still move by itself or by being completed."""
        return any(task is not self.task_tree and task.task_spec.keeps_alive(task) for task in self.tasks.values())

    def _task_completed_notify(self, task: Task) -> None:
        """Ends are found by counting tokens, not by a task named "End"."""


class CaseWorkflow(Tokens, BpmnWorkflow):
    """The workflow of a case."""

    def __init__(self, spec: ProcessSpec, specs: Mapping[str, ProcessSpec], run: Run, root_id: str | None = None) -> None:
        self.run = run
        super().__init__(spec, specs, script_engine=FeelEngine(), deserializing=True)
        self._plant(root_id)

    parent_task: Task | None = None
    home = owner = ROOT
    around = (ROOT,)

    def create_subprocess(self, my_task: Task, spec_name: str, root_id: str | None = None) -> SubprocessWorkflow:
        """Open the workflow of a subprocess or called process for the activity's token."""
        subprocess = SubprocessWorkflow(self.subprocess_specs[spec_name], my_task, self, root_id)
        self.subprocesses[my_task.id] = subprocess
        return subprocess

    def workflows(self) -> Iterator[CaseWorkflow | SubprocessWorkflow]:
        """The case's own workflow and all that are open inside it."""
        yield self
        yield from list(self.subprocesses.values())

    def find_token(self, token: str) -> Task | None:
        """Find a token by its id, at whatever depth."""
        for workflow in self.workflows():
            if (task := workflow.tasks.get(token)) is not None and task is not workflow.task_tree:
                return task
        return None


class SubprocessWorkflow(Tokens, BpmnSubWorkflow):
    """The workflow of a subprocess, event subprocess or called process."""

    parent_task: Task

    def __init__(self, spec: ProcessSpec, parent_task: Task, top: CaseWorkflow, root_id: str | None = None) -> None:
        self.run = top.run
        self.parent_task = parent_task
        self.home = f"process:{parent_task.id}" if spec.called else None
        self.owner = self.home or parent_task.workflow.owner
        self.around = self._scopes_around()
        super().__init__(spec, parent_task.id, top, deserializing=True)
        self._plant(root_id)

    def _scopes_around(self) -> list[str]:
        parent = self.parent_task
        own = [] if self.home is None else [self.home]
        sees_on = self.home is None or parent.task_spec.element.propagate_parent
        return [*own, *(parent.workflow.chain(parent) if sees_on else [parent.key])]

    @property
    def parent_workflow(self) -> Tokens:
        """The workflow that the activity belongs to."""
        workflow: Tokens = self.parent_task.workflow
        return workflow
