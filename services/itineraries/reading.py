"""Reading a pasted itinerary as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.itineraries.facts import Facts, read_line
from services.itineraries.legs import Legs, drop_uncertain_numbers
from services.itineraries.lines import split_lines
from services.itineraries.moments import set_moments
from services.itineraries.notes import other_lines, say_notes
from services.itineraries.parts import TWO_DAYS, Flight, Note, Place
from services.itineraries.places import Names
from services.itineraries.stops import MOST_STOPS, ProposedStop, make_stops
from workflows.errors import Problem, SafeconductError

MOST_CHARACTERS, MOST_LINES = 20_000, 200


class ItineraryTooLong(SafeconductError):
    """The text is too long. Paste at most {characters} characters in {lines} lines: the part with dates and places is enough."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was understood of a text, and what was not.

    Attributes:
        notes: What could not be taken over, in the order of the lines.
        others: Lines that say nothing of a trip.
        two_days: A date that can mean two days; empty where there is none.
    """

    stops: list[ProposedStop]
    notes: list[Problem]
    others: list[str]
    two_days: str = ""


def read_itinerary(text: str, names: Names, *, today: date, order: str = "") -> Reading:
    """Read the stops out of what an airline or a travel agent writes, or of rows of a table.

    Nothing is guessed: what is not certain stays empty and is noted.

    Args:
        names: What the registers know of places and operators.
        today: What the year of a date without one is worked out from, where its weekday agrees.
        order: One of ORDERS: how a date such as 03/04/2026 is meant; empty where nobody said.

    Raises:
        ItineraryTooLong: Too many characters or lines.
    """
    ensure_short(text)
    lines = [read_line(line, names, order=order, today=today) for line in split_lines(text)]
    _learn_codes(lines)
    legs = Legs(flights_come_first=_flights_come_first(lines))
    for line in lines:
        legs.add(line)
    drop_uncertain_numbers(legs.legs)
    notes = [*legs.notes]
    for leg in legs.legs:
        notes += set_moments(leg, names)
    stops = make_stops(legs.legs, notes, is_end_certain=not legs.has_missed)
    if len(stops) > MOST_STOPS:
        notes.append(Note(code="TOO_MANY", facts=(("most", str(MOST_STOPS)),)))
    two_days = next((dict(note.facts)["text"] for note in notes if note.code == TWO_DAYS), "")
    return Reading(stops=stops[:MOST_STOPS], notes=say_notes(notes), others=other_lines(notes), two_days=two_days)


def ensure_short(text: str) -> None:
    """Refuse what nobody has as an itinerary.

    Raises:
        ItineraryTooLong: Too many characters or lines.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if len(plain) > MOST_CHARACTERS or plain.count("\n") >= MOST_LINES:
        raise ItineraryTooLong(characters=MOST_CHARACTERS, lines=MOST_LINES)


def _learn_codes(lines: Sequence[Facts]) -> None:
    """Give the areas of airports that the text itself explains, as "Geneva (GVA)", to where only the code stands."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for facts in lines:
        for place, _ in facts.places:
            if place.code:
                known[place.code].add(place.area if place.area or place.text != place.code else place.code)
    for facts in lines:
        facts.found = [
            (replace(found, area=_only(known[found.code] - {found.code})), role)
            if isinstance(found, Place) and found.text == found.code
            else (found, role)
            for found, role in facts.found
        ]


def _only(areas: set[str]) -> str:
    return next(iter(areas)) if len(areas) == 1 else ""


def _flights_come_first(lines: Sequence[Facts]) -> bool:
    """Tell whether the numbers of flights that stand alone stand above their legs."""
    for facts in lines:
        if facts.is_understood and (facts.places or facts.clocks):
            return False
        if facts.is_understood and any(isinstance(found, Flight) for found, _ in facts.found):
            return True
    return True
