"""The page from which a draft is sent to its reviewer: what speaks for it, point by point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from services.models.process_drafts import WORKED_ON, ProcessDraft
from services.process_drafts import looking, publishing
from services.process_drafts.looking import Look
from webapp.presenters.words import Word, word
from webapp.speech import gettext, ngettext


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point of the list.

    Attributes:
        word: Whether it is done, missing, or to be looked at.
        shown: Where it is shown, as (text, address); None where there is nothing more to see.
    """

    word: Word
    sentence: str
    shown: tuple[str, str] | None


@dataclass(frozen=True, kw_only=True)
class PublishPage:
    """What is known of a draft before it is sent, or while it is reviewed.

    Attributes:
        case: Number of the case in which it is or was reviewed.
    """

    points: list[Point]
    ready: bool
    is_open: bool
    case: str | None


def get_publish(session: Session, draft: ProcessDraft, *, now: datetime) -> PublishPage:
    """List what speaks for a draft and what is missing."""
    look = looking.find_look(session, draft, now=now)
    review = publishing.find_review(session, draft)
    return PublishPage(
        points=list(_points(draft, look)),
        ready=look.ready,
        is_open=draft.state == WORKED_ON,
        case=review.number if review is not None else None,
    )


def _points(draft: ProcessDraft, look: Look) -> Iterator[Point]:
    yield _differences(draft, look)
    yield _check(draft, look)
    yield _proof(draft, look)
    yield _scenarios(draft, look)
    yield _replay(draft, look)
    yield _staffing(draft, look)


def _differences(draft: ProcessDraft, look: Look) -> Point:
    shown = gettext("Compare"), url_for("studio.compare", draft_id=draft.id)
    if look.base != look.in_use:
        said = gettext(
            "Version {version} came into use since this draft was begun. Compare with it: what it changed would be undone."
        )
        return Point(word=_note(), sentence=said.format(version=look.in_use), shown=shown)
    if look.in_use is None:
        return Point(word=_done(), sentence=gettext("The process is new."), shown=None)
    if not look.changed:
        return Point(word=_missing(), sentence=gettext("Nothing differs from the version in use."), shown=shown)
    said = ngettext(
        "%(num)d thing differs from the version in use.", "%(num)d things differ from the version in use.", look.differences
    )
    return Point(word=_done(), sentence=said, shown=shown)


def _check(draft: ProcessDraft, look: Look) -> Point:
    shown = gettext("Check"), url_for("studio.check", draft_id=draft.id)
    if look.problems:
        said = ngettext("%(num)d problem has to be mended.", "%(num)d problems have to be mended.", look.problems)
        return Point(word=_missing(), sentence=said, shown=shown)
    said = gettext("Nothing keeps it from being published.")
    if look.advice:
        more = ngettext("%(num)d piece of advice remains.", "%(num)d pieces of advice remain.", look.advice)
        said = f"{said} {more}"
    return Point(word=_done(), sentence=said, shown=shown)


def _proof(draft: ProcessDraft, look: Look) -> Point:
    shown = gettext("Check"), url_for("studio.check", draft_id=draft.id)
    if look.unproved:
        return Point(word=_note(), sentence=gettext("It is not proved that every case comes to its end."), shown=shown)
    return Point(word=_done(), sentence=gettext("It is proved that every case can come to its end."), shown=shown)


def _scenarios(draft: ProcessDraft, look: Look) -> Point:
    said = gettext("{passed} of {total} scenarios passed with exactly these files.").format(
        passed=look.passed, total=look.scenarios
    )
    mark = _done() if look.passed == look.scenarios else _missing()
    return Point(word=mark, sentence=said, shown=(gettext("Scenarios"), url_for("studio.scenarios", draft_id=draft.id)))


def _replay(draft: ProcessDraft, look: Look) -> Point:
    shown = gettext("Replay"), url_for("studio.replay", draft_id=draft.id)
    if look.replayed is None:
        said = gettext("Finished cases have not been tried again with exactly these files.")
        return Point(word=_missing(), sentence=said, shown=shown)
    said = gettext("{count} finished cases tried again: {differ} go another way, {stuck} stand still.")
    said = said.format(count=look.replayed, differ=look.differ, stuck=look.stuck)
    return Point(word=_note() if look.differ or look.stuck else _done(), sentence=said, shown=shown)


def _staffing(draft: ProcessDraft, look: Look) -> Point:
    if not look.unstaffed:
        return Point(word=_done(), sentence=gettext("Somebody holds every role that it names."), shown=None)
    said = ngettext("Nobody holds %(num)d role that it names.", "Nobody holds %(num)d roles that it names.", look.unstaffed)
    return Point(word=_note(), sentence=said, shown=(gettext("Check"), url_for("studio.check", draft_id=draft.id)))


def _done() -> Word:
    return word(gettext("Done"), "good")


def _missing() -> Word:
    return word(gettext("Missing"), "bad")


def _note() -> Word:
    return word(gettext("To look at"), "yours")
