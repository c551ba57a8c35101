"""Ad-hoc subprocesses: which of their elements begin, and when it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workflows.engine.errors import StepFailed
from workflows.engine.formulas import read_expression, read_optional
from workflows.engine.specs import run_of
from workflows.engine.subprocesses import SubprocessSpec

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element
    from workflows.engine.specs import TokenSpec
    from workflows.engine.tokens import ProcessSpec, SubprocessWorkflow


class AdHocSpec(SubprocessSpec):
    """A subprocess whose elements begin as an expression chooses, and which is done when a condition holds or all are done.

    What it must remember is in facts of its token: "queue", the elements still to begin one after the other; "results", what its
    output element gathered; "enough", once its condition has held.
    """

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        if element.ad_hoc is None:
            raise StepFailed(element.id, "It is no ad-hoc subprocess.")
        self.plan = element.ad_hoc
        self.active = read_optional(self.plan.active_elements)
        self.condition = read_expression(self.plan.completion_condition) if self.plan.completion_condition else None
        self.output_element = read_optional(self.plan.output_element)

    def start(self, task: Task, workflow: SubprocessWorkflow) -> None:
        chosen = self._chosen(task, workflow)
        task.internal_data["results"] = []
        if self.plan.sequential:
            task.internal_data["queue"] = [spec.name for spec in chosen[1:]]
            chosen = chosen[:1]
        if chosen:
            run_of(task).begin_scope(workflow, starts=chosen)
        else:
            task.internal_data["enough"] = True
            run_of(task).end_scope_if_done(workflow)

    def _chosen(self, task: Task, workflow: SubprocessWorkflow) -> Sequence[TokenSpec]:
        if self.active is None:
            return workflow.spec.starts
        run = run_of(task)
        names = self.active.to_json(run.visible(task), run.now)
        if not isinstance(names, list):
            raise StepFailed(self.name, f"Its active elements are not a list but {names!r}.")
        startable = {spec.name: spec for spec in workflow.spec.starts}
        for name in names:
            if name not in startable:
                raise StepFailed(self.name, f"It holds no element {name!r} that could begin; there are: {', '.join(startable)}.")
        return [startable[name] for name in dict.fromkeys(names)]

    def is_enough(self, task: Task, inner: Task) -> bool:
        run, facts = run_of(task), task.internal_data
        if "unseen" in facts or inner.task_spec.element.triggered_by_event:
            return False
        if self.output_element is not None:
            facts["results"].append(self.output_element.to_json(run.visible(inner), run.now))
        holds = self.condition is not None and self.condition.evaluate(run.visible(task), run.now) is True
        if holds and not facts.get("enough"):
            facts["enough"] = True
            facts.pop("queue", None)
            if self.plan.cancels_remaining:
                run.cancel_all(inner.workflow, but=inner)
        return bool(facts.get("enough"))

    def goes_on_inside(self, workflow: SubprocessWorkflow) -> bool:
        task = workflow.parent_task
        queue = task.internal_data.get("queue")
        if queue:
            spec = workflow.spec.task_specs[queue.pop(0)]
            spec._update(workflow.token(spec))
            return True
        return False

    def scope_ended(self, task: Task, workflow: SubprocessWorkflow) -> None:
        facts = task.internal_data
        if "unseen" not in facts:
            facts.pop("queue", None)
            done = facts.pop("enough", False) or self.condition is None or self._holds_now(task)
            if not done:
                raise StepFailed(self.name, "All that was begun inside is done, but its completion condition does not hold.")
            results = facts.pop("results")
            if self.plan.output_collection:
                run_of(task).write(task, self.plan.output_collection, results)
        super().scope_ended(task, workflow)

    def _holds_now(self, task: Task) -> bool:
        run = run_of(task)
        return self.condition is not None and self.condition.evaluate(run.visible(task), run.now) is True
