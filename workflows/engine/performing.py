"""Operations: the host carries them out, and what they brought is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows import feel
from workflows.engine.changes import Call, Performed
from workflows.engine.errors import BusinessError, StepFailed
from workflows.errors import SafeconductError

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.activities import OperationSpec
    from workflows.engine.run import Run


def perform(run: Run, task: Task, spec: OperationSpec) -> dict[str, Any]:
    """Have the host carry out an operation with the local variables of its activity. Raises: BusinessError, StepFailed."""
    variables = run.visible(task)
    inputs = {target: variables.get(target.split(".")[0]) for _, target in spec.input_mappings}
    call = Call(
        element=spec.name,
        token=task.id,
        headers=dict(spec.element.headers),
        traces=run.traces_of(task),
        line=None if spec.line is None else spec.line.to_json(variables, run.now),
        area=None if spec.area is None else spec.area.to_json(variables, run.now),
    )
    operation = spec.element.operation or ""
    try:
        result = dict(run.host.perform(operation, inputs, call))
    except BusinessError as error:
        said = (error.code, str(error))
        run.changes.performed.append(Performed(element=spec.name, operation=operation, line=call.line, error=said))
        raise
    except StepFailed:
        raise
    except SafeconductError as error:
        raise StepFailed(spec.name, str(error)) from error
    if run.records:
        kept = feel.to_json(result)
        run.changes.performed.append(Performed(element=spec.name, operation=operation, line=call.line, result=kept))
    return result
