"""What a case knows: its variables as a token sees and writes them, and the decision tables that were asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflows import feel
from workflows.engine.changes import Changes
from workflows.engine.scopes import Scopes, Visible

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.formulas import Formula

Mappings = list[tuple["Formula", str]]


class Knowledge:
    """What a case knows.

    Attributes:
        now: The moment of this act.
        scopes: The variables.
        traces: The decision tables asked so far, by scope.
        changes: What this act has done.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.scopes = Scopes()
        self.traces: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self.changes = Changes()

    # Variables.

    def visible(self, task: Task, *, before: Mapping[str, Any] | None = None) -> Visible:
        """The variables that a token sees, behind those of `before`."""
        view = self.scopes.visible(task.workflow.chain(task))
        return view if before is None else Visible([before, view])

    def write(self, task: Task, name: str, value: Any, *, local: bool = False) -> None:
        """Write a variable from where a token stands: into the nearest scope that has it, or its process instance's own.

        Args:
            local: Start at the token's own scope; otherwise at the one around it, as local variables are not results. A run of a
                multi-instance activity always starts at its own, where its output element lives.
        """
        keys, home = task.workflow.chain(task), task.workflow.owner
        keys = keys[: keys.index(home) + 1]
        if not local and "body" not in task.internal_data:
            keys = keys[1:]
        self.scopes.write(keys, home, name, value)

    def map_inputs(self, task: Task, mappings: Mappings) -> None:
        """Make the local variables of an activity."""
        if not mappings:
            return
        key = task.id
        self.scopes.open(key)
        view = self.visible(task)
        for formula, target in mappings:
            self.scopes.write([key], key, target, formula.to_json(view, self.now))

    def apply_result(self, task: Task, result: Mapping[str, Any], mappings: Mappings, *, local: bool = False) -> None:
        """Write what an activity or event has brought: through its output mappings, or each variable as it is.

        Args:
            local: With mappings, keep their targets in the scope in which the event stands.
        """
        if not mappings:
            for name, value in result.items():
                self.write(task, name, feel.to_json(value))
            return
        view = self.visible(task, before=result)
        for formula, target in mappings:
            value = formula.to_json(view, self.now)
            if local and task.workflow.parent_task is not None:
                key = task.workflow.home or task.workflow.parent_task.id
                self.scopes.write([key], key, target, value)
            else:
                self.write(task, target, value)

    # Decision tables that were asked.

    def remember_trace(self, task: Task, trace: dict[str, Any]) -> None:
        """Keep which rule fired: whole for this act, and for later in the scope of the process instance.

        A repeated rule task (persons times stops) leaves only the number of the rule there, so that the state stays small.
        """
        self.changes.traces.append(trace)
        kept = self.traces.setdefault(task.workflow.owner, {})
        if "body" not in task.internal_data:
            kept[trace["decision"]] = [trace]
            return
        if task.internal_data["index"] == 0:
            kept[trace["decision"]] = []
        if trace["rules"]:
            short = {name: trace[name] for name in ("decision", "name", "rules", "line", "element")}
            kept[trace["decision"]].append(short)

    def traces_of(self, task: Task) -> list[dict[str, Any]]:
        """The decision tables that led to where a token stands, outermost first."""
        keys = [key for key in reversed(task.workflow.chain(task)) if key in self.traces]
        return [trace for key in keys for traces in self.traces[key].values() for trace in traces]

    def forget_traces(self, scope: str) -> None:
        """Forget the traces of a process instance that has ended."""
        self.traces.pop(scope, None)
