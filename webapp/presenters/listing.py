"""Lists of cases: all that the reader may see, and what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import cases, definitions, overview, people
from services.models.cases import Case
from services.people import Actor
from webapp.i18n import language
from webapp.presenters.moments import show_date
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word, say_status

ROWS_PER_PAGE = 30
MOST_PAGES = 10_000


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case in one line."""

    number: str
    subject: str
    requester: str
    started: Markup
    word: Word


@dataclass(frozen=True, kw_only=True)
class CaseList:
    """One page of cases, with the addresses of the pages beside it."""

    rows: list[CaseRow]
    newer: str | None
    older: str | None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search found; `exact` is the number of the case when the whole number was typed."""

    rows: list[CaseRow]
    exact: str | None


def list_page(session: Session, *, actor: Actor, now: datetime, number: int) -> CaseList:
    """List one page of the cases of which the actor may see something."""
    page = min(max(number, 1), MOST_PAGES)
    offset = (page - 1) * ROWS_PER_PAGE
    listed, total = cases.list_cases(session, actor=actor, now=now, own=False, limit=ROWS_PER_PAGE, offset=offset)
    return CaseList(
        rows=_rows(session, listed, actor=actor, now=now),
        newer=url_for("cases.index", page=page - 1) if page > 1 else None,
        older=url_for("cases.index", page=page + 1) if offset + len(listed) < total else None,
    )


def search(session: Session, text: str, *, actor: Actor, now: datetime) -> Found:
    """Find cases of which the actor may see something."""
    found = overview.find_cases(session, text, actor=actor, now=now)
    exact = next((case.number for case in found if case.number == text.strip().upper()), None)
    return Found(rows=_rows(session, found, actor=actor, now=now), exact=exact)


def _rows(session: Session, listed: Sequence[Case], *, actor: Actor, now: datetime) -> list[CaseRow]:
    """Write a line per case; where the reader sees only a part, the name of the process stands for the subject."""
    names = people.names_of(session, {case.requester for case in listed})
    whole = overview.pick_wholly_visible(session, listed, actor=actor, now=now)
    places = overview.name_places(session, {case.area for case in listed}, locale=language())
    versions = {case.version_id for case in listed}
    texts = {version_id: Texts.of(definitions.get_package(session, version_id)) for version_id in versions}
    return [
        CaseRow(
            number=case.number,
            subject=texts[case.version_id].subject(case.subject if case.id in whole else "", places.get(case.area or "")),
            requester=names[case.requester],
            started=show_date(case.started_at),
            word=say_status(case.status or case.outcome, state=case.state),
        )
        for case in listed
    ]
