"""What was found in a draft, as its owner reads it: where, what, how to mend it, and how it comes to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from services import process_drafts
from services.models.process_drafts import ProcessDraft
from webapp.i18n import direction, say, say_way_out
from webapp.navigation import has_page
from webapp.presenters.roles import ROLE_NAMES
from webapp.speech import gettext
from workflows import diagrams
from workflows.diagrams import Diagram
from workflows.diagrams.soundness import Soundness
from workflows.errors import PackageRefused, Problem
from workflows.packages import Package

_VERDICTS = {"SOUND": "sound", "UNSOUND": "unsound", "NOT_PROVEN": "not proved"}
_DRAWN_STEPS = 3
_STUCK = "incident"
_PASSED = "done"
_WORDS = {
    "active": lazy_gettext("here it goes wrong"),
    "incident": lazy_gettext("a token stays here"),
    "done": lazy_gettext("on the way there"),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One move of a story, with the element that it is about."""

    element: str | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """One finding.

    Attributes:
        name: What the element is called.
        where: The id of an element, a rule or a field; empty for the file as a whole.
        links: (text, address) of the pages that show the place.
        picture: The part of the diagram in which it goes wrong, as SVG; empty where there is nothing to draw.
    """

    file: str
    where: str
    name: str
    sentence: str
    way_out: str
    is_advice: bool
    links: list[tuple[str, str]]
    story: list[Step]
    picture: str

    def as_json(self) -> dict[str, Any]:
        """Write it down for the editors."""
        return {
            "file": self.file,
            "where": self.where,
            "name": self.name,
            "sentence": self.sentence,
            "way_out": self.way_out,
            "advice": self.is_advice,
            "story": [{"element": step.element, "sentence": step.sentence} for step in self.story],
        }


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Whether a process always comes to its end."""

    process: str
    name: str
    verdict: str
    sentence: str
    states: int


@dataclass(frozen=True, kw_only=True)
class CheckPage:
    """Everything that was found in a draft."""

    problems: list[FindingRow]
    advice: list[FindingRow]
    proofs: list[Proof]

    def as_json(self) -> dict[str, Any]:
        """Write it down for the editors."""
        return {
            "findings": [row.as_json() for row in (*self.problems, *self.advice)],
            "proved": {proof.process: proof.verdict for proof in self.proofs},
            "states": {proof.process: proof.states for proof in self.proofs},
        }


def get_check(session: Session, draft: ProcessDraft, *, now: datetime, draws: bool = True) -> CheckPage:
    """Check a draft and say what was found.

    Args:
        draws: Whether to draw the diagram beside each story.
    """
    checked = process_drafts.examine(session, draft, now=now)
    try:
        package: Package | None = process_drafts.package_of(session, draft)
    except PackageRefused:
        package = None
    rows = [_row(draft, finding, package, draws=draws) for finding in checked.findings]
    return CheckPage(
        problems=[row for row in rows if not row.is_advice],
        advice=[row for row in rows if row.is_advice],
        proofs=[_proof(key, soundness, package) for key, soundness in checked.proved.items()],
    )


def place_of(where: str) -> tuple[str, str]:
    """Take apart where a problem is: the file, and the place in it."""
    file, _, inside = where.partition(": ")
    return file, inside


def _row(draft: ProcessDraft, finding: Problem, package: Package | None, *, draws: bool) -> FindingRow:
    file, inside = place_of(finding.where)
    diagram = package.diagrams.get(file) if package is not None else None
    story = [Step(element=_known(each.where, diagram), sentence=say(each)) for each in getattr(finding, "story", ())]
    picture = _draw(diagram, finding, inside) if draws and diagram is not None and story else ""
    return FindingRow(
        file=file,
        where=inside,
        name=_name(diagram, inside),
        sentence=say(finding),
        way_out=say_way_out(finding),
        is_advice=finding.is_advice,
        links=list(link_to(draft, file, inside)),
        story=story,
        picture=picture,
    )


def link_to(draft: ProcessDraft, file: str, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the pages on which a place in a file can be seen and changed."""
    anchor = place or None
    if file.endswith((".bpmn", ".dmn", ".form")) and has_page("studio.edit"):
        yield gettext("Show it in the editor"), url_for("studio.edit", draft_id=draft.id, name=file, _anchor=anchor)
    if file.endswith(".bpmn") and has_page("studio.outline"):
        yield (
            gettext("Show it in the outline"),
            url_for("studio.outline", draft_id=draft.id, name=file, step=anchor, _anchor=anchor),
        )
    elif file.startswith(("i18n/", "messages/")) and has_page("studio.texts"):
        language = file.removeprefix("i18n/").removesuffix(".toml") if file.startswith("i18n/") else None
        yield gettext("Show it among the texts"), url_for("studio.texts", draft_id=draft.id, language=language)
    elif has_page("studio.source") and not file.endswith(".bpmn") and "." in file:
        yield gettext("Show the file"), url_for("studio.source", draft_id=draft.id, name=file)


def _known(element: str, diagram: Diagram | None) -> str | None:
    return element if diagram is not None and (element in diagram.elements or element in diagram.flows) else None


def _name(diagram: Diagram | None, key: str) -> str:
    if diagram is None:
        return ""
    if key in diagram.elements:
        return diagram.elements[key].name
    if key in diagram.flows:
        return diagram.flows[key].name
    return diagram.processes[key].name if key in diagram.processes else ""


def _draw(diagram: Diagram, finding: Problem, place: str) -> str:
    """Draw the diagram around a story: what was passed, and where it ends."""
    marks = {step.where: _PASSED for step in getattr(finding, "story", ()) if _known(step.where, diagram)}
    marks |= {key: _STUCK for key in getattr(finding, "stuck", ()) if _known(key, diagram)}
    if _known(place, diagram):
        marks[place] = "active"
    # The whole way would be too wide to be read; the list beside the picture tells it.
    near = (*[step.where for step in getattr(finding, "story", ())][-_DRAWN_STEPS:], *getattr(finding, "stuck", ()), place)
    around = [key for key in dict.fromkeys(near) if key in diagram.elements]
    if not around:
        return ""
    process = diagram.process_of(around[0]).id
    inside = [key for key in around if diagram.process_of(key).id == process]
    return diagrams.draw(
        diagram,
        process=process,
        marks=marks,
        names=dict(lane_names(diagram)),
        words={key: str(word) for key, word in _WORDS.items()},
        title=gettext("How it comes to this"),
        mirrored=direction() == "rtl",
        around=inside,
    )


def lane_names(diagram: Diagram) -> Iterator[tuple[str, str]]:
    """Yield the lanes with the names of their roles, in the place of the codes."""
    for process in diagram.processes.values():
        for lane in process.lanes:
            if lane.name in ROLE_NAMES:
                yield lane.id, str(ROLE_NAMES[lane.name])
            elif lane.name == "SYSTEM":
                yield lane.id, gettext("the system")


def _proof(key: str, soundness: Soundness, package: Package | None) -> Proof:
    known: Mapping[str, Diagram] = package.diagrams if package is not None else {}
    name = next((each.processes[key].name for each in known.values() if key in each.processes), "") or key
    sentences = {
        "SOUND": gettext("Proved: every case comes to its end, whatever people answer. States looked at: {count}."),
        "UNSOUND": gettext("Not sound: a case can get stuck, as told above. States looked at: {count}."),
        "NOT_PROVEN": gettext("Not proved: there are too many ways to look at all of them. States looked at: {count}."),
    }
    return Proof(
        process=key,
        name=name,
        verdict=_VERDICTS[soundness.verdict],
        sentence=sentences[soundness.verdict].format(count=soundness.states),
        states=soundness.states,
    )
