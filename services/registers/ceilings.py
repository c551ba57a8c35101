"""Places under a ceiling: taken, given back, and never sold twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.models.base import new_id
from services.models.ceilings import CeilingEntry, CeilingNight
from services.registers.areas import get_area


def nights_of(session: Session, area: str, arrive_at: datetime, depart_at: datetime) -> list[date]:
    """Return the nights of a stay by the area's own calendar; a stay within a day fills the place of that night too."""
    zone = ZoneInfo(get_area(session, area).zone)
    first, last = arrive_at.astimezone(zone).date(), depart_at.astimezone(zone).date()
    return [first + timedelta(days=n) for n in range(max((last - first).days, 1))]


def count_free(session: Session, area: str, nights: Sequence[date], room: int) -> int:
    """Return the free places on the worst of some nights, never below zero."""
    query = select(func.max(CeilingNight.taken)).where(CeilingNight.area == area, CeilingNight.night.in_(nights))
    return max(room - (session.scalar(query) or 0), 0)


def count_held(session: Session, unit_key: str) -> dict[date, int]:
    """Return the places that a unit holds, by night."""
    query = select(CeilingEntry.night, func.sum(CeilingEntry.quantity)).where(CeilingEntry.unit_key == unit_key)
    rows = session.execute(query.group_by(CeilingEntry.night)).all()
    return {night: int(quantity) for night, quantity in rows if quantity}


def reserve(
    session: Session,
    *,
    area: str,
    nights: Sequence[date],
    quantity: int,
    room: int,
    unit_key: str,
    organisation: str | None,
    now: datetime,
) -> bool:
    """Take places on every night, or on none.

    The condition is inside the statement that takes them: of two reservations for the last place, the second finds it false after
    waiting for the first, on both databases. A night that is full undoes the others by the savepoint.
    """
    _prepare_nights(session, area, nights)
    taking = update(CeilingNight).where(
        CeilingNight.area == area, CeilingNight.night.in_(nights), CeilingNight.taken + quantity <= room
    )
    savepoint = session.begin_nested()
    if _change(session, taking.values(taken=CeilingNight.taken + quantity)) != len(nights):
        savepoint.rollback()
        return False
    savepoint.commit()
    _enter(session, area, nights, "RESERVE", quantity, unit_key=unit_key, organisation=organisation, now=now)
    return True


def take_beyond(
    session: Session, *, area: str, nights: Sequence[date], quantity: int, unit_key: str, organisation: str | None, now: datetime
) -> None:
    """Take places whether free or not: the Designated Official's own act."""
    _prepare_nights(session, area, nights)
    taking = update(CeilingNight).where(CeilingNight.area == area, CeilingNight.night.in_(nights))
    _change(session, taking.values(taken=CeilingNight.taken + quantity))
    _enter(session, area, nights, "BEYOND", quantity, unit_key=unit_key, organisation=organisation, now=now)


def consume(session: Session, *, area: str, unit_key: str, organisation: str | None, now: datetime) -> None:
    """Note that reserved places are now used; done once per unit."""
    used = select(CeilingEntry.id).where(CeilingEntry.unit_key == unit_key, CeilingEntry.kind == "CONSUME").limit(1)
    if session.scalar(used) is None:
        nights = sorted(count_held(session, unit_key))
        _enter(session, area, nights, "CONSUME", 0, unit_key=unit_key, organisation=organisation, now=now)


def release(session: Session, *, area: str, unit_key: str, now: datetime, first: date | None = None) -> bool:
    """Give back every place that a unit holds, or those of nights from `first` on. Says whether there were any."""
    held = {
        night: taken for night, taken in count_held(session, unit_key).items() if taken > 0 and (first is None or night >= first)
    }
    for night, taken in sorted(held.items()):
        giving = update(CeilingNight).where(CeilingNight.area == area, CeilingNight.night == night)
        _change(session, giving.values(taken=CeilingNight.taken - taken))
        _enter(session, area, [night], "RELEASE", -taken, unit_key=unit_key, organisation=None, now=now)
    return bool(held)


def move_back(session: Session, entries: Iterable[Mapping[str, Any]], *, now: datetime) -> bool:
    """Undo movements of places by movements the other way; says False when a place that was given back is taken by another unit.

    The caller gives the transaction up then. How many places there are is nobody's question here: a place that was given back and
    is still there was free before.
    """
    for entry in entries:
        quantity = -int(entry["quantity"])
        if quantity == 0:
            continue
        known = select(func.max(CeilingEntry.at)).where(
            CeilingEntry.area == entry["area"], CeilingEntry.night == entry["night"], CeilingEntry.quantity > 0
        )
        latest = session.scalar(known)
        if quantity > 0 and latest is not None and latest > entry["at"]:
            return False
        moving = update(CeilingNight).where(CeilingNight.area == entry["area"], CeilingNight.night == entry["night"])
        _change(session, moving.values(taken=CeilingNight.taken + quantity))
        facts = {"unit_key": entry["unit_key"], "organisation": entry["organisation"], "now": now}
        _enter(session, entry["area"], [entry["night"]], "RESERVE" if quantity > 0 else "RELEASE", quantity, **facts)
    return True


def _prepare_nights(session: Session, area: str, nights: Sequence[date]) -> None:
    """Make the guard rows that are missing; on PostgreSQL lock them in one order, so that reservations never wait in a circle."""
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    rows = [{"area": area, "night": night, "taken": 0} for night in nights]
    session.execute(insert(CeilingNight.__table__).values(rows).on_conflict_do_nothing())
    if dialect == "postgresql":
        locked = select(CeilingNight.night).where(CeilingNight.area == area, CeilingNight.night.in_(nights))
        session.execute(locked.order_by(CeilingNight.night).with_for_update()).all()


def _change(session: Session, statement: Any) -> int:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)


def _enter(
    session: Session,
    area: str,
    nights: Iterable[date],
    kind: str,
    quantity: int,
    *,
    unit_key: str,
    organisation: str | None,
    now: datetime,
) -> None:
    session.add_all(
        CeilingEntry(
            id=new_id(),
            area=area,
            night=night,
            unit_key=unit_key,
            kind=kind,
            quantity=quantity,
            organisation=organisation,
            at=now,
        )
        for night in nights
    )
    session.flush()
