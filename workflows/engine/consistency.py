"""What must hold of every case that waits: nothing stands in its tokens that nobody would ever move.

Whatever stores a case asks this first, so that a fault of the engine becomes an incident of one act and not a case that waits for
nobody. It looks at each open token once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from workflows.engine.activities import UserTaskSpec, is_body
from workflows.engine.errors import StepFailed
from workflows.engine.gateways import ParallelGatewaySpec, PatientGatewaySpec

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.run import Run
    from workflows.engine.tokens import CaseWorkflow, SubprocessWorkflow

HOLDERS = ("host", "gateway", "body")
OWNED = ("gateway", "body", "undoes")


def ensure_consistent(run: Run) -> None:
    """Ensure that each token of a settled case is open to a person, waits for an event, a join or something inside it.

    Raises:
        StepFailed: Something is lost, left over or stuck; names the element.
    """
    if run.agenda:
        raise StepFailed(run.agenda[0].task_spec.name, "It could go on, but was left standing.")
    top = run.workflow
    owners: set[str] = set()
    known: set[str] = set()
    for workflow in top.workflows():
        _ensure_scope(top, workflow)
        for task in workflow.tokens():
            known.add(task.id)
            owners.update([str(task.internal_data[fact]) for fact in OWNED if fact in task.internal_data])
    for workflow in top.workflows():
        for task in workflow.tokens():
            _ensure_token(top, task, known, owners)
    _ensure_scopes_of_variables(run, known)


def _ensure_scope(top: CaseWorkflow, workflow: CaseWorkflow | SubprocessWorkflow) -> None:
    """A scope is open as long as it holds a token that can move, and its activity is."""
    parent = workflow.parent_task
    if len(workflow.task_tree._children) != len(workflow.tasks) - 1:
        raise StepFailed(workflow.spec.name, "Its tokens and its tree differ.")
    if parent is None:
        if workflow.completed == workflow.has_live_tokens():
            raise StepFailed(workflow.spec.name, "It is ended though something is going on in it, or open though nothing is.")
        return
    if parent.id not in parent.workflow.tasks or (parent.workflow is not top and not _is_open(top, parent.workflow)):
        raise StepFailed(parent.task_spec.name, "It is over, but something is going on inside.")


def _is_open(top: CaseWorkflow, workflow: SubprocessWorkflow) -> bool:
    return top.subprocesses.get(workflow.parent_task.id) is workflow


def _ensure_token(top: CaseWorkflow, task: Task, known: set[str], owners: set[str]) -> None:
    name, facts = task.task_spec.name, task.internal_data
    if task.parent is not task.workflow.task_tree:
        raise StepFailed(name, "Its token does not hang on the tree.")
    if not known.issuperset([facts[fact] for fact in HOLDERS if fact in facts]):
        raise StepFailed(name, "What it belongs to is over.")
    if task.state == TaskState.READY:
        if not isinstance(task.task_spec, UserTaskSpec) or is_body(task):
            raise StepFailed(name, "It could go on, but was left standing.")
    elif task.state == TaskState.WAITING:
        joins = isinstance(task.task_spec, (ParallelGatewaySpec, PatientGatewaySpec))
        if "wait" not in facts and not joins and task.id not in owners:
            raise StepFailed(name, "It waits for nothing.")
    elif task.state == TaskState.STARTED:
        if task.id not in top.subprocesses and task.id not in owners:
            raise StepFailed(name, "It has begun, but nothing is going on inside.")
    else:
        raise StepFailed(name, "Its token is neither open nor waiting.")


def _ensure_scopes_of_variables(run: Run, known: set[str]) -> None:
    for key in run.scopes.by_key:
        owner = key.removeprefix("process:")
        if owner and owner not in known:
            raise StepFailed(run.workflow.spec.name, "Variables are kept of an activity that is over.")
