"""Comparing what came out with what a case expects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workflows import feel
from workflows.dmn.conformance.reading import Untyped
from workflows.feel.comparing import equal
from workflows.feel.numbers import as_number
from workflows.feel.values import NUMBER, adopt, kind_of

_TOLERANCE = Decimal("1e-8")


def agrees(actual: Any, expected: Any) -> bool:
    """Tell whether a value is the expected one: numbers up to a tolerance, contexts with the same entries, lists in order."""
    actual = adopt(actual)
    if isinstance(expected, Untyped):
        return _agrees_untyped(actual, expected)
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and actual.keys() == expected.keys()
            and all(agrees(value, expected[name]) for name, value in actual.items())
        )
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(expected)
            and all(agrees(value, other) for value, other in zip(actual, expected, strict=True))
        )
    if kind_of(expected) == NUMBER:
        return _agree_as_numbers(actual, expected)
    return kind_of(actual) == kind_of(expected) and equal(actual, expected, feel.Run()) is True


def _agree_as_numbers(actual: Any, expected: Any) -> bool:
    first, second = as_number(actual), as_number(expected)
    if first is None or second is None:
        return False
    return abs(Decimal(first) - Decimal(second)) <= _TOLERANCE * max(Decimal(1), abs(Decimal(second)))


def _agrees_untyped(actual: Any, expected: Untyped) -> bool:
    if isinstance(actual, str):
        return actual == expected.text
    resolved = expected.resolve(None)
    return not isinstance(resolved, Untyped) and agrees(actual, resolved)
