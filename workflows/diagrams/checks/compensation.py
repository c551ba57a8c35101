"""Whether everything that is to undo something can be reached, and can do it."""

from __future__ import annotations

from workflows.diagrams.checks.view import View
from workflows.diagrams.model import Element


def check_compensation(view: View) -> None:
    """Check compensation events, the activities that undo, and the cancelling of transactions."""
    undoing = {event.undone_by for event in view.of_kind("boundaryEvent") if "compensation" in event.event_kinds}
    for element in view.elements.values():
        if element.for_compensation:
            _check_undoing(element, undoing, view)
        if "compensation" in element.event_kinds:
            _check_event(element, view)
        if "cancel" in element.event_kinds:
            _check_cancel(element, view)


def _check_undoing(element: Element, undoing: set[str | None], view: View) -> None:
    refuse = view.findings.refuse
    if element.id not in undoing:
        refuse(
            element.id,
            "Nothing leads to this compensation activity, so it would never undo anything.",
            "Join it by an association to a compensation event on the boundary of what it undoes.",
        )
    if element.incoming or element.outgoing:
        refuse(
            element.id,
            "No sequence flow leads to or from a compensation activity.",
            "Take the flows out; where several steps are needed, draw them inside a subprocess.",
        )
    if element.triggered_by_event:
        refuse(element.id, "An event subprocess is no compensation activity.", "Give its start event a compensation trigger.")
    for event in view.boundaries.get(element.id, []):
        if event.interrupting or "compensation" in event.event_kinds:
            refuse(
                event.id,
                "On a compensation activity only events that do not interrupt are supported.",
                "Draw a subprocess as the compensation activity, and the event inside it.",
            )


def _check_event(element: Element, view: View) -> None:
    if element.kind == "boundaryEvent":
        _check_boundary(element, view)
    elif element.kind == "startEvent":
        _check_start(element, view)
    elif element.event is not None:
        for event in element.event.each:
            if event.activity is not None:
                _check_reference(element, event.activity, view)


def _check_boundary(element: Element, view: View) -> None:
    refuse = view.findings.refuse
    activity = view.elements.get(element.attached_to or "")
    handler = view.elements.get(element.undone_by or "")
    if handler is None:
        refuse(
            element.id,
            "The compensation event leads to no compensation activity.",
            "Draw an activity marked for compensation, and an association from this event to it.",
        )
    elif handler.scope != element.scope:
        refuse(
            element.id,
            "The compensation event and its activity lie in different subprocesses.",
            "Draw the compensation activity beside the event.",
        )
    if element.outgoing:
        refuse(
            element.id, "No sequence flow leaves a compensation event on a boundary.", "Draw an association instead of the flow."
        )
    if activity is not None and len([e for e in view.boundaries[activity.id] if "compensation" in e.event_kinds]) > 1:
        refuse(element.id, "The activity has two compensation events; only one would count.", "Keep one of them.")


def _check_start(element: Element, view: View) -> None:
    around = view.elements.get(element.scope)
    if around is None or not around.triggered_by_event:
        return  # That no case begins with a compensation is said elsewhere.
    if around.scope in view.diagram.processes:
        view.findings.refuse(
            element.id,
            "A process as a whole is never undone, so this event subprocess would never begin.",
            "Draw it inside a subprocess, or throw the compensation in the process.",
        )
    beside = [other for other in view.elements.values() if other.scope == around.scope and other.triggered_by_event]
    starts = [start for start in view.of_kind("startEvent") if start.scope in {other.id for other in beside}]
    if len([start for start in starts if "compensation" in start.event_kinds]) > 1:
        view.findings.refuse(
            element.id, "Two event subprocesses would undo the same subprocess; only one would run.", "Keep one of them."
        )


def _check_reference(element: Element, activity: str, view: View) -> None:
    target = view.elements.get(activity)
    scopes = {element.scope}
    around = view.elements.get(element.scope)
    while around is not None and around.triggered_by_event:
        scopes.add(around.scope)
        around = view.elements.get(around.scope)
    if target is None or target.scope not in scopes:
        view.findings.refuse(
            element.id,
            "The compensation names “{activity}”, which is no activity of the same process or subprocess.",
            "Choose an activity beside this event, or none to undo all of them.",
            activity=activity,
        )
    elif not can_be_undone(target, view):
        view.findings.refuse(
            element.id,
            "The compensation names “{activity}”, which nothing undoes.",
            "Draw a compensation event on its boundary and the activity that undoes it.",
            activity=activity,
        )


def can_be_undone(element: Element, view: View) -> bool:
    """Whether there is something that undoes an activity, or a part of it."""
    if any("compensation" in event.event_kinds for event in view.boundaries.get(element.id, [])):
        return True
    if not element.is_subprocess:
        return False
    inside = [other for other in view.elements.values() if other.scope == element.id]
    handlers = {other.id for other in inside if other.triggered_by_event}
    starts = [start for start in view.of_kind("startEvent") if start.scope in handlers]
    return any("compensation" in start.event_kinds for start in starts) or any(can_be_undone(other, view) for other in inside)


def _check_cancel(element: Element, view: View) -> None:
    if element.kind == "endEvent":
        around = view.elements.get(element.scope)
        if around is None or around.kind != "transaction":
            view.findings.refuse(
                element.id,
                "Only a transaction can be cancelled, and this end event lies directly in none.",
                "Draw it inside a transaction, or end with an error.",
            )
        elif not any("cancel" in event.event_kinds for event in view.boundaries.get(around.id, [])):
            view.findings.refuse(
                element.id,
                "The transaction “{transaction}” has no cancel event on its boundary, so nothing could follow.",
                "Draw one on its border.",
                transaction=around.id,
            )
    elif element.kind == "boundaryEvent":
        activity = view.elements.get(element.attached_to or "")
        if activity is not None and activity.kind != "transaction":
            view.findings.refuse(
                element.id, "Only a transaction can be cancelled, and this activity is none.", "Use an error event."
            )
        if not element.interrupting:
            view.findings.refuse(element.id, "A cancel event always interrupts.", "Mark it as interrupting.")
        if activity is not None and len([e for e in view.boundaries[activity.id] if "cancel" in e.event_kinds]) > 1:
            view.findings.refuse(element.id, "The transaction has two cancel events; only one would count.", "Keep one of them.")
