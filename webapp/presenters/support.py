"""Support after incidents as counsellors read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from services import support
from services.people import Actor
from services.support import Affected, MomentImpossible
from webapp.presenters.moments import Deadline, reader_zone, show_deadline, show_moment
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class Row:
    """Somebody to reach."""

    id: str
    name: str
    incident: str
    area: str
    reported: Markup
    outcome: str
    at: Markup
    deadline: Deadline | None


def list_rows(session: Session, *, actor: Actor, now: datetime) -> list[Row]:
    """List whom a counsellor has to reach first, then whom they reached."""
    return [_row(one, now) for one in support.list_affected(session, actor=actor, now=now)]


def get_row(session: Session, affected: str, *, actor: Actor, now: datetime) -> Row:
    """Read one of them."""
    return _row(support.get_affected(session, affected, actor=actor, now=now), now)


def read_at(text: str) -> datetime:
    """Read a moment as it was typed, by the reader's clock.

    Raises:
        MomentImpossible: It is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MomentImpossible from None
    return moment if moment.tzinfo else moment.replace(tzinfo=reader_zone())


def _row(one: Affected, now: datetime) -> Row:
    outcome = gettext("to be reached")
    if one.reached_at is not None:
        outcome = gettext("reached")
    elif one.declined_at is not None:
        outcome = gettext("declined")
    return Row(
        id=one.id,
        name=one.name,
        incident=one.incident,
        area=one.area,
        reported=show_moment(one.reported_at, now=now),
        outcome=outcome,
        at=show_moment(one.reached_at or one.declined_at, now=now),
        deadline=show_deadline(one.due_at, now=now) if one.is_waiting else None,
    )
