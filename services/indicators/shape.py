"""What an indicator is asked, and what it answers: a value, and everything that stands behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from services.audit import digest
from services.indicators.periods import Period
from services.indicators.settings import DEFAULTS, Settings
from services.indicators.statements import Extent

_TENTH = Decimal("0.1")


class Unit(StrEnum):
    """What a figure is measured in."""

    PERCENT = "percent"
    COUNT = "count"
    RATE = "rate"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """For which period, day and scope an indicator is asked.

    Attributes:
        on: The reference date: the last day of the period, or today while it lasts.
        area: Only this area and what lies inside it; None means all.
        organisation: Only the people of this organisation.
    """

    period: Period
    on: date
    area: str | None = None
    organisation: str | None = None
    settings: Settings = DEFAULTS

    @property
    def since(self) -> datetime:
        """The first moment that counts in it."""
        return self.period.since

    @property
    def until(self) -> datetime:
        """The first moment that no longer counts: the end of the reference date, UTC."""
        return datetime.combine(self.on + timedelta(days=1), time(), UTC)

    @property
    def extent(self) -> Extent:
        """How far its statements reach."""
        return Extent(of_area=self.area is not None, of_organisation=self.organisation is not None)

    def values(self, **more: Any) -> dict[str, Any]:
        """Return the parameters of its statements, and what a statement asks besides."""
        return {
            "asked_since": self.since,
            "asked_until": self.until,
            "asked_start": self.period.start,
            "asked_on": self.on,
            "asked_area": self.area,
            "asked_organisation": self.organisation,
            **more,
        }


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for which an entry does not count, or is only shown: a code, and what it is about."""

    code: str
    about: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One entry of the list behind a figure.

    Attributes:
        register, entry: Where it is found: a register and the name of the entry in it.
        label: What a person calls it.
        numerator: What it adds above the line; usually 1 or 0.
        denominator: What it adds below the line; 0 for what is only counted, or shown apart.
        why: Why it does not count above the line.
        parts: The companion figures that it belongs to.
        case_id: The case that it comes from; it stays closed to whoever may not know of that case.
        is_case: It is about the case itself, so that only those read it who may see the case.
        is_secret: Nobody reads more of it than that it is one.
    """

    register: str
    entry: str
    label: str
    numerator: int = 0
    denominator: int = 1
    why: tuple[Why, ...] = ()
    parts: frozenset[str] = frozenset()
    area: str | None = None
    case_id: str | None = None
    is_case: bool = False
    is_secret: bool = False

    @property
    def counts(self) -> bool:
        """Whether it adds something above the line."""
        return self.numerator > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A companion figure; where `has_list`, the entries behind it are the members that carry its name."""

    name: str
    value: Decimal | None
    unit: Unit = Unit.PERCENT
    numerator: int = 0
    denominator: int | None = None
    has_list: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """What an indicator says. A value of None means that there was nothing to be counted: n/a, never 0 or 100."""

    key: str
    asked: Asked
    unit: Unit
    numerator: int
    denominator: int | None
    value: Decimal | None
    members: Sequence[Member] = field(default=(), repr=False)
    parts: tuple[Part, ...] = ()

    @property
    def percentage(self) -> Decimal | None:
        """The value of a percentage, with one decimal."""
        return self.value if self.unit is Unit.PERCENT else None

    def part(self, name: str) -> Part:
        """Return a companion figure by its name."""
        return next(part for part in self.parts if part.name == name)

    def members_of(self, part: str) -> list[Member]:
        """Return the list behind a companion figure, or the whole list."""
        return [member for member in self.members if not part or part in member.parts]


def percent(numerator: int, denominator: int) -> Decimal | None:
    """Return a share with one decimal; of nothing there is none."""
    return tenths(Decimal(100) * numerator / denominator) if denominator else None


def tenths(number: Decimal) -> Decimal:
    """Round to one decimal, halves up."""
    return number.quantize(_TENTH, ROUND_HALF_UP)


def share(key: str, asked: Asked, members: Iterable[Member], parts: Iterable[Part] = ()) -> Value:
    """Make the value of an indicator that is a percentage of its list."""
    listed = tuple(members)
    above, below = totals(listed)
    return Value(
        key=key,
        asked=asked,
        unit=Unit.PERCENT,
        numerator=above,
        denominator=below,
        value=percent(above, below),
        members=listed,
        parts=tuple(parts),
    )


def count(key: str, asked: Asked, members: Iterable[Member], parts: Iterable[Part] = ()) -> Value:
    """Make the value of an indicator that is a count."""
    listed = tuple(members)
    above, _ = totals(listed)
    return Value(
        key=key,
        asked=asked,
        unit=Unit.COUNT,
        numerator=above,
        denominator=None,
        value=Decimal(above),
        members=listed,
        parts=tuple(parts),
    )


def totals(members: Iterable[Member]) -> tuple[int, int]:
    """Add up both sides of the line."""
    above = below = 0
    for member in members:
        above += member.numerator
        below += member.denominator
    return above, below


def part_share(name: str, members: Collection[Member]) -> Part:
    """Make a companion figure: the same percentage of the members that carry its name."""
    above, below = totals(member for member in members if name in member.parts)
    return Part(name=name, value=percent(above, below), numerator=above, denominator=below, has_list=True)


def part_count(name: str, members: Collection[Member]) -> Part:
    """Make a companion figure: how many members carry its name."""
    found = sum(name in member.parts for member in members)
    return Part(name=name, value=Decimal(found), unit=Unit.COUNT, numerator=found, has_list=True)


def part_median(name: str, values: Collection[float], *, unit: Unit = Unit.HOURS, rank: float = 0.5) -> Part:
    """Make a companion figure: the median of some numbers, or another rank of them, with one decimal."""
    found = ranked(values, rank)
    return Part(name=name, value=None if found is None else tenths(Decimal(str(found))), unit=unit, numerator=len(values))


def ranked(values: Collection[float], rank: float) -> float | None:
    """Return the number below which this share of the numbers lies; between two of them in proportion."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = rank * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def hours_between(start: datetime, end: datetime) -> float:
    """Return the hours from one moment to another."""
    return (end - start) / timedelta(hours=1)


def list_hash(members: Iterable[Member]) -> str:
    """Take the hash of a list: of everything that made each entry count or not."""
    rows = [
        [member.register, member.entry, member.numerator, member.denominator, [[why.code, why.about] for why in member.why]]
        for member in members
    ]
    return digest(sorted(rows))
