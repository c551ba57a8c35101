"""The bar above every page of a draft: what it is, who saved it when, and where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import people
from services.models.definitions import ProcessVersion
from services.models.process_drafts import DISCARDED, PUBLISHED, SENT, WORKED_ON, ProcessDraft
from services.people import Actor
from webapp.navigation import has_page
from webapp.presenters.moments import show_moment
from webapp.presenters.words import Tone, Word, word
from webapp.speech import gettext

_TABS: tuple[tuple[str, Any], ...] = (
    ("studio.draft", lazy_gettext("Files")),
    ("studio.texts", lazy_gettext("Texts")),
    ("studio.check", lazy_gettext("Check")),
    ("studio.compare", lazy_gettext("Compare")),
    ("studio.try_draft", lazy_gettext("Try")),
    ("studio.scenarios", lazy_gettext("Scenarios")),
    ("studio.replay", lazy_gettext("Replay")),
    ("studio.publish", lazy_gettext("Publish")),
)
_STATES: dict[str, tuple[Any, Tone]] = {
    WORKED_ON: (lazy_gettext("Worked on"), "yours"),
    SENT: (lazy_gettext("In review"), "waiting"),
    PUBLISHED: (lazy_gettext("Published"), "good"),
    DISCARDED: (lazy_gettext("Given up"), "closed"),
}


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One page of a draft."""

    name: Any
    address: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What stands above every page of a draft.

    Attributes:
        origin: Which draft it is, and of which version.
        saved: Who saved it last, when.
        is_open: It can be changed.
    """

    draft_id: str
    process_key: str
    process_address: str
    title: str
    origin: str
    saved: Markup
    state: Word
    is_open: bool
    tabs: list[Tab]


def get_bar(session: Session, draft: ProcessDraft, *, actor: Actor) -> Bar:
    """Make the bar of a draft. One query, or two."""
    base = session.get(ProcessVersion, draft.base_version_id) if draft.base_version_id is not None else None
    return Bar(
        draft_id=draft.id,
        process_key=draft.process_key,
        process_address=url_for("studio.process", key=draft.process_key),
        title=draft.title,
        origin=say_origin(draft, base),
        saved=say_saved(session, draft, actor=actor),
        state=say_state(draft),
        is_open=draft.state == WORKED_ON,
        tabs=[
            Tab(name=name, address=url_for(endpoint, draft_id=draft.id), is_current=request.endpoint == endpoint)
            for endpoint, name in _TABS
            if has_page(endpoint)
        ],
    )


def say_origin(draft: ProcessDraft, base: ProcessVersion | None) -> str:
    """Say which draft it is and what it began as."""
    if base is None:
        return gettext("Draft {number} of a new process").format(number=draft.number)
    return gettext("Draft {number}, from version {version}").format(number=draft.number, version=base.version)


def say_saved(session: Session, draft: ProcessDraft, *, actor: Actor) -> Markup:
    """Say who saved a draft last, and when."""
    at = show_moment(draft.saved_at)
    if draft.saved_by == actor.person:
        return escape(gettext("saved by you {at}")).format(at=at)
    name = people.names_of(session, [draft.saved_by])[draft.saved_by]
    return escape(gettext("saved by {name} {at}")).format(name=name, at=at)


def say_state(draft: ProcessDraft) -> Word:
    """Say whether a draft is worked on, reviewed, published or given up."""
    text, tone = _STATES[draft.state]
    return word(str(text), tone)
