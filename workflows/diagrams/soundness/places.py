"""Where tokens stand in one scope of a diagram, and where they go: the fixed part of the game.

A state is a sorted tuple of places, one for each token; a place is the id of an element in which a token is, or a flow on which
it waits before a join. Marks beside them remember what has begun beside an activity and does not begin twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

from workflows.diagrams.model import Diagram, Element

#: ("at", element), ("on", flow) or ("begun", what has begun, beside which element).
Place: TypeAlias = tuple[str, ...]
State: TypeAlias = tuple[Place, ...]
JOINING = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})
_ATTACHED = frozenset({"boundaryEvent"})


class Scope:
    """One process or subprocess as a board: its elements, its flows, and who is attached to whom."""

    def __init__(self, diagram: Diagram, scope: str) -> None:
        """Take the elements directly inside."""
        self.id = scope
        self.diagram = diagram
        self.elements = {element.id: element for element in diagram.inside(scope)}
        self.boundaries: dict[str, list[Element]] = {}
        for element in self.elements.values():
            if element.attached_to is not None:
                self.boundaries.setdefault(element.attached_to, []).append(element)
        self._only_from: dict[str, frozenset[str]] = {}
        self.handlers = [element for element in self.elements.values() if element.triggered_by_event]

    @cached_property
    def starts(self) -> list[Element]:
        """The start events."""
        return [element for element in self.elements.values() if element.kind == "startEvent"]

    @cached_property
    def sources(self) -> list[Element]:
        """What begins where there is no start event: every element that nothing leads to."""
        return [element for element in self.elements.values() if not element.incoming and self.is_in_flow(element)]

    @cached_property
    def before_joins(self) -> set[str]:
        """The elements from which a token can come to a join, and the joins."""
        joins = [element for element in self.elements.values() if self.is_join(element)]
        found = {join.id for join in joins}
        for join in joins:
            found |= self.before(join.incoming, avoiding="")
        return found

    def apart(self, state: State) -> list[State]:
        """Part a state into tokens that no longer have to do with each other.

        A token that can come to no join any more goes its own way, and so is looked at alone; the others stay together.
        """
        tokens = tokens_of(state)
        free = [place for place in tokens if place[0] == "at" and place[1] not in self.before_joins]
        if not free or len(tokens) == 1:
            return [state]
        alone = [
            tuple(sorted([place, *(mark for mark in state if mark[0] == "begun" and mark[2] == place[1])]))
            for place in dict.fromkeys(free)
        ]
        gone = {place[1] for place in free}
        together = [place for place in state if place not in free and not (place[0] == "begun" and place[2] in gone)]
        return [tuple(together), *alone] if tokens_of(tuple(together)) else alone

    def is_in_flow(self, element: Element) -> bool:
        """Whether tokens come to an element along flows, rather than by an event."""
        is_link = element.kind == "intermediateCatchEvent" and "link" in element.event_kinds
        return not (element.triggered_by_event or element.for_compensation or element.kind in _ATTACHED or is_link)

    def is_join(self, element: Element) -> bool:
        """Whether an element waits for tokens of several flows."""
        return element.kind in JOINING and len(element.incoming) > 1

    def arrive(self, flow: str) -> Place:
        """Say where a token stands that goes along a flow."""
        target = self.elements[self.diagram.flows[flow].target]
        return ("on", flow) if self.is_join(target) else ("at", target.id)

    def leave(self, state: State, element: str, *, on: Iterable[str], to: Iterable[Place]) -> State:
        """Take a token out of an element, or from the flows before it, and put tokens elsewhere."""
        places = list(state)
        for flow in on:
            places.remove(("on", flow))
        if ("at", element) in places:
            places.remove(("at", element))
            if ("at", element) not in places:
                places = [place for place in places if not (place[0] == "begun" and place[2] == element)]
        return tuple(sorted([*places, *to]))

    def find_link(self, name: str | None) -> Element | None:
        """Find where a thrown link goes on."""
        for element in self.elements.values():
            if element.kind == "intermediateCatchEvent" and any(
                part.kind == "link" and part.name == name for part in (element.event.each if element.event else ())
            ):
                return element
        return None

    def before(self, flows: Iterable[str], *, avoiding: str) -> set[str]:
        """Return the elements from which a token can come along one of the flows, without passing an element."""
        found: set[str] = set()
        waiting = [self.diagram.flows[flow].source for flow in flows]
        while waiting:
            element = waiting.pop()
            if element not in found and element != avoiding:
                found.add(element)
                waiting += self._steps_back(self.elements[element])
        return found

    def only_from(self, element: str) -> frozenset[str]:
        """Return the elements to which tokens come from one element and from nowhere else."""
        if element not in self._only_from:
            begun = [each.id for each in (*self.starts, *self.handlers)] or [each.id for each in self.sources]
            begun += [each.id for each in self.elements.values() if each.attached_to is not None and each.id != element]
            self._only_from[element] = frozenset(self.after([element]) - self.after(begun))
        return self._only_from[element]

    def after(self, elements: Iterable[str]) -> set[str]:
        """Return elements and all to which tokens can come from them."""
        found: set[str] = set()
        waiting = list(elements)
        while waiting:
            name = waiting.pop()
            if name in found or name not in self.elements:
                continue
            found.add(name)
            element = self.elements[name]
            waiting += [self.diagram.flows[flow].target for flow in element.outgoing]
            target = self.find_link(element.event.name) if element.event is not None and "link" in element.event_kinds else None
            waiting += [target.id] if target is not None else []
        return found

    def _steps_back(self, element: Element) -> Iterator[str]:
        yield from (self.diagram.flows[flow].source for flow in element.incoming)
        if element.attached_to is not None:
            yield element.attached_to
        if element.kind == "intermediateCatchEvent" and "link" in element.event_kinds:
            names = {part.name for part in (element.event.each if element.event else ())}
            for other in self.elements.values():
                thrown = {part.name for part in (other.event.each if other.event else ()) if part.kind == "link"}
                if other.kind == "intermediateThrowEvent" and thrown & names:
                    yield other.id


def tokens_of(state: State) -> list[Place]:
    """The tokens of a state, without the marks."""
    return [place for place in state if place[0] != "begun"]
