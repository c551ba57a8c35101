"""What can be said of one step of an outline, as the questions of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from services.operations import CATALOGUE
from webapp.presenters.roles import say_role
from webapp.speech import gettext
from workflows.diagrams import Diagram, Element
from workflows.diagrams.editing import facts_of, has_mappings
from workflows.packages import Package

LABELS: Mapping[str, Any] = {
    "name": lazy_gettext("Name"),
    "lane": lazy_gettext("Who"),
    "candidates": lazy_gettext("Other roles in the place of the lane's"),
    "form": lazy_gettext("Form"),
    "due": lazy_gettext("How long"),
    "subject": lazy_gettext("What it is about"),
    "question": lazy_gettext("Question"),
    "card": lazy_gettext("Facts on the card"),
    "separate_from": lazy_gettext("Not the same person as at"),
    "reauthenticate": lazy_gettext("Password is asked when"),
    "no_clock": lazy_gettext("Why no clock runs"),
    "scope.area": lazy_gettext("Area"),
    "scope.organisation": lazy_gettext("Organisation"),
    "source": lazy_gettext("Clause of the policy"),
    "operation": lazy_gettext("What is done"),
    "decision": lazy_gettext("Decision table"),
    "script": lazy_gettext("What is worked out"),
    "result": lazy_gettext("Kept as"),
    "called": lazy_gettext("Process that is run"),
    "timer_kind": lazy_gettext("Kind of clock"),
    "timer": lazy_gettext("When"),
    "default": lazy_gettext("Usual way"),
}
_LINE = 70
_LONG = frozenset({"card", "question", "script", "subject"})
_CLOCKS = {
    "duration": lazy_gettext("after a while"),
    "date": lazy_gettext("at a moment"),
    "cycle": lazy_gettext("again and again"),
}
_NEW = {
    "userTask": lazy_gettext("step for a person"),
    "serviceTask": lazy_gettext("automatic step"),
    "exclusiveGateway": lazy_gettext("one way of several"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that can be said of a step."""

    name: str
    label: str
    value: str
    is_long: bool = False
    options: list[tuple[str, str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The step whose form is shown.

    Attributes:
        mappings: What it reads and what it keeps: (name of the list, title, rows of (raw source, target)).
        hint: What the operation does, and what it takes.
        kinds: What may be added after it.
        lanes: Where that may be.
    """

    id: str
    entries: list[Entry]
    mappings: list[tuple[str, str, list[tuple[str, str]]]]
    hint: str
    kinds: list[tuple[str, str]]
    lanes: list[tuple[str, str]]
    is_choice: bool
    is_end: bool
    may_go: bool


def open_step(element: Element, diagram: Diagram, package: Package | None, typed: Mapping[str, str]) -> Opened:
    """Make the form of a step, with what was typed in the place of what is said now."""
    facts = facts_of(element, diagram)
    lanes = [(lane.id, say_lane(lane.name)) for lane in diagram.process_of(element.id).lanes]
    entries = [
        Entry(
            name=name,
            label=str(LABELS[name]),
            value=typed.get(name, text),
            is_long=name in _LONG or len(text) > _LINE,
            options=_options(name, text, element, diagram, package),
        )
        for name, text in facts.items()
        if name in LABELS
    ]
    operation = CATALOGUE.get(element.operation or "")
    return Opened(
        id=element.id,
        entries=entries,
        mappings=_mappings(element, typed),
        hint=gettext("{about} It takes: {inputs}.").format(about=operation.about, inputs=", ".join(operation.inputs) or "–")
        if operation is not None
        else "",
        kinds=[(kind, str(name)) for kind, name in _NEW.items()],
        lanes=lanes,
        is_choice=element.kind in {"exclusiveGateway", "inclusiveGateway"},
        is_end=element.kind == "endEvent",
        may_go=element.kind != "startEvent",
    )


def say_lane(lane: str | None) -> str:
    """Say who acts in a lane; empty where there is none."""
    if not lane:
        return ""
    return gettext("the system") if lane == "SYSTEM" else say_role(lane)


def _mappings(element: Element, typed: Mapping[str, str]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    if not has_mappings(element):
        return []
    both = (("input", gettext("What it reads"), element.inputs), ("output", gettext("What it keeps"), element.outputs))
    return [(tag, title, _typed_rows(typed, tag, rows)) for tag, title, rows in both]


def _typed_rows(typed: Mapping[str, str], tag: str, rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the rows of a mapping, as they were typed where they were, with an empty one to be filled."""
    found = read_rows(typed, tag) if typed else None
    return [*(rows if found is None else found), ("", "")]


def read_rows(typed: Mapping[str, str], tag: str) -> list[tuple[str, str]] | None:
    """Read the rows that were typed for what a step reads or keeps; None where the form had none."""
    if f"{tag}.0.name" not in typed:
        return None
    found = []
    number = 0
    while f"{tag}.{number}.name" in typed:
        target, source = typed[f"{tag}.{number}.name"].strip(), typed.get(f"{tag}.{number}.from", "").strip()
        if target:
            found.append((source, target))
        number += 1
    return found


def _options(name: str, value: str, element: Element, diagram: Diagram, package: Package | None) -> list[tuple[str, str]] | None:
    """List what can be chosen; None for what is typed. What stands there now can always stay."""
    listed = list(_listed(name, element, diagram, package))
    if not listed:
        return None
    if name != "lane" or not value:
        listed.insert(0, ("", gettext("None")))
    if value not in {each for each, _ in listed}:
        listed.append((value, value))
    return listed


def _listed(name: str, element: Element, diagram: Diagram, package: Package | None) -> Iterator[tuple[str, str]]:
    if name == "lane":
        yield from ((lane.id, say_lane(lane.name)) for lane in diagram.process_of(element.id).lanes)
    elif name == "timer_kind":
        yield from ((kind, str(text)) for kind, text in _CLOCKS.items())
    elif name == "operation":
        yield from ((key, key) for key in sorted(CATALOGUE))
    elif name == "default":
        for key in element.outgoing:
            target = diagram.elements.get(diagram.flows[key].target)
            yield key, diagram.flows[key].name or (target.name if target is not None else "") or key
    elif package is not None and name == "form":
        yield from ((key, key) for key in sorted(package.forms))
    elif package is not None and name == "decision":
        yield from ((key, f"{key} {model.decisions[key].name}") for key, model in sorted(package.decisions.items()))
    elif package is not None and name == "called":
        yield from ((key, each.name or key) for known in package.diagrams.values() for key, each in known.processes.items())
