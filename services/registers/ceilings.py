"""Places under a ceiling: taken, given back, and never sold twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, String, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.models.base import new_id
from services.models.ceilings import CeilingEntry, CeilingNight
from services.prepared import Prepared, PreparedInsert
from services.registers.areas import get_area

_MOVED = Prepared(
    lambda: (
        select(CeilingEntry.night, CeilingEntry.kind, func.sum(CeilingEntry.quantity).label("quantity"))
        .where(CeilingEntry.unit_key == bindparam("unit_key"))
        .group_by(CeilingEntry.night, CeilingEntry.kind)
    )
)

_ENTRIES = PreparedInsert(CeilingEntry)
_NIGHTS: Any = CeilingNight.__table__
_MOST_TAKEN = Prepared(
    lambda: select(func.max(_NIGHTS.c.taken).label("taken")).where(
        _NIGHTS.c.area == bindparam("area", type_=String),
        _NIGHTS.c.night.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
)
_GIVING_BACK = (
    update(_NIGHTS)
    .where(_NIGHTS.c.area == bindparam("of_area"), _NIGHTS.c.night.in_(bindparam("nights", expanding=True)))
    .values(taken=_NIGHTS.c.taken - bindparam("quantity"))
)


def _taking(night: Any) -> Any:
    more = {"taken": _NIGHTS.c.taken + night.excluded.taken}
    return night.on_conflict_do_update(index_elements=["area", "night"], set_=more).returning(_NIGHTS.c.taken)


_TAKING = {"postgresql": _taking(postgresql.insert(_NIGHTS)), "sqlite": _taking(sqlite.insert(_NIGHTS))}


def nights_of(session: Session, area: str, arrive_at: datetime, depart_at: datetime) -> list[date]:
    """Return the nights of a stay by the area's own calendar; a stay within a day fills the place of that night too."""
    zone = ZoneInfo(get_area(session, area).zone)
    first, last = arrive_at.astimezone(zone).date(), depart_at.astimezone(zone).date()
    return [first + timedelta(days=n) for n in range(max((last - first).days, 1))]


def count_free(session: Session, area: str, nights: Sequence[date], room: int) -> int:
    """Return the free places on the worst of the nights of a stay, never below zero."""
    row = _MOST_TAKEN.rows(session, area=area, first=nights[0], last=nights[-1])[0]
    return max(room - (row.taken or 0), 0)


def count_held(session: Session, unit_key: str) -> dict[date, int]:
    """Return the places that a unit holds, by night."""
    held: Counter[date] = Counter()
    for row in _moved(session, unit_key):
        held[date.fromisoformat(str(row.night))] += int(row.quantity)
    return {night: quantity for night, quantity in held.items() if quantity}


def _moved(session: Session, unit_key: str) -> Sequence[Any]:
    """Return how many places of a unit were moved in which way, by night."""
    return _MOVED.recall(session, unit_key=unit_key)


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

    They are taken first and counted under the lock that this brings: of two reservations for the last place, the second waits for
    the first and then sees that there is one too many, on both databases. Nobody else sees it before it is given back.
    """
    if any(taken > room for taken in _take(session, area, nights, quantity)):
        _give_back(session, area, nights, quantity)
        return False
    _enter(session, area, nights, "RESERVE", quantity, unit_key=unit_key, organisation=organisation, now=now)
    return True


def take_beyond(
    session: Session, *, area: str, nights: Sequence[date], quantity: int, unit_key: str, organisation: str | None, now: datetime
) -> None:
    """Take places whether free or not: the Designated Official's own act."""
    _take(session, area, nights, quantity)
    _enter(session, area, nights, "BEYOND", quantity, unit_key=unit_key, organisation=organisation, now=now)


def consume(session: Session, *, area: str, unit_key: str, organisation: str | None, now: datetime) -> None:
    """Note that reserved places are now used; done once per unit."""
    if not any(row.kind == "CONSUME" for row in _moved(session, unit_key)):
        nights = sorted(count_held(session, unit_key))
        _enter(session, area, nights, "CONSUME", 0, unit_key=unit_key, organisation=organisation, now=now)


def release(session: Session, *, area: str, unit_key: str, now: datetime, first: date | None = None) -> bool:
    """Give back every place that a unit holds, or those of nights from `first` on. Says whether there were any."""
    held = {
        night: taken for night, taken in count_held(session, unit_key).items() if taken > 0 and (first is None or night >= first)
    }
    for night, taken in sorted(held.items()):
        _give_back(session, area, [night], taken)
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
        _give_back(session, entry["area"], [entry["night"]], -quantity)
        facts = {"unit_key": entry["unit_key"], "organisation": entry["organisation"], "now": now}
        _enter(session, entry["area"], [entry["night"]], "RESERVE" if quantity > 0 else "RELEASE", quantity, **facts)
    return True


def _take(session: Session, area: str, nights: Sequence[date], quantity: int) -> list[int]:
    """Take places and return how many are taken then, of each night; its row, which is the lock, is made where it is missing.

    On PostgreSQL the nights are locked in one order, so that reservations never wait in a circle; on SQLite the transaction is
    the lock.
    """
    rows = [{"area": area, "night": night, "taken": quantity} for night in sorted(nights)]
    return list(session.scalars(_TAKING[session.get_bind().dialect.name], rows))


def _give_back(session: Session, area: str, nights: Sequence[date], quantity: int) -> None:
    session.execute(_GIVING_BACK, {"of_area": area, "nights": list(nights), "quantity": quantity})


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
    moved = {"area": area, "unit_key": unit_key, "kind": kind, "quantity": quantity, "organisation": organisation, "at": now}
    _ENTRIES.add(session, [{"id": new_id(), "night": night, **moved} for night in nights])
