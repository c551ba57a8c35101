"""Whether events say what they wait for, and sit where they can happen."""

from __future__ import annotations

from collections import Counter

from workflows.diagrams.checks.support import starts_event_subprocess
from workflows.diagrams.checks.view import View
from workflows.diagrams.model import Element, Event

_NAMED = frozenset({"message", "signal"})
_CODED = frozenset({"error", "escalation"})
_CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def check_events(view: View) -> None:
    """Check what events refer to, boundary events and links."""
    for element in view.elements.values():
        for event in _events_of(element):
            _check_meaning(element, event, view)
        if element.kind == "boundaryEvent":
            _check_boundary(element, view)
        if element.kind == "receiveTask" and element.event is None:
            view.findings.refuse(element.id, "The receive task names no message to wait for.", "Choose a message.")
    _check_links(view)
    _check_twins(view)


def _events_of(element: Element) -> list[Event]:
    return [] if element.event is None else list(element.event.each)


def _check_meaning(element: Element, event: Event, view: View) -> None:
    catching = element.kind in _CATCHING
    if event.kind in _NAMED and event.name is None:
        view.findings.refuse(element.id, "The event names no {kind}.", "Choose one.", kind=event.kind)
    if event.kind in _CODED and event.name is None and not catching:
        view.findings.refuse(element.id, "The event throws no code ({kind}).", "Choose one with a code.", kind=event.kind)
    if event.kind == "link" and event.name is None:
        view.findings.refuse(element.id, "The link has no name.", "Give both ends the same name.")
    if event.kind == "conditional" and not event.condition:
        view.findings.refuse(element.id, "The event waits for a condition, but says none.", "Write the condition in FEEL.")
    if event.kind in _CODED and catching and event.name is not None and event.name.startswith("="):
        view.findings.refuse(
            element.id, "The code to be caught must be a fixed text, not an expression.", "Write the code itself."
        )
    if event.kind == "message" and catching:
        _check_correlation(element, event, view)
    if event.kind in {"timer", "conditional"} and element.kind == "startEvent" and element.scope in view.diagram.processes:
        view.findings.note(
            element.id, "This start event opens no case by itself.", "Say in process.toml, under opens, when a case begins here."
        )


def _check_correlation(element: Element, event: Event, view: View) -> None:
    begins_case = element.kind == "startEvent" and not starts_event_subprocess(element, view)
    if begins_case:
        if event.name is not None and event.name.startswith("="):
            view.findings.refuse(
                element.id, "The name of a message that starts a case must be a fixed text.", "Write the name itself."
            )
    elif event.name is not None and not event.correlation_key:
        view.findings.refuse(
            element.id,
            "The message “{name}” has no correlation key, so nobody could tell which case it is for.",
            "Write the key at the message (zeebe:subscription), for example =case.number.",
            name=event.name,
        )
    elif event.correlation_key and not event.correlation_key.strip().startswith("="):
        view.findings.note(
            element.id,
            "The correlation key is a fixed text, so every case would answer to the same message.",
            "Write an expression (=…).",
        )


def _check_boundary(element: Element, view: View) -> None:
    activity = view.elements.get(element.attached_to or "")
    if activity is None or not activity.is_activity:
        view.findings.refuse(
            element.id,
            "The boundary event is not attached to an activity of this file (“{id}”).",
            "Draw it on the border of a task or subprocess.",
            id=element.attached_to or "",
        )
        return
    if activity.scope != element.scope:
        view.findings.refuse(
            element.id,
            "The boundary event and its activity lie in different subprocesses.",
            "Draw the event again on the activity's border.",
        )
    if activity.triggered_by_event:
        view.findings.refuse(
            element.id, "An event subprocess has no boundary events.", "Draw the event on the subprocess around it."
        )
    if "error" in element.event_kinds and not element.interrupting:
        view.findings.refuse(
            element.id, "An error always interrupts; this event is drawn as not interrupting.", "Mark it as interrupting."
        )
    if "escalation" in element.event_kinds and not (activity.is_subprocess or activity.kind == "callActivity"):
        view.findings.note(element.id, "Only a subprocess or a called process can escalate, so this event never happens.")


def _check_links(view: View) -> None:
    throws: dict[tuple[str, str], list[Element]] = {}
    catches: dict[tuple[str, str], list[Element]] = {}
    for element in view.of_kind("intermediateThrowEvent", "intermediateCatchEvent"):
        if element.event is not None and element.event.kind == "link" and element.event.name:
            ends = throws if element.kind == "intermediateThrowEvent" else catches
            ends.setdefault((element.scope, element.event.name), []).append(element)
    for key, elements in throws.items():
        landings = catches.get(key, [])
        if len(landings) != 1:
            view.findings.refuse(
                elements[0].id,
                "The link “{name}” has {count} ends to go on at; it needs exactly one in the same process or subprocess.",
                "Draw one catching link event of the same name.",
                name=key[1],
                count=len(landings),
            )


def _check_twins(view: View) -> None:
    """Two handlers for the same thing at the same place: only one of them could ever run."""
    for boundaries in view.boundaries.values():
        _check_twins_among(boundaries, _CODED, view)
    for scope, inside in view.scopes():
        handlers = {element.id for element in inside if element.triggered_by_event}
        if handlers:
            _check_twins_among([start for start in view.of_kind("startEvent") if start.scope in handlers], _CODED, view)
        if scope in view.diagram.processes:
            _check_twins_among([element for element in inside if element.kind == "startEvent"], _NAMED, view)


def _check_twins_among(catching: list[Element], kinds: frozenset[str], view: View) -> None:
    caught = Counter((event.kind, event.name) for each in catching for event in _events_of(each) if event.kind in kinds)
    for element in catching:
        for event in _events_of(element):
            if caught[event.kind, event.name] > 1:
                view.findings.refuse(
                    element.id, "Another event at the same place catches the same {kind}.", "Keep one of them.", kind=event.kind
                )
