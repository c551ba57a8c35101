"""Turns diagrams into SpiffWorkflow's process specifications."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from workflows.diagrams import Diagram, Element
from workflows.engine import activities, adhoc, events, gateways, subprocesses
from workflows.engine.activities import ActivitySpec
from workflows.engine.errors import ProgramRefused
from workflows.engine.formulas import read_expression
from workflows.engine.loops import LoopPlan
from workflows.engine.specs import RootSpec, TokenSpec, Way
from workflows.engine.throwing import THROWN_KINDS
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
    "transaction": subprocesses.SubprocessSpec,
    "adHocSubProcess": adhoc.AdHocSpec,
    "callActivity": subprocesses.CallActivitySpec,
    "exclusiveGateway": gateways.ExclusiveGatewaySpec,
    "parallelGateway": gateways.ParallelGatewaySpec,
    "inclusiveGateway": gateways.InclusiveGatewaySpec,
    "complexGateway": gateways.ComplexGatewaySpec,
    "eventBasedGateway": gateways.EventBasedGatewaySpec,
    "boundaryEvent": events.BoundarySpec,
    "startEvent": events.StartEventSpec,
}
# What an end event does beside throwing, and what an event in the middle does; of several only one may be among them.
ENDS: dict[str, Maker] = {
    "error": events.ErrorEndSpec,
    "terminate": events.TerminateEndSpec,
    "cancel": events.CancelEndSpec,
    "compensation": events.CompensationEndSpec,
}
THROWS: dict[str, Maker] = {"compensation": events.CompensationThrowSpec}


def build_processes(diagrams: Iterable[Diagram]) -> dict[str, ProcessSpec]:
    """Build the specifications of every process and subprocess, beside those that are drawings only.

    Raises:
        ProgramRefused, feel.FeelError: Something in them cannot be run.
    """
    specs: dict[str, ProcessSpec] = {}
    found = [(diagram, process) for diagram in diagrams for process in diagram.processes.values()]
    drawings = any(process.executable for _, process in found)
    for diagram, process in found:
        if process.executable or not drawings:
            _build_scope(diagram, process.id, specs, called=True)
    for diagram, _ in found:
        _ensure_callable(diagram, specs)
    return specs


def _ensure_callable(diagram: Diagram, specs: dict[str, ProcessSpec]) -> None:
    for element in diagram.elements.values():
        called = specs.get(element.called_process or "")
        if called is not None and not called.starts:
            cause = f"{element.id} calls {called.name}, which has no start event without a trigger."
            raise ProgramRefused(cause=cause)


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
        return activities.OperationSpec if element.operation else activities.SendTaskSpec
    if element.kind == "intermediateCatchEvent":
        return events.LinkCatchSpec if kind == "link" else events.CatchEventSpec
    if element.kind == "intermediateThrowEvent":
        if kind == "link":
            return events.LinkThrowSpec
        return _maker_of_throw(element, THROWS, events.EventSpec, events.ThrowSpec)
    if element.kind == "endEvent":
        return _maker_of_throw(element, ENDS, events.EndEventSpec, events.ThrowEndSpec)
    if element.kind not in BY_KIND:
        raise ProgramRefused(cause=f"{element.id}: elements of the kind {element.kind} cannot be run.")
    return BY_KIND[element.kind]


def _maker_of_throw(element: Element, special: dict[str, Maker], plain: Maker, throwing: Maker) -> Maker:
    kinds = element.event_kinds - {"none"}
    if "message" in kinds and element.operation:
        if len(kinds) > 1:
            raise ProgramRefused(cause=f"{element.id}: an operation stands for one message, not for several events.")
        return events.OperationEventSpec
    own = kinds - THROWN_KINDS
    if len(own) > 1 or not own <= special.keys():
        raise ProgramRefused(cause=f"{element.id}: an event of the kind {', '.join(sorted(own))} cannot be thrown here.")
    for kind in own:
        return special[kind]
    return throwing if kinds else plain


def _add_handlers(process: ProcessSpec, inner: ProcessSpec, diagram: Diagram, subprocess: TokenSpec) -> None:
    """Let the start events of an event subprocess wait in the scope around it, or stand by to undo it."""
    for element in diagram.inside(inner.name):
        if element.kind == "startEvent":
            waiting = events.EventSubprocessStartSpec(process, element)
            waiting.subprocess = subprocess
            if "compensation" in element.event_kinds:
                process.undoing = waiting
            else:
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
            activity = made[element.attached_to]
            activity.boundaries.append(spec)
            if element.undone_by is not None and isinstance(activity, ActivitySpec):
                activity.undone_by = _handler(made, element)
        if isinstance(spec, events.LinkThrowSpec):
            spec.catches = [
                other
                for other in made.values()
                if isinstance(other, events.LinkCatchSpec) and _event_name(other.element) == _event_name(element)
            ]
        if element.kind == "startEvent":
            process.entries.append(spec)
    process.starts = [spec for spec in process.entries if spec.element.event is None or spec.element.event.kind == "none"]
    if not process.entries:
        process.starts = [spec for spec in made.values() if _begins_by_itself(spec)]


def _handler(made: dict[str, TokenSpec], event: Element) -> ActivitySpec:
    spec = made.get(event.undone_by or "")
    if not isinstance(spec, ActivitySpec):
        raise ProgramRefused(cause=f"{event.id}: what undoes its activity is no activity of the same process or subprocess.")
    return spec


def _begins_by_itself(spec: TokenSpec) -> bool:
    """Whether nothing leads to it, so that a process without a start event begins there."""
    element = spec.element
    return (
        not element.incoming and element.attached_to is None and not element.triggered_by_event and not element.for_compensation
    )


def _event_name(element: Element) -> str | None:
    return element.event.name if element.event is not None else None
