"""What differs between a draft and another state of its process: sentences, and the two diagrams side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from services import definitions, process_drafts
from services.errors import NotFound
from services.models.process_drafts import ProcessDraft
from services.people import Actor
from webapp.i18n import direction, say
from webapp.presenters.studio.findings import lane_names, link_to
from webapp.speech import gettext
from workflows import diagrams
from workflows.comparing import Difference, compare
from workflows.diagrams import Diagram
from workflows.errors import PackageRefused, Problem
from workflows.packages import Package, read_package

_PARTS: tuple[tuple[str, Any], ...] = (
    ("process", lazy_gettext("Process")),
    ("diagram", lazy_gettext("Diagrams")),
    ("table", lazy_gettext("Decision tables")),
    ("form", lazy_gettext("Forms")),
    ("text", lazy_gettext("Texts")),
)
_KINDS = {"added": lazy_gettext("new"), "removed": lazy_gettext("gone"), "changed": lazy_gettext("changed")}
#: What came is drawn as what is done, what went as what was left, what changed as what is open: each has a sign of its own.
_MARKS = {"added": "done", "removed": "cancelled", "changed": "active"}


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One difference: of which kind, said, and where it can be looked at."""

    kind: str
    kind_name: str
    text: str
    links: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Part:
    """The differences of one part of a process."""

    name: str
    sentences: list[Sentence]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A diagram before and after, as SVG; either is empty where there was or is none."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Other:
    """A state that a draft can be compared with."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class ComparePage:
    """What differs.

    Attributes:
        problems: What keeps the two from being compared; then nothing else is told.
    """

    others: list[Other]
    old_name: str
    new_name: str
    parts: list[Part]
    pictures: list[Pair]
    problems: list[Problem]
    is_whole: bool = False


def get_comparison(
    session: Session, draft: ProcessDraft, chosen: str | None, *, actor: Actor, now: datetime, whole: bool = False
) -> ComparePage:
    """Compare a draft with a version or another draft.

    Args:
        chosen: The number of a version or the id of a draft; None for the version that it began as.
        whole: Draw the diagrams whole, and not only what lies around the differences.

    Raises:
        NotFound: There is no such version or draft.
    """
    others = list(_others(session, draft, chosen, actor=actor, now=now))
    picked = next((each for each in others if each.is_chosen), None)
    new_name = gettext("Draft {number}").format(number=draft.number)
    if picked is None:
        if chosen:
            raise NotFound
        return ComparePage(others=others, old_name="", new_name=new_name, parts=[], pictures=[], problems=[])
    try:
        old = _package(session, draft.process_key, picked.value, actor=actor, now=now)
        new = process_drafts.package_of(session, draft)
    except PackageRefused as refusal:
        return ComparePage(
            others=others, old_name=picked.name, new_name=new_name, parts=[], pictures=[], problems=refusal.problems
        )
    return compare_packages(draft, old, new, others=others, names=(picked.name, new_name), whole=whole)


def compare_packages(
    draft: ProcessDraft, old: Package, new: Package, *, others: list[Other], names: tuple[str, str], whole: bool = False
) -> ComparePage:
    """Say what differs between two states of a process, and draw it."""
    differences = compare(old, new)
    parts = group_differences(draft, differences)
    pictures = list(_pictures(old, new, differences, whole=whole))
    return ComparePage(
        others=others, old_name=names[0], new_name=names[1], parts=parts, pictures=pictures, problems=[], is_whole=whole
    )


def group_differences(draft: ProcessDraft, differences: Sequence[Difference]) -> list[Part]:
    """Say differences, by the part of the process that they are in."""
    return [
        Part(name=str(name), sentences=[_sentence(draft, each) for each in differences if each.part == key])
        for key, name in _PARTS
        if any(each.part == key for each in differences)
    ]


def read_changed(session: Session, draft: ProcessDraft, name: str, content: bytes) -> tuple[Package, Package]:
    """Read a draft as it is stored, and as it would be with one file as somebody else wrote it.

    Raises:
        PackageRefused: One of the two cannot be read.
    """
    files = process_drafts.files_of(session, draft)
    return process_drafts.package_of(session, draft), read_package(draft.process_key, {**files, name: content})


def _others(session: Session, draft: ProcessDraft, chosen: str | None, *, actor: Actor, now: datetime) -> Iterator[Other]:
    versions = definitions.list_versions(session, draft.process_key)
    base = next((str(each.version) for each in versions if each.id == draft.base_version_id), None)
    wanted = chosen or base
    for version in versions:
        value = str(version.version)
        name = gettext("Version {number}").format(number=version.version)
        yield Other(value=value, name=name, is_chosen=value == wanted)
    for other in process_drafts.list_drafts(session, actor=actor, now=now, key=draft.process_key):
        if other.id != draft.id:
            name = gettext("Draft {number}").format(number=other.number)
            yield Other(value=other.id, name=name, is_chosen=other.id == wanted)


def _package(session: Session, key: str, value: str, *, actor: Actor, now: datetime) -> Package:
    if value.isdecimal():
        return definitions.get_package(session, definitions.get_version(session, key, int(value)).id)
    return process_drafts.package_of(session, process_drafts.get_draft(session, value, actor=actor, now=now))


def _sentence(draft: ProcessDraft, difference: Difference) -> Sentence:
    links = list(link_to(draft, difference.file, difference.where)) if difference.kind != "removed" else []
    return Sentence(kind=difference.kind, kind_name=str(_KINDS[difference.kind]), text=say(difference), links=links)


def _pictures(old: Package, new: Package, differences: Iterable[Difference], *, whole: bool) -> Iterator[Pair]:
    told = [each for each in differences if each.part == "diagram"]
    for file in dict.fromkeys(each.file for each in told):
        before, after = old.diagrams.get(file), new.diagrams.get(file)
        # A flow that was drawn to somewhere else goes and comes under one id: each side has kinds of its own.
        was = {each.where: each.kind for each in told if each.file == file and each.kind != "added"}
        is_now = {each.where: each.kind for each in told if each.file == file and each.kind != "removed"}
        for process in dict.fromkeys((*_changed(before, was), *_changed(after, is_now))):
            title = next((each.processes[process].name for each in (after, before) if each and process in each.processes), "")
            yield Pair(
                title=title or process,
                before=_draw(before, process, was, whole=whole),
                after=_draw(after, process, is_now, whole=whole),
            )


def _changed(diagram: Diagram | None, marks: Iterable[str]) -> Iterator[str]:
    """Yield the processes of a diagram in which something differs."""
    for key in marks if diagram is not None else ():
        if diagram is not None and key in diagram.elements:
            yield diagram.process_of(key).id
        elif diagram is not None and key in diagram.flows and diagram.flows[key].source in diagram.elements:
            yield diagram.process_of(diagram.flows[key].source).id


def _draw(diagram: Diagram | None, process: str, kinds: dict[str, str], *, whole: bool) -> str:
    if diagram is None or process not in diagram.processes:
        return ""
    flows = [diagram.flows[key] for key in kinds if key in diagram.flows]
    around = {key for key in kinds if key in diagram.elements} | {end for each in flows for end in (each.source, each.target)}
    around = {key for key in around if key in diagram.elements and diagram.process_of(key).id == process}
    return diagrams.draw(
        diagram,
        process=process,
        marks={key: _MARKS[kind] for key, kind in kinds.items()},
        names=dict(lane_names(diagram)),
        words={_MARKS[kind]: str(name) for kind, name in _KINDS.items()},
        title=diagram.processes[process].name or process,
        mirrored=direction() == "rtl",
        around=() if whole else sorted(around),
    )


def address_of(draft: ProcessDraft, other: str | None, *, whole: bool) -> str:
    """Give the address of the same comparison, drawn whole or in part."""
    facts: dict[str, Any] = {"with": other, "show": "whole" if whole else None}
    return url_for("studio.compare", draft_id=draft.id, **facts)
