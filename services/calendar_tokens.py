"""Reading one's calendar without signing in: a secret address that its person makes, renews and takes back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.calendar_tokens import CalendarToken
from services.people import Actor, actor_named
from workflows.errors import SafeconductError

WINDOW = timedelta(hours=1)
#: A calendar program asks a few times an hour; whoever asks more often has to wait.
MOST_READS = 60
_BYTES = 32


class ReadTooOften(SafeconductError):
    """This calendar was read too often. Try again in an hour."""


def create_calendar_token(session: Session, *, actor: Actor, now: datetime) -> str:
    """Make a secret for the actor and return it, the only time that it can be read; one from before holds no longer."""
    secret = secrets.token_urlsafe(_BYTES)
    token = session.get(CalendarToken, actor.person)
    if token is None:
        token = CalendarToken(person=actor.person, token_hash="", created_at=now, window_at=now, reads=0)
        session.add(token)
    token.token_hash, token.created_at, token.window_at, token.reads = _hash(secret), now, now, 0
    return secret


def revoke_calendar_token(session: Session, *, actor: Actor) -> None:
    """Take the actor's secret back; whoever still uses it finds nothing. Nothing to take back is fine."""
    token = session.get(CalendarToken, actor.person)
    if token is not None:
        session.delete(token)


def find_calendar_token(session: Session, *, actor: Actor) -> datetime | None:
    """Say since when the actor has a secret address; None without one."""
    token = session.get(CalendarToken, actor.person)
    return None if token is None else token.created_at


def open_calendar(session: Session, secret: str, *, now: datetime) -> Actor:
    """Return whose calendar a secret opens, and count that it was read.

    Raises:
        NotFound: Nobody has this secret, or nobody has it any more.
        ReadTooOften: It was read too often lately.
    """
    token = session.scalars(select(CalendarToken).where(CalendarToken.token_hash == _hash(secret))).one_or_none()
    if token is None:
        raise NotFound
    if now - token.window_at >= WINDOW:
        token.window_at, token.reads = now, 0
    if token.reads >= MOST_READS:
        raise ReadTooOften
    token.reads += 1
    return actor_named(session, token.person)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
