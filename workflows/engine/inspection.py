"""What may be asked of a case without moving it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflows.engine import waits
from workflows.engine.activities import UserTaskSpec, is_body
from workflows.engine.errors import NotOpen
from workflows.engine.knowledge import Knowledge
from workflows.engine.opening import describe_task
from workflows.engine.scopes import ROOT, Visible
from workflows.engine.tokens import CaseWorkflow, Tokens

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.changes import OpenTask
    from workflows.engine.program import Program


class Inspection(Knowledge):
    """A case as it stands.

    Attributes:
        workflow: Its tokens.
        program: What it runs.
    """

    workflow: CaseWorkflow
    program: Program

    @property
    def status(self) -> str:
        """Whether it is "open", or "completed" because no token is left."""
        return "completed" if self.workflow.completed else "open"

    @property
    def wake_at(self) -> datetime | None:
        """The moment of the next timer."""
        moments = [moment for _, wait in self.waiting() if (moment := waits.due_at(wait)) is not None]
        return min(moments, default=None)

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the case itself."""
        return self.scopes.by_key[ROOT]

    @property
    def open_tokens(self) -> list[str]:
        """The tokens of the open user tasks."""
        return [task.id for task in self._open_tasks()]

    def rank_of(self, token: str) -> int:
        """Which of the open tasks of its element a task is, the oldest being 0. Raises: NotOpen."""
        task = self.open_user_task(token)
        return self.open_tasks_of(task.task_spec.name).index(task)

    def open_tasks_of(self, element: str) -> list[Task]:
        """The tokens of the open tasks of an element, oldest first within their workflow."""
        return [task for task in self._open_tasks() if task.task_spec.name == element]

    def _open_tasks(self) -> Iterator[Task]:
        for workflow in self.workflow.workflows():
            for task in workflow.tokens():
                if isinstance(task.task_spec, UserTaskSpec) and task.state == TaskState.READY and not is_body(task):
                    yield task

    @property
    def waiting_elements(self) -> list[str]:
        """Ids of the elements on which a token stands and waits, each once.

        Not those of events that only stand by (on a boundary, before an event subprocess, behind an event-based gateway), nor of
        activities inside which something waits.
        """
        tokens = (task for workflow in self.workflow.workflows() for task in workflow.tokens())
        places = [task.task_spec.name for task in tokens if self._stands_and_waits(task)]
        return list(dict.fromkeys(places))

    def _stands_and_waits(self, task: Task) -> bool:
        stands_by = {"unseen", "gateway"} & task.internal_data.keys() or not task.task_spec.keeps_alive(task)
        return not stands_by and task.id not in self.workflow.subprocesses

    def visible_to(self, token: str) -> Visible:
        """The variables that an open task sees."""
        return self.visible(self.open_user_task(token))

    def describe(self, token: str) -> OpenTask:
        """What the diagram says of an open task, evaluated now."""
        return describe_task(self, self.open_user_task(token))

    def outcome_of(self, token: str, answers: Mapping[str, Any]) -> Any:
        """The task's `outcome` property, evaluated over the answers."""
        task = self.open_user_task(token)
        formula = task.task_spec.texts.get("outcome")
        return None if formula is None else formula.to_json(self.visible(task, before=answers), self.now)

    def waiting(self) -> Iterator[tuple[Task, dict[str, Any]]]:
        """Every token that waits for an event, oldest first within its workflow, with each single event it still waits for."""
        for workflow in self.workflow.workflows():
            for task in workflow.tokens():
                if "wait" in task.internal_data and task.id in workflow.tasks:
                    for wait in waits.parts(task):
                        yield task, wait

    def timers_of(self, element: str, due: str | None = None) -> list[dict[str, Any]]:
        """The timers that wait on an element, oldest first; with `due` only those of that moment."""
        timers = (wait for task, wait in self.waiting() if task.task_spec.name == element and wait["kind"] == "timer")
        return [wait for wait in timers if due in {None, wait["due"]}]

    def holds(self, task: Task) -> bool:
        """Whether a token is still there: neither gone on nor cancelled, and its scope is neither."""
        workflow: Tokens = task.workflow
        if task.id not in workflow.tasks:
            return False
        parent = workflow.parent_task
        return parent is None or self.workflow.subprocesses.get(parent.id) is workflow

    def open_user_tasks(self) -> list[Task]:
        """The open user tasks."""
        return list(self._open_tasks())

    def open_user_task(self, token: str) -> Task:
        """Find the token of an open user task. Raises: NotOpen."""
        task = self.workflow.find_token(token)
        if task is None or not isinstance(task.task_spec, UserTaskSpec) or task.state != TaskState.READY or is_body(task):
            raise NotOpen
        return task
