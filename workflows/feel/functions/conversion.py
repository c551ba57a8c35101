"""Built-in functions that make one kind of value from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import iso
from workflows.feel.comparing import equal
from workflows.feel.functions.registry import Registry
from workflows.feel.numbers import CONTEXT, Number, as_int, read_number
from workflows.feel.temporal import (
    MIDNIGHT_UTC,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    find_zone,
    from_utc_nanos,
)
from workflows.feel.values import kind_of

if TYPE_CHECKING:
    from workflows.feel.limits import Run

FUNCTIONS = Registry()
_SEPARATORS = frozenset({" ", ",", "."})
_LARGEST_OFFSET = 18 * 3_600
_READING_COST = 5  # steps


@FUNCTIONS.builtin("not(negand: any)")
def negated(_run: Run, value: Any) -> bool | None:
    """The opposite of a boolean; null for anything else."""
    return not value if type(value) is bool else None


@FUNCTIONS.builtin("is(value1?: any, value2?: any)")
def is_same(run: Run, first: Any = None, second: Any = None) -> bool:
    """Tell whether two values are the same in kind and in every part, also in their offsets."""
    if kind_of(first) != kind_of(second):
        return False
    if isinstance(first, DateTime | Time | Date):
        return bool(first == second)
    return equal(first, second, run) is True


@FUNCTIONS.builtin("is defined(value: any)")
def is_defined(_run: Run, value: Any) -> bool:
    """Tell whether a value is not null."""
    return value is not None


@FUNCTIONS.builtin("get or else(value: any, default: any)")
def get_or_else(_run: Run, value: Any, default: Any) -> Any:
    """The value, or the default if it is null."""
    return default if value is None else value


@FUNCTIONS.builtin("date(from: string|date|date and time)")
def date(run: Run, source: str | Date | DateTime) -> Date | None:
    """Make a day from its text or from a moment."""
    run.charge(_READING_COST)
    if isinstance(source, str):
        return iso.read_date(source)
    return source.date if isinstance(source, DateTime) else source


@FUNCTIONS.builtin("date(year: number, month: number, day: number)")
def date_of(_run: Run, year: Number, month: Number, day: Number) -> Date | None:
    """Make a day from its parts."""
    parts = as_int(year), as_int(month), as_int(day)
    return None if parts[0] is None or parts[1] is None or parts[2] is None else Date.of(parts[0], parts[1], parts[2])


@FUNCTIONS.builtin("date and time(from: string|date|date and time)")
def date_and_time(run: Run, source: str | Date | DateTime) -> DateTime | None:
    """Make a moment from its text; a day's is its midnight."""
    run.charge(_READING_COST)
    if isinstance(source, str):
        return iso.read_date_time(source)
    return DateTime(source, MIDNIGHT_UTC) if isinstance(source, Date) else source


@FUNCTIONS.builtin("date and time(date: date|date and time, time: time)")
def date_and_time_of(_run: Run, day: Date | DateTime, time_of_day: Time) -> DateTime:
    """Make a moment from a day and a time of day."""
    return DateTime(day.date if isinstance(day, DateTime) else day, time_of_day)


@FUNCTIONS.builtin("date and time(date: date and time, timezone: string)")
def date_and_time_in(_run: Run, moment: DateTime, zone: str) -> DateTime | None:
    """Show a moment on the clocks of another zone."""
    return None if find_zone(zone) is None else from_utc_nanos(moment.utc_nanos, zone=zone)


@FUNCTIONS.builtin("time(from: string|time|date and time|date)")
def time(run: Run, source: str | Time | DateTime | Date) -> Time | None:
    """Make a time of day from its text or from a moment; a day's is midnight in UTC."""
    run.charge(_READING_COST)
    if isinstance(source, str):
        return iso.read_time(source)
    if isinstance(source, Date):
        return MIDNIGHT_UTC
    return source.time if isinstance(source, DateTime) else source


@FUNCTIONS.builtin("time(hour: number, minute: number, second: number, offset?: days and time duration|Null)")
def time_of(_run: Run, hour: Number, minute: Number, second: Number, offset: DaysDuration | None = None) -> Time | None:
    """Make a time of day from its parts."""
    hours, minutes, nanos = as_int(hour), as_int(minute), as_int(CONTEXT.multiply(second, NANOS).to_integral_value("ROUND_DOWN"))
    if hours is None or minutes is None or nanos is None:
        return None
    seconds = None if offset is None else offset.nanos // NANOS
    valid = 0 <= hours < 24 and 0 <= minutes < 60 and 0 <= nanos < 60 * NANOS
    if not valid or (seconds is not None and abs(seconds) > _LARGEST_OFFSET):
        return None
    return Time(hours, minutes, nanos // NANOS, nanos % NANOS, seconds)


@FUNCTIONS.builtin("duration(from: string|days and time duration|years and months duration)")
def duration(run: Run, source: str | DaysDuration | MonthsDuration) -> DaysDuration | MonthsDuration | None:
    """Make a duration from its text."""
    run.charge(_READING_COST)
    return iso.read_duration(source) if isinstance(source, str) else source


@FUNCTIONS.builtin("years and months duration(from: date|date and time, to: date|date and time)")
def years_and_months_duration(_run: Run, start: Date | DateTime, end: Date | DateTime) -> MonthsDuration | None:
    """Count the whole months between two days."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return MonthsDuration.of(months)


@FUNCTIONS.builtin(
    "number(from: string|number)", "number(from: string, grouping separator: string|Null, decimal separator?: string|Null)"
)
def number(_run: Run, source: str | Number, grouping: str | None = None, point: str | None = None) -> Number | None:
    """Read a number, with other separators if need be."""
    if not isinstance(source, str):
        return source
    if (grouping is not None and grouping not in _SEPARATORS) or (
        point is not None and (point not in _SEPARATORS or point == " ")
    ):
        return None
    if grouping is not None and grouping == point:
        return None
    text = source if grouping is None else source.replace(grouping, "")
    text = text if point is None else text.replace(point, ".")
    return read_number(text) if _looks_like_number(text) else None


def _looks_like_number(text: str) -> bool:
    """Leave out what Python would read as a number and FEEL would not: blanks, underscores, words."""
    return len(text) < 200 and text.isascii() and bool(text) and all(letter in "0123456789+-.eE" for letter in text)
