"""Values that are neither JSON nor temporal: ranges and functions; and what kind each value is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflows.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.feel.limits import Run
    from workflows.feel.types import Type

NULL, BOOLEAN, NUMBER, STRING = "Null", "boolean", "number", "string"
DATE, TIME, DATE_TIME = "date", "time", "date and time"
DAYS_DURATION, MONTHS_DURATION = "days and time duration", "years and months duration"
LIST, CONTEXT, RANGE, FUNCTION = "list", "context", "range", "function"


class NoAnswerError(Exception):
    """A built-in function has no answer for its arguments; the call is null."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """Everything from `start` to `end`; None is an open end.

    Attributes:
        operator: For a range written as a comparison (`< 7`), its sign; empty for one written with dots.
    """

    start: Any
    end: Any
    start_included: bool
    end_included: bool
    operator: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Function:
    """Something to call: built in, written in an expression, or given by the caller.

    Attributes:
        call: Takes the run and a list of arguments, as many as there are parameters.
        call_named: Takes the run and the arguments by name, where the parameters alone do not say how.
        variadic: Whether any number of arguments may be given.
        types: The types of the parameters, as far as they are declared.
        result: The type of what it answers, where that is known.
    """

    parameters: tuple[str, ...]
    call: Callable[[Run, list[Any]], Any]
    call_named: Callable[[Run, dict[str, Any]], Any] | None = None
    name: str = ""
    variadic: bool = False
    types: tuple[Type | None, ...] = field(default=())
    result: Type | None = None


KINDS: dict[type, str] = {
    type(None): NULL,
    bool: BOOLEAN,
    int: NUMBER,
    Decimal: NUMBER,
    float: NUMBER,
    str: STRING,
    Date: DATE,
    Time: TIME,
    DateTime: DATE_TIME,
    DaysDuration: DAYS_DURATION,
    MonthsDuration: MONTHS_DURATION,
    list: LIST,
    dict: CONTEXT,
    Range: RANGE,
    Function: FUNCTION,
}


def kind_of(value: Any) -> str:
    """Name the value's kind, as FEEL's types are named; empty for a value that FEEL does not have."""
    return KINDS.get(type(value), "")


def adopt(value: Any) -> Any:
    """Turn a Python value that is not of FEEL's own kinds into one; None if there is no counterpart."""
    if type(value) in KINDS:
        return value
    for python_type, turn in _ADOPTED:
        if isinstance(value, python_type):
            return turn(value)
    return None


def _adopt_mapping(value: Any) -> Any:
    return dict(value) if hasattr(value, "keys") else None


_ADOPTED: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (str, str),
    (int, int),
    (datetime, DateTime.from_datetime),
    (date, lambda value: Date(value.year, value.month, value.day)),
    (time, lambda value: DateTime.from_datetime(datetime.combine(date(2000, 1, 1), value)).time),
    (timedelta, lambda value: DaysDuration((value.days * 86_400 + value.seconds) * 1_000_000_000 + value.microseconds * 1_000)),
    (tuple, list),
    (dict, dict),
    (object, _adopt_mapping),
)
