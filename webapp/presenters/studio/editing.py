"""What an editor of the studio starts with: the file, what can be chosen in it, and every word that it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from lxml import etree
from sqlalchemy.orm import Session

from services import process_drafts
from services.models.process_drafts import WORKED_ON, ProcessDraft
from services.operations import CATALOGUE
from services.people import Actor
from webapp.i18n import say, say_way_out
from webapp.navigation import has_page
from webapp.presenters.roles import ROLE_NAMES
from webapp.presenters.studio.editor_words import TOOL_WORDS, WORDS
from workflows import dmn, feel
from workflows.diagrams import Element
from workflows.errors import DecisionRefused, PackageRefused, Problem, Refused
from workflows.feel.functions import BUILT_IN
from workflows.forms import Field, Form, read_form
from workflows.forms.fields import BOX_KINDS, LEAF_KINDS, STATIC_KINDS, asked
from workflows.packages import Package
from workflows.xml import XmlRefused, read_xml

#: Which editor opens a file, by the end of its name.
EDITORS = {".bpmn": "diagram", ".dmn": "table", ".form": "form"}
#: Where each is shown as a list, for the keyboard and for whoever sees no drawing.
OUTLINES = {"diagram": "studio.outline", "table": "studio.rules", "form": "studio.fields"}


@dataclass(frozen=True, kw_only=True)
class EditorPage:
    """An editor with its file.

    Attributes:
        kind: "diagram", "table" or "form".
        facts: What its script gets, as JSON.
        functions: The names of all functions of FEEL, of which its editor offers those that it can explain.
    """

    kind: str
    name: str
    facts: dict[str, Any]
    outline_address: str | None
    source_address: str
    file_address: str
    copy_address: str
    functions: list[str]
    compare_address: str | None


def find_editor(name: str) -> str | None:
    """Tell which editor opens a file; None when it is text only."""
    return next((kind for end, kind in EDITORS.items() if name.endswith(end)), None)


def get_editor(session: Session, draft: ProcessDraft, name: str, *, kind: str, actor: Actor) -> EditorPage | None:
    """Open a file of a draft; None when it is no text that an editor could read.

    Raises:
        NotFound: The draft has no such file.
    """
    kept = process_drafts.read_file(session, draft, name)
    try:
        content = kept.content.decode()
    except UnicodeDecodeError:
        return None
    addresses = _addresses(draft, name, kind)
    facts = {
        "draft": draft.id,
        "name": name,
        "person": actor.person,
        "revision": kept.revision,
        "content": content,
        "closed": draft.state != WORKED_ON,
        "addresses": addresses,
        "words": {key: str(text) for key, text in WORDS.items()},
        "tool_words": {key: str(text) for key, text in TOOL_WORDS.items()},
        "kinds": sorted(LEAF_KINDS | BOX_KINDS | STATIC_KINDS),
    }
    if kind == "diagram":
        facts |= _choices(session, draft)
    return EditorPage(
        kind=kind,
        name=name,
        facts=facts,
        outline_address=addresses["outline"],
        source_address=url_for("studio.source", draft_id=draft.id, name=name),
        file_address=addresses["save"],
        functions=sorted(BUILT_IN),
        copy_address=url_for("studio.copy", draft_id=draft.id),
        compare_address=_address("studio.compare", draft_id=draft.id),
    )


def _address(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if has_page(endpoint) else None


def _addresses(draft: ProcessDraft, name: str, kind: str) -> dict[str, Any]:
    return {
        "save": url_for("studio.save_file", draft_id=draft.id, name=name),
        "check": _address("studio.check", draft_id=draft.id, **{"as": "json"}),
        "outline": _address(OUTLINES[kind], draft_id=draft.id, name=name),
        "edit": url_for("studio.edit", draft_id=draft.id, name="x").removesuffix("/x"),
        "analysis": url_for("studio.analyse", draft_id=draft.id, name=name) if kind == "table" else None,
        "preview": url_for("studio.preview", draft_id=draft.id) if kind == "form" else None,
    }


def _choices(session: Session, draft: ProcessDraft) -> dict[str, Any]:
    """Everything that can be chosen in the panel of a diagram."""
    files = process_drafts.files_of(session, draft)
    try:
        package: Package | None = process_drafts.package_of(session, draft)
    except PackageRefused:
        package = None
    return {
        "roles": sorted(({"code": code, "name": str(name)} for code, name in ROLE_NAMES.items()), key=lambda each: each["name"]),
        "forms": [
            {
                "id": name.removeprefix("forms/").removesuffix(".form"),
                "address": url_for("studio.edit", draft_id=draft.id, name=name),
            }
            for name in sorted(files)
            if name.startswith("forms/")
        ],
        "decisions": list(_named(draft, files, ".dmn", "decision")),
        "processes": list(_named(draft, files, ".bpmn", "process")),
        "operations": [
            {"name": each.name, "about": " ".join(each.about.split()), "inputs": list(each.inputs)}
            for _, each in sorted(CATALOGUE.items())
        ],
        "variables": _variables(package) if package is not None else [],
    }


def _named(draft: ProcessDraft, files: Mapping[str, bytes], ending: str, tag: str) -> Iterator[dict[str, str]]:
    """Yield what the files of a kind define; a file that cannot be read has nothing to choose."""
    for name in sorted(each for each in files if each.endswith(ending)):
        with suppress(XmlRefused):
            for node in read_xml(files[name]):
                if isinstance(node.tag, str) and etree.QName(node).localname == tag and node.get("id"):
                    address = url_for("studio.edit", draft_id=draft.id, name=name, _anchor=node.get("id"))
                    yield {"id": str(node.get("id")), "name": str(node.get("name") or ""), "address": address}


def _variables(package: Package) -> list[dict[str, Any]]:
    """List the names that expressions of a process may read, each with where it comes from."""
    found: dict[str, dict[str, Any]] = {}
    for form in package.forms.values():
        for entry in _asked(form.fields, form):
            found.setdefault(entry["name"], entry)
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            for name in _written(element):
                found.setdefault(name, {"name": name, "info": element.name or element.id})
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            for name in _read(element):
                found.setdefault(name, {"name": name, "info": ""})
    return [found[name] for name in sorted(found)]


def _asked(fields: tuple[Field, ...], form: Form) -> Iterator[dict[str, Any]]:
    for each in asked(fields):
        entry: dict[str, Any] = {"name": each.key, "info": f"{form.id}: {each.label}"}
        if each.fields:
            entry["entries"] = list(_asked(each.fields, form))
        yield entry


def _written(element: Element) -> Iterator[str]:
    yield from (target.split(".")[0] for _, target in element.outputs)
    named = (element.called_decision, element.script)
    yield from (each[1] for each in named if each is not None and each[1])
    if element.loop is not None:
        yield from filter(None, (element.loop.output_collection, element.loop.input_element))


def _read(element: Element) -> Iterator[str]:
    """Yield what mappings read: what an operation answers is known by its use alone."""
    for source, _ in (*element.inputs, *element.outputs):
        if source.startswith("="):
            with suppress(feel.FeelError):
                yield from feel.parse(source[1:]).names


def analyse_tables(session: Session, draft: ProcessDraft, name: str) -> list[dict[str, Any]]:
    """Say what is wrong with the saved tables of a file: values that no rule covers, rules that overlap or never fire.

    Raises:
        NotFound: The draft has no such file.
    """
    process_drafts.read_file(session, draft, name)
    files = {each: content for each, content in process_drafts.files_of(session, draft).items() if each.endswith(".dmn")}
    try:
        model = dmn.read_models(files)[name]
    except DecisionRefused as refusal:
        return [
            _told(problem) for problem in refusal.problems if problem.where.split(": ")[0] == name or ": " not in problem.where
        ]
    return [_told(problem) for decision in model.decisions.values() for problem in dmn.analyse_table(decision)]


def _told(problem: Problem) -> dict[str, Any]:
    where = problem.where.rsplit(": ", 1)[-1]
    return {"where": where, "sentence": say(problem), "way_out": say_way_out(problem), "advice": problem.is_advice}


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A form as people would see it; None with what keeps it from being asked."""

    form: Form | None
    problems: list[Problem]
    scope: Mapping[str, Any]


def preview_form(content: bytes, *, now: datetime) -> Preview:
    """Read a form that is being changed, for a look at it."""
    try:
        return Preview(form=read_form(content, name=""), problems=[], scope={"now": now})
    except Refused as refusal:
        return Preview(form=None, problems=refusal.problems, scope={})
