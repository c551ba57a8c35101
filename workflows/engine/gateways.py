"""Gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from workflows.engine.specs import TokenSpec, Way, holds, make_ready, run_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


class ExclusiveGatewaySpec(TokenSpec):
    """Takes the first outgoing flow whose condition holds, or else the default."""

    def chosen_ways(self, task: Task) -> list[Way]:
        if not self.ways:
            return []
        for way in self.ways:
            if not way.is_default and holds(way, task):
                return [way]
        return self.default_way(task)


class ParallelGatewaySpec(TokenSpec):
    """Waits for one token on each incoming flow, then takes every outgoing flow, whatever its condition."""

    def arrive(self, task: Task) -> None:
        task._set_state(TaskState.WAITING)
        waiting = first_by_flow(task, self)
        if len(waiting) < len(self.element.incoming):
            return
        join(task, waiting)

    def chosen_ways(self, task: Task) -> list[Way]:
        return self.ways


class InclusiveGatewaySpec(TokenSpec):
    """Waits for every token that can still reach it, then takes each outgoing flow whose condition holds.

    Whether a token can still come is asked when nothing else in the case can move (`Run.settle`), by walking the flows backwards.
    """

    def arrive(self, task: Task) -> None:
        task._set_state(TaskState.WAITING)
        if len(self.element.incoming) <= 1:
            join(task, {})

    def join_if_complete(self, task: Task) -> bool:
        """Join the waiting tokens unless another token can still reach an incoming flow that has none."""
        waiting = first_by_flow(task, self)
        empty = [flow for flow in self.element.incoming if flow not in waiting]
        if empty and self._more_can_come(task, waiting, empty):
            return False
        join(task, waiting)
        return True

    def _more_can_come(self, task: Task, waiting: dict[str, Task], empty: list[str]) -> bool:
        process = run_of(task).program.graph(task.workflow.spec.name)
        to_empty = process.elements_before(empty, avoiding=self.name)
        to_waiting = process.elements_before(list(waiting), avoiding=self.name)
        for other in task.workflow.tokens():
            place = other.task_spec.name
            if place != self.name and place in to_empty and place not in to_waiting and other.task_spec.keeps_alive(other):
                return True
        return False


class EventBasedGatewaySpec(TokenSpec):
    """Waits for the first of the events behind it; the others are given up."""

    def arrive(self, task: Task) -> None:
        run = run_of(task)
        run.note("entered", task)
        task._set_state(TaskState.WAITING)
        for way in self.ways:
            catcher = task.workflow.token(way.target, flow=way.flow, gateway=str(task.id))
            run.arm(catcher, way.target.element.event)

    def settle(self, task: Task) -> None:
        """One of the events has happened: the gateway and the other events are done."""
        run_of(task).note("left", task)
        for catcher in task.workflow.tokens_with("gateway", str(task.id)):
            task.workflow.drop(catcher)
        task.workflow.drop(task)


def first_by_flow(task: Task, spec: TokenSpec) -> dict[str, Task]:
    """The oldest waiting token of each incoming flow of a gateway."""
    waiting: dict[str, Task] = {}
    for token in task.workflow.tokens():
        if token.task_spec is spec and token.state == TaskState.WAITING:
            waiting.setdefault(token.internal_data["flow"], token)
    return waiting


def join(task: Task, waiting: dict[str, Task]) -> None:
    """Let one token go on for all of them."""
    for token in waiting.values():
        if token is not task:
            task.workflow.drop(token)
    run_of(task).note("entered", task)
    make_ready(task)
