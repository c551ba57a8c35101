"""Whether a token can get from the start through everything to an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.diagrams.checks.view import View
from workflows.diagrams.model import Element

LONGEST_NAME = 1_000
LONGEST_DOCUMENTATION = 20_000


def check_structure(view: View) -> None:
    """Check starts, ends, flows and what can be reached."""
    _check_processes(view)
    for element in view.elements.values():
        _check_ends(element, view)
        _check_size(element, view)
    for flow_id in view.diagram.flows:
        _check_borders(flow_id, view)
    for scope, inside in view.scopes():
        around = view.elements.get(scope)
        if around is None or around.kind != "adHocSubProcess":
            _check_starts(scope, around, inside, view)
        _check_reached(inside, view)
        _check_way_out(scope, inside, view)


def _check_processes(view: View) -> None:
    processes = view.diagram.processes.values()
    if not any(process.executable for process in processes):
        view.findings.refuse(
            view.diagram.name,
            "No process of this file is marked as executable.",
            "Mark the process as executable (isExecutable).",
        )
        return
    for process in processes:
        if not process.executable:
            view.findings.note(process.id, "The process is not marked as executable, so it is a drawing only.")


def _check_starts(scope: str, around: Element | None, inside: list[Element], view: View) -> None:
    starts = [element for element in inside if element.kind == "startEvent"]
    plain = [start for start in starts if start.event is None or start.event.kind == "none"]
    if around is not None and around.triggered_by_event:
        _check_event_subprocess_starts(scope, starts, plain, view)
    elif not inside:
        view.findings.refuse(scope, "There is nothing inside.", "Draw at least a start event and an end event.")
    elif not starts:
        view.findings.note(scope, "There is no start event; it begins with every element that no flow leads to.", "Draw one.")
    elif around is not None and len(plain) != len(starts):
        view.findings.refuse(
            scope, "A subprocess begins without a trigger of its own.", "Make its start event one without a trigger."
        )
    elif len(plain) > 1:
        view.findings.refuse(
            scope,
            "There are {count} start events without a trigger; nobody could tell where to begin.",
            "Keep one of them.",
            count=len(plain),
        )


def _check_event_subprocess_starts(scope: str, starts: list[Element], plain: list[Element], view: View) -> None:
    if len(starts) != 1:
        view.findings.refuse(
            scope,
            "An event subprocess begins with exactly one start event; this one has {count}.",
            "Draw exactly one.",
            count=len(starts),
        )
    elif plain:
        view.findings.refuse(
            starts[0].id, "The start event of an event subprocess needs a trigger.", "Choose a message, timer or other event."
        )
    if view.elements[scope].incoming or view.elements[scope].outgoing:
        view.findings.refuse(
            scope, "No sequence flow leads to or from an event subprocess.", "Take the flows out; its start event starts it."
        )


def _check_ends(element: Element, view: View) -> None:
    event = element.event.kind if element.event and element.is_event else None
    if element.incoming and (
        element.kind in {"startEvent", "boundaryEvent"} or (event, element.kind) == ("link", "intermediateCatchEvent")
    ):
        view.findings.refuse(element.id, "No sequence flow may lead to this event.", "Let the flow end at the element behind it.")
    if element.outgoing and (element.kind == "endEvent" or (event, element.kind) == ("link", "intermediateThrowEvent")):
        view.findings.refuse(
            element.id, "No sequence flow may leave this event.", "Make it an intermediate event, or take the flow out."
        )


def _check_size(element: Element, view: View) -> None:
    if len(element.name) > LONGEST_NAME or len(element.documentation) > LONGEST_DOCUMENTATION:
        view.findings.refuse(
            element.id,
            "The name or documentation is too long (at most {name} and {documentation} characters).",
            "Shorten it.",
            name=LONGEST_NAME,
            documentation=LONGEST_DOCUMENTATION,
        )


def _check_borders(flow_id: str, view: View) -> None:
    flow = view.diagram.flows[flow_id]
    source, target = view.elements.get(flow.source), view.elements.get(flow.target)
    if source is not None and target is not None and source.scope != target.scope:
        view.findings.refuse(
            flow.id,
            "The sequence flow crosses the border of a process or subprocess.",
            "End it at the border; use a message or an event to reach across.",
        )


def _check_reached(inside: list[Element], view: View) -> None:
    beginnings = [element.id for element in inside if element.kind == "startEvent" or _begins_otherwise(element)]
    if not any(element.kind == "startEvent" for element in inside):
        beginnings += [element.id for element in inside if not element.incoming and not _is_met_elsewhere(element)]
    reached = _spread(beginnings, _successors(inside, view))
    for element in inside:
        if element.id not in reached:
            view.findings.refuse(
                element.id,
                "Nothing leads to this element, so it would never be reached.",
                "Connect it with a sequence flow, or take it out.",
            )


def _begins_otherwise(element: Element) -> bool:
    """Whether it begins when something happens or is undone, whatever flows there are."""
    return element.triggered_by_event or element.for_compensation


def _is_met_elsewhere(element: Element) -> bool:
    """Whether a token comes to it by another way than a sequence flow."""
    landing = element.kind == "intermediateCatchEvent" and element.event is not None and element.event.kind == "link"
    return landing or element.kind == "boundaryEvent"


def _check_way_out(scope: str, inside: list[Element], view: View) -> None:
    if _may_be_ended_otherwise(scope, inside, view):
        return
    successors = _successors(inside, view)
    backwards: dict[str, set[str]] = {element.id: set() for element in inside}
    for element_id, nexts in successors.items():
        for following in nexts:
            backwards[following].add(element_id)
    leaves = [element_id for element_id, nexts in successors.items() if not nexts]
    arriving = _spread(leaves, backwards)
    for element in inside:
        if element.id not in arriving:
            view.findings.refuse(
                element.id, "From here no way leads to an end; the case would go round for ever.", "Draw a way out."
            )


def _may_be_ended_otherwise(scope: str, inside: list[Element], view: View) -> bool:
    """Whether something beside the paths themselves can end what goes round in a scope."""
    if any(event.interrupting for event in view.boundaries.get(scope, [])):
        return True
    if any({"terminate", "cancel"} & element.event_kinds for element in inside):
        return True
    handlers = {element.id for element in inside if element.triggered_by_event}
    return any(start.interrupting and start.scope in handlers for start in view.of_kind("startEvent"))


def _successors(inside: Iterable[Element], view: View) -> dict[str, set[str]]:
    """Where a token can be next, within one scope: along flows, over boundary events and links."""
    scope = {element.id: element for element in inside}
    following: dict[str, set[str]] = {key: set() for key in scope}
    landings: dict[str | None, set[str]] = {}
    for element in scope.values():
        if element.kind == "intermediateCatchEvent" and link_name(element):
            landings.setdefault(link_name(element), set()).add(element.id)
    for element in scope.values():
        following[element.id] |= {flow.target for flow in view.outgoing(element) if flow.target in scope}
        if element.kind == "boundaryEvent" and element.attached_to in scope:
            following[element.attached_to].add(element.id)
        if element.kind == "intermediateThrowEvent" and link_name(element):
            following[element.id] |= landings.get(link_name(element), set())
    return following


def link_name(element: Element) -> str | None:
    """The name that ties the two ends of a link together; None for all else."""
    return element.event.name if element.event is not None and element.event.kind == "link" else None


def _spread(beginnings: Iterable[str], following: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(beginnings)
    while waiting:
        element_id = waiting.pop()
        if element_id not in reached:
            reached.add(element_id)
            waiting.extend(following[element_id])
    return reached
