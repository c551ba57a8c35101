"""Dates, times and durations as FEEL has them: years far beyond 9999, nanoseconds, an offset or a named zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
LARGEST_YEAR = 999_999_999
LARGEST_MONTHS = 12 * LARGEST_YEAR
LARGEST_DURATION = 366 * LARGEST_YEAR * DAY_NANOS
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_EPOCH_DAY = 719_468  # days from 0000-03-01 to 1970-01-01


def is_leap(year: int) -> bool:
    """Tell whether the year has 366 days, in the calendar that runs on unchanged before 1582."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Count the days of a month."""
    return 29 if month == _FEBRUARY and is_leap(year) else _MONTH_DAYS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Count the days from 1970-01-01 on."""
    shifted = year - (month <= _FEBRUARY)
    century = shifted // 400
    year_of_era = shifted - century * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return century * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _EPOCH_DAY


def day_from_number(number: int) -> tuple[int, int, int]:
    """Return year, month and day of a day counted from 1970-01-01; undoes `day_number`."""
    shifted = number + _EPOCH_DAY
    era, day_of_era = divmod(shifted, 146_097)
    year_of_era = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = (shifted_month + 2) % 12 + 1
    return era * 400 + year_of_era + (month <= _FEBRUARY), month, day


@dataclass(frozen=True, slots=True)
class Date:
    """A day."""

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, year: int, month: int, day: int) -> Self | None:
        """Return the day, or None if the calendar has no such day."""
        if not (-LARGEST_YEAR <= year <= LARGEST_YEAR and 1 <= month <= 12):
            return None
        return cls(year, month, day) if 1 <= day <= days_in_month(year, month) else None

    @classmethod
    def from_number(cls, number: int) -> Self | None:
        """Return the day that is so many days after 1970-01-01, or None beyond the years FEEL has."""
        year, month, day = day_from_number(number)
        return cls(year, month, day) if -LARGEST_YEAR <= year <= LARGEST_YEAR else None

    @property
    def number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.number + 3) % 7 + 1

    def plus_months(self, months: int) -> Self | None:
        """Move by months; a day that the target month lacks becomes its last day."""
        total = self.year * 12 + self.month - 1 + months
        year, month = total // 12, total % 12 + 1
        if not -LARGEST_YEAR <= year <= LARGEST_YEAR:
            return None
        return type(self)(year, month, min(self.day, days_in_month(year, month)))


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; `offset` in seconds east of UTC, or the name of a `zone`, or neither."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    @property
    def nanos(self) -> int:
        """Nanoseconds since midnight on this clock."""
        return (self.hour * 3_600 + self.minute * 60 + self.second) * NANOS + self.nanosecond

    @classmethod
    def from_nanos(cls, nanos: int, offset: int | None = None, zone: str | None = None) -> Self:
        """Return the time so many nanoseconds after midnight; a day's worth starts anew."""
        seconds, nanosecond = divmod(nanos % DAY_NANOS, NANOS)
        return cls(seconds // 3_600, seconds // 60 % 60, seconds % 60, nanosecond, offset, zone)

    @property
    def is_local(self) -> bool:
        """Whether it has neither offset nor zone."""
        return self.offset is None and self.zone is None

    @property
    def utc_nanos(self) -> int:
        """Nanoseconds since midnight in UTC; without an offset, this clock counts as UTC."""
        return self.nanos - (self.offset_on(EPOCH) or 0) * NANOS

    def offset_on(self, date: Date) -> int | None:
        """Return the seconds east of UTC on a day, or None for a local time."""
        return self.offset if self.zone is None else zone_offset(self.zone, date, self)


EPOCH = Date(1970, 1, 1)
MIDNIGHT = Time(0, 0, 0)
MIDNIGHT_UTC = Time(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day and a time of day."""

    date: Date
    time: Time

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC, or None for a local time."""
        return self.time.offset_on(self.date)

    @property
    def utc_nanos(self) -> int:
        """Nanoseconds since 1970 in UTC; without an offset, this clock counts as UTC."""
        return self.local_nanos - (self.offset or 0) * NANOS

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since 1970 on this clock."""
        return self.date.number * DAY_NANOS + self.time.nanos

    def plus_nanos(self, nanos: int) -> Self | None:
        """Move by a duration: what a clock with this offset or zone shows after it."""
        if self.time.zone is not None:
            moved = from_utc_nanos(self.utc_nanos + nanos, zone=self.time.zone)
            return None if moved is None else type(self)(moved.date, moved.time)
        days, rest = divmod(self.local_nanos + nanos, DAY_NANOS)
        date = Date.from_number(days)
        return None if date is None else type(self)(date, Time.from_nanos(rest, self.time.offset))

    def as_datetime(self) -> datetime | None:
        """Return Python's aware moment in UTC (a local time counts as UTC), or None outside the years 1 to 9999."""
        microseconds = self.utc_nanos // 1_000
        try:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
        except OverflowError:
            return None

    @classmethod
    def from_datetime(cls, moment: datetime) -> Self:
        """Take over Python's moment, with its zone or offset."""
        offset = moment.utcoffset()
        zone = str(moment.tzinfo) if isinstance(moment.tzinfo, ZoneInfo) else None
        seconds = None if offset is None or zone else int(offset.total_seconds())
        time = Time(moment.hour, moment.minute, moment.second, moment.microsecond * 1_000, seconds, zone)
        return cls(Date(moment.year, moment.month, moment.day), time)


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """A days and time duration."""

    nanos: int

    @classmethod
    def of(cls, nanos: int) -> Self | None:
        """Return the duration, or None if it is longer than all years FEEL has."""
        return cls(nanos) if -LARGEST_DURATION <= nanos <= LARGEST_DURATION else None

    def as_timedelta(self) -> timedelta | None:
        """Return Python's duration, or None if it is too long for it."""
        try:
            return timedelta(microseconds=self.nanos // 1_000)
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class MonthsDuration:
    """A years and months duration."""

    months: int

    @classmethod
    def of(cls, months: int) -> Self | None:
        """Return the duration, or None if it is longer than all years FEEL has."""
        return cls(months) if -LARGEST_MONTHS <= months <= LARGEST_MONTHS else None


@lru_cache(maxsize=256)
def find_zone(name: str) -> ZoneInfo | None:
    """Return the named time zone, or None if there is none of that name."""
    if not name or name.startswith(("/", ".")) or ".." in name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None


def zone_offset(name: str, date: Date, time: Time) -> int | None:
    """Return the seconds east of UTC in a zone, at what its own clocks show."""
    zone = find_zone(name)
    if zone is None:
        return None
    local = datetime(_year_with_rules(date.year), date.month, min(date.day, 28) if date.month == _FEBRUARY else date.day,
                     time.hour, time.minute, time.second, tzinfo=zone)  # fmt: skip
    offset = local.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def from_utc_nanos(nanos: int, *, offset: int | None = None, zone: str | None = None) -> DateTime | None:
    """Return what a clock with this offset or in this zone shows at a moment counted from 1970 in UTC."""
    seconds = offset or 0
    if zone is not None:
        seconds = _offset_at(zone, nanos)
    days, rest = divmod(nanos + seconds * NANOS, DAY_NANOS)
    date = Date.from_number(days)
    return None if date is None else DateTime(date, Time.from_nanos(rest, offset, zone))


def _offset_at(zone: str, nanos: int) -> int:
    found = find_zone(zone)
    days, rest = divmod(nanos, DAY_NANOS)
    year, month, day = day_from_number(days)
    if found is None:
        return 0
    moment = datetime(_year_with_rules(year), month, min(day, 28) if month == _FEBRUARY else day, tzinfo=UTC)
    offset = (moment + timedelta(seconds=rest // NANOS)).astimezone(found).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _year_with_rules(year: int) -> int:
    """Python knows the years 1 to 9999; others follow the rules of the nearest year that keeps clear of both ends."""
    return min(max(year, 2), 9998)
