"""Telling somebody something: one row for each person, kept once, with the plan of its mail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.models.base import new_id
from services.models.notices import Notice
from services.models.outbox import OutboxMessage
from services.notices.planning import plan
from services.notices.preferences import readers
from services.notices.texts import common, kind_of
from workflows.packages import Message

_OF_SOURCE = select(Notice).where(Notice.source == bindparam("source"), Notice.person.in_(bindparam("persons", expanding=True)))


def tell(
    session: Session,
    persons: Collection[str],
    code: str,
    *,
    source: str,
    now: datetime,
    variables: dict[str, Any] | None = None,
    address: str | None = None,
    is_read: bool = False,
) -> None:
    """Tell people something that is about no case; of one source each is told once.

    Args:
        address: The path of the page that it leads to.
        is_read: It goes out by mail only and is not counted as unread.
    """
    text = common().get(code)
    kind, urgent = kind_of(text), text is not None and text.urgent
    for person, reader in readers(session, sorted(set(persons))).items():
        planned = plan(reader.habits, reader.calendar, kind=kind, urgent=urgent, now=now)
        row = _row(source, person, code, kind, now) | {"variables": variables or {}, "address": address, "urgent": urgent}
        mail_at = now if is_read else planned.mail_at
        _insert(
            session, row | {"mail_at": mail_at, "digest": planned.digest and not is_read, "read_at": now if is_read else None}
        )


def keep_notices(
    session: Session, message: OutboxMessage, text: Message, persons: Collection[str], *, now: datetime
) -> dict[str, Notice]:
    """Keep a notice of the outbox for each of its receivers, once, however often it is tried to be sent; answers them all."""
    urgent = is_urgent(message, text)
    for person in persons:
        row = _row(message.id, person, message.code, kind_of(text), now) | {"variables": message.variables, "urgent": urgent}
        _insert(session, row | {"case_id": message.case_id, "version_id": message.version_id, "digest": False})
    found = session.scalars(_OF_SOURCE, {"source": message.id, "persons": list(persons)}) if persons else ()
    return {notice.person: notice for notice in found}


_INSERTS: dict[str, Any] = {
    name: insert(Notice).on_conflict_do_nothing(index_elements=["source", "person"])
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def is_urgent(message: OutboxMessage, text: Message) -> bool:
    """Say whether a notice cannot wait: its text says so, or whoever sends it."""
    return text.urgent or bool(message.variables.get("urgent"))


def _row(source: str, person: str, code: str, kind: str, now: datetime) -> dict[str, Any]:
    return {"id": new_id(), "source": source, "person": person, "code": code, "kind": kind, "told_at": now, "attempts": 0}


def _insert(session: Session, row: dict[str, Any]) -> None:
    session.execute(_INSERTS[session.get_bind().dialect.name], [row])
