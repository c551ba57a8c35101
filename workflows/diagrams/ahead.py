"""What lies ahead of a place in a diagram, as far as what is known tells, and no further.

The main way is followed: conditions are asked where everything that they look at is known, ways that events open are left out,
and so are ways back to where the case is. Where a gateway cannot be asked yet, it is shown as the question that it is, with the
steps that it may lead to. What follows such a question, or a called process, is not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows import feel
from workflows.diagrams.model import Diagram, Element

Known = Mapping[str, Any]
_STEPS = frozenset({"userTask", "manualTask", "callActivity"})
_WAITS = frozenset({"eventBasedGateway", "intermediateCatchEvent", "receiveTask", "complexGateway", "adHocSubProcess"})
_COMPUTED = frozenset({"serviceTask", "sendTask"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """A step that comes, or may come.

    Attributes:
        elements: The step; several where one of them is taken, or none.
        question: The gateway that will choose among them; None for a step that simply comes next.
        is_certain: It comes whenever the steps before it are agreed to.
        rows: What a called process is run for, one run each, where that is known.
    """

    elements: tuple[Element, ...]
    question: Element | None = None
    is_certain: bool = True
    rows: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What lies ahead.

    Attributes:
        is_whole: Every way was followed to an end, and nothing on it was left open.
    """

    steps: tuple[Ahead, ...]
    is_whole: bool


def look_ahead(
    diagrams: Iterable[Diagram],
    places: Mapping[str, Known],
    *,
    agree: Callable[[Element], Known | None],
    lasting: Iterable[str],
    own_roles: Iterable[str],
    now: datetime,
) -> Outlook:
    """Look ahead from where a case is.

    Args:
        places: Ids of the elements that are open now, each with the variables that it sees; empty ones leave every question open.
        agree: The answers of somebody who agrees in a step; None where nobody can say.
        lasting: Names of variables that no operation changes, such as those of the request.
        own_roles: Lanes of the requester. A step back to them is no way on, so it is left out where a question is open.
    """
    walk = _Walk(
        elements={key: (diagram, element) for diagram in diagrams for key, element in diagram.elements.items()},
        agree=agree,
        lasting=frozenset(lasting),
        own_roles=frozenset(own_roles),
        now=now,
        seen=set(places),
    )
    for place, known in places.items():
        if place in walk.elements:
            element = walk.elements[place][1]
            walk.leave(element, walk.after(element, known), certain=True)
    return Outlook(steps=tuple(walk.steps), is_whole=walk.is_whole)


@dataclass(kw_only=True)
class _Walk:
    elements: Mapping[str, tuple[Diagram, Element]]
    agree: Callable[[Element], Known | None]
    lasting: frozenset[str]
    own_roles: frozenset[str]
    now: datetime
    seen: set[str]
    steps: list[Ahead] = field(default_factory=list)
    is_whole: bool = True

    def leave(self, element: Element, known: Known, *, certain: bool) -> None:
        """Go on behind an element that is passed."""
        ways = self._ways(element, known)
        if ways is None:
            self._ask(element, known)
            return
        for target, sure in ways:
            self.enter(target, known, certain=certain and sure)

    def enter(self, element: Element, known: Known, *, certain: bool) -> None:
        """Come to an element, once."""
        if element.id in self.seen:
            return
        self.seen.add(element.id)
        if element.kind in _STEPS:
            self.steps.append(Ahead(elements=(element,), is_certain=certain, rows=self._rows(element, known)))
        if element.kind in _WAITS or element.kind == "callActivity":
            self.is_whole = False
        elif element.is_subprocess:
            for start in self._starts(element):
                self.enter(start, known, certain=certain)
        else:
            self.leave(element, self.after(element, known), certain=certain)

    def after(self, element: Element, known: Known) -> Known:
        """Say what is known behind an element: what it has brought is, or is not any more."""
        if element.kind == "userTask":
            answers = self.agree(element)
            return self._lasting(known) if answers is None else self._answered(element, known, answers)
        if element.kind in _COMPUTED:
            return self._without(known, element.outputs) if element.outputs else self._lasting(known)
        if element.kind == "scriptTask" and element.script is not None:
            return self._scripted(element.script, known)
        if element.called_decision is not None:
            result = element.called_decision[1]
            return {name: value for name, value in known.items() if name != result}
        return known

    def _ways(self, element: Element, known: Known) -> list[tuple[Element, bool]] | None:
        """List where a token goes, each with whether that is sure; None when it cannot be told."""
        if not element.outgoing:
            return [(each, True) for each in self._outside(element)]
        targets = [(flow, self._target(element, flow)) for flow in element.outgoing]
        if element.kind == "exclusiveGateway" and len(targets) > 1:
            return self._chosen(element, known)
        if element.kind == "inclusiveGateway" and len(targets) > 1:
            asked = [(target, self._holds(element, flow, known)) for flow, target in targets]
            return [(target, holds is True) for target, holds in asked if target is not None and holds is not False]
        return [(target, True) for _, target in targets if target is not None]

    def _chosen(self, gateway: Element, known: Known) -> list[tuple[Element, bool]] | None:
        for flow in gateway.outgoing:
            if flow == gateway.default:
                continue
            holds = self._holds(gateway, flow, known)
            if holds is None:
                return None
            if holds:
                return self._one(gateway, flow)
        return self._one(gateway, gateway.default) if gateway.default else []

    def _one(self, gateway: Element, flow: str) -> list[tuple[Element, bool]]:
        target = self._target(gateway, flow)
        return [] if target is None else [(target, True)]

    def _ask(self, gateway: Element, known: Known) -> None:
        """Show a gateway as the question that it is, with the steps that its ways lead to inside the same process."""
        self.is_whole = False
        open_ways = [flow for flow in gateway.outgoing if self._holds(gateway, flow, known) is not False]
        found: dict[str, Element] = {}
        for flow in open_ways:
            target = self._target(gateway, flow)
            for element in self._first_steps(target) if target is not None else ():
                if element.lane not in self.own_roles:
                    found.setdefault(element.id, element)
        if found:
            self.seen |= set(found)
            question = gateway if len(found) > 1 else None
            self.steps.append(Ahead(elements=tuple(found.values()), question=question, is_certain=False))

    def _first_steps(self, start: Element) -> Iterator[Element]:
        """Find the first steps on every way from an element, without leaving its process and without the ways back."""
        passed = set(self.seen)
        before = [start]
        while before:
            element = before.pop(0)
            if element.id in passed:
                continue
            passed.add(element.id)
            if element.kind in _STEPS:
                yield element
            elif element.is_subprocess:
                before += self._starts(element)
            elif element.kind not in _WAITS:
                targets = (self._target(element, flow) for flow in element.outgoing)
                before += [target for target in targets if target is not None]

    def _outside(self, element: Element) -> list[Element]:
        """Say where it goes on at the end of a subprocess, or of a called process."""
        diagram = self.elements[element.id][0]
        around = diagram.elements.get(element.scope)
        if around is not None:
            return [] if around.triggered_by_event else self._behind(around)
        if any(each.called_process == element.scope for _, each in self.elements.values()):
            self.is_whole = False
        return []

    def _behind(self, around: Element) -> list[Element]:
        if not around.outgoing:
            return self._outside(around)
        targets = [self._target(around, flow) for flow in around.outgoing]
        return [target for target in targets if target is not None]

    def _starts(self, subprocess: Element) -> list[Element]:
        inside = self.elements[subprocess.id][0].inside(subprocess.id)
        return [each for each in inside if each.kind == "startEvent" and (each.event is None or each.event.kind == "none")]

    def _target(self, element: Element, flow: str) -> Element | None:
        diagram = self.elements[element.id][0]
        found = diagram.flows.get(flow)
        return diagram.elements.get(found.target) if found is not None else None

    def _holds(self, element: Element, flow: str, known: Known) -> bool | None:
        """Ask the condition of a flow; None when something that it looks at is not known."""
        condition = self.elements[element.id][0].flows[flow].condition
        if condition is None:
            return None if element.kind == "exclusiveGateway" else True
        value = self._value(condition, known)
        return None if value is _UNKNOWN else value is True

    def _value(self, text: str, known: Known) -> Any:
        if not text.startswith("="):
            return text
        expression = feel.parse(text[1:])
        if not expression.names <= known.keys():
            return _UNKNOWN
        return feel.to_json(expression.evaluate(known, now=self.now))

    def _rows(self, element: Element, known: Known) -> tuple[Any, ...]:
        collection = element.loop.input_collection if element.loop is not None else None
        value = self._value(collection, known) if collection else None
        return tuple(value) if isinstance(value, list) else ()

    def _lasting(self, known: Known) -> Known:
        return {name: value for name, value in known.items() if name in self.lasting}

    def _without(self, known: Known, outputs: Iterable[tuple[str, str]]) -> Known:
        written = {target.split(".")[0] for _, target in outputs}
        return {name: value for name, value in known.items() if name not in written}

    def _answered(self, element: Element, known: Known, answers: Known) -> Known:
        seen = {**known, **answers}
        if not element.outputs:
            return seen
        brought = {target: self._value(source, seen) for source, target in element.outputs if "." not in target}
        told = {name: value for name, value in brought.items() if value is not _UNKNOWN}
        return {**self._without(known, element.outputs), **told}

    def _scripted(self, script: tuple[str, str | None], known: Known) -> Known:
        expression, result = script
        if result is None:
            return known
        value = self._value(expression, known)
        kept = {name: each for name, each in known.items() if name != result}
        return kept if value is _UNKNOWN else {**kept, result: value}


class _Unknown:
    """What cannot be told."""


_UNKNOWN = _Unknown()
