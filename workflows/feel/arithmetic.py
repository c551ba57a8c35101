"""Adding, subtracting, multiplying, dividing, raising: numbers, strings, moments, durations. What does not fit gives null."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflows.feel.numbers import CONTEXT, LARGEST_WHOLE, Number, as_number, simplify, truncated, whole
from workflows.feel.temporal import (
    DAY_NANOS,
    MIDNIGHT_UTC,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.feel.limits import Run

    Operation = Callable[[Any, Any, Run], Any]
    Table = dict[tuple[type, type], Operation]

_NUMBERS = (int, Decimal, float)


def numeric(operation: Callable[[Number, Number], Number | None]) -> Operation:
    """Make an operation on numbers work on what comes in with variables; an impossible result is null."""

    def operate(left: Any, right: Any, _run: Run) -> Number | None:
        first, second = as_number(left), as_number(right)
        if first is None or second is None:
            return None
        try:
            return operation(first, second)
        except ArithmeticError:
            return None

    return operate


def _add(left: Number, right: Number) -> Number:
    if type(left) is int and type(right) is int:
        return whole(left + right)
    return CONTEXT.add(left, right)


def _subtract(left: Number, right: Number) -> Number:
    if type(left) is int and type(right) is int:
        return whole(left - right)
    return CONTEXT.subtract(left, right)


def _multiply(left: Number, right: Number) -> Number:
    if type(left) is int and type(right) is int:
        return whole(left * right)
    return CONTEXT.multiply(left, right)


def divide_numbers(left: Number, right: Number) -> Number:
    """Divide; a whole result of whole numbers stays whole."""
    if type(left) is int and type(right) is int and right and not left % right:
        return left // right
    return CONTEXT.divide(left, right)


def _power(left: Number, right: Number) -> Number | None:
    if not right:
        return 1
    raised = CONTEXT.power(left, right)
    if type(left) is int and type(right) is int and right >= 0 and abs(raised) < LARGEST_WHOLE:
        return int(raised)
    return simplify(raised)


def _concatenate(left: str, right: str, run: Run) -> str:
    run.charge_string(len(left) + len(right))
    return left + right


def as_moment(value: Date | DateTime) -> DateTime:
    """Return a day as its midnight in UTC, a moment as it is."""
    return DateTime(value, MIDNIGHT_UTC) if isinstance(value, Date) else value


def shift(value: Date | DateTime | Time, duration: DaysDuration | MonthsDuration, sign: int) -> Date | DateTime | Time | None:
    """Move a day, a moment or a time of day by a duration, forwards or backwards; a day stays a day."""
    if isinstance(duration, MonthsDuration):
        return _shift_months(value, sign * duration.months)
    nanos = sign * duration.nanos
    if isinstance(value, Time):
        return Time.from_nanos(value.nanos + nanos, value.offset, value.zone)
    if isinstance(value, Date):
        return Date.from_number((value.number * DAY_NANOS + nanos) // DAY_NANOS)
    return value.plus_nanos(nanos)


def _paid_shift(
    value: Date | DateTime | Time, duration: DaysDuration | MonthsDuration, sign: int, run: Run
) -> Date | DateTime | Time | None:
    """Moving on the clocks of a zone takes long, so it costs more."""
    run.charge(_ZONE_COST if isinstance(value, DateTime) and value.time.zone is not None else _SHIFT_COST)
    return shift(value, duration, sign)


_SHIFT_COST, _ZONE_COST = 3, 30  # steps


def _shift_months(value: Date | DateTime | Time, months: int) -> Date | DateTime | None:
    if isinstance(value, Date):
        return value.plus_months(months)
    if isinstance(value, DateTime):
        date = value.date.plus_months(months)
        return None if date is None else DateTime(date, value.time)
    return None


def _between_moments(left: Date | DateTime, right: Date | DateTime, _run: Run) -> DaysDuration | None:
    first, second = as_moment(left), as_moment(right)
    if first.time.is_local != second.time.is_local:
        return None
    return DaysDuration.of(first.utc_nanos - second.utc_nanos)


def _between_times(left: Time, right: Time, _run: Run) -> DaysDuration | None:
    if left.is_local != right.is_local:
        return None
    return DaysDuration.of(left.utc_nanos - right.utc_nanos)


def _days(nanos: Number | None) -> DaysDuration | None:
    whole_nanos = None if nanos is None else truncated(nanos)
    return None if whole_nanos is None else DaysDuration.of(whole_nanos)


def _months(months: Number | None) -> MonthsDuration | None:
    whole_months = None if months is None else truncated(months)
    return None if whole_months is None else MonthsDuration.of(whole_months)


def _raise(left: Any, right: Any, run: Run) -> Any:
    """Raising to a power that is not whole takes long, so it costs more."""
    run.charge(2 if type(right) is int else _FRACTION_COST)
    return _plain_power(left, right, run)


_plain_power = numeric(_power)
_FRACTION_COST = 150  # steps
_product, _quotient = numeric(_multiply), numeric(divide_numbers)


def _pairs(lefts: tuple[type, ...], rights: tuple[type, ...], operation: Operation) -> Table:
    return {(left, right): operation for left in lefts for right in rights}


_DATED = (Date, DateTime)
_DURATIONS = (DaysDuration, MonthsDuration)

ADD: Table = {
    **_pairs(_NUMBERS, _NUMBERS, numeric(_add)),
    (str, str): _concatenate,
    **_pairs((*_DATED, Time), _DURATIONS, lambda left, right, run: _paid_shift(left, right, 1, run)),
    **_pairs(_DURATIONS, (*_DATED, Time), lambda left, right, run: _paid_shift(right, left, 1, run)),
    (DaysDuration, DaysDuration): lambda left, right, _run: DaysDuration.of(left.nanos + right.nanos),
    (MonthsDuration, MonthsDuration): lambda left, right, _run: MonthsDuration.of(left.months + right.months),
}
SUBTRACT: Table = {
    **_pairs(_NUMBERS, _NUMBERS, numeric(_subtract)),
    **_pairs((*_DATED, Time), _DURATIONS, lambda left, right, run: _paid_shift(left, right, -1, run)),
    **_pairs(_DATED, _DATED, _between_moments),
    (Time, Time): _between_times,
    (DaysDuration, DaysDuration): lambda left, right, _run: DaysDuration.of(left.nanos - right.nanos),
    (MonthsDuration, MonthsDuration): lambda left, right, _run: MonthsDuration.of(left.months - right.months),
}
MULTIPLY: Table = {
    **_pairs(_NUMBERS, _NUMBERS, numeric(_multiply)),
    **_pairs((DaysDuration,), _NUMBERS, lambda left, right, run: _days(_product(left.nanos, right, run))),
    **_pairs((MonthsDuration,), _NUMBERS, lambda left, right, run: _months(_product(left.months, right, run))),
    **_pairs(_NUMBERS, (DaysDuration,), lambda left, right, run: _days(_product(right.nanos, left, run))),
    **_pairs(_NUMBERS, (MonthsDuration,), lambda left, right, run: _months(_product(right.months, left, run))),
}
DIVIDE: Table = {
    **_pairs(_NUMBERS, _NUMBERS, numeric(divide_numbers)),
    **_pairs((DaysDuration,), _NUMBERS, lambda left, right, run: _days(_quotient(left.nanos, right, run))),
    **_pairs((MonthsDuration,), _NUMBERS, lambda left, right, run: _months(_quotient(left.months, right, run))),
    (DaysDuration, DaysDuration): lambda left, right, run: _quotient(left.nanos, right.nanos, run),
    (MonthsDuration, MonthsDuration): lambda left, right, run: _quotient(left.months, right.months, run),
}
POWER: Table = _pairs(_NUMBERS, _NUMBERS, _raise)

TABLES: dict[str, Table] = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "/": DIVIDE, "**": POWER}


def negate(value: Any) -> Any:
    """Return the opposite of a number or a duration."""
    if isinstance(value, DaysDuration):
        return DaysDuration(-value.nanos)
    if isinstance(value, MonthsDuration):
        return MonthsDuration(-value.months)
    number = as_number(value)
    return None if number is None else -number
