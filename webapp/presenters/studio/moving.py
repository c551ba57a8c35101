"""Moving the running cases of an old version to the one in use: what would become of each, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import definitions
from services.cases import batches
from services.models.migrating import GONE, MOVED, REFUSED, WAITING, Migration
from webapp.i18n import say
from webapp.presenters.moments import show_moment
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word, word
from webapp.speech import gettext

_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class MoveRow:
    """A running case, and what would become of it."""

    number: str
    word: Word
    said: list[str]


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """A batch of moves that was asked for.

    Attributes:
        figures: How many cases wait, were moved, were not, or were over by then.
        undo_address: Where its cases are moved back; None while it runs or when nothing was moved.
    """

    said: str
    when: Markup
    figures: str
    undo_address: str | None


@dataclass(frozen=True, kw_only=True)
class MovePage:
    """What would become of the running cases of a version."""

    key: str
    title: str
    source: int
    target: int
    movable: int
    rows: list[MoveRow]
    more: int
    batches: list[BatchRow]


def get_move(session: Session, key: str, source: int, *, now: datetime) -> MovePage:
    """Say what would become of every running case of a version if it were moved to the one in use.

    Raises:
        NotPublished: There is no such version.
    """
    target = definitions.current_version(session, key)
    number, title = target.version, Texts.of(definitions.get_package(session, target.id)).title(target.title)
    plan = batches.plan_migration(session, key, source, number, {}, now=now)
    return MovePage(
        key=key,
        title=title,
        source=source,
        target=number,
        movable=plan.movable,
        rows=[
            MoveRow(number=each.number, word=_say_state(each.state), said=[say(problem) for problem in each.said])
            for each in plan.reports[:_SHOWN]
        ],
        more=max(0, len(plan.reports) - _SHOWN),
        batches=[_batch_row(session, each, now) for each in batches.list_migrations(session, key)],
    )


def _batch_row(session: Session, migration: Migration, now: datetime) -> BatchRow:
    counts = batches.count_cases(session, migration.id)
    figures = gettext("{moved} moved, {refused} not possible, {waiting} waiting").format(
        moved=counts[MOVED], refused=counts[REFUSED] + counts[GONE], waiting=counts[WAITING]
    )
    said = gettext("From version {source} to version {target}")
    is_over = migration.finished_at is not None and counts[MOVED] > 0
    return BatchRow(
        said=said.format(source=migration.from_version.version, target=migration.to_version.version),
        when=show_moment(migration.asked_at, now=now),
        figures=figures,
        undo_address=url_for("studio.move_back", key=migration.process_key, batch=migration.id) if is_over else None,
    )


def _say_state(state: str) -> Word:
    if state == MOVED:
        return word(gettext("Can be moved"), "good")
    return word(gettext("Cannot be moved"), "bad") if state == REFUSED else word(gettext("Over"), "closed")
