"""Numbers: exact decimals of 34 digits, kept as plain integers while they are whole.

A number is an `int` or a `Decimal`. A `float` may come in with variables; `as_number` makes the decimal of it that it prints as.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

Number = int | Decimal

DIGITS = 34
CONTEXT = Context(
    prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[DivisionByZero, InvalidOperation, Overflow]
)
LARGEST_WHOLE = 10**DIGITS
_FEW_CHARS = 18


def read_number(text: str) -> Number | None:
    """Read a number's digits; None if it is no number or too large."""
    try:
        if len(text) <= _FEW_CHARS and text.isascii() and text.isdigit():
            return int(text)
        return simplify(CONTEXT.create_decimal(text))
    except ArithmeticError:
        return None


def simplify(number: Decimal) -> Number | None:
    """Round to 34 digits; None for what is no finite number."""
    if not number.is_finite():
        return None
    try:
        return CONTEXT.plus(number)
    except ArithmeticError:
        return None


def whole(number: Number) -> Number:
    """Keep a whole number within 34 digits; beyond, it becomes a rounded decimal."""
    if type(number) is int and not -LARGEST_WHOLE < number < LARGEST_WHOLE:
        return CONTEXT.create_decimal(number)
    return number


def as_number(value: Any) -> Number | None:
    """Return the value as a number, or None if it is none; a boolean never is."""
    kind = type(value)
    if kind is int:
        return value if -LARGEST_WHOLE < value < LARGEST_WHOLE else simplify(Decimal(value))
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind is float:
        return simplify(Decimal(repr(value)))
    return None


def as_int(number: Number) -> int | None:
    """Return the number as a whole one, or None if it has a fraction."""
    if isinstance(number, int):
        return number
    if number.adjusted() > DIGITS:
        return None
    truncated = int(number)
    return truncated if truncated == number else None


def truncated(number: Number) -> int | None:
    """Return the whole part, or None if the number is too large to count with."""
    return None if abs(number) >= LARGEST_WHOLE else int(number)


def text_of(number: Number) -> str:
    """Write a number without an exponent and without needless zeros at its end."""
    if isinstance(number, int):
        return str(number)
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
