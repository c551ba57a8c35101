"""The periods that are reported on: calendar quarters and bienniums, in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.errors import NotFound

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_BIENNIUM = re.compile(r"(\d{4})-(\d{4})")
_YEARS = range(1900, 9990)
_DAY = timedelta(days=1)


class PeriodUnknown(NotFound):
    """There is no reporting period {period}. Write a quarter as 2026-Q4, a biennium as 2026-2027."""


class PeriodAhead(NotFound):
    """The reporting period {period} has not begun yet. Choose one that has."""


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A calendar quarter or a biennium: two years of which the first is even."""

    start: date
    key: str

    @property
    def is_quarter(self) -> bool:
        """Whether it is a quarter."""
        return "Q" in self.key

    @property
    def end(self) -> date:
        """The last day of it."""
        return self.next().start - _DAY

    @property
    def since(self) -> datetime:
        """The first moment of it."""
        return datetime.combine(self.start, time(), UTC)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return self.next().since

    def next(self) -> Period:
        """Return the one after it."""
        if not self.is_quarter:
            return biennium_of(date(self.start.year + 2, 1, 1))
        years, month = divmod(self.start.month + 2, 12)
        return quarter_of(date(self.start.year + years, month + 1, 1))

    def previous(self) -> Period:
        """Return the one before it."""
        before = self.start - _DAY
        return quarter_of(before) if self.is_quarter else biennium_of(before)


def quarter_of(day: date) -> Period:
    """Return the quarter of a day."""
    quarter = (day.month - 1) // 3
    return Period(start=date(day.year, 3 * quarter + 1, 1), key=f"{day.year}-Q{quarter + 1}")


def biennium_of(day: date) -> Period:
    """Return the biennium of a day."""
    first = day.year - day.year % 2
    return Period(start=date(first, 1, 1), key=f"{first}-{first + 1}")


def read_period(text: str) -> Period:
    """Read a period as it is written in addresses.

    Raises:
        PeriodUnknown: It is none.
    """
    if (found := _QUARTER.fullmatch(text)) and int(found[1]) in _YEARS:
        return quarter_of(date(int(found[1]), 3 * int(found[2]) - 2, 1))
    if (found := _BIENNIUM.fullmatch(text)) and int(found[1]) in _YEARS:
        period = biennium_of(date(int(found[1]), 1, 1))
        if period.key == text:
            return period
    raise PeriodUnknown(period=text[:40])


def latest_quarters(day: date, count: int) -> list[Period]:
    """Return so many quarters up to the one of a day, the oldest first."""
    found = [quarter_of(day)]
    while len(found) < count:
        found.append(found[-1].previous())
    return found[::-1]
