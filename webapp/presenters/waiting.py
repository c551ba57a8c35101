"""What a case could be told now: the messages that its diagram waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.diagrams import Diagram, Element

_CATCHING = frozenset({"intermediateCatchEvent", "receiveTask"})
ACTIVE = "active"


def list_expected(diagrams: Mapping[str, Diagram], marks: Mapping[str, str]) -> set[str]:
    """List the names of the messages that the case waits for, from where its tokens are.

    Args:
        marks: Where tokens are and were, by element id.
    """
    return set(list_catching(diagrams, marks))


def list_catching(diagrams: Mapping[str, Diagram], marks: Mapping[str, str]) -> dict[str, Element]:
    """List the messages that the case waits for, each with an event that would catch it."""
    return dict(caught for diagram in diagrams.values() for caught in _expected_in(diagram, marks))


def _expected_in(diagram: Diagram, marks: Mapping[str, str]) -> Iterator[tuple[str, Element]]:
    for element in diagram.elements.values():
        if (
            element.event is not None
            and element.event.kind == "message"
            and element.event.name
            and _listens(diagram, element, marks)
        ):
            yield element.event.name, element


def _listens(diagram: Diagram, element: Element, marks: Mapping[str, str]) -> bool:
    if element.kind == "boundaryEvent":
        return element.attached_to is not None and marks.get(element.attached_to) == ACTIVE
    if element.kind == "startEvent":
        around = diagram.elements.get(element.scope)
        return around is not None and around.triggered_by_event and _is_running(diagram, around.scope, marks)
    before = (diagram.flows[flow].source for flow in element.incoming if flow in diagram.flows)
    return element.kind in _CATCHING and (
        marks.get(element.id) == ACTIVE or any(_waits_at_gateway(diagram, each, marks) for each in before)
    )


def _waits_at_gateway(diagram: Diagram, source: str, marks: Mapping[str, str]) -> bool:
    found = diagram.elements.get(source)
    return found is not None and found.kind == "eventBasedGateway" and marks.get(source) == ACTIVE


def _is_running(diagram: Diagram, scope: str, marks: Mapping[str, str]) -> bool:
    """A process itself has no mark: it runs while any of its elements does."""
    if scope in diagram.elements:
        return marks.get(scope) == ACTIVE
    process = diagram.processes.get(scope)
    return process is not None and any(marks.get(element) == ACTIVE for element in process.elements)
