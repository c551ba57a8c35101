"""Compensation: what was completed in a scope is undone, the last first.

A scope keeps a record of each completed activity that can be undone: its id, the local variables that it had, and for a
subprocess the records of what was completed inside. Whoever compensates (a throwing event, a cancelled transaction, a subprocess
that is undone) is the holder: its token bears the records still to be undone in its fact "undo", and each activity that undoes
bears the holder's id in its fact "undoes". They run one at a time, in the reverse order of completion.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from workflows.engine.specs import run_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.run import Run
    from workflows.engine.tokens import Tokens

Record = dict[str, Any]
MAIN = ""


def remember(task: Task) -> None:
    """Keep a record of a completed activity, or of one completed run of it, if it can be undone."""
    inside = task.internal_data.pop("inside", None)
    if "undoes" in task.internal_data or not (inside or task.task_spec.can_be_undone(task)):
        return
    record: Record = {"element": task.task_spec.name}
    if variables := run_of(task).scopes.by_key.get(task.id):
        record["variables"] = variables
    if inside:
        record["inside"] = inside
    task.workflow.undoable.append(record)


def scopes_seen(task: Task) -> list[Tokens]:
    """The scopes whose activities a throwing event can undo: its own, and from an event subprocess also the one around it."""
    found = [task.workflow]
    while (parent := found[-1].parent_task) is not None and parent.task_spec.element.triggered_by_event:
        found.append(parent.workflow)
    return found


def begin(holder: Task, scopes: Iterable[Tokens], activity: str | None = None) -> bool:
    """Undo what was completed in the scopes, or one activity of them. Answers False when there is nothing to undo."""
    steps: list[list[Any]] = []
    for workflow in scopes:
        chosen = [record for record in workflow.undoable if activity in (None, record["element"])]
        workflow.undoable = [record for record in workflow.undoable if activity not in (None, record["element"])]
        place = MAIN if workflow.parent_task is None else workflow.parent_task.id
        steps = [[place, record] for record in chosen] + steps
    return begin_with(holder, steps)


def begin_with(holder: Task, steps: list[list[Any]]) -> bool:
    """Undo these records, the last first. Answers False when there are none."""
    if not steps:
        return False
    holder.internal_data["undo"] = steps
    go_on(holder)
    return True


def go_on(holder: Task) -> None:
    """Undo the next record, or tell the holder that all are done."""
    run = run_of(holder)
    steps = holder.internal_data["undo"]
    if not steps:
        del holder.internal_data["undo"]
        holder.task_spec.undone(holder)
        return
    place, record = steps.pop()
    workflow = _scope_at(run, place)
    spec = workflow.spec.task_specs[record["element"]]
    handler = workflow.token(spec.undone_by or spec, undoes=holder.id)
    if "variables" in record:
        run.scopes.open(handler.id, record["variables"])
    if spec.undone_by is not None:
        spec.undone_by._update(handler)
    else:
        spec.undo_inside(handler, record.get("inside", []))


def handler_done(handler: Task) -> None:
    """An activity that undoes is done: let its holder go on."""
    run = run_of(handler)
    holder = run.workflow.find_token(handler.internal_data["undoes"])
    handler.workflow.drop(handler)
    if holder is not None:
        go_on(holder)


def handlers_of(run: Run, holder: Task) -> list[Task]:
    """The activities that are undoing for a holder, in whatever scope."""
    return [token for workflow in run.workflow.workflows() for token in workflow.tokens_with("undoes", holder.id)]


def _scope_at(run: Run, place: str) -> Tokens:
    return run.workflow if place == MAIN else run.workflow.subprocesses[place]
