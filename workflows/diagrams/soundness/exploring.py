"""Playing all moves of all scopes, and what is found on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.diagrams.model import Diagram, Element
from workflows.diagrams.soundness.moves import ANY, MAY_FAIL, Inside, Move, Rules
from workflows.diagrams.soundness.places import Scope, State, tokens_of
from workflows.diagrams.soundness.stories import Told, tell
from workflows.errors import Problem

#: So many states are looked at in one scope; what is not proved by then is said to be not proved.
BUDGET = 60_000
SOUND, UNSOUND, NOT_PROVEN = "SOUND", "UNSOUND", "NOT_PROVEN"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding(Problem):
    """What keeps a case from its end, and how it comes to that.

    Attributes:
        kind: "deadlock", "endless", "unreached", "multiplies", "uncaught", "twice", "budget" or "complex".
        story: The moves from the start to where it goes wrong.
        stuck: The ids of the elements and flows at which tokens are then.
    """

    kind: str = ""
    story: tuple[Told, ...] = ()
    stuck: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Soundness:
    """What was proved of a process and everything inside it.

    Attributes:
        verdict: SOUND, UNSOUND, or NOT_PROVEN when the budget was used up or an element cannot be judged.
        states: How many states were looked at.
    """

    verdict: str
    findings: tuple[Finding, ...]
    states: int


@dataclass
class _Explored:
    """What was found in one scope."""

    inside: Inside
    states: int
    reached: set[str]
    findings: list[Finding] = field(default_factory=list)
    complete: bool = True


def prove(diagrams: Mapping[str, Diagram], process: str, *, budget: int = BUDGET) -> Soundness:
    """Prove that a process is sound, with its subprocesses and the processes it calls, or say what is wrong with it.

    Args:
        diagrams: The diagrams by the ids of their processes; a called process that is not among them is taken to come to its end.
        budget: How many states of each scope are looked at.
    """
    prover = _Prover(diagrams, budget)
    explored = prover.explore(diagrams[process], process)
    findings = [*prover.findings, *prover.uncaught(diagrams[process], process, explored)]
    serious = [finding for finding in findings if not finding.is_advice]
    verdict = UNSOUND if serious else SOUND if prover.complete else NOT_PROVEN
    return Soundness(verdict=verdict, findings=tuple(findings), states=prover.states)


class _Prover:
    """Explores scopes from the inside to the outside; each once."""

    def __init__(self, diagrams: Mapping[str, Diagram], budget: int) -> None:
        self.diagrams = diagrams
        self.budget = budget
        self.known: dict[str, _Explored] = {}
        self.entered: set[str] = set()
        self.findings: list[Finding] = []
        self.states = 0
        self.complete = True

    def explore(self, diagram: Diagram, scope_id: str) -> _Explored:
        if scope_id in self.known:
            return self.known[scope_id]
        self.entered.add(scope_id)
        scope = Scope(diagram, scope_id)
        inside = {element.id: self._look_inside(diagram, element) for element in scope.elements.values() if _has_inside(element)}
        explored = _Game(Rules(scope=scope, inside=inside), self.budget).play()
        self.known[scope_id] = explored
        self.findings += [
            each for each in explored.findings if each.kind != "endless" or not _is_ended_from_outside(diagram, scope_id)
        ]
        self.states += explored.states
        self.complete = self.complete and explored.complete
        return explored

    def _look_inside(self, diagram: Diagram, element: Element) -> Inside:
        if element.is_subprocess:
            return self.explore(diagram, element.id).inside
        called = (element.called_process or "").strip()
        if called not in self.diagrams or called in self.entered - self.known.keys():
            return Inside(errors=frozenset({ANY}))  # chosen by an expression, not here, or calling itself
        return self.explore(self.diagrams[called], called).inside

    def uncaught(self, diagram: Diagram, process: str, explored: _Explored) -> Iterator[Finding]:
        """Errors that an end event throws and nothing catches: the case stops and waits for repair."""
        for code in sorted(explored.inside.errors - {ANY}):
            for element in diagram.elements.values():
                codes = {part.name for part in (element.event.each if element.event else ()) if part.kind == "error"}
                if element.kind == "endEvent" and code in codes:
                    yield Finding(
                        where=element.id,
                        kind="uncaught",
                        sentence="The error {code} is thrown here and caught nowhere, so the case stops and waits for repair.",
                        way_out="Catch it on the boundary of the subprocess, or end without an error.",
                        facts={"code": code},
                        stuck=(element.id,),
                    )


class _Game:
    """All moves of one scope, breadth first, so that every story is as short as can be."""

    def __init__(self, rules: Rules, budget: int) -> None:
        self.rules = rules
        self.scope = rules.scope
        self.budget = budget
        self.parents: dict[State, tuple[State, Move] | None] = {}
        self.moves: dict[State, list[list[State]]] = {}
        self.reached: set[str] = set()
        self.errors: set[str] = set()
        self.escalations: set[str] = set()
        self.cancels = False
        self.twice: set[str] = set()
        self.dead: set[tuple[str, ...]] = set()
        self.stopping: set[State] = set()
        self.complete = True

    def play(self) -> _Explored:
        self._open()
        waiting = deque(self.parents)
        while waiting:
            if len(self.parents) > self.budget:
                self.complete = False
                break
            state = waiting.popleft()
            for move, following in self._step(state):
                for after in following:
                    if after not in self.parents:
                        self.parents[after] = (state, move)
                        waiting.append(after)
        found = list(self._findings())
        errors = self.errors | ({ANY} if any(element.kind in MAY_FAIL for element in self.scope.elements.values()) else set())
        inside = Inside(
            completes=not self.complete or any(_is_over(state) for state in self.moves),
            errors=frozenset(errors),
            escalations=frozenset(self.escalations),
            cancels=self.cancels,
        )
        complete = self.complete and not any(finding.kind in {"budget", "complex"} for finding in found)
        return _Explored(inside=inside, states=len(self.parents), reached=self.reached, findings=found, complete=complete)

    def _open(self) -> None:
        starts = self.scope.starts
        if starts:
            for start in starts:
                self._add_opening(self.rules.open(start), start)
        else:
            places = [("at", element.id) for element in self.scope.sources]
            self._add_opening(self.rules.open(self.scope.sources[0], places) if places else (), None)

    def _add_opening(self, state: State, start: Element | None) -> None:
        for part in self.scope.apart(state):
            self.parents.setdefault(part, None)
        self._reach(start.id if start else "", state)
        if start is not None:
            self._pass_from(start)

    def _pass_from(self, element: Element) -> None:
        """Note what is passed without a choice from the start on."""
        while len(element.outgoing) == 1 and self.rules.is_passage(element):
            self.reached.add(element.id)
            element = self.scope.elements[self.scope.diagram.flows[element.outgoing[0]].target]
            seen = element.id in self.reached
            self.reached.add(element.id)
            if seen:
                return

    def _step(self, state: State) -> list[tuple[Move, list[State]]]:
        if _is_over(state) or state[0][0] == "thrown":
            self.moves[state] = []
            return []
        found = []
        for move, after in self.rules.moves(state):
            self._note(move)
            self._reach(move.element, after)
            self._look_for_two(after)
            if move.kind in {"stops", "throws"}:
                self.stopping.add(state)
            found.append((move, self.scope.apart(after)))
        self.moves[state] = [following for _, following in found]
        return found

    def _look_for_two(self, state: State) -> None:
        for place in set(tokens_of(state)):
            if place[0] == "at" and state.count(place) > 1:
                self.twice.add(place[1])

    def _note(self, move: Move) -> None:
        self.reached.update((move.element, *move.passes))
        if move.kind == "throws":
            self.errors.add(move.code)
        self.cancels = self.cancels or move.code == "cancel"
        for name in (move.element, *move.passes):
            element = self.scope.elements.get(name)
            for part in element.event.each if element is not None and element.event is not None else ():
                if part.kind == "escalation" and element is not None and element.kind in {"endEvent", "intermediateThrowEvent"}:
                    self.escalations.add(part.name or ANY)

    def _reach(self, element: str, state: State) -> None:
        self.reached.add(element)
        self.reached.update(_elements(self.scope, state))

    # What is wrong.

    def _findings(self) -> Iterator[Finding]:
        if not self.complete:
            yield self._finding(
                "budget",
                self.scope.id,
                "There are more than {budget} ways in which this can go, so it was not proved that every case comes to its end.",
                "Draw what belongs together as a subprocess of its own; it is then looked at by itself.",
                {"budget": self.budget},
                advice=True,
            )
        for element in self.scope.elements.values():
            if element.kind == "complexGateway" and element.activation_condition:
                yield self._finding(
                    "complex",
                    element.id,
                    "Whether this gateway goes on depends on its condition, so it was not proved that every case ends.",
                    "Use a parallel or inclusive gateway where one will do.",
                    advice=True,
                )
        yield from self._stuck()
        yield from self._crowds()
        if self.complete:
            yield from self._unreached()

    def _stuck(self) -> Iterator[Finding]:
        told = self.dead
        for state, after in self.moves.items():
            if after or _is_over(state) or state[0][0] == "thrown":
                continue
            places = _elements(self.scope, state)
            if places not in told:
                told.add(places)
                yield self._finding(
                    "deadlock",
                    places[0],
                    "A case can come here and never go on, because what is waited for can come no more.",
                    "Join what was split in the same way: alternatives by an exclusive gateway, what runs at once by a parallel.",
                    state=state,
                )
        if told or not self.complete:
            return
        lost = self._lost()
        if lost is not None:
            yield self._finding(
                "endless",
                _elements(self.scope, lost)[0],
                "From here on a case goes round and round, whatever people do.",
                "Draw a way that leads out of the loop to an end.",
                state=lost,
            )

    def _lost(self) -> State | None:
        """The first state from which no end can be reached any more.

        What has parted comes to its end when all parts do, or when one of them can end everything.
        """
        ending = self._grown(
            {state for state in self.moves if state in self.stopping}, lambda parts, known: any(map(known, parts))
        )
        over = {state for state in self.moves if _is_over(state) or state[0][0] == "thrown"}
        saved = self._grown(over, lambda parts, known: all(map(known, parts)) or any(part in ending for part in parts))
        # Beside a part that can end everything, another may go on for ever.
        excused = {
            part
            for following in self.moves.values()
            for parts in following
            if any(part in ending for part in parts)
            for part in parts
            if part not in saved
        }
        heirs = {after for state in excused for after in self._heirs(state)}
        return next((state for state in self.moves if state not in saved and state not in heirs), None)

    def _heirs(self, state: State) -> set[State]:
        """A state and everything that can come of it."""
        found: set[State] = set()
        waiting = [state]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting += [after for parts in self.moves.get(here, ()) for after in parts]
        return found

    def _grown(self, known: set[State], leads: Callable[[list[State], Callable[[State], bool]], bool]) -> set[State]:
        """Add states from which some move leads into a set, until there are no more."""
        grows = True
        while grows:
            more = {
                state
                for state, following in self.moves.items()
                if state not in known and any(leads(parts, known.__contains__) for parts in following)
            }
            known |= more
            grows = bool(more)
        return known

    def _crowds(self) -> Iterator[Finding]:
        for element in sorted(self.twice):
            if not self.scope.elements[element].is_activity:
                continue
            yield self._finding(
                "multiplies" if element in self.rules.crowded else "twice",
                element,
                "This step can be open any number of times at once in one case."
                if element in self.rules.crowded
                else "This step can be open twice at the same time in one case.",
                "If that is not meant, join the branches with a parallel gateway before it.",
                advice=True,
            )

    def _unreached(self) -> Iterator[Finding]:
        # What only a dead end keeps cases from is no finding of its own.
        behind = self.scope.after([each for places in self.dead for each in places])
        for element in self.scope.elements.values():
            if element.id in self.reached | behind or element.for_compensation or "compensation" in element.event_kinds:
                continue
            yield self._finding(
                "unreached",
                element.id,
                "No case can ever come here.",
                "Lead a flow to it, or take it out.",
            )

    def _finding(
        self,
        kind: str,
        where: str,
        sentence: str,
        way_out: str,
        facts: dict[str, Any] | None = None,
        *,
        state: State | None = None,
        advice: bool = False,
    ) -> Finding:
        story = tell(self.rules, self._path(state)) if state is not None else ()
        stuck = _elements(self.scope, state) if state is not None else (where,)
        return Finding(
            kind=kind, where=where, sentence=sentence, way_out=way_out, facts=facts, is_advice=advice, story=story, stuck=stuck
        )

    def _path(self, state: State) -> list[tuple[Move | None, State]]:
        path: list[tuple[Move | None, State]] = []
        here: State | None = state
        while here is not None:
            step = self.parents[here]
            path.append((step[1] if step else None, here))
            here = step[0] if step else None
        return path[::-1]


def _is_ended_from_outside(diagram: Diagram, scope: str) -> bool:
    """Whether an event on the boundary of a subprocess ends it, so that it may go on for ever by itself."""
    return any(element.attached_to == scope and element.interrupting for element in diagram.elements.values())


def _has_inside(element: Element) -> bool:
    return element.is_subprocess or element.kind == "callActivity"


def _is_over(state: State) -> bool:
    return not tokens_of(state)


def _elements(scope: Scope, state: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The elements at which tokens of a state are, waiting ones at the join that they wait for."""
    places = [place for place in state if place[0] in {"at", "on"}]
    names = [place[1] if place[0] == "at" else scope.diagram.flows[place[1]].target for place in places]
    return tuple(dict.fromkeys(names))
