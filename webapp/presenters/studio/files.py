"""The files of a draft, with where each is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import process_drafts
from services.models.process_drafts import DraftFile, ProcessDraft
from webapp.navigation import has_page
from webapp.presenters.moments import show_moment
from webapp.speech import gettext
from workflows.errors import PackageRefused

#: Kinds of files: the name of the group, and how the names of its files begin and end.
_KINDS: tuple[tuple[Any, str, str], ...] = (
    (lazy_gettext("Diagrams"), "", ".bpmn"),
    (lazy_gettext("Decision tables"), "", ".dmn"),
    (lazy_gettext("Forms"), "forms/", ".form"),
    (lazy_gettext("Notices"), "messages/", ".md"),
    (lazy_gettext("Translations"), "i18n/", ".toml"),
    (lazy_gettext("Scenarios"), "scenarios/", ".yaml"),
    (lazy_gettext("Settings and notes"), "", ""),
)
_OUTLINES = ((".bpmn", "studio.outline"), (".dmn", "studio.rules"), (".form", "studio.fields"))
_DRAWN = (".bpmn", ".dmn", ".form")


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A file in the list.

    Attributes:
        title: What it holds, in words, as far as it can be read.
        links: Other ways to it.
    """

    name: str
    title: str
    saved: Markup
    address: str
    links: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class FileGroup:
    """Files of one kind."""

    name: str
    files: list[FileRow]


@dataclass(frozen=True, kw_only=True)
class FilesPage:
    """All files of a draft.

    Attributes:
        links: What can be done with the whole draft.
    """

    groups: list[FileGroup]
    links: list[tuple[str, str]]


def get_files(session: Session, draft: ProcessDraft) -> FilesPage:
    """List the files of a draft by kind."""
    titles = _titles(session, draft)
    rows = {file.name: _row(draft, file, titles.get(file.name, file.name)) for file in process_drafts.list_files(session, draft)}
    groups = []
    for name, start, end in _KINDS:
        chosen = [each for each in rows if each.startswith(start) and each.endswith(end) and (start or "/" not in each)]
        files = [rows.pop(each) for each in chosen]
        if files:
            groups.append(FileGroup(name=str(name), files=files))
    places = ((gettext("Export as a zip file"), "studio.export"), (gettext("Import files"), "studio.import_files"))
    links = [(text, url_for(endpoint, draft_id=draft.id)) for text, endpoint in places if has_page(endpoint)]
    return FilesPage(groups=groups, links=links)


def _row(draft: ProcessDraft, file: DraftFile, title: str) -> FileRow:
    links = list(_links(draft, file.name))
    return FileRow(
        name=file.name,
        title=title,
        saved=show_moment(file.saved_at) if file.revision > 1 else Markup(""),
        address=links[0][1],
        links=links[1:],
    )


def _links(draft: ProcessDraft, name: str) -> Iterator[tuple[str, str]]:
    if name.endswith(_DRAWN) and has_page("studio.edit"):
        yield gettext("Edit"), url_for("studio.edit", draft_id=draft.id, name=name)
    for ending, endpoint in _OUTLINES:
        if name.endswith(ending):
            yield gettext("Outline"), url_for(endpoint, draft_id=draft.id, name=name)
    yield gettext("Text"), url_for("studio.source", draft_id=draft.id, name=name)
    yield gettext("Download"), url_for("studio.file", draft_id=draft.id, name=name)


def _titles(session: Session, draft: ProcessDraft) -> dict[str, str]:
    try:
        package = process_drafts.package_of(session, draft)
    except PackageRefused:
        return {}
    return {
        name: next((each.name for each in diagram.processes.values() if each.name), name)
        for name, diagram in package.diagrams.items()
    }
