"""Gateways."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from workflows.engine.formulas import read_expression
from workflows.engine.specs import TokenSpec, Way, holds, make_ready, run_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element
    from workflows.engine.tokens import ProcessSpec


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


class PatientGatewaySpec(TokenSpec, ABC):
    """A gateway that waits for every token that can still reach it.

    Whether a token can still come is asked when nothing else in the case can move (`Run.settle`), by walking the flows backwards.
    """

    @abstractmethod
    def join_if_complete(self, task: Task) -> bool:
        """Go on unless another token can still come; answers whether anything has moved."""

    def more_can_come(self, task: Task, arrived: Iterable[str], empty: Iterable[str]) -> bool:
        """Whether a token can still come along one of the empty flows that could not come along one where a token has arrived."""
        process = run_of(task).program.graph(task.workflow.spec.name)
        to_empty = process.elements_before(empty, avoiding=self.name)
        to_arrived = process.elements_before(arrived, avoiding=self.name)
        for other in task.workflow.tokens():
            if "gateway" in other.internal_data:
                continue  # The token stands on the event-based gateway before it, and may still go another way.
            place = other.task_spec.name
            if place != self.name and place in to_empty and place not in to_arrived and other.task_spec.keeps_alive(other):
                return True
        return False


class InclusiveGatewaySpec(PatientGatewaySpec):
    """Waits for every token that can still reach it, then takes each outgoing flow whose condition holds."""

    def arrive(self, task: Task) -> None:
        task._set_state(TaskState.WAITING)
        if len(self.element.incoming) <= 1:
            join(task, {})

    def join_if_complete(self, task: Task) -> bool:
        waiting = first_by_flow(task, self)
        empty = [flow for flow in self.element.incoming if flow not in waiting]
        if empty and self.more_can_come(task, waiting, empty):
            return False
        join(task, waiting)
        return True


class ComplexGatewaySpec(PatientGatewaySpec):
    """Goes on when its activation condition holds over the tokens that have come; the rest are taken in when no more can come.

    The condition may ask `activationCount`, the number of incoming flows on which a token waits. Having gone on, the gateway
    remembers on a token of its own (fact "took": the flows that gave one) that it waits for the others; when they are there, or
    can come no more, it takes them in and waits for a new start. A flow with a condition is asked at both times and may ask
    `waitingForStart`; a flow without one is taken at the start alone.
    """

    def __init__(self, process: ProcessSpec, element: Element) -> None:
        super().__init__(process, element)
        self.activation = read_expression(element.activation_condition) if element.activation_condition else None

    def arrive(self, task: Task) -> None:
        task._set_state(TaskState.WAITING)
        if self.activation is None:
            join(task, {})
        else:
            self._start_if_enough(task)

    def join_if_complete(self, task: Task) -> bool:
        memory = self._memory(task)
        if memory is None:
            return self._start_if_enough(task)
        took: list[str] = memory.internal_data["took"]
        late = {flow: token for flow, token in first_by_flow(task, self).items() if flow not in took}
        empty = [flow for flow in self.element.incoming if flow not in late and flow not in took]
        if empty and self.more_can_come(task, [*took, *late], empty):
            return False
        for token in late.values():
            task.workflow.drop(token)
        self.move_on(memory, [way for way in self.ways if way.condition is not None and self._holds(way, memory, start=False)])
        return True

    def chosen_ways(self, task: Task) -> list[Way]:
        if not self.ways:
            return []
        chosen = [way for way in self.ways if not way.is_default and self._holds(way, task, start=True)]
        return chosen or self.default_way(task)

    def _start_if_enough(self, task: Task) -> bool:
        if self._memory(task) is not None or self.activation is None:
            return False
        run, waiting = run_of(task), first_by_flow(task, self)
        variables = run.visible(task, before={"activationCount": len(waiting), "waitingForStart": True})
        if self.activation.evaluate(variables, run.now) is not True:
            return False
        memory = task.workflow.token(self, took=list(waiting), unseen=True)
        memory._set_state(TaskState.WAITING)
        join(task, waiting)
        return True

    def _memory(self, task: Task) -> Task | None:
        tokens = task.workflow.tokens()
        return next((token for token in tokens if token.task_spec is self and "took" in token.internal_data), None)

    def _holds(self, way: Way, task: Task, *, start: bool) -> bool:
        if way.condition is None:
            return True
        run = run_of(task)
        return way.condition.evaluate(run.visible(task, before={"waitingForStart": start}), run.now) is True


class EventBasedGatewaySpec(TokenSpec):
    """Waits for the first of the events behind it; the others are given up."""

    def arrive(self, task: Task) -> None:
        run = run_of(task)
        run.note("entered", task)
        task._set_state(TaskState.WAITING)
        for way in self.ways:
            catcher = task.workflow.token(way.target, flow=way.flow, gateway=task.id)
            run.arm(catcher, way.target.element.event)

    def settle(self, task: Task) -> None:
        """One of the events has happened: the gateway and the other events are done. Called by `settle_gateway`."""
        run_of(task).note("left", task)
        for catcher in task.workflow.tokens_with("gateway", task.id):
            task.workflow.drop(catcher)
        task.workflow.drop(task)


def settle_gateway(task: Task) -> bool:
    """Give up the other events of the event-based gateway behind which a token waits; answers whether there is one."""
    gateway = task.internal_data.pop("gateway", None)
    if gateway is None:
        return False
    holder = next(token for token in task.workflow.tokens() if token.id == gateway)
    holder.task_spec.settle(holder)
    return True


def first_by_flow(task: Task, spec: TokenSpec) -> dict[str, Task]:
    """The oldest waiting token of each incoming flow of a gateway."""
    waiting: dict[str, Task] = {}
    for token in task.workflow.tokens():
        if token.task_spec is spec and token.state == TaskState.WAITING and "flow" in token.internal_data:
            waiting.setdefault(token.internal_data["flow"], token)
    return waiting


def join(task: Task, waiting: dict[str, Task]) -> None:
    """Let one token go on for all of them."""
    for token in waiting.values():
        if token is not task:
            task.workflow.drop(token)
    run_of(task).note("entered", task)
    make_ready(task)
