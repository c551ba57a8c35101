"""Built-in functions on days and moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.feel.functions.registry import Registry
from workflows.feel.temporal import Date, DateTime, day_number, days_in_month

if TYPE_CHECKING:
    from workflows.feel.limits import Run

FUNCTIONS = Registry()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_THURSDAY = 4


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@FUNCTIONS.builtin("now()")
def now(run: Run) -> DateTime | None:
    """The moment of the evaluation."""
    run.charge(5)
    return None if run.now is None else DateTime.from_datetime(run.now)


@FUNCTIONS.builtin("today()")
def today(run: Run) -> Date | None:
    """The day of the evaluation."""
    run.charge(5)
    return None if run.now is None else DateTime.from_datetime(run.now).date


@FUNCTIONS.builtin("day of year(date: date|date and time)")
def day_of_year(_run: Run, value: Date | DateTime) -> int:
    """1 for the first of January."""
    day = _day(value)
    return day.number - day_number(day.year, 1, 1) + 1


@FUNCTIONS.builtin("day of week(date: date|date and time)")
def day_of_week(_run: Run, value: Date | DateTime) -> str:
    """The day's English name."""
    return _DAYS[_day(value).weekday - 1]


@FUNCTIONS.builtin("month of year(date: date|date and time)")
def month_of_year(_run: Run, value: Date | DateTime) -> str:
    """The month's English name."""
    return _MONTHS[_day(value).month - 1]


@FUNCTIONS.builtin("week of year(date: date|date and time)")
def week_of_year(_run: Run, value: Date | DateTime) -> int:
    """The week as ISO 8601 counts: the first one has the year's first Thursday."""
    day = _day(value)
    thursday = Date.from_number(day.number - day.weekday + _THURSDAY) or day
    return (thursday.number - day_number(thursday.year, 1, 1)) // 7 + 1


@FUNCTIONS.builtin("last day of month(date: date|date and time)")
def last_day_of_month(_run: Run, value: Date | DateTime) -> Date:
    """The last day of the month of a day."""
    day = _day(value)
    return Date(day.year, day.month, days_in_month(day.year, day.month))
