"""Built-in functions on numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import TYPE_CHECKING, Any

from workflows.feel.functions.registry import Registry
from workflows.feel.numbers import CONTEXT, Number, as_int, whole
from workflows.feel.temporal import DaysDuration, MonthsDuration

if TYPE_CHECKING:
    from workflows.feel.limits import Run

FUNCTIONS = Registry()
_SMALLEST_SCALE, _LARGEST_SCALE = -6_111, 6_176
_COSTLY, _FAIR = 60, 5  # steps
_WIDE = Context(prec=60, Emin=-99_999, Emax=99_999)


def _round(number: Number, scale: Number, rounding: str) -> Number | None:
    """Round to a number of decimal places, or of tens with a negative scale."""
    places = as_int(scale) if isinstance(scale, int) else int(scale)
    if places is None or not _SMALLEST_SCALE <= places <= _LARGEST_SCALE:
        return None
    exact = Decimal(number)
    exponent = exact.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return number
    if -places > exact.adjusted() + 1:
        unit = (
            exact.to_integral_value(rounding)
            if abs(exact) < 1
            else exact.scaleb(places, context=_WIDE).to_integral_value(rounding)
        )
        return _tidy(unit.scaleb(-places, context=_WIDE) if unit else Decimal(0))
    return _tidy(exact.quantize(Decimal(1).scaleb(-places, context=_WIDE), rounding, _WIDE))


def _tidy(number: Decimal) -> Number:
    rounded = CONTEXT.plus(number)
    if rounded.adjusted() < CONTEXT.prec and rounded == rounded.to_integral_value():
        return whole(int(rounded))
    return rounded


def _declare_rounding(name: str, rounding: str) -> None:
    def body(run: Run, number: Number, scale: Number) -> Number | None:
        run.charge(_FAIR)
        return _round(number, scale, rounding)

    FUNCTIONS.builtin(f"{name}(n: number, scale: number)")(body)


_declare_rounding("decimal", ROUND_HALF_EVEN)
_declare_rounding("round up", ROUND_UP)
_declare_rounding("round down", ROUND_DOWN)
_declare_rounding("round half up", ROUND_HALF_UP)
_declare_rounding("round half down", ROUND_HALF_DOWN)


@FUNCTIONS.builtin("floor(n: number, scale?: number)")
def floor(_run: Run, number: Number, scale: Number = 0) -> Number | None:
    """Round down to a smaller number."""
    return _round(number, scale, ROUND_FLOOR)


@FUNCTIONS.builtin("ceiling(n: number, scale?: number)")
def ceiling(_run: Run, number: Number, scale: Number = 0) -> Number | None:
    """Round up to a greater number."""
    return _round(number, scale, ROUND_CEILING)


@FUNCTIONS.builtin("abs(n: number|days and time duration|years and months duration)")
def absolute(_run: Run, number: Any) -> Any:
    """Leave out the sign."""
    if isinstance(number, DaysDuration):
        return DaysDuration(abs(number.nanos))
    if isinstance(number, MonthsDuration):
        return MonthsDuration(abs(number.months))
    return abs(number)


@FUNCTIONS.builtin("modulo(dividend: number, divisor: number)")
def modulo(_run: Run, dividend: Number, divisor: Number) -> Number | None:
    """What is left of a division; it has the divisor's sign."""
    if not divisor:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    rest = _WIDE.remainder(Decimal(dividend), Decimal(divisor))
    if rest and (rest < 0) != (divisor < 0):
        rest = _WIDE.add(rest, divisor)
    return CONTEXT.plus(rest)


@FUNCTIONS.builtin("sqrt(number: number)")
def square_root(run: Run, number: Number) -> Number | None:
    """The number whose square this is; null below zero."""
    run.charge(_FAIR)
    return None if number < 0 else _tidy(CONTEXT.sqrt(number))


@FUNCTIONS.builtin("log(number: number)")
def logarithm(run: Run, number: Number) -> Number | None:
    """The natural logarithm; null at and below zero."""
    run.charge(_COSTLY)
    return None if number <= 0 else CONTEXT.ln(number)


@FUNCTIONS.builtin("exp(number: number)")
def exponential(run: Run, number: Number) -> Number:
    """Euler's number raised to this."""
    run.charge(_COSTLY)
    return CONTEXT.exp(number)


@FUNCTIONS.builtin("odd(number: number)")
def odd(_run: Run, number: Number) -> bool | None:
    """Tell whether it leaves one when halved."""
    exact = as_int(number)
    return None if exact is None else exact % 2 == 1


@FUNCTIONS.builtin("even(number: number)")
def even(_run: Run, number: Number) -> bool | None:
    """Tell whether it can be halved."""
    exact = as_int(number)
    return None if exact is None else exact % 2 == 0
