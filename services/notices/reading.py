"""What a person was told, as the page shows it: newest first, in the reader's language, without what they may no longer know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from services.authority.confinement import is_open_to
from services.authority.ways import NOW, PERSON
from services.errors import NotFound
from services.models.cases import Case
from services.models.notices import Notice
from services.notices.planning import DIGEST
from services.notices.wording import words_for
from services.notices.writing import Said, say_notice
from services.people import Actor
from services.prepared import Prepared

ROWS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One notice as its reader sees it."""

    id: str
    kind: str
    urgent: bool
    told_at: datetime
    read_at: datetime | None
    number: str | None
    said: Said


def _is_open() -> ColumnElement[bool]:
    return or_(Notice.case_id.is_(None), is_open_to(PERSON, NOW, Notice.case_id))


def _count_query() -> Select[Any]:
    mine = (Notice.person == bindparam("acting_person", type_=String), Notice.read_at.is_(None), _is_open())
    return select(func.count().label("unread")).select_from(Notice).where(*mine)


_COUNT = Prepared(_count_query)


def count_unread(session: Session, *, actor: Actor, now: datetime) -> int:
    """Return how many notices the actor has not read. One query."""
    return int(_COUNT.rows(session, acting_person=actor.person, acting_now=now)[0].unread)


def list_notices(
    session: Session, *, actor: Actor, now: datetime, locale: str, offset: int = 0, limit: int = ROWS
) -> tuple[list[Told], bool]:
    """Return a page of what the actor was told, and whether there is more. Four queries, however many there are."""
    query = (
        select(Notice, Case)
        .outerjoin(Case, Case.id == Notice.case_id)
        .where(Notice.person == actor.person, Notice.kind != DIGEST, _is_open())
        .order_by(Notice.told_at.desc(), Notice.id)
        .limit(limit + 1)
        .offset(offset)
    )
    rows = session.execute(query, {"acting_person": actor.person, "acting_now": now}).all()
    words = words_for(session, [notice.variables for notice, _ in rows])
    told = [
        Told(
            id=notice.id,
            kind=notice.kind,
            urgent=notice.urgent,
            told_at=notice.told_at,
            read_at=notice.read_at,
            number=case.number if case is not None else None,
            said=say_notice(session, notice, locale=locale, case=case, wording=words),
        )
        for notice, case in rows[:limit]
    ]
    return told, len(rows) > limit


def mark_read(session: Session, notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Note that the actor has read a notice; answers the path of the page that it leads to.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    notice = session.get(Notice, notice_id)
    if notice is None or notice.person != actor.person:
        raise NotFound
    notice.read_at = notice.read_at or now
    case = session.get(Case, notice.case_id) if notice.case_id else None
    return notice.address or (f"/cases/{case.number}" if case is not None else "/notifications")


def mark_all_read(session: Session, *, actor: Actor, now: datetime) -> None:
    """Note that the actor has read everything so far."""
    rows = update(Notice).where(Notice.person == actor.person, Notice.read_at.is_(None), Notice.told_at <= now)
    session.execute(rows.values(read_at=now), execution_options={"synchronize_session": False})
