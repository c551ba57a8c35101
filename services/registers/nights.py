"""Places by night: how many of those under the ceiling of an area are used, reserved and free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.models.areas import Area, AreaState
from services.models.ceilings import CeilingEntry, CeilingNight


@dataclass(frozen=True, kw_only=True, slots=True)
class Night:
    """The places of an area on one night.

    Attributes:
        night: The day on whose evening it begins, by the area's own calendar.
        ceiling: None when nothing limits the number of people.
        posted: Those who are posted there, and fill a place on every night.
        used: Places of travellers who were granted them.
        reserved: Places that are held until a decision is taken.
    """

    night: date
    ceiling: int | None
    posted: int
    used: int
    reserved: int

    @property
    def taken(self) -> int:
        """All that fill a place, whether granted or held."""
        return self.posted + self.used + self.reserved

    @property
    def free(self) -> int | None:
        """The places that are left, never below zero; None without a ceiling."""
        return None if self.ceiling is None else max(self.ceiling - self.taken, 0)

    @property
    def beyond(self) -> int:
        """How many are there above the ceiling, by an act of the Designated Official."""
        return 0 if self.ceiling is None else max(self.taken - self.ceiling, 0)


def places_by_night(session: Session, area: Area, first: date, count: int) -> list[Night]:
    """Return the places of an area on so many nights. Three queries, whatever their number."""
    nights = [first + timedelta(days=number) for number in range(count)]
    taken = dict(session.execute(_among(CeilingNight, area, nights, CeilingNight.night, CeilingNight.taken)).all())
    used = _read_used(session, area, nights)
    states = _read_states(session, area, nights[-1])
    return [_night(night, area, states, taken=taken.get(night, 0), used=used.get(night, 0)) for night in nights]


def _night(night: date, area: Area, states: Sequence[AreaState], *, taken: int, used: int) -> Night:
    """Put one night together; what holds in the area at the end of the day counts for the night."""
    ends_at = datetime.combine(night + timedelta(days=1), time(), ZoneInfo(area.zone)).astimezone(UTC)
    state = next((each for each in states if each.valid_from < ends_at), None)
    return Night(
        night=night,
        ceiling=state.ceiling if state else None,
        posted=state.present if state else 0,
        used=used,
        reserved=max(taken - used, 0),
    )


def _among(model: Any, area: Area, nights: Sequence[date], *columns: Any) -> Any:
    return select(*columns).where(model.area == area.code, model.night.between(nights[0], nights[-1]))


def _read_used(session: Session, area: Area, nights: Sequence[date]) -> dict[date, int]:
    """Return the places of units whose reservation was turned into presence, by night."""
    columns = (CeilingEntry.night, func.sum(CeilingEntry.quantity).label("held"))
    consumed = func.max(case((CeilingEntry.kind == "CONSUME", 1), else_=0)) == 1
    units = _among(CeilingEntry, area, nights, *columns).group_by(CeilingEntry.night, CeilingEntry.unit_key).having(consumed)
    found = units.subquery()
    rows = session.execute(select(found.c.night, func.sum(found.c.held)).group_by(found.c.night)).all()
    return {night: int(held) for night, held in rows}


def _read_states(session: Session, area: Area, last: date) -> Sequence[AreaState]:
    """Return what holds and was announced up to the last night, the latest first."""
    until = datetime.combine(last + timedelta(days=2), time(), UTC)
    query = select(AreaState).where(AreaState.area == area.code, AreaState.valid_from < until)
    return session.scalars(query.order_by(AreaState.valid_from.desc())).all()
