"""FEEL values on their way to and from variables."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from workflows import feel


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("3.0"), 3),
        (Decimal("3.25"), 3.25),
        (Decimal("1E+3"), 1000),
        (Decimal("1E+6000"), None),
        (float("nan"), None),
        (float("inf"), None),
        (0.1, 0.1),
        (True, True),
        ("text", "text"),
        ([Decimal(1), {"a": Decimal("0.5")}], [1, {"a": 0.5}]),
        (feel.Date(2026, 12, 1), "2026-12-01"),
        (feel.Time(9, 30, 0, 0, 0), "09:30:00Z"),
        (feel.DaysDuration(90_000_000_000), "PT1M30S"),
        (feel.MonthsDuration(14), "P1Y2M"),
        (feel.Range(start=1, end=3, start_included=True, end_included=False), "[1..3)"),
    ],
)
def test_a_value_becomes_json(value: Any, expected: Any) -> None:
    written = feel.to_json(value)

    assert written == expected
    assert type(written) is type(expected)
    json.dumps(written, allow_nan=False)


def test_floats_become_the_decimals_they_print_as() -> None:
    assert feel.from_json({"rate": 0.1, "list": [1, 2.5, "2026-12-01", True]}) == {
        "rate": Decimal("0.1"),
        "list": [1, Decimal("2.5"), "2026-12-01", True],
    }


def test_no_text_holds_what_json_or_a_database_cannot_keep() -> None:
    assert feel.parse(r'"a\u0000b\ud800c"').evaluate({}) == "a\ufffdb\ufffdc"
