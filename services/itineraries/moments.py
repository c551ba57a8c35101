"""The moments of legs, on the clocks of their places. What does not fit together is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.itineraries.parts import Clock, Day, End, Leg, Note, Place
from services.itineraries.places import Names

#: The longest ways that are still one leg, on the road and at sea too; and how far clocks of two places can lie apart.
_LONGEST_LEG, _CLOCKS_APART = timedelta(hours=48), timedelta(hours=26)


def set_moments(leg: Leg, names: Names) -> Iterator[Note]:
    """Work out when a leg leaves and arrives, in local time without an offset."""
    left_on = _known(leg.departure.day) or (_known(leg.heading) if leg.departure.day is None else None)
    arrived_on = _arrival_day(leg, left_on)
    is_said = leg.arrival.day is not None and leg.arrival.day.trouble
    if leg.arrival.clock and left_on and arrived_on is None and leg.arrival.place and not is_said:
        yield Note(code="ARRIVAL_DAY", line=leg.line, facts=(("place", leg.arrival.place.text),))
    for end, on, name in ((leg.departure, left_on, "leaves_at"), (leg.arrival, arrived_on, "arrives_at")):
        if on is None or end.clock is None:
            continue
        moment = _local(on, end.clock, end, names)
        if moment is None and end.place:
            yield Note(code="ZONE_UNKNOWN", line=leg.line, facts=(("place", end.place.text),))
        setattr(leg, name, moment)
    if not _fits(leg, names):
        leg.leaves_at = leg.arrives_at = None
        yield Note(code="TIMES_CLASH", line=leg.line)


def zone_of(place: Place | None, names: Names) -> ZoneInfo | None:
    """Return the clock of a place; None where its area is not known."""
    name = names.zones.get(place.area) if place else None
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _known(day: Day | None) -> date | None:
    return day.on if day else None


def _arrival_day(leg: Leg, left_on: date | None) -> date | None:
    """Work out the day of an arrival: as it is written, or the day of departure where nothing speaks for a later one."""
    clock, day = leg.arrival.clock, leg.arrival.day
    if clock is None:
        return None
    if day is not None:
        later = timedelta(days=clock.days_later)
        if day.on is None or not later:
            return day.on
        if left_on is None or day.on not in {left_on, left_on + later}:
            return None
        return left_on + later
    if left_on is None:
        return None
    if clock.days_later:
        return left_on + timedelta(days=clock.days_later)
    leaves = leg.departure.clock
    return left_on if leaves and not leaves.days_later and clock.at > leaves.at else None


def _local(on: date, clock: Clock, end: End, names: Names) -> datetime | None:
    moment = datetime.combine(on, clock.at)
    if clock.from_utc is None:
        return moment
    zone = zone_of(end.place, names)
    if zone is None:
        return None
    return (moment - clock.from_utc).replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _fits(leg: Leg, names: Names) -> bool:
    """Tell whether a leg can take as long as its moments say."""
    if leg.leaves_at is None or leg.arrives_at is None:
        return True
    there, here = zone_of(leg.departure.place, names), zone_of(leg.arrival.place, names)
    if there is None or here is None:
        return -_CLOCKS_APART < leg.arrives_at - leg.leaves_at < _LONGEST_LEG + _CLOCKS_APART
    took = leg.arrives_at.replace(tzinfo=here).astimezone(UTC) - leg.leaves_at.replace(tzinfo=there).astimezone(UTC)
    return timedelta(0) < took <= _LONGEST_LEG
