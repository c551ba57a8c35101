"""Putting events and messages onto the bus, in the transaction of the act that causes them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.database import POSTED
from services.errors import OperationFailed
from services.models.bus import EVENT, MESSAGE, BusEvent
from services.models.cases import Case
from services.people import Actor
from workflows import engine
from workflows.engine.moments import TimerInvalid, add_duration

#: A message that nobody waits for is kept so long, unless its throw says something else.
KEPT = timedelta(days=30)
#: Properties of a throwing event: whom it concerns, and how long a message is kept.
AREA, TTL = "event.area", "message.ttl"
LONGEST = 120
_count = itertools.count()


def post_event(
    session: Session,
    kind: str,
    *,
    area: str | None,
    payload: Mapping[str, Any],
    by: str,
    now: datetime,
    effective_at: datetime | None = None,
    case_id: str | None = None,
    channel: str = EVENT,
    key: str | None = None,
    expires_at: datetime | None = None,
) -> BusEvent:
    """Put something onto the bus; whoever listens is told after the commit.

    Args:
        effective_at: When it begins to count; what is announced for later is told then.
        case_id: The case that it comes from.
        key, expires_at: Of a message: what it is matched by, and how long it is kept.
    """
    event = BusEvent(
        id=_next_id(now),
        channel=channel,
        kind=kind[:LONGEST],
        key=None if key is None else key[:LONGEST],
        area=area,
        payload=dict(payload),
        created_by=by,
        created_by_case=case_id,
        at=now,
        effective_at=effective_at or now,
        expires_at=expires_at,
    )
    session.add(event)
    ring(session)
    return event


def post_thrown(session: Session, case: Case, changes: engine.Changes, *, actor: Actor, now: datetime) -> None:
    """Put the signals and messages that an act has thrown onto the bus.

    Raises:
        OperationFailed: The diagram says a time to keep a message that is no duration.
    """
    for out in changes.thrown:
        if out.kind not in {"signal", "message"}:
            continue
        area = out.properties.get(AREA) or case.area
        facts: dict[str, Any] = {}
        if out.kind == "message":
            facts = {"channel": MESSAGE, "key": out.key or "", "expires_at": _expiry(out, now)}
        post_event(session, out.name, area=area, payload=out.payload, by=actor.person, now=now, case_id=case.id, **facts)


def ring(session: Session) -> None:
    """Let the bus look for work as soon as the transaction of this session is committed."""
    session.info[POSTED] = True


def _expiry(out: engine.Thrown, now: datetime) -> datetime:
    text = out.properties.get(TTL)
    try:
        return now + KEPT if text is None else add_duration(now, str(text))
    except TimerInvalid as error:
        raise OperationFailed(cause=str(error)) from error


def _next_id(now: datetime) -> str:
    """Make an id that is greater than those made before at the same moment, and that nobody can guess."""
    moment = int(now.timestamp() * 1_000_000)
    return f"{moment:014x}{next(_count) & 0xFFFFFF:06x}{secrets.token_hex(6)}"
