"""FEEL where SpiffWorkflow would run Python: nothing that a diagram contains is ever evaluated as Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from workflows import feel
from workflows.engine.errors import StepFailed

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


class FeelEnvironment(BasePythonScriptEngineEnvironment):
    """What SpiffWorkflow asks when it evaluates without a task."""

    def evaluate(self, expression: str, context: dict[str, Any], external_context: dict[str, Any] | None = None) -> Any:
        """Evaluate FEEL over the context."""
        return feel.parse(expression).evaluate({**context, **(external_context or {})})

    def execute(self, script: str, context: dict[str, Any], external_context: dict[str, Any] | None = None) -> bool:
        """Refuse: there are no scripts but FEEL expressions."""
        raise StepFailed("script", "A script must be written as a FEEL expression.")


class FeelEngine(PythonScriptEngine):
    """SpiffWorkflow's script engine, in FEEL, over the scopes of the case. Given to every workflow, restored ones included."""

    def __init__(self) -> None:
        super().__init__(environment=FeelEnvironment())

    def validate(self, expression: str) -> None:
        """Raise when the expression is not FEEL."""
        feel.parse(expression)

    def evaluate(self, task: Task, expression: str, external_context: dict[str, Any] | None = None) -> Any:
        """Evaluate FEEL over what the token sees."""
        run = task.workflow.top_workflow.run
        return feel.parse(expression).evaluate(run.visible(task), now=run.now)

    def execute(self, task: Task, script: str, external_context: dict[str, Any] | None = None) -> bool:
        """Refuse: there are no scripts but FEEL expressions."""
        raise StepFailed(task.task_spec.name, "A script must be written as a FEEL expression.")
