"""The diagrams of a case as pictures, with the places where it was, is and may come to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from services import definitions
from services.people import Actor
from webapp.i18n import direction
from webapp.presenters.cases import read_numbered
from webapp.presenters.coming import look_onward
from webapp.presenters.roles import ROLE_NAMES
from webapp.presenters.texts import Texts
from webapp.speech import gettext
from workflows import diagrams
from workflows.diagrams import Diagram
from workflows.packages import Package

KIND_NAMES = {
    "userTask": lazy_gettext("step for a person"),
    "serviceTask": lazy_gettext("automatic step"),
    "businessRuleTask": lazy_gettext("decision table"),
    "scriptTask": lazy_gettext("calculation"),
    "sendTask": lazy_gettext("sending"),
    "receiveTask": lazy_gettext("waiting for a message"),
    "manualTask": lazy_gettext("step outside the system"),
    "task": lazy_gettext("step"),
    "subProcess": lazy_gettext("group of steps"),
    "transaction": lazy_gettext("group of steps"),
    "adHocSubProcess": lazy_gettext("group of steps"),
    "callActivity": lazy_gettext("process of its own"),
    "exclusiveGateway": lazy_gettext("one way of several"),
    "parallelGateway": lazy_gettext("all ways at once"),
    "inclusiveGateway": lazy_gettext("one or several ways"),
    "eventBasedGateway": lazy_gettext("waiting for what happens first"),
    "complexGateway": lazy_gettext("joining of ways"),
    "startEvent": lazy_gettext("start"),
    "endEvent": lazy_gettext("end"),
    "intermediateCatchEvent": lazy_gettext("waiting for an event"),
    "intermediateThrowEvent": lazy_gettext("event"),
    "boundaryEvent": lazy_gettext("event on a step"),
    "done": lazy_gettext("done"),
    "active": lazy_gettext("open now"),
    "cancelled": lazy_gettext("left without being done"),
    "possible": lazy_gettext("possible"),
}


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A diagram with the marks of the case.

    Attributes:
        parts: One picture, or several that follow each other.
        is_excerpt: Only the surroundings of the present step are shown.
    """

    title: str
    parts: list[str]
    is_excerpt: bool


def draw_case(session: Session, number: str, *, actor: Actor, now: datetime, whole: bool = False) -> list[Drawing]:
    """Draw the diagrams of a case, those where it is now first.

    Args:
        whole: Draw everything, in parts that fit a page, and not only what lies around the present step.

    Raises:
        NotFound: There is no such case for this person.
    """
    view = read_numbered(session, number, actor=actor, now=now)
    package = definitions.get_package(session, view.case.version_id)
    texts = Texts.of(package)
    coming = look_onward(view, texts, package, areas={}, now=now)
    marks = {**dict.fromkeys(coming.elements, "possible"), **view.marks}
    names = {**dict(_lane_names(package.diagrams)), **texts.names()}
    present = {task.element for task in view.open_tasks}
    drawings = [
        (_place(process.id, process.elements, marks, present, package.manifest.main, diagram), drawing)
        for diagram in package.diagrams.values()
        for process in diagram.processes.values()
        if (
            drawing := _draw(diagram, process.id, marks, names, present, is_main=process.id == package.manifest.main, whole=whole)
        )
    ]
    return [drawing for _, drawing in sorted(drawings, key=lambda each: each[0])]


def draw_marked(
    package: Package,
    marks: Mapping[str, str],
    *,
    names: Mapping[str, str] | None = None,
    present: Collection[str] = (),
    whole: bool = False,
    every: bool = False,
) -> list[Drawing]:
    """Draw the diagrams of a process with marks that do not come from a case of the reader's.

    Args:
        names: What elements are called here, where it is something else than usual.
        present: Elements around which a diagram is cut.
        every: Draw diagrams in which nothing is marked as well.
    """
    named = {**dict(_lane_names(package.diagrams)), **Texts.of(package).names(), **(names or {})}
    here, main = set(present), package.manifest.main
    drawings = [
        (_place(process.id, process.elements, marks, here, main, diagram), drawing)
        for diagram in package.diagrams.values()
        for process in diagram.processes.values()
        if (drawing := _draw(diagram, process.id, marks, named, here, is_main=every or process.id == main, whole=whole))
    ]
    return [drawing for _, drawing in sorted(drawings, key=lambda each: each[0])]


def _place(
    process: str, elements: tuple[str, ...], marks: Mapping[str, str], present: set[str], main: str, diagram: Diagram
) -> tuple[bool, bool]:
    """Put diagrams first in which something is open, and among them the main one."""
    here = any(diagram.process_of(each).id == process for each in present if each in diagram.elements)
    return not here, process != main


def _draw(
    diagram: Diagram,
    process: str,
    marks: Mapping[str, str],
    names: Mapping[str, str],
    present: set[str],
    *,
    is_main: bool,
    whole: bool,
) -> Drawing | None:
    inside = {key for key in diagram.elements if diagram.process_of(key).id == process}
    ways = {key for key, flow in diagram.flows.items() if flow.source in inside}
    shown = {key: mark for key, mark in marks.items() if key in inside or key in ways}
    if not is_main and not set(shown) - {key for key, mark in shown.items() if mark == "possible"}:
        return None
    title = names.get(process) or diagram.processes[process].name or process
    said = {key: str(word) for key, word in KIND_NAMES.items()}
    mirrored = direction() == "rtl"
    here = sorted(present & inside)
    if here and not whole:
        svg = diagrams.draw(
            diagram, process=process, marks=shown, names=names, words=said, title=title, mirrored=mirrored, around=here
        )
        return Drawing(title=gettext("{process}: where it is now").format(process=title), parts=[svg], is_excerpt=True)
    parts = diagrams.draw_parts(diagram, process=process, marks=shown, names=names, words=said, title=title, mirrored=mirrored)
    return Drawing(title=title, parts=parts, is_excerpt=False)


def _lane_names(known: Mapping[str, Diagram]) -> Iterator[tuple[str, str]]:
    """Say lanes as roles, in the place of their codes."""
    for diagram in known.values():
        for process in diagram.processes.values():
            for lane in process.lanes:
                if lane.name in ROLE_NAMES:
                    yield lane.id, str(ROLE_NAMES[lane.name])
                elif lane.name == "SYSTEM":
                    yield lane.id, gettext("the system")
