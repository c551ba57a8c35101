"""What will be forgotten in the next days, what is held, and what cannot go and why. Reading changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from services import authority
from services.errors import NotFound
from services.models.cases import Case
from services.models.definitions import ProcessVersion
from services.models.retention import ForgottenTotal
from services.people import SYSTEM, Actor
from services.retention.holding import AUDITOR
from services.retention.obstacles import HOLD, content_obstacles, is_free, is_held, record_obstacles
from services.retention.periods import RECORD_DAYS, content_is_over, days_kept, list_periods, record_is_over
from services.roles import ADMINISTRATOR
from services.waiting import NOT_OVER

#: So far ahead it can be asked, in days.
MOST_DAYS = 3650
MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewRow:
    """A process: for how many days it keeps what people wrote and the record, and how many of its cases are forgotten soon."""

    process_key: str
    version: ProcessVersion
    days: int
    record_days: int
    to_empty: int
    to_remove: int
    held: int
    removed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StayingCase:
    """A case that is held, or that stays although its time is over by then.

    Attributes:
        why: HOLD, or the code of an obstacle.
    """

    number: str
    process_key: str
    ended_at: datetime | None
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What happens up to a moment: the processes, and the cases that stay; of those the first two hundred."""

    until: datetime
    rows: list[PreviewRow]
    staying: list[StayingCase]


def is_overseer(session: Session, *, actor: Actor, now: datetime) -> bool:
    """Say whether the actor is shown what is forgotten of any process."""
    return bool(_list_processes(session, actor, now))


def preview(session: Session, *, days: int, actor: Actor, now: datetime) -> Preview:
    """Say what will be emptied and removed within some days, of the processes that the actor looks after or audits.

    Args:
        days: From 0 to `MOST_DAYS`; more or less counts as the nearest of these.

    Raises:
        NotFound: There is no process for the actor.
    """
    processes = _list_processes(session, actor, now)
    if not processes:
        raise NotFound
    until = now + timedelta(days=min(max(days, 0), MOST_DAYS))
    periods, keys = list_periods(session), list(processes)
    ended = Case.state.not_in(NOT_OVER)
    emptied = and_(Case.emptied_at.is_(None), ended, content_is_over(periods, until), is_free(until, content_obstacles))
    removed = and_(ended, record_is_over(periods, until), is_free(until, record_obstacles))
    to_empty, to_remove, held = (_count(session, keys, condition) for condition in (emptied, removed, is_held()))
    gone = _count_removed(session, keys)
    rows = [
        PreviewRow(
            process_key=key,
            version=version,
            days=days_kept(version),
            record_days=max(days_kept(version), RECORD_DAYS),
            to_empty=to_empty[key],
            to_remove=to_remove[key],
            held=held[key],
            removed=gone[key],
        )
        for key, version in processes.items()
    ]
    return Preview(until=until, rows=rows, staying=list(_list_staying(session, keys, periods, until, actor=actor, now=now)))


def _list_processes(session: Session, actor: Actor, now: datetime) -> dict[str, ProcessVersion]:
    """List the processes of the actor with their newest versions."""
    newest = select(ProcessVersion.key, func.max(ProcessVersion.version).label("version")).group_by(ProcessVersion.key).subquery()
    is_newest = and_(ProcessVersion.key == newest.c.key, ProcessVersion.version == newest.c.version)
    versions = session.scalars(select(ProcessVersion).join(newest, is_newest).order_by(ProcessVersion.key)).all()
    roles = {row.role for row in authority.roles_held(session, actor.person, now)}
    if actor.person == SYSTEM.person or roles & {AUDITOR, ADMINISTRATOR}:
        return {version.key: version for version in versions}
    owned = (each for each in versions if authority.looks_after(session, actor.person, each.manifest.get("owner_role"), now))
    return {version.key: version for version in owned}


def _count(session: Session, keys: Sequence[str], condition: ColumnElement[bool]) -> Counter[str]:
    counted = select(Case.process_key, func.count()).join(ProcessVersion, ProcessVersion.id == Case.version_id)
    rows = session.execute(counted.where(Case.process_key.in_(keys), condition).group_by(Case.process_key))
    return Counter({row[0]: row[1] for row in rows})


def _count_removed(session: Session, keys: Sequence[str]) -> Counter[str]:
    total = select(ForgottenTotal.process_key, func.sum(ForgottenTotal.cases)).where(ForgottenTotal.process_key.in_(keys))
    return Counter({row[0]: int(row[1]) for row in session.execute(total.group_by(ForgottenTotal.process_key))})


def _list_staying(
    session: Session, keys: Sequence[str], periods: list[int], until: datetime, *, actor: Actor, now: datetime
) -> Iterator[StayingCase]:
    """List the cases that the actor may know of and that stay: those that are held, then those that cannot go."""
    by_record, by_content = record_obstacles(until), content_obstacles(until)
    over = and_(
        Case.state.not_in(NOT_OVER), content_is_over(periods, until), Case.emptied_at.is_(None), or_(*by_content.values())
    )
    whole = and_(Case.state.not_in(NOT_OVER), record_is_over(periods, until), or_(*by_record.values()))
    columns: Any = (Case.number, Case.process_key, Case.ended_at, is_held().label(HOLD))
    stands: Mapping[str, ColumnElement[bool]] = by_record
    chosen = select(*columns, *(condition.label(code) for code, condition in stands.items()))
    chosen = chosen.join(ProcessVersion, ProcessVersion.id == Case.version_id)
    known = true() if actor.person == SYSTEM.person else authority.is_open_to_actor(Case.id)
    chosen = chosen.where(Case.process_key.in_(keys), or_(is_held(), over, whole), known)
    listed = chosen.order_by(is_held().desc(), Case.ended_at, Case.number).limit(MOST_LISTED)
    for row in session.execute(listed, {"acting_person": actor.person, "acting_now": now}).mappings():
        why = HOLD if row[HOLD] else next(code for code in stands if row[code])
        yield StayingCase(number=row["number"], process_key=row["process_key"], ended_at=row["ended_at"], why=why)
