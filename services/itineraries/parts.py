"""What an itinerary is made of: lines, what stands in them, legs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
#: How 03/04/2026 may be meant.
ORDERS = (DAY_FIRST, MONTH_FIRST)
Role = Literal["departure", "arrival"]

#: What a line says that cannot be taken over; the sentence of each is in `notes`.
NO_YEAR, TWO_DAYS, NO_SUCH_DAY, OTHER_WEEKDAY = "NO_YEAR", "TWO_DAYS", "NO_SUCH_DAY", "OTHER_WEEKDAY"


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A date in a line; without `on` it cannot be taken over, for the reason `trouble`."""

    text: str
    on: date | None = None
    trouble: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A time of day, with how many days later it is (+1), and its distance from UTC where the text gives one."""

    at: time
    days_later: int = 0
    from_utc: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Flight:
    """The number of a flight or train."""

    carrier: str
    number: str

    @property
    def text(self) -> str:
        """The number as it is written."""
        return f"{self.carrier} {self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place as it is written, with its airport's code, and its area where the register knows the name."""

    text: str
    code: str = ""
    area: str = ""

    def is_same_as(self, other: Place) -> bool:
        """Tell whether two places are certainly one."""
        if self.code and other.code:
            return self.code == other.code
        if self.area and other.area:
            return self.area == other.area
        return fold(self.text) == fold(other.text)


@dataclass(kw_only=True, slots=True)
class End:
    """One end of a leg: where and when."""

    place: Place | None = None
    day: Day | None = None
    clock: Clock | None = None


@dataclass(kw_only=True, slots=True)
class Leg:
    """A way from one place to the next, as far as it is understood.

    Attributes:
        line: Where it begins, counted from 1.
        heading: The date above it, for ends that have none of their own.
        carried_by: Who the text says that really flies; empty where the register does not know them.
        is_numbered_apart: Its number stands in a line of its own.
        follows_missed: A line before it was not understood, in which another leg may be hidden.
    """

    line: int
    departure: End = field(default_factory=End)
    arrival: End = field(default_factory=End)
    heading: Day | None = None
    flight: Flight | None = None
    operators: set[str] = field(default_factory=set)
    carried_by: str | None = None
    follows_missed: bool = False
    is_numbered_apart: bool = False
    modes: set[str] = field(default_factory=set)
    leaves_at: datetime | None = None
    arrives_at: datetime | None = None

    def end(self, role: Role) -> End:
        """Return one of its ends."""
        return self.departure if role == "departure" else self.arrival

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of it but perhaps its number."""
        return not any((end.place or end.day or end.clock) for end in (self.departure, self.arrival))


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Something of a text that could not be taken over: a key of `notes.SENTENCES`, and its facts."""

    code: str
    line: int = 0
    facts: tuple[tuple[str, str], ...] = ()


def fold(text: str) -> str:
    """Write a text without capitals and accents, sign by sign, so that places in it stay the same."""
    if text.isascii():
        return text.lower()
    return "".join([_fold_sign(sign) for sign in text])


def _fold_sign(sign: str) -> str:
    bare = (unicodedata.normalize("NFKD", sign)[:1] or sign).casefold()
    return bare if len(bare) == 1 else sign
