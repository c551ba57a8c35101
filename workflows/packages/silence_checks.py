"""Whether a clock could say yes in the place of a person: nothing is ever approved because nobody answered.

What approves is read from the diagram itself: the ways out of a gateway that are taken for an approving answer, and what they
alone lead to; ends whose names say yes; and steps that write such an answer down. Source: nobody decides by silence (our reading
of the framework of accountability: a decision is made by a person or by a published rule, and never by the passing of time).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from workflows.diagrams import Diagram, Element, Flow
from workflows.packages.findings import Findings
from workflows.packages.package import Package

_YES = re.compile(r"(pre-?)?(grant|approv|endors|adopt|accept|certif|authori[sz]|cleared|agree)", re.IGNORECASE)
_NO = re.compile(r"(not |un|den|refus|reject|return|dis|withdr)", re.IGNORECASE)
_LITERAL = re.compile(r'"([^"]*)"')
_TURNED = re.compile(r"!=|\bnot\s*\(")
_EFFECTIVE = frozenset({"serviceTask", "sendTask", "endEvent", "intermediateThrowEvent"})
_WRITERS = frozenset({"serviceTask", "scriptTask", "sendTask", "businessRuleTask", "endEvent"})
_HEARD = frozenset({"userTask", "manualTask", "receiveTask"})


def check_silence(package: Package, findings: Findings) -> None:
    """Report every timer from which an approval can be reached although nobody has decided."""
    peopled = {key for diagram in package.diagrams.values() for key in _peopled(diagram)}
    for file, diagram in package.diagrams.items():
        way = _Ways(diagram=diagram, peopled=peopled)
        for timer in diagram.elements.values():
            if _is_silence(timer, diagram) and not way.follows_a_person(timer) and diagram.process_of(timer.id).executable:
                reached = way.find_approval(timer)
                if reached is not None:
                    findings.report(
                        f"{file}: {timer.id}",
                        "When the clock “{timer}” runs out, the case comes to “{step}”, which approves, and nobody has decided.",
                        "Lead the clock to a reminder, to somebody else, or to an end that says that nobody decided.",
                        timer=timer.name or timer.id,
                        step=reached.name or reached.id,
                    )


def _peopled(diagram: Diagram) -> Iterator[str]:
    """Yield the processes and subprocesses in which a person has something to do."""
    for element in diagram.elements.values():
        scope = element.scope
        while element.kind in _HEARD and scope:
            yield scope
            scope = diagram.elements[scope].scope if scope in diagram.elements else ""


def _is_silence(element: Element, diagram: Diagram) -> bool:
    """Whether a clock stands in for an answer: on what people do, beside an event, or around everything."""
    if "timer" not in element.event_kinds:
        return False
    if element.kind == "boundaryEvent":
        return True
    if element.kind == "startEvent":
        return element.scope in diagram.elements
    return element.kind == "intermediateCatchEvent"


@dataclass(kw_only=True)
class _Ways:
    """The ways through one diagram, whatever its data says."""

    diagram: Diagram
    peopled: Collection[str]

    @cached_property
    def approving(self) -> dict[str, frozenset[str]]:
        """The ways that are taken for a yes, each with what it alone leads to."""
        return {flow.id: self._only_by(flow) for flow in self.diagram.flows.values() if _says_yes(flow, self.diagram)}

    def follows_a_person(self, timer: Element) -> bool:
        """Whether a clock in the flow, where no answer is waited for beside it, comes only after somebody has acted."""
        before = [self.diagram.flows[key].source for key in timer.incoming]
        if timer.kind != "intermediateCatchEvent" or any(
            self.diagram.elements[key].kind == "eventBasedGateway" for key in before if key in self.diagram.elements
        ):
            return False
        inside = [each for each in self.diagram.elements.values() if each.scope == timer.scope]
        starts = [each.id for each in inside if not each.incoming and each.attached_to is None]
        return timer.id not in self.reach(starts)

    def find_approval(self, timer: Element) -> Element | None:
        """Find what approves on the ways from a timer that pass no person and no answer that says yes."""
        elements = self.diagram.elements
        reached = self.reach([timer.id], without=self.approving.keys(), within="" if timer.interrupting else timer.scope)
        judged = {each for after in self.approving.values() for each in after}
        answers = frozenset(answer for flow in self.approving for answer in _literals(self.diagram.flows[flow].condition or ""))
        found = (elements[key] for key in reached if key != timer.id)
        return next((each for each in found if each.id in judged or _is_named_yes(each) or _writes(each, answers)), None)

    def _only_by(self, flow: Flow) -> frozenset[str]:
        """What an approving way alone leads to at once: up to the next choice, wait or person."""
        others = [self.diagram.flows[key].target for key in self.diagram.elements[flow.source].outgoing if key != flow.id]
        elsewhere = frozenset(self.reach(others, people=True))
        found: list[str] = []
        target: str | None = flow.target
        while target is not None and target not in found and target not in elsewhere:
            element = self.diagram.elements[target]
            if element.kind not in _EFFECTIVE | _WRITERS:
                break
            found.append(target)
            onward = element.outgoing
            target = self.diagram.flows[onward[0]].target if len(onward) == 1 else None
            target = target if target in self.diagram.elements else None
        return frozenset(key for key in found if self.diagram.elements[key].kind in _EFFECTIVE)

    def reach(
        self, starts: Collection[str], *, without: Collection[str] = (), people: bool = False, within: str = ""
    ) -> list[str]:
        """List what comes after some elements, them included, nearest first.

        Args:
            without: Flows that are not taken.
            people: Whether to go on behind what a person does.
            within: A scope that is not left, because something else in it is still going on.
        """
        found = dict.fromkeys(key for key in starts if key in self.diagram.elements)
        waiting = list(found)
        for key in waiting:
            element = self.diagram.elements[key]
            if not people and key not in starts and (element.kind in _HEARD or self._is_peopled(element)):
                continue
            for following in self._after(element, without, within):
                if following not in found:
                    found[following] = None
                    waiting.append(following)
        return list(found)

    def _is_peopled(self, element: Element) -> bool:
        heard = element.kind == "intermediateCatchEvent" and "message" in element.event_kinds
        return heard or element.id in self.peopled or (element.called_process or "").strip() in self.peopled

    def _after(self, element: Element, without: Collection[str], within: str) -> Iterator[str]:
        flows = self.diagram.flows
        known = self.diagram.elements
        yield from (flows[key].target for key in element.outgoing if key not in without and flows[key].target in known)
        yield from (each.id for each in known.values() if each.attached_to == element.id)
        if element.is_subprocess:
            inside = self.diagram.inside(element.id)
            yield from (each.id for each in inside if not each.incoming and each.attached_to is None)
        if not element.outgoing and element.scope in known and element.scope != within:
            around = known[element.scope]
            if around.triggered_by_event and around.scope in known:
                around = known[around.scope]
            yield from (flows[key].target for key in around.outgoing if key not in without and flows[key].target in known)


def _says_yes(flow: Flow, diagram: Diagram) -> bool:
    """Whether a way out is taken for an approving answer; the usual way is, where all the others are taken for a refusal."""
    source = diagram.elements.get(flow.source)
    if source is None or flow.target not in diagram.elements or len(source.outgoing) < 2:
        return False
    if flow.condition:
        return _answer(flow.condition) is True
    others = [_answer(diagram.flows[key].condition or "") for key in source.outgoing if key != flow.id]
    return source.default == flow.id and all(answer is False for answer in others)


def _answer(condition: str) -> bool | None:
    """Tell whether a condition asks for a yes, for a no, or for something else."""
    said = [*_literals(condition)]
    if not said or _TURNED.search(condition):
        return None
    if all(_NO.match(each) for each in said):
        return False
    return True if all(_YES.match(each) for each in said) else None


def _literals(raw: str) -> list[str]:
    return _LITERAL.findall(raw) if raw.strip().startswith("=") else []


def _is_named_yes(element: Element) -> bool:
    return element.kind == "endEvent" and _YES.match(element.name) is not None


def _writes(element: Element, answers: Collection[str]) -> bool:
    """Whether a step writes down an answer that a gateway takes for a yes."""
    if element.kind not in _WRITERS:
        return False
    texts = [source for source, _ in (*element.inputs, *element.outputs)] + ([element.script[0]] if element.script else [])
    constants: Mapping[str, None] = {text.strip().removeprefix("=").strip().strip('"'): None for text in texts}
    return any(each in answers for each in constants)
