"""Which elements and events the engine runs; everything else is refused by name, so that nothing is silently passed over."""

from __future__ import annotations

from workflows.diagrams.checks.view import View
from workflows.diagrams.model import Element, Event

SUPPORTED_EVENTS = {
    "startEvent": frozenset({"none", "message", "timer", "signal", "conditional"}),
    "endEvent": frozenset({"none", "message", "error", "escalation", "terminate", "signal", "compensation", "cancel"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "link", "conditional"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensation"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation", "conditional", "compensation", "cancel"}),
}
# What may start an event subprocess.
EVENT_SUBPROCESS_STARTS = frozenset({"message", "timer", "signal", "error", "escalation", "conditional", "compensation"})
# What stands alone, because it does not happen beside other events or ends what the others would go on with.
_ALONE = frozenset({"link", "compensation", "cancel"})
# What can be waited for together with other events.
_TOGETHER = frozenset({"message", "timer", "signal", "conditional"})
# What an end event does beside throwing: only one of these can be.
_FINAL = frozenset({"error", "terminate", "compensation", "cancel"})
_THROWING = frozenset({"endEvent", "intermediateThrowEvent"})
_WAYS_OUT = {
    "compensation": "A compensation is thrown by an intermediate or end event, and caught on the boundary of an activity.",
    "cancel": "A cancel event ends a path in a transaction, or sits on the boundary of one.",
    "terminate": "Terminate with an end event.",
}


def check_support(view: View) -> None:
    """Refuse elements and events that the engine does not run."""
    for element in view.elements.values():
        if element.is_event and element.event is not None:
            _check_event(element, element.event, view)
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
    for part in event.each:
        if part.kind not in supported:
            view.findings.refuse(
                element.id,
                "An event of the kind {kind} is not supported here ({element}).",
                _WAYS_OUT.get(part.kind, "Choose another kind of event."),
                kind=part.kind,
                element=element.kind,
            )
    if event.parts:
        _check_parts(element, event, view)


def _check_parts(element: Element, event: Event, view: View) -> None:
    """Check an event that stands for several."""
    throwing, kinds = element.kind in _THROWING, element.event_kinds
    alone = kinds & (_ALONE - {"compensation", "cancel"} if throwing else _ALONE)
    if alone:
        view.findings.refuse(
            element.id,
            "An event of the kind {kind} cannot stand for several events at once.",
            "Draw it as an event of its own.",
            kind=min(alone),
        )
    if throwing and len(kinds & _FINAL) > 1:
        view.findings.refuse(
            element.id,
            "The event ends its path in two ways ({kinds}); only one could happen.",
            "Keep one of them.",
            kinds=", ".join(sorted(kinds & _FINAL)),
        )
    if not throwing and event.parallel and not kinds <= _TOGETHER:
        view.findings.refuse(
            element.id,
            "An event of the kind {kind} cannot be waited for together with others.",
            "Draw it as an event of its own.",
            kind=min(kinds - _TOGETHER),
        )
    if event.parallel and element.kind == "startEvent" and not starts_event_subprocess(element, view):
        view.findings.refuse(
            element.id,
            "A case cannot wait for several events before it exists.",
            "Begin with one of them, and wait for the others inside.",
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
    throws_something = element.kind in _THROWING and element.event_kinds & {"message", "signal", "escalation"}
    if element.inputs and element.is_event and not throws_something:
        view.findings.refuse(
            element.id, "This event does nothing with input mappings.", "Take them out, or write output mappings."
        )
    if element.operation and element.is_event and element.event_kinds != {"message"}:
        view.findings.refuse(
            element.id, "This event calls no operation; only one that sends a message does.", "Draw a service task before it."
        )


def _check_loop_place(element: Element, view: View) -> None:
    if element.loop is None:
        return
    if not element.is_activity:
        view.findings.refuse(element.id, "Only activities can be repeated.", "Take the repetition out.")
    elif element.triggered_by_event:
        view.findings.refuse(element.id, "An event subprocess cannot be repeated.", "Repeat an activity inside it.")
