"""From lines to legs: which departure and which arrival belong together."""

from __future__ import annotations

from collections.abc import Sequence

from services.itineraries.facts import Facts
from services.itineraries.months import weekday_names
from services.itineraries.parts import Clock, Day, Leg, Note, Place, Role, fold

_ENDS: tuple[Role, Role] = ("departure", "arrival")


class Legs:
    """The legs of a text while its lines are read one after the other."""

    def __init__(self, *, flights_come_first: bool) -> None:
        """Begin; in some texts the number of a flight stands above its leg, in others below.

        `has_missed` tells whether a leg may be hidden in the lines since the last one.
        """
        self.legs: list[Leg] = []
        self.notes: list[Note] = []
        self._flights_come_first = flights_come_first
        self.has_missed = False
        self._open: Leg | None = None
        self._heading: Day | None = None

    def add(self, facts: Facts) -> None:
        """Add what a line says to the leg it belongs to."""
        if not facts.is_understood or not self._take(facts):
            self._miss(facts)

    def _take(self, facts: Facts) -> bool:
        self._note_days(facts)
        if len(facts.places) == 2:
            return self._take_pair(facts)
        if len(facts.places) == 1:
            return self._take_end(facts)
        if facts.clocks:
            return self._take_times(facts)
        return self._take_rest(facts)

    def _miss(self, facts: Facts) -> None:
        """Go on after a line that is not understood: what it may have said of a day or a flight is not carried over."""
        if not facts.text:
            return
        code = "NOT_UNDERSTOOD" if facts.is_telling else "OTHER"
        self.notes.append(Note(code=code, line=facts.number, facts=(("text", facts.text),)))
        if facts.is_telling or any(sign.isdigit() for sign in facts.text) or _names_weekday(facts.text):
            self._heading = None
        if facts.is_telling:
            self._open = None
            self.has_missed = self.has_missed or not facts.is_beside

    def _note_days(self, facts: Facts) -> None:
        for day, _ in facts.days:
            if day.trouble:
                self.notes.append(Note(code=day.trouble, line=facts.number, facts=(("text", day.text),)))

    def _begin(self, facts: Facts) -> Leg:
        """Begin a leg; what was said of the flight just above belongs to it."""
        flown = self._open if self._open is not None and self._open.is_empty else None
        if flown is None:
            flown = Leg(line=facts.number)
            self.legs.append(flown)
        flown.line, flown.heading = facts.number, self._heading
        flown.follows_missed, self.has_missed = self.has_missed or flown.follows_missed, False
        self._open = flown
        return flown

    def _add_carrying(self, leg: Leg, facts: Facts) -> None:
        leg.flight = leg.flight or facts.flight
        leg.operators |= facts.operators
        leg.modes |= facts.modes
        leg.carried_by = facts.carried_by if facts.carried_by is not None else leg.carried_by

    def _take_pair(self, facts: Facts) -> bool:
        """Take a line with both ends of a leg."""
        places = facts.places
        roles: list[Role] = [role or _ENDS[place] for place, (_, role) in enumerate(places)]
        if len(facts.clocks) > 2 or len(facts.days) > 2 or set(roles) != set(_ENDS) or places[0][0].is_same_as(places[1][0]):
            return False
        leg = self._begin(facts)
        for (place, _), role in zip(places, roles, strict=True):
            leg.end(role).place = place
        _place_moments(leg, facts.clocks, facts.days)
        self._add_carrying(leg, facts)
        return True

    def _take_end(self, facts: Facts) -> bool:
        """Take a line with one end of a leg: a word says which, or the other end stands just before it."""
        place, _ = facts.places[0]
        roles = {role for _, role in facts.found if role}
        if len(roles) > 1 or len(facts.clocks) > 1 or len(facts.days) > 1 or not (roles or facts.clocks):
            return False
        is_arrival = self._open is not None and self._open.departure.place is not None and self._open.arrival.place is None
        end = next(iter(roles), "arrival" if is_arrival else "departure")
        self._fill(facts, end, place)
        return True

    def _take_times(self, facts: Facts) -> bool:
        """Take a line with times for places that were named before it."""
        roles = [role for _, role in facts.clocks]
        if all(roles) and len(set(roles)) == len(roles):
            for role in _ENDS:
                if role in roles:
                    self._fill(facts, role, None)
            return True
        leg = self._open
        if leg is None or any(roles) or len(roles) != 2 or leg.departure.clock or leg.arrival.clock:
            return False
        if leg.departure.place is None or leg.arrival.place is None:
            return False
        _place_moments(leg, facts.clocks, facts.days)
        self._add_carrying(leg, facts)
        return True

    def _fill(self, facts: Facts, end: Role, place: Place | None) -> None:
        clock = next((clock for clock, role in facts.clocks if role in {end, None}), None)
        day = next((day for day, role in facts.days if role in {end, None}), None)
        leg = self._open
        if leg is None or _is_taken(leg, end, place, clock):
            leg = self._begin(facts)
        known = leg.end(end)
        known.place, known.clock = place or known.place, clock or known.clock
        known.day = day or known.day or (self._heading if clock and self._heading is not leg.heading else None)
        if leg.heading is None and end == "departure":
            leg.heading = self._heading
        self._add_carrying(leg, facts)

    def _take_rest(self, facts: Facts) -> bool:
        """Take a line with neither places nor times: a date, a flight, or who flies."""
        roles = {role for _, role in facts.days if role}
        if len(facts.days) > 1 or len(roles) > 1 or (facts.days and facts.operators):
            return False
        if roles:
            self._fill(facts, next(iter(roles)), None)
            return True
        if facts.days:
            self._heading = facts.days[0][0]
        if facts.found and not facts.flight and not facts.days:
            return False
        if facts.flight and self._flights_come_first and not (self._open and self._open.is_empty and not self._open.flight):
            self._open = Leg(line=facts.number, heading=self._heading)
            self.legs.append(self._open)
        if facts.flight or facts.operators or facts.carried_by is not None:
            if self._open is None:
                return False
            self._open.is_numbered_apart |= facts.flight is not None and self._open.flight is None
            self._add_carrying(self._open, facts)
        return True


def drop_uncertain_numbers(legs: Sequence[Leg]) -> None:
    """Drop the numbers that stand in lines of their own, unless there is one for every leg: one may belong to the neighbour."""
    if all(leg.flight and not leg.is_empty for leg in legs if not leg.modes - {"AIR"}):
        return
    for leg in legs:
        leg.flight = None if leg.is_numbered_apart else leg.flight


def _is_taken(leg: Leg, end: Role, place: Place | None, clock: Clock | None) -> bool:
    """Tell whether an end of a leg is known already, so that a line speaks of the next leg."""
    known = leg.end(end)
    if end == "departure" and (leg.arrival.clock or leg.arrival.day) and (place or clock):
        return True
    return bool(
        (place and known.place and not place.is_same_as(known.place)) or (clock and known.clock) or (place and known.clock)
    )


def _place_moments(leg: Leg, clocks: Sequence[tuple[Clock, Role | None]], days: Sequence[tuple[Day, Role | None]]) -> None:
    """Give times and dates to the ends: as the words before them say, else in their order."""
    labelled = any(role for _, role in clocks)
    if labelled or len(clocks) == 2:
        for place, (clock, role) in enumerate(clocks):
            leg.end(role or _ENDS[min(place, 1)]).clock = clock
    for place, (day, role) in enumerate(days):
        leg.end((role if labelled else None) or _ENDS[place]).day = day


def _names_weekday(text: str) -> bool:
    return any(word in weekday_names() for word in fold(text).replace(",", " ").split())
