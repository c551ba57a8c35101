"""What differs between the diagrams of two versions: steps, who does them, their clocks, and the flows between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflows.comparing.differences import ADDED, CHANGED, REMOVED, Difference, kind_of, pairs, shown
from workflows.diagrams import Diagram, Element, Flow
from workflows.packages import Package

#: What an element says, and the sentence for a change of it. What is not named here is told by its own name.
_SENTENCES = {
    "name": "The step “{old}” is now called “{new}”.",
    "kind": "“{step}” became another kind of step: {new}, before {old}.",
    "who": "“{step}” is now done by {new}, before by {old}.",
    "form": "“{step}” asks with another form: {new}, before {old}.",
    "due": "The time for “{step}” became {new}, before {old}.",
    "follow_up": "The reminder of “{step}” became {new}, before {old}.",
    "priority": "The priority of “{step}” became {new}, before {old}.",
    "separate_from": "Whoever does “{step}” must now be another person than at {new}; before, than at {old}.",
    "card": "The facts shown at “{step}” became {new}, before {old}.",
    "timer": "The clock “{step}” became {new}, before {old}.",
    "event": "“{step}” now waits for or throws {new}, before {old}.",
    "operation": "“{step}” now carries out {new}, before {old}.",
    "called_decision": "“{step}” now asks the table {new}, before {old}.",
    "called_process": "“{step}” now calls {new}, before {old}.",
    "script": "“{step}” now works out {new}, before {old}.",
    "inputs": "“{step}” now reads {new}, before {old}.",
    "outputs": "“{step}” now keeps {new}, before {old}.",
    "loop": "“{step}” is now repeated {new}, before {old}.",
    "attached_to": "“{step}” now sits on {new}, before on {old}.",
    "interrupting": "“{step}” now interrupts what it sits on: {new}, before {old}.",
    "default": "The usual way out of “{step}” is now to {new}, before to {old}.",
    "documentation": "The description of “{step}” changed.",
}
_OTHER_SENTENCE = "“{step}”: {what} became {new}, before {old}."
_PLAIN = (
    *("name", "kind", "form", "due", "follow_up", "priority", "operation", "called_decision", "called_process", "script"),
    *("inputs", "outputs", "attached_to", "interrupting", "documentation", "headers", "retries", "activation_condition"),
    *("for_compensation", "triggered_by_event", "propagate_parent", "propagate_child"),
)


def compare_diagrams(old: Package, new: Package) -> Iterator[Difference]:
    """Say what differs in the diagrams of two packages, file by file."""
    for file, before, after in pairs(old.diagrams, new.diagrams):
        if before is None or after is None:
            sentence = "The diagram {file} is new." if before is None else "The diagram {file} is gone."
            facts = {"file": file}
            yield Difference(where=file, part="diagram", kind=kind_of(before, after), file=file, sentence=sentence, facts=facts)
        elif before.source != after.source:
            yield from _compare(file, before, after)


def _compare(file: str, old: Diagram, new: Diagram) -> Iterator[Difference]:
    for key, before, after in pairs(old.elements, new.elements):
        if before is None or after is None:
            sentence = "The step “{step}” is new." if before is None else "The step “{step}” is gone."
            step = _name(after or before)
            yield _difference(file, key, kind_of(before, after), sentence, step=step)
        else:
            yield from _compare_elements(file, before, after, old, new)
    yield from _compare_flows(file, old, new)


def _compare_elements(file: str, old: Element, new: Element, before: Diagram, after: Diagram) -> Iterator[Difference]:
    said, says = _facts_of(old, before), _facts_of(new, after)
    for what in dict.fromkeys((*said, *says)):
        if said.get(what) == says.get(what):
            continue
        sentence = _SENTENCES.get(what, _OTHER_SENTENCE)
        facts = {"step": _name(new), "what": what, "old": shown(said.get(what)), "new": shown(says.get(what))}
        yield _difference(file, new.id, CHANGED, sentence, **facts)


def _facts_of(element: Element, diagram: Diagram) -> dict[str, Any]:
    """What an element says that matters to a case, by a word for it."""
    facts: dict[str, Any] = {what: getattr(element, what) for what in _PLAIN}
    people = (element.candidate_groups or element.lane, element.assignee, element.candidate_users)
    facts["who"] = [each for each in people if each]
    facts["default"] = _target(element.default, diagram)
    facts["loop"] = None if element.loop is None else [*_fields(element.loop)]
    if element.event is not None:
        facts["timer"] = [text for part in element.event.each if part.timer for text in part.timer]
        facts["event"] = [
            " ".join(filter(None, (part.kind, part.name, part.correlation_key, part.condition)))
            for part in element.event.each
            if part.kind not in {"timer", "none"}
        ]
    if element.ad_hoc is not None:
        facts["ad hoc"] = [*_fields(element.ad_hoc)]
    return facts | dict(element.properties)


def _fields(value: Any) -> Iterator[str]:
    for name in value.__slots__:
        each = getattr(value, name)
        if each not in (None, False, ""):
            yield f"{name.replace('_', ' ')}: {each}"


def _compare_flows(file: str, old: Diagram, new: Diagram) -> Iterator[Difference]:
    for _, before, after in pairs(_by_ends(old), _by_ends(new)):
        flow = after or before
        if flow is None or not {flow.source, flow.target} <= old.elements.keys() & new.elements.keys():
            continue  # A step that came or went brings or takes its flows along.
        ends = {"from": _name(new.elements[flow.source]), "to": _name(new.elements[flow.target])}
        if before is None:
            yield _difference(file, flow.id, ADDED, "From “{from}” there is now a way to “{to}”.", **ends)
        elif after is None:
            yield _difference(file, flow.id, REMOVED, "The way from “{from}” to “{to}” is gone.", **ends)
        elif before.condition != after.condition:
            facts = {**ends, "old": shown(before.condition), "new": shown(after.condition)}
            sentence = "From “{from}” to “{to}” it now goes when {new}, before when {old}."
            yield _difference(file, after.id, CHANGED, sentence, **facts)


def _by_ends(diagram: Diagram) -> dict[tuple[str, str, int], Flow]:
    """The flows by what they join: redrawn with another id, a flow is the same."""
    found: dict[tuple[str, str, int], Flow] = {}
    for flow in diagram.flows.values():
        number = 0
        while (flow.source, flow.target, number) in found:
            number += 1
        found[flow.source, flow.target, number] = flow
    return found


def _target(flow: str | None, diagram: Diagram) -> str | None:
    known = diagram.flows.get(flow or "")
    return _name(diagram.elements.get(known.target)) if known is not None else None


def _name(element: Element | None) -> str:
    return (element.name or element.id) if element is not None else ""


def _difference(file: str, where: str, kind: str, sentence: str, **facts: Any) -> Difference:
    return Difference(where=where, part="diagram", kind=kind, file=file, sentence=sentence, facts=facts)
