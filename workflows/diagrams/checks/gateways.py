"""Whether a split always knows where to go."""

from __future__ import annotations

from workflows.diagrams.checks.view import View
from workflows.diagrams.model import Element, Flow

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
_AWAITED_EVENTS = frozenset({"message", "timer", "signal", "conditional"})
_FEWEST_CHOICES = 2


def check_gateways(view: View) -> None:
    """Check conditions, default flows and event-based gateways."""
    for element in view.elements.values():
        flows = view.outgoing(element)
        _check_default(element, flows, view)
        if element.kind in _CHOOSING or element.is_activity:
            _check_choice(element, flows, view)
        else:
            _check_no_conditions(element, flows, view)
        if element.kind == "eventBasedGateway":
            _check_events_behind(element, flows, view)
        if element.kind == "complexGateway":
            _check_activation(element, view)
        if element.is_gateway and not flows:
            view.findings.note(element.id, "No flow leaves the gateway, so its path ends here.")


def _check_default(element: Element, flows: list[Flow], view: View) -> None:
    if element.default is None:
        return
    default = next((flow for flow in flows if flow.id == element.default), None)
    if element.kind not in _CHOOSING and not element.is_activity:
        view.findings.refuse(
            element.id, "This element cannot have a default flow; it would have no effect.", "Take the mark out."
        )
    elif default is None:
        view.findings.refuse(
            element.id,
            "The default flow “{id}” does not leave this element.",
            "Mark one of its own outgoing flows as the default.",
            id=element.default,
        )
    elif default.condition:
        view.findings.refuse(
            default.id,
            "The default flow has a condition; it would never be asked.",
            "Take the condition out, or the mark as default.",
        )


def _check_choice(element: Element, flows: list[Flow], view: View) -> None:
    conditional = [flow for flow in flows if flow.condition]
    if element.kind in _CHOOSING and len(flows) > 1:
        for flow in flows:
            if not flow.condition and flow.id != element.default:
                view.findings.refuse(
                    flow.id,
                    "The flow leaves a gateway that chooses, but has no condition and is not the default.",
                    "Write a condition, or mark it as the default flow.",
                )
    if conditional and len(conditional) == len(flows) and element.default is None:
        view.findings.note(
            element.id, "If none of the conditions holds, the case stops here with an incident.", "Mark one flow as the default."
        )


def _check_activation(element: Element, view: View) -> None:
    if len(element.incoming) > 1 and not element.activation_condition:
        view.findings.refuse(
            element.id,
            "The complex gateway does not say when enough of its incoming flows have arrived.",
            "Write an activation condition, for example =activationCount >= 2, or use an inclusive or parallel gateway.",
        )


def _check_no_conditions(element: Element, flows: list[Flow], view: View) -> None:
    for flow in flows:
        if flow.condition:
            view.findings.refuse(
                flow.id,
                "A condition has no effect on a flow that leaves this element ({kind}).",
                "Put an exclusive or inclusive gateway in between.",
                kind=element.kind,
            )


def _check_events_behind(element: Element, flows: list[Flow], view: View) -> None:
    if len(flows) < _FEWEST_CHOICES:
        view.findings.note(element.id, "The event-based gateway has less than two events to wait for.")
    for flow in flows:
        target = view.elements.get(flow.target)
        if target is None:
            continue
        if not _can_be_awaited(target):
            view.findings.refuse(
                target.id,
                "Behind an event-based gateway stand receive tasks and events that wait for a message, timer, signal, condition.",
                "Put one of these in between.",
            )
        elif target.kind == "receiveTask" and (target.loop is not None or view.boundaries.get(target.id)):
            view.findings.refuse(
                target.id,
                "A receive task behind an event-based gateway is neither repeated nor has it events on its boundary.",
                "Draw a task of its own behind it, or let the gateway wait for the other event.",
            )
        elif len(target.incoming) > 1:
            view.findings.refuse(
                target.id,
                "Another flow leads to this event beside that from the event-based gateway.",
                "Give that flow an event of its own.",
            )


def _can_be_awaited(element: Element) -> bool:
    if element.kind == "receiveTask":
        return True
    return element.kind == "intermediateCatchEvent" and element.event_kinds <= _AWAITED_EVENTS
