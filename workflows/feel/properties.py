"""What can be asked of a value with a dot: `date.year`, `duration.hours`, `range.start`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel.temporal import NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from workflows.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Callable


def _time_offset(value: Time | DateTime) -> DaysDuration | None:
    offset = value.offset
    return None if offset is None else DaysDuration(offset * NANOS)


def _seconds(value: DaysDuration) -> int:
    """Whole seconds of a duration, with its sign."""
    seconds = abs(value.nanos) // NANOS
    return -seconds if value.nanos < 0 else seconds


def _part(value: DaysDuration, unit: int, size: int) -> int:
    seconds = _seconds(value)
    part = abs(seconds) // unit % size
    return -part if seconds < 0 else part


def _days(value: DaysDuration) -> int:
    seconds = _seconds(value)
    days = abs(seconds) // 86_400
    return -days if seconds < 0 else days


def years_of(value: MonthsDuration) -> int:
    """Whole years of a duration, with its sign."""
    return -(-value.months // 12) if value.months < 0 else value.months // 12


PROPERTIES: dict[tuple[type, str], Callable[[Any], Any]] = {
    (Date, "year"): lambda value: value.year,
    (Date, "month"): lambda value: value.month,
    (Date, "day"): lambda value: value.day,
    (Date, "weekday"): lambda value: value.weekday,
    (DateTime, "year"): lambda value: value.date.year,
    (DateTime, "month"): lambda value: value.date.month,
    (DateTime, "day"): lambda value: value.date.day,
    (DateTime, "weekday"): lambda value: value.date.weekday,
    (DateTime, "hour"): lambda value: value.time.hour,
    (DateTime, "minute"): lambda value: value.time.minute,
    (DateTime, "second"): lambda value: value.time.second,
    (DateTime, "time offset"): _time_offset,
    (DateTime, "timezone"): lambda value: value.time.zone,
    (Time, "hour"): lambda value: value.hour,
    (Time, "minute"): lambda value: value.minute,
    (Time, "second"): lambda value: value.second,
    (Time, "time offset"): _time_offset,
    (Time, "timezone"): lambda value: value.zone,
    (DaysDuration, "days"): _days,
    (DaysDuration, "hours"): lambda value: _part(value, 3_600, 24),
    (DaysDuration, "minutes"): lambda value: _part(value, 60, 60),
    (DaysDuration, "seconds"): lambda value: _part(value, 1, 60),
    (MonthsDuration, "years"): years_of,
    (MonthsDuration, "months"): lambda value: value.months - 12 * years_of(value),
    (Range, "start"): lambda value: value.start,
    (Range, "end"): lambda value: value.end,
    (Range, "start included"): lambda value: value.start_included,
    (Range, "end included"): lambda value: value.end_included,
}
