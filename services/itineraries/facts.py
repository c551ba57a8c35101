"""What one line says: dates, times, flights and places in their order, or that it says something that is not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.itineraries.clocks import blank_asides, find_clocks, find_flights, find_glued_clocks, find_labels
from services.itineraries.days import find_days
from services.itineraries.lines import TAKEN, Line, Mark
from services.itineraries.parts import Clock, Day, Flight, Place, Role
from services.itineraries.places import Names, is_filler, read_place, read_two_codes, read_unknown_place, trim
from services.itineraries.words import ASIDES, CELL, LINK, MODES, UN_FLIGHT

_PARTING = re.compile(rf"(?P<link>{LINK.pattern})|(?P<cell>{CELL.pattern})|{TAKEN}+")
_LETTER_OR_FIGURE = re.compile(r"[^\W_]")


@dataclass(kw_only=True, slots=True)
class Facts:
    """What a line says.

    Attributes:
        found: Dates, times, flights and places in their order, each with the end of the leg that a word before it names.
        operators: Codes of operators that it names.
        carried_by: Who it says that really flies; empty where the register does not know them.
        is_understood: Nothing is left that may change what the rest means.
        is_telling: It says something of a trip, so that a person has to look at it when it is not understood.
        is_beside: It speaks of hotels, seats or prices, and of no flight: no leg can be hidden in it.
    """

    number: int
    text: str
    found: list[tuple[Any, Role | None]] = field(default_factory=list)
    operators: set[str] = field(default_factory=set)
    carried_by: str | None = None
    modes: set[str] = field(default_factory=set)
    is_understood: bool = True
    is_telling: bool = False
    is_beside: bool = False

    def ends(self, kind: type[Any]) -> list[tuple[Any, Role | None]]:
        """List what was found of one kind, each with its end of the leg."""
        return [(each, role) for each, role in self.found if isinstance(each, kind)]

    @property
    def days(self) -> list[tuple[Day, Role | None]]:
        """The dates."""
        return self.ends(Day)

    @property
    def clocks(self) -> list[tuple[Clock, Role | None]]:
        """The times."""
        return self.ends(Clock)

    @property
    def places(self) -> list[tuple[Place, Role | None]]:
        """The places."""
        return self.ends(Place)

    @property
    def flight(self) -> Flight | None:
        """The number of the flight; None where there is none or more than one."""
        flights = {flight for flight, _ in self.ends(Flight)}
        return next(iter(flights)) if len(flights) == 1 else None


@dataclass(kw_only=True, slots=True)
class _Text:
    """A text between the marks of a line; `is_linked` to the text before it by "to" or a dash."""

    start: int
    text: str
    is_linked: bool
    role: Role | None = None


def read_line(line: Line, names: Names, *, order: str, today: date) -> Facts:
    """Read one line."""
    modes = {"UN_FLIGHT"} if UN_FLIGHT.search(line.left) else {mode for mode, words in MODES.items() if words.search(line.left)}
    marks = [*find_days(line, order=order, today=today)]
    blank_asides(line)
    marks += [*find_clocks(line), *find_flights(line), *find_labels(line)]
    if not any(isinstance(mark.found, Clock) for mark in marks) and any(isinstance(mark.found, Flight) for mark in marks):
        marks += find_glued_clocks(line)
    marks.sort(key=lambda mark: mark.start)
    facts = Facts(number=line.number, text=line.text.strip(), modes=modes)
    texts = [each for each in _texts(line) if not is_filler(each.text)]
    texts = _take_operators(facts, texts, marks, names)
    _give_roles(texts, marks)
    places = _read_places(texts, names, marks)
    facts.is_understood = places is not None
    facts.found = _in_order(marks, places or [])
    facts.is_telling = bool(facts.found or modes - {"AIR"}) or any(read_place(each.text, names) for each in texts)
    facts.is_beside = not facts.ends(Flight) and any(word in ASIDES for word in line.left.split())
    return facts


def _texts(line: Line) -> Iterator[_Text]:
    """Part what is left of a line into texts."""
    rest, at, is_linked = line.rest, 0, False
    for match in [*_PARTING.finditer(line.left), None]:
        end = match.start() if match else len(rest)
        bare = trim(rest[at:end])
        if _LETTER_OR_FIGURE.search(bare):
            yield _Text(start=at, text=bare, is_linked=is_linked)
            is_linked = False
        if match:
            is_linked = is_linked or match["link"] is not None
            at = match.end()


def _take_operators(facts: Facts, texts: list[_Text], marks: Sequence[Mark], names: Names) -> list[_Text]:
    """Take the names of operators out of the texts; what follows "operated by" is one, known or not."""
    said = [mark.end for mark in marks if mark.found == "carried_by"]
    kept = []
    for each in texts:
        operator = names.find_operator(each.text)
        if said and facts.carried_by is None and each.start >= said[0] - 1:
            facts.carried_by = operator
        elif operator:
            facts.operators.add(operator)
        else:
            kept.append(each)
    return kept


def _give_roles(texts: Sequence[_Text], marks: Sequence[Mark]) -> None:
    labels = [mark for mark in marks if mark.found in ("departure", "arrival")]
    for each in texts:
        each.role = next((mark.found for mark in reversed(labels) if mark.end <= each.start + 1), None)


def _read_places(texts: Sequence[_Text], names: Names, marks: Sequence[Mark]) -> list[tuple[int, Place, Role | None]] | None:
    """Read the texts that are left as places; None when there is one that cannot be explained."""
    has_flight = any(isinstance(mark.found, Flight) for mark in marks)
    if len(texts) == 1 and has_flight and (pair := read_two_codes(texts[0].text)):
        return [(texts[0].start, place, None) for place in pair]
    certain = [read_place(each.text, names) for each in texts]
    if len(texts) > 2 or _are_crowded(texts):
        return None
    is_pair = len(texts) == 2 and texts[1].is_linked and (has_flight or any(certain))
    found = []
    for each, place in zip(texts, certain, strict=True):
        known = place or (read_unknown_place(each.text) if each.role or is_pair else None)
        if known is None:
            return None
        found.append((each.start, known, each.role))
    return found


def _are_crowded(texts: Sequence[_Text]) -> bool:
    """Tell whether two texts stand at the same end of a leg, so that one of them is no place."""
    roles = [each.role for each in texts if each.role]
    return len(roles) != len(set(roles)) or (len(roles) == 1 and len(texts) == 2 and not texts[1].is_linked)


def _in_order(marks: Sequence[Mark], places: Sequence[tuple[int, Place, Role | None]]) -> list[tuple[Any, Role | None]]:
    placed: list[tuple[int, Any, Role | None]] = list(places)
    role: Role | None = None
    for mark in marks:
        if mark.found in ("departure", "arrival"):
            role = mark.found
        elif mark.found != "carried_by":
            placed.append((mark.start, mark.found, role))
    return [(found, role) for _, found, role in sorted(placed, key=lambda each: each[0])]
