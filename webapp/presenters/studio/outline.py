"""A diagram as a list of steps in the order in which they come, each with what can be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services import process_drafts
from services.models.process_drafts import DraftFile, ProcessDraft
from webapp.presenters.drawings import KIND_NAMES
from webapp.presenters.studio.outline_steps import LABELS, Entry, Opened, open_step, say_lane
from webapp.speech import gettext
from workflows import diagrams
from workflows.diagrams import Diagram, Element
from workflows.diagrams.editing import facts_of
from workflows.errors import PackageRefused
from workflows.packages import Package


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way out of a step.

    Attributes:
        entries: Its name and its condition, where it has one to say.
    """

    flow: str
    target: str
    target_name: str
    condition: str
    is_default: bool
    entries: list[Entry]


@dataclass(frozen=True, kw_only=True)
class Step:
    """An element in the list.

    Attributes:
        number: As "3" or "3.2" inside a group.
        who: The role of its lane.
        facts: What is said of it in short: (what, text).
        inside: The steps of a group.
    """

    id: str
    number: str
    name: str
    kind: str
    who: str
    facts: list[tuple[str, str]]
    ways: list[Way]
    inside: list[Step]


@dataclass(frozen=True, kw_only=True)
class OutlinePage:
    """The outline of a diagram."""

    name: str
    title: str
    revision: int
    processes: list[tuple[str, list[Step]]]
    opened: Opened | None


def get_outline(
    session: Session, draft: ProcessDraft, file: DraftFile, chosen: str | None, *, typed: Mapping[str, str] | None = None
) -> OutlinePage:
    """List the steps of a diagram.

    Args:
        chosen: The id of the step whose form is shown.
        typed: What was typed into it, where it could not be saved.

    Raises:
        DiagramRefused: It cannot be read.
    """
    diagram = diagrams.read_diagram(file.content, name=file.name)
    try:
        package: Package | None = process_drafts.package_of(session, draft)
    except PackageRefused:
        package = None
    processes = [(each.name or each.id, _steps(diagram, each.id, "")) for each in diagram.processes.values()]
    element = diagram.elements.get(chosen or "")
    return OutlinePage(
        name=file.name,
        title=next((each.name for each in diagram.processes.values() if each.name), file.name),
        revision=file.revision,
        processes=processes,
        opened=open_step(element, diagram, package, typed or {}) if element is not None else None,
    )


def _steps(diagram: Diagram, scope: str, lead: str) -> list[Step]:
    return [_step(diagram, element, f"{lead}{number}") for number, element in enumerate(_in_order(diagram, scope), start=1)]


def _in_order(diagram: Diagram, scope: str) -> list[Element]:
    """List the elements of a scope as they come: from the starts on, each behind what leads to it."""
    inside = {each.id: each for each in diagram.inside(scope)}
    first = [each for each in inside.values() if not each.incoming and each.attached_to is None and not each.triggered_by_event]
    found: dict[str, Element] = {}
    waiting = list(reversed([*first, *(each for each in inside.values() if each not in first)]))
    while waiting:
        element = waiting.pop()
        if element.id in found or (element.attached_to in inside and element.attached_to not in found):
            continue
        found[element.id] = element
        attached = [each for each in inside.values() if each.attached_to == element.id]
        following = [inside[diagram.flows[key].target] for key in element.outgoing if diagram.flows[key].target in inside]
        waiting += [*reversed(following), *reversed(attached)]
    return [*found.values(), *(each for each in inside.values() if each.id not in found)]


def _step(diagram: Diagram, element: Element, number: str) -> Step:
    facts = [(str(LABELS[name]), text) for name, text in facts_of(element, diagram).items() if text and name in _SHORT]
    return Step(
        id=element.id,
        number=number,
        name=element.name or element.id,
        kind=str(KIND_NAMES.get(element.kind, element.kind)),
        who=say_lane(element.lane),
        facts=facts,
        ways=_ways(element, diagram, {}),
        inside=_steps(diagram, element.id, f"{number}.") if element.is_subprocess else [],
    )


_SHORT = ("form", "due", "operation", "decision", "called", "timer", "separate_from")


def _ways(element: Element, diagram: Diagram, typed: Mapping[str, str]) -> list[Way]:
    facts = facts_of(element, diagram)
    found = []
    for key in element.outgoing:
        flow = diagram.flows[key]
        target = diagram.elements.get(flow.target)
        entries = [
            Entry(name=name, label=label, value=typed.get(name, facts[name]), is_long=False)
            for name, label in ((f"way:{key}", gettext("Name of the way")), (f"condition:{key}", gettext("Taken when")))
            if name in facts
        ]
        found.append(
            Way(
                flow=key,
                target=flow.target,
                target_name=(target.name or target.id) if target is not None else flow.target,
                condition=flow.condition or "",
                is_default=element.default == key,
                entries=entries,
            )
        )
    return found
