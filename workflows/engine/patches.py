"""What must be changed in SpiffWorkflow itself, because `Task` cannot be subclassed. Imported once, by the package.

SpiffWorkflow 3.2.0 composes a log line for every change of a task's state, logged or not: two fifths of the time of a step.
"""

from __future__ import annotations

from SpiffWorkflow.task import Task


def _set_state(task: Task, value: int) -> None:
    task._state = value


Task._set_state = _set_state
