"""From legs to the stops between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.itineraries.parts import Leg, Note, Place

MOST_STOPS = 20
LONGEST_TRANSIT = timedelta(hours=24)
TRANSIT, RETURN, AIR = "TRANSIT", "RETURN", "AIR"
#: Letters of trains that are letters of airlines as well, and those of UN flights.
_UNCERTAIN_CARRIERS = frozenset({"IC", "EC", "IR", "EN", "RE", "RJ", "NJ", "UN"})


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedStop:
    """A stop as far as the text says it; what is not certain is empty.

    Attributes:
        arrive_at: In local time of the place, without an offset; so is `depart_at`.
        transport_mode: How one gets there.
        operator: Code of the operator that takes one there.
    """

    place: str
    area: str = ""
    arrive_at: datetime | None = None
    depart_at: datetime | None = None
    stop_type: str = ""
    transport_mode: str = ""
    operator: str = ""
    flight_number: str = ""


def make_stops(legs: Sequence[Leg], notes: list[Note], *, is_end_certain: bool = True) -> list[ProposedStop]:
    """Make a stop of every place where a leg ends.

    Args:
        notes: Gets what does not fit.
        is_end_certain: No leg can be hidden behind the last one.
    """
    whole = [leg for leg in legs if leg.departure.place and leg.arrival.place]
    notes += [Note(code="HALF", line=leg.line) for leg in legs if leg not in whole and not leg.is_empty]
    stops: list[ProposedStop] = []
    for number, leg in enumerate(whole):
        following = whole[number + 1] if number + 1 < len(whole) else None
        stops += _stops_after(leg, following, notes)
    if is_end_certain and _comes_home(whole):
        stops[-1] = replace(stops[-1], stop_type=RETURN)
    return _without_certain_destination(stops)


def _stops_after(leg: Leg, following: Leg | None, notes: list[Note]) -> Iterator[ProposedStop]:
    place, left = _place(leg.arrival.place), following.departure.place if following else None
    stop = ProposedStop(
        place=place.text,
        area=place.area or (left.area if left and left.is_same_as(place) else ""),
        arrive_at=leg.arrives_at,
        transport_mode=_mode(leg),
        operator=leg.carried_by if leg.carried_by is not None else next(iter(leg.operators)) if len(leg.operators) == 1 else "",
        flight_number=leg.flight.text if leg.flight else "",
    )
    if following is None or left is None:
        yield stop
    elif not left.is_same_as(place):
        notes.append(Note(code="GAP", line=following.line, facts=(("arrived", place.text), ("left", left.text))))
        yield stop
        yield ProposedStop(place=left.text, area=left.area, depart_at=following.leaves_at)
    elif stop.arrive_at and following.leaves_at and following.leaves_at <= stop.arrive_at:
        notes.append(Note(code="STAY_CLASH", line=following.line, facts=(("place", place.text),)))
        yield replace(stop, arrive_at=None)
    elif following.follows_missed:
        yield stop
    else:
        yield replace(stop, depart_at=following.leaves_at, stop_type=TRANSIT if _is_change(leg, following) else "")


def _is_change(leg: Leg, following: Leg) -> bool:
    """Tell whether somebody only changes planes: less than a day between two flights, the second of which does not go back."""
    if not (leg.arrives_at and following.leaves_at) or {_mode(leg), _mode(following)} != {AIR}:
        return False
    goes_back = _place(following.arrival.place).is_same_as(_place(leg.departure.place))
    return not goes_back and following.leaves_at - leg.arrives_at < LONGEST_TRANSIT


def _comes_home(legs: Sequence[Leg]) -> bool:
    return len(legs) > 1 and _place(legs[-1].arrival.place).is_same_as(_place(legs[0].departure.place))


def _without_certain_destination(stops: list[ProposedStop]) -> list[ProposedStop]:
    """Leave the kinds of stops open where all would be changes of planes: one of them is where the trip goes."""
    if stops and all(stop.stop_type in {TRANSIT, RETURN} for stop in stops):
        return [replace(stop, stop_type="" if stop.stop_type == TRANSIT else stop.stop_type) for stop in stops]
    return stops


def _mode(leg: Leg) -> str:
    """Say how a leg is travelled: by what its lines say, else by air where it has the number of a flight."""
    spoken = leg.modes - {AIR}
    if len(spoken) == 1:
        return next(iter(spoken))
    if spoken or leg.flight is None:
        return ""
    are_airports = _place(leg.departure.place).code and _place(leg.arrival.place).code
    is_uncertain = leg.flight.carrier in _UNCERTAIN_CARRIERS and not (AIR in leg.modes or are_airports)
    return "" if is_uncertain or leg.flight.carrier == "UN" else AIR


def _place(place: Place | None) -> Place:
    return place or Place(text="")
