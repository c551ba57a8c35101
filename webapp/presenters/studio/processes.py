"""The list of processes, and the page of one: its versions, its drafts, and what is running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import definitions, people, process_drafts
from services.cases import counting
from services.errors import NotFound
from services.models.definitions import ProcessRelease, ProcessVersion
from services.models.process_drafts import ProcessDraft
from services.people import SYSTEM, Actor
from webapp.navigation import has_page
from webapp.presenters.moments import show_moment
from webapp.presenters.studio.bars import say_origin, say_saved, say_state
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """A draft in a list."""

    title: str
    origin: str
    saved: Markup
    state: Word
    address: str


@dataclass(frozen=True, kw_only=True)
class ProcessRow:
    """A process in the list."""

    title: str
    address: str
    version: int
    since: Markup
    running: int


@dataclass(frozen=True, kw_only=True)
class ReleaseRow:
    """A version that came into use.

    Attributes:
        running: Cases that still run on it; None for an earlier use of the same version.
        links: What can be done with it.
    """

    version: int
    is_current: bool
    since: Markup
    by: str
    note: str
    running: int | None
    links: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Index:
    """The studio's first page."""

    drafts: list[DraftRow]
    processes: list[ProcessRow]


@dataclass(frozen=True, kw_only=True)
class ProcessPage:
    """One process."""

    key: str
    title: str
    about: str
    is_published: bool
    drafts: list[DraftRow]
    releases: list[ReleaseRow]


def get_index(session: Session, *, actor: Actor, now: datetime) -> Index:
    """List what the actor looks after.

    Raises:
        NotFound: The actor looks after nothing.
    """
    owned = [
        version
        for version in definitions.list_current_versions(session)
        if process_drafts.may_own(session, version.key, actor=actor, now=now)
    ]
    if not owned and not process_drafts.may_own(session, None, actor=actor, now=now):
        raise NotFound
    running = counting.count_running(session, [version.key for version in owned])
    return Index(
        drafts=[_draft_row(session, each, actor) for each in process_drafts.list_drafts(session, actor=actor, now=now)],
        processes=[
            ProcessRow(
                title=_title(session, version),
                address=url_for("studio.process", key=version.key),
                version=version.version,
                since=show_moment(version.published_at, now=now),
                running=sum(count for (key, _), count in running.items() if key == version.key),
            )
            for version in owned
        ],
    )


def get_process(session: Session, key: str, *, actor: Actor, now: datetime) -> ProcessPage:
    """Show a process with its drafts and versions.

    Raises:
        NotFound: There is neither a version nor a draft of it, or the actor does not look after it.
    """
    drafts = process_drafts.list_drafts(session, actor=actor, now=now, key=key)
    releases = definitions.list_releases(session, key)
    if not (drafts or releases) or not process_drafts.may_own(session, key, actor=actor, now=now):
        raise NotFound
    newest = releases[0].version if releases else None
    return ProcessPage(
        key=key,
        title=_title(session, newest) if newest is not None else drafts[0].title,
        about=Texts.of(definitions.get_package(session, newest.id)).about() if newest is not None else "",
        is_published=newest is not None,
        drafts=[_draft_row(session, each, actor) for each in drafts],
        releases=_release_rows(session, key, releases, now),
    )


def _draft_row(session: Session, draft: ProcessDraft, actor: Actor) -> DraftRow:
    base = session.get(ProcessVersion, draft.base_version_id) if draft.base_version_id is not None else None
    return DraftRow(
        title=draft.title,
        origin=say_origin(draft, base),
        saved=say_saved(session, draft, actor=actor),
        state=say_state(draft),
        address=url_for("studio.draft", draft_id=draft.id),
    )


def _release_rows(session: Session, key: str, releases: list[ProcessRelease], now: datetime) -> list[ReleaseRow]:
    running = counting.count_running(session, [key])
    names = people.names_of(session, {each.released_by for each in releases} - {SYSTEM.person})
    told: set[str] = set()
    rows = []
    for release in releases:
        is_first = release.version_id not in told
        told.add(release.version_id)
        rows.append(
            ReleaseRow(
                version=release.version.version,
                is_current=release is releases[0],
                since=show_moment(release.released_at, now=now),
                by=names.get(release.released_by, gettext("the system")),
                note=release.note,
                running=running.get((key, release.version_id), 0) if is_first else None,
                links=_links(key, release.version.version, is_current=release is releases[0]) if is_first else [],
            )
        )
    return rows


def _links(key: str, version: int, *, is_current: bool) -> list[tuple[str, str]]:
    found: list[tuple[str, str, dict[str, Any]]] = [(gettext("Export"), "studio.export_version", {"version": version})]
    if not is_current:
        found.append((gettext("Move its cases"), "studio.move", {"version": version}))
        found.append((gettext("Go back to it"), "studio.roll_back", {"version": version}))
    return [(text, url_for(endpoint, key=key, **facts)) for text, endpoint, facts in found if has_page(endpoint)]


def _title(session: Session, version: ProcessVersion) -> str:
    return Texts.of(definitions.get_package(session, version.id)).title(version.title)
