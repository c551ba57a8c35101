"""What can happen next in a scope: every move of a state, whatever the data says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from workflows.diagrams.model import Element
from workflows.diagrams.soundness.places import Place, Scope, State, tokens_of

#: More flows out of an inclusive split are taken one, two or all at a time.
MOST_COMBINED = 5
#: So many tokens are told apart in one place.
MOST_TOKENS = 2
#: Kinds that may fail with an error that the diagram catches.
MAY_FAIL = frozenset({"serviceTask", "sendTask", "businessRuleTask", "scriptTask", "callActivity"})
#: Kinds at which a token may rest.
_RESTING = frozenset(
    {"userTask", "receiveTask", "manualTask", "task", "callActivity", "eventBasedGateway", "intermediateCatchEvent"}
)
#: Ends that end more than their own token.
_ENDING = frozenset({"terminate", "cancel", "error"})
ANY = "*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Inside:
    """What can come of a subprocess or of a called process, seen from outside.

    Attributes:
        completes: It can come to its end.
        errors, escalations: The codes that it can throw and not catch; "*" stands for any.
        cancels: A transaction can be cancelled.
    """

    completes: bool = True
    errors: frozenset[str] = frozenset()
    escalations: frozenset[str] = frozenset()
    cancels: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Something that happens.

    Attributes:
        kind: "does" (an element is done), "goes" (a gateway sends tokens on), "joins", "happens" (an event), "begins" (an event
            subprocess), "ends", "stops" (everything in the scope ends) or "throws" (an error leaves the scope).
        flows: Along which tokens go on.
        passes: The elements that are passed on the way without a choice.
    """

    kind: str
    element: str
    flows: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """How a scope is played.

    Attributes:
        crowded: The elements and flows at which more tokens came together than are counted.
    """

    scope: Scope
    inside: Mapping[str, Inside]
    crowded: set[str] = field(default_factory=set)

    def moves(self, state: State) -> Iterator[tuple[Move, State]]:
        """Every move of a state, and what the state is then.

        What goes on by itself goes on before anything is waited for, as in the engine; the order among such tokens changes
        nothing, so that the first of them is moved.
        """
        for place in state:
            if place[0] == "at" and self._goes_by_itself(self.scope.elements[place[1]]):
                yield from self._moves_at(state, self.scope.elements[place[1]])
                return
        seen: set[Place] = set()
        joins: set[str] = set()
        for place in tokens_of(state):
            if place in seen:
                continue
            seen.add(place)
            if place[0] == "at":
                yield from self._moves_at(state, self.scope.elements[place[1]])
            else:
                joins.add(self.scope.diagram.flows[place[1]].target)
        for join in sorted(joins):
            yield from self._joins(state, self.scope.elements[join])
        yield from self._handlers(state)

    def open(self, element: Element, to: Iterable[Place] = ()) -> State:
        """The state after an element has sent its first tokens, and no other is there."""
        return self._settle(tuple(sorted(to or [("at", element.id)])))[0]

    def _goes_by_itself(self, element: Element) -> bool:
        """Whether a token never rests at an element: nobody acts there, nothing is waited for, and nothing could come between."""
        if element.id in self.inside or element.id in self.scope.boundaries:
            return False
        return element.kind not in _RESTING and not (element.kind == "endEvent" and element.event_kinds & _ENDING)

    def _moves_at(self, state: State, element: Element) -> Iterator[tuple[Move, State]]:
        if element.kind == "endEvent":
            yield self._end(state, element)
            return
        if element.kind == "eventBasedGateway":
            for flow in element.outgoing:
                caught = self.scope.elements[self.scope.diagram.flows[flow].target]
                yield self._make(state, element, caught.outgoing, kind="happens", by=caught.id)
            return
        if element.kind == "intermediateThrowEvent" and "link" in element.event_kinds:
            target = self.scope.find_link(element.event.name if element.event else None)
            flows, reached = (target.outgoing, (target.id,)) if target else ((), ())
            yield self._make(state, element, flows, kind="does", also=reached)
            return
        if self._can_complete(element):
            for flows in self._ways_out(element):
                yield self._make(state, element, flows, kind="goes" if element.is_gateway else "does")
        for boundary in self.scope.boundaries.get(element.id, ()):
            yield from self._boundary(state, element, boundary)

    def _can_complete(self, element: Element) -> bool:
        return self.inside[element.id].completes if element.id in self.inside else True

    def _ways_out(self, element: Element) -> Iterator[tuple[str, ...]]:
        """The combinations of flows along which tokens may leave an element."""
        flows = element.outgoing
        if len(flows) <= 1 or element.kind == "parallelGateway":
            yield flows
        elif element.kind == "exclusiveGateway":
            yield from ((flow,) for flow in flows)
        else:
            always = {flow for flow in flows if self.scope.diagram.flows[flow].condition is None and flow != element.default}
            yield from _subsets(flows, always, element.default)

    def _make(
        self,
        state: State,
        element: Element,
        flows: tuple[str, ...],
        *,
        kind: str,
        by: str = "",
        on: tuple[str, ...] = (),
        also: tuple[str, ...] = (),
    ) -> tuple[Move, State]:
        left = self.scope.leave(state, element.id, on=on, to=[self.scope.arrive(flow) for flow in flows])
        settled, passed = self._settle(left)
        return Move(kind=kind, element=by or element.id, flows=flows, passes=(*also, *passed)), settled

    def _settle(self, state: State) -> tuple[State, tuple[str, ...]]:
        """Let tokens pass whatever has one way out and nothing that could come between."""
        places, passed = [], []
        for start in state:
            place, seen = start, set[str]()
            while place[0] == "at" and place[1] not in seen and self.is_passage(self.scope.elements[place[1]]):
                seen.add(place[1])
                passed.append(place[1])
                place = self.scope.arrive(self.scope.elements[place[1]].outgoing[0])
            if place[0] == "at" and self._is_plain_end(self.scope.elements[place[1]]):
                passed.append(place[1])
            else:
                places.append(place)
        return self._few(sorted(places)), tuple(passed)

    def _few(self, places: list[Place]) -> State:
        """Count no more than `MOST_TOKENS` in one place: one more of the same changes nothing that is looked for."""
        kept: list[Place] = []
        for place in places:
            if kept[-MOST_TOKENS:] == [place] * MOST_TOKENS:
                self.crowded.add(place[1])
            else:
                kept.append(place)
        return tuple(kept)

    def _is_plain_end(self, element: Element) -> bool:
        """Whether a token just ends there, and nothing else does."""
        return element.kind == "endEvent" and not element.event_kinds & _ENDING

    def is_passage(self, element: Element) -> bool:
        """Whether a token that comes to an element goes on at once along its one way out."""
        waits = element.id in self.inside or element.kind in {"eventBasedGateway", "endEvent", "callActivity"}
        is_link = element.kind == "intermediateThrowEvent" and "link" in element.event_kinds
        return not waits and not is_link and len(element.outgoing) == 1 and element.id not in self.scope.boundaries

    def _boundary(self, state: State, host: Element, boundary: Element) -> Iterator[tuple[Move, State]]:
        if not self._can_happen(host, boundary):
            return
        to = [self.scope.arrive(flow) for flow in boundary.outgoing]
        if boundary.interrupting:
            after = self.scope.leave(state, host.id, on=(), to=to)
        elif (mark := ("begun", boundary.id, host.id)) in state or self._goes_on(state, boundary):
            return
        else:
            after = tuple(sorted([*state, mark, *to]))
        settled, passed = self._settle(after)
        yield Move(kind="happens", element=boundary.id, flows=boundary.outgoing, passes=passed), settled

    def _goes_on(self, state: State, boundary: Element) -> bool:
        """Whether what an event began beside its activity is still under way; another of the same adds nothing new."""
        own = self.scope.only_from(boundary.id)
        return any(place[1] in own for place in tokens_of(state) if place[0] == "at")

    def _can_happen(self, host: Element, event: Element) -> bool:
        """Whether an event on a boundary can come: what only the activity can throw, it must be able to throw."""
        known = self.inside.get(host.id)
        for part in event.event.each if event.event else ():
            if part.kind == "compensation":
                continue  # its handler is no token of the scope
            if part.kind == "error":
                codes = known.errors if known else frozenset({ANY} if host.kind in MAY_FAIL else ())
                possible = bool(codes) and (part.name is None or bool(codes & {part.name, ANY}))
            elif part.kind == "escalation":
                possible = known is None or (bool(known.escalations) and (part.name is None or part.name in known.escalations))
            elif part.kind == "cancel":
                possible = known is None or known.cancels
            else:
                possible = True
            if possible:
                return True
        return False

    def _handlers(self, state: State) -> Iterator[tuple[Move, State]]:
        """Event subprocesses begin beside what goes on, or in its place."""
        if not tokens_of(state):
            return
        for handler in self.scope.handlers:
            start = next((each for each in self.scope.diagram.inside(handler.id) if each.kind == "startEvent"), None)
            mark = ("begun", handler.id, self.scope.id)
            if start is None or mark in state or ("at", handler.id) in state or "compensation" in start.event_kinds:
                continue
            if "error" in start.event_kinds and not self._anything_fails(state):
                continue
            kept = () if start.interrupting else state
            yield Move(kind="begins", element=handler.id), tuple(sorted([*kept, mark, ("at", handler.id)]))

    def _anything_fails(self, state: State) -> bool:
        for place in tokens_of(state):
            element = self.scope.elements.get(place[1])
            if element is None:
                continue
            known = self.inside.get(element.id)
            if known.errors if known else element.kind in MAY_FAIL:
                return True
        # An element that is passed at once may fail as well as one at which a token is seen.
        return any(element.kind in MAY_FAIL for element in self.scope.elements.values())

    def _end(self, state: State, element: Element) -> tuple[Move, State]:
        kinds = element.event_kinds
        if kinds & {"terminate", "cancel"}:
            return Move(kind="stops", element=element.id, code="cancel" if "cancel" in kinds else ""), ()
        if "error" in kinds:
            code = next((part.name for part in element.event.each if part.kind == "error"), None) if element.event else None
            return Move(kind="throws", element=element.id, code=code or ANY), (("thrown", code or ANY),)
        return Move(kind="ends", element=element.id), self.scope.leave(state, element.id, on=(), to=())

    def _joins(self, state: State, join: Element) -> Iterator[tuple[Move, State]]:
        arrived = sorted({place[1] for place in state if place[0] == "on"} & set(join.incoming))
        if join.kind == "parallelGateway":
            ready = len(arrived) == len(join.incoming)
        elif join.kind == "inclusiveGateway":
            empty = [flow for flow in join.incoming if flow not in arrived]
            ready = not empty or not self._more_can_come(state, join, arrived, empty)
        else:
            ready = True
        if ready:
            for flows in self._ways_out(join):
                yield self._make(state, join, flows, kind="joins", on=tuple(arrived))

    def _more_can_come(self, state: State, join: Element, arrived: list[str], empty: list[str]) -> bool:
        """Whether a token can still come along an empty flow that could not come along one where a token has arrived."""
        to_empty = self.scope.before(empty, avoiding=join.id)
        to_arrived = self.scope.before(arrived, avoiding=join.id)
        for place in tokens_of(state):
            stands = place[1] if place[0] == "at" else self.scope.diagram.flows[place[1]].target
            if stands != join.id and stands in to_empty and stands not in to_arrived:
                return True
        return False


def _subsets(flows: tuple[str, ...], always: set[str], default: str | None) -> Iterator[tuple[str, ...]]:
    """Which flows an inclusive split may take: those without a condition always, others in every combination, or the default."""
    free = [flow for flow in flows if flow not in always and flow != default]
    sizes = range(len(free) + 1) if len(free) <= MOST_COMBINED else (0, 1, 2, len(free))
    for size in sizes:
        for chosen in combinations(free, size):
            taken = always | set(chosen)
            if taken:
                yield tuple(flow for flow in flows if flow in taken)
    if default is not None and not always:
        yield (default,)
