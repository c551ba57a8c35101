"""Repetition: multi-instance, parallel and one after the other, and the standard loop.

The body is the token that arrived. It is STARTED until all runs are done; what it must remember is in its fact "loop".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflows import feel
from workflows.engine.errors import StepFailed
from workflows.engine.formulas import Formula, read_expression, read_optional
from workflows.engine.specs import run_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Loop
    from workflows.engine.activities import ActivitySpec

MOST_RUNS = 1000


class LoopPlan:
    """How one activity is repeated."""

    def __init__(self, spec: ActivitySpec, loop: Loop) -> None:
        self.spec = spec
        self.loop = loop
        self.collection = read_optional(loop.input_collection)
        self.cardinality = read_optional(loop.cardinality)
        self.output_element = read_optional(loop.output_element)
        self.completion = read_expression(loop.completion_condition) if loop.completion_condition else None
        self.condition = read_expression(loop.condition) if loop.condition else None
        self.maximum = read_optional(loop.maximum)

    def begin(self, body: Task) -> None:
        """The token of the body has arrived."""
        body._set_state(TaskState.STARTED)
        if self.loop.kind == "standard":
            body.internal_data["loop"] = {"started": 0, "done": 0}
            self._next_round(body, first=True)
            return
        entries = self._entries(body)
        body.internal_data["loop"] = {"count": len(entries), "started": 0, "done": 0, "results": [None] * len(entries)}
        if not entries:
            self._end(body)
        elif self.loop.kind == "parallel":
            for entry in entries:
                self._start_run(body, entry)
        else:
            body.internal_data["loop"]["entries"] = entries
            self._start_run(body, entries[0])

    def run_done(self, body: Task, task: Task) -> None:
        """One run is done."""
        run, state = run_of(body), body.internal_data["loop"]
        state["done"] += 1
        if self.loop.kind == "standard":
            run.release(task)
            task.workflow.drop(task)
            self._next_round(body, first=False)
            return
        visible = run.visible(task)
        if self.output_element is not None:
            state["results"][task.internal_data["index"]] = self.output_element.to_json(visible, run.now)
        enough = self.completion is not None and self._is_complete(task, state)
        run.release(task)
        task.workflow.drop(task)
        self._go_on(body, enough=enough)

    def _go_on(self, body: Task, *, enough: bool) -> None:
        state = body.internal_data["loop"]
        if enough:
            for other in body.workflow.tokens_with("body", body.id):
                run_of(body).cancel(other)
        if enough or state["done"] == state["count"]:
            self._end(body)
        elif self.loop.kind == "sequential":
            self._start_run(body, state["entries"][state["started"]])

    def _is_complete(self, task: Task, state: dict[str, Any]) -> bool:
        run = run_of(task)
        counts = {
            "numberOfInstances": state["count"],
            "numberOfActiveInstances": state["started"] - state["done"],
            "numberOfCompletedInstances": state["done"],
            "numberOfTerminatedInstances": 0,
        }
        variables = run.visible(task, before=counts)
        return self.completion is not None and self.completion.evaluate(variables, run.now) is True

    def _entries(self, body: Task) -> list[Any]:
        run = run_of(body)
        if self.collection is not None:
            entries = self.collection.to_json(run.visible(body), run.now)
        elif self.cardinality is not None:
            entries = self._numbered(body, self.cardinality)
        else:
            raise StepFailed(self.spec.name, "Its multi-instance names neither a list nor a number of runs.")
        if not isinstance(entries, list):
            raise StepFailed(self.spec.name, f"Its input collection is not a list but {feel.to_json(entries)!r}.")
        if len(entries) > MOST_RUNS:
            raise StepFailed(self.spec.name, f"Its list has {len(entries)} entries; {MOST_RUNS} are the most.")
        return entries

    def _numbered(self, body: Task, cardinality: Formula) -> list[int]:
        run = run_of(body)
        value = cardinality.to_json(run.visible(body), run.now)
        try:
            count = int(value)
        except (TypeError, ValueError):
            raise StepFailed(self.spec.name, f"Its number of runs is not a number but {value!r}.") from None
        return list(range(1, min(count, MOST_RUNS + 1) + 1))

    def _start_run(self, body: Task, entry: Any) -> None:
        run, state = run_of(body), body.internal_data["loop"]
        run.count_run(self.spec.name)
        index = state["started"]
        state["started"] += 1
        task = body.workflow.token(self.spec, body=body.id, index=index)
        variables: dict[str, Any] = {"loopCounter": index + 1}
        if self.loop.input_element:
            variables[self.loop.input_element] = entry
        if (name := self._output_name()) is not None and name not in variables:
            variables[name] = None
        run.scopes.open(task.id, variables)
        self.spec.activate(task)

    def _output_name(self) -> str | None:
        """The variable that the output element reads, if it is one: it is made local so that the runs do not share it."""
        match = re.match(r"=\s*([A-Za-z_]\w*)\s*(?:\.[\w.\s]*)?$", self.loop.output_element or "")
        return match[1] if match else None

    def _next_round(self, body: Task, *, first: bool) -> None:
        run, state = run_of(body), body.internal_data["loop"]
        variables = run.visible(body, before={"loopCounter": state["done"] + 1})
        ask = self.condition is not None and (self.loop.test_before or not first)
        go = not ask or (self.condition is not None and self.condition.evaluate(variables, run.now) is True)
        if self.maximum is not None and go:
            go = state["done"] < int(self.maximum.to_json(variables, run.now))
        if not go:
            self._end(body)
            return
        state["started"] += 1
        task = body.workflow.token(self.spec, body=body.id, index=state["started"] - 1)
        run.scopes.open(task.id, {"loopCounter": state["started"]})
        self.spec.activate(task)

    def _end(self, body: Task) -> None:
        run, state = run_of(body), body.internal_data["loop"]
        if self.loop.output_collection:
            run.write(body, self.loop.output_collection, state["results"])
        body.internal_data["loop"] = {}
        body._set_state(TaskState.READY)
        run.agenda.append(body)
