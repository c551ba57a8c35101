"""Turns diagrams into SpiffWorkflow's process specifications."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from workflows.diagrams import Diagram, Element
from workflows.engine import activities, events, gateways, subprocesses
from workflows.engine.activities import ActivitySpec
from workflows.engine.errors import ProgramRefused
from workflows.engine.formulas import read_expression
from workflows.engine.loops import LoopPlan
from workflows.engine.specs import RootSpec, TokenSpec, Way
from workflows.engine.tokens import ProcessSpec

if TYPE_CHECKING:
    Maker = Callable[[ProcessSpec, Element], TokenSpec]

ROOT_NAME = "the root of the tokens"

BY_KIND: dict[str, Maker] = {
    "task": activities.PassThroughSpec,
    "manualTask": activities.PassThroughSpec,
    "userTask": activities.UserTaskSpec,
    "serviceTask": activities.OperationSpec,
    "receiveTask": activities.ReceiveTaskSpec,
    "subProcess": subprocesses.SubprocessSpec,
    "callActivity": subprocesses.CallActivitySpec,
    "exclusiveGateway": gateways.ExclusiveGatewaySpec,
    "parallelGateway": gateways.ParallelGatewaySpec,
    "inclusiveGateway": gateways.InclusiveGatewaySpec,
    "eventBasedGateway": gateways.EventBasedGatewaySpec,
    "boundaryEvent": events.BoundarySpec,
    "startEvent": events.StartEventSpec,
}
THROWN = frozenset({"signal", "escalation", "message"})


def build_processes(diagrams: Iterable[Diagram]) -> dict[str, ProcessSpec]:
    """Build the specifications of every process and subprocess. Raises: ProgramRefused, feel.FeelError."""
    specs: dict[str, ProcessSpec] = {}
    for diagram in diagrams:
        for process in diagram.processes.values():
            _build_scope(diagram, process.id, specs, called=True)
    return specs


def _build_scope(diagram: Diagram, scope: str, specs: dict[str, ProcessSpec], *, called: bool) -> ProcessSpec:
    if scope in specs:
        raise ProgramRefused(cause=f'Two processes or subprocesses have the id "{scope}".')
    process = specs[scope] = ProcessSpec(scope, called=called)
    process.start = RootSpec(process, ROOT_NAME)
    made: dict[str, TokenSpec] = {}
    for element in diagram.inside(scope):
        made[element.id] = _make(process, element)
        if element.is_subprocess:
            inner = _build_scope(diagram, element.id, specs, called=False)
            if element.triggered_by_event:
                _add_handlers(process, inner, diagram, made[element.id])
    for spec in made.values():
        _connect(diagram, spec, made)
    _attach(process, made)
    return process


def _make(process: ProcessSpec, element: Element) -> TokenSpec:
    spec = _maker(element)(process, element)
    if element.loop is not None:
        if not isinstance(spec, ActivitySpec):
            raise ProgramRefused(cause=f"{element.id} cannot be repeated.")
        spec.loop = LoopPlan(spec, element.loop)
    return spec


def _maker(element: Element) -> Maker:
    kind = element.event.kind if element.event is not None else "none"
    if element.kind == "businessRuleTask":
        return activities.DecisionSpec if element.called_decision else activities.OperationSpec
    if element.kind == "scriptTask":
        return activities.ScriptSpec if element.script else activities.OperationSpec
    if element.kind == "sendTask":
        return activities.OperationSpec if element.operation else events.ThrowSpec
    if element.kind == "intermediateCatchEvent":
        return events.LinkCatchSpec if kind == "link" else events.CatchEventSpec
    if element.kind == "intermediateThrowEvent":
        return _maker_of_throw(element, kind)
    if element.kind == "endEvent":
        return _maker_of_end(element, kind)
    if element.kind not in BY_KIND:
        raise ProgramRefused(cause=f"{element.id}: elements of the kind {element.kind} cannot be run.")
    return BY_KIND[element.kind]


def _maker_of_throw(element: Element, kind: str) -> Maker:
    if kind == "message" and element.operation:
        return events.OperationEventSpec
    if kind == "link":
        return events.LinkThrowSpec
    if kind in THROWN:
        return events.ThrowSpec
    if kind == "none":
        return events.EventSpec
    raise ProgramRefused(cause=f"{element.id}: an event of the kind {kind} cannot be thrown.")


def _maker_of_end(element: Element, kind: str) -> Maker:
    if kind == "message" and element.operation:
        return events.OperationEventSpec
    makers: dict[str, Maker] = {"none": events.EndEventSpec, "terminate": events.TerminateEndSpec, "error": events.ErrorEndSpec}
    if kind in makers:
        return makers[kind]
    if kind in THROWN:
        return events.ThrowEndSpec
    raise ProgramRefused(cause=f"{element.id}: an end event of the kind {kind} cannot be run.")


def _add_handlers(process: ProcessSpec, inner: ProcessSpec, diagram: Diagram, subprocess: TokenSpec) -> None:
    """Let the start events of an event subprocess wait in the scope around it."""
    for element in diagram.inside(inner.name):
        if element.kind == "startEvent":
            waiting = events.EventSubprocessStartSpec(process, element)
            waiting.subprocess = subprocess
            process.handlers.append(waiting)


def _connect(diagram: Diagram, spec: TokenSpec, made: dict[str, TokenSpec]) -> None:
    """Follow the outgoing flows, in the order of the file, and tell SpiffWorkflow's own graph."""
    flows = sorted((diagram.flows[flow] for flow in spec.element.outgoing), key=lambda flow: flow.xml_position)
    parallel = spec.element.kind == "parallelGateway"
    for flow in flows:
        target = made.get(flow.target)
        if target is None:
            raise ProgramRefused(cause=f"The sequence flow {flow.id} leads out of its subprocess.")
        condition = None if flow.condition is None or parallel else read_expression(flow.condition)
        spec.ways.append(Way(flow=flow.id, target=target, condition=condition, is_default=flow.id == spec.element.default))
        spec.connect(target)


def _attach(process: ProcessSpec, made: dict[str, TokenSpec]) -> None:
    """Attach boundary events to their activities, links to each other, and find where the process starts."""
    for spec in made.values():
        element = spec.element
        if element.attached_to is not None:
            made[element.attached_to].boundaries.append(spec)
        if isinstance(spec, events.LinkThrowSpec):
            spec.catches = [
                other
                for other in made.values()
                if isinstance(other, events.LinkCatchSpec) and _event_name(other.element) == _event_name(element)
            ]
        if element.kind == "startEvent" and (element.event is None or element.event.kind == "none"):
            process.starts.append(spec)
    if not process.starts:
        process.starts = [spec for spec in made.values() if _begins_by_itself(spec)]


def _begins_by_itself(spec: TokenSpec) -> bool:
    """Whether it starts without a none start event leading to it.

    That is a message or timer start of a case that a person opened, or an element without incoming flows.
    """
    element = spec.element
    if element.kind == "startEvent":
        return True
    return (
        not element.incoming and element.attached_to is None and not element.triggered_by_event and not element.for_compensation
    )


def _event_name(element: Element) -> str | None:
    return element.event.name if element.event is not None else None
