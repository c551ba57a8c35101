"""Which elements and events the engine runs; everything else is refused by name, so that nothing is silently passed over."""

from __future__ import annotations

from workflows.diagrams.checks.view import View
from workflows.diagrams.model import Element, Event

SUPPORTED_EVENTS = {
    "startEvent": frozenset({"none", "message", "timer"}),
    "endEvent": frozenset({"none", "message", "error", "escalation", "terminate", "signal"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "link", "conditional"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation", "conditional"}),
}
# What may start an event subprocess.
EVENT_SUBPROCESS_STARTS = frozenset({"message", "timer", "signal", "error", "escalation", "conditional"})

_REFUSED_KINDS = {
    "complexGateway": (
        "A complex gateway is not supported.",
        "Use exclusive, inclusive or parallel gateways, or a multi-instance activity with a completion condition.",
    ),
    "transaction": (
        "A transaction is not supported.",
        "Draw a subprocess, and an error boundary event with the steps that take things back.",
    ),
    "adHocSubProcess": (
        "An ad-hoc subprocess is not supported.",
        "Draw the optional steps as branches of an inclusive gateway.",
    ),
}
_WAYS_OUT = {
    "compensation": "Draw the steps that take things back as a path of their own.",
    "cancel": "Use an error event on a subprocess.",
    "multiple": "Draw one event for each, behind an event-based gateway or side by side.",
    "terminate": "Terminate with an end event.",
}


def check_support(view: View) -> None:
    """Refuse elements and events that the engine does not run."""
    for element in view.elements.values():
        if element.kind in _REFUSED_KINDS:
            view.findings.refuse(element.id, *_REFUSED_KINDS[element.kind])
        if element.is_event and element.event is not None:
            _check_event(element, element.event, view)
        if element.for_compensation:
            view.findings.refuse(element.id, "Compensation is not supported.", _WAYS_OUT["compensation"])
        _check_script(element, view)
        _check_inputs(element, view)
        _check_loop_place(element, view)


def starts_event_subprocess(element: Element, view: View) -> bool:
    """Whether an element is the start event of an event subprocess."""
    around = view.elements.get(element.scope)
    return element.kind == "startEvent" and around is not None and around.triggered_by_event


def _check_event(element: Element, event: Event, view: View) -> None:
    supported = SUPPORTED_EVENTS[element.kind]
    if starts_event_subprocess(element, view):
        supported = EVENT_SUBPROCESS_STARTS | {"none"}  # A none start is refused with a sentence of its own.
    if event.kind not in supported:
        view.findings.refuse(
            element.id,
            "An event of the kind {kind} is not supported here ({element}).",
            _WAYS_OUT.get(event.kind, "Choose another kind of event."),
            kind=event.kind,
            element=element.kind,
        )


def _check_script(element: Element, view: View) -> None:
    if element.script_language is None:
        return
    view.findings.refuse(
        element.id,
        "The task holds a script in another language ({language}); only FEEL is run.",
        "Write it as FEEL in zeebe:script.",
        language=element.script_language,
    )


def _check_inputs(element: Element, view: View) -> None:
    kind = element.event.kind if element.event is not None else "none"
    throws_something = element.kind in {"endEvent", "intermediateThrowEvent"} and kind in {"message", "signal"}
    if element.inputs and element.is_event and not throws_something:
        view.findings.refuse(
            element.id, "This event does nothing with input mappings.", "Take them out, or write output mappings."
        )


def _check_loop_place(element: Element, view: View) -> None:
    if element.loop is None:
        return
    if not element.is_activity:
        view.findings.refuse(element.id, "Only activities can be repeated.", "Take the repetition out.")
    elif element.triggered_by_event:
        view.findings.refuse(element.id, "An event subprocess cannot be repeated.", "Repeat an activity inside it.")
