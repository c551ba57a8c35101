"""Dates, times and durations: reading, properties, calculating, comparing, and Python's own kinds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from workflows import feel

READING = [
    ('date("2026-02-29")', None),
    ('date("2028-02-29")', "2028-02-29"),
    ("date(2026, 12, 1)", "2026-12-01"),
    ("date(2026, 13, 1)", None),
    ('date(date and time("2026-12-01T09:30:00"))', "2026-12-01"),
    ('date("1.12.2026")', None),
    ('date("-0044-03-15")', "-0044-03-15"),
    ('date("999999999-12-31")', "999999999-12-31"),
    ('time("09:30:00")', "09:30:00"),
    ('time("09:30:00.123456789+02:00")', "09:30:00.123456789+02:00"),
    ('time("25:00:00")', None),
    ('time("9:30:00")', None),
    ('time(9, 30, 15.5, duration("PT2H"))', "09:30:15.5+02:00"),
    ("time(9, 30, 0)", "09:30:00"),
    ('date and time("2026-12-01T24:00:00")', "2026-12-02T00:00:00"),
    ('date and time("2026-12-01")', "2026-12-01T00:00:00"),
    ('date and time(date("2026-12-01"), time("09:30:00Z"))', "2026-12-01T09:30:00Z"),
    ('date and time("2026-12-01T09:30:00@Europe/Paris")', "2026-12-01T09:30:00@Europe/Paris"),
    ('date and time("2026-12-01T09:30:00@Nowhere/Land")', None),
    ('date and time("2026-12-01T09:30:00@../../etc/passwd")', None),
    ('date and time("2026-12-01T09:30:00+19:00")', None),
    ('duration("P1DT36H")', "P2DT12H"),
    ('duration("P1Y14M")', "P2Y2M"),
    ('duration("P1M2D")', None),
    ('duration("PT")', None),
    ('duration("-PT1.5S")', "-PT1.5S"),
    ('years and months duration(date("2026-01-31"), date("2027-03-01"))', "P1Y1M"),
    ('years and months duration(date("2027-03-01"), date("2026-01-31"))', "-P1Y1M"),
]

PROPERTIES = [
    ('@"2026-12-01".year', 2026),
    ('@"2026-12-01".weekday', 2),
    ('@"2026-12-01T09:30:15+02:00".hour', 9),
    ('@"2026-12-01T09:30:15+02:00".time offset', "PT2H"),
    ('@"2026-12-01T09:30:15@Europe/Paris".time offset', "PT1H"),
    ('@"2026-07-01T09:30:15@Europe/Paris".time offset', "PT2H"),
    ('@"2026-12-01T09:30:15@Europe/Paris".timezone', "Europe/Paris"),
    ('@"2026-12-01".hour', None),
    ('@"P1DT2H3M4S".hours', 2),
    ('@"-P1DT2H".hours', -2),
    ('@"P1Y2M".months', 2),
    ('@"P1Y2M".days', None),
]

CALCULATING = [
    ('@"2026-01-31" + @"P1M"', "2026-02-28"),
    ('@"2026-12-01" + @"P1D"', "2026-12-02"),
    ('@"P1D" + @"2026-12-01"', "2026-12-02"),
    ('@"2026-12-01" - @"P1Y"', "2025-12-01"),
    ('@"2026-12-01T23:30:00Z" + @"PT1H"', "2026-12-02T00:30:00Z"),
    ('@"23:30:00" + @"PT1H"', "00:30:00"),
    ('@"2026-12-02" - @"2026-12-01"', "P1D"),
    ('@"2026-12-01T10:00:00+02:00" - @"2026-12-01T07:00:00Z"', "PT1H"),
    ('@"2026-12-01T10:00:00" - @"2026-12-01T07:00:00Z"', None),
    ('@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"', "2026-03-29T03:30:00@Europe/Paris"),
    ('@"PT1H" * 1.5', "PT1H30M"),
    ('2 * @"P1M"', "P2M"),
    ('@"P1D" / 2', "PT12H"),
    ('@"P1D" / @"PT1H"', 24),
    ('@"P1D" / 0', None),
    ('-@"P1D"', "-P1D"),
    ('@"P1D" + @"P1M"', None),
    ('@"2026-12-01" + 1', None),
    ('@"999999999-12-31" + @"P1D"', None),
]

COMPARING = [
    ('@"2026-12-01" < @"2026-12-02"', True),
    ('@"2026-12-01T10:00:00+02:00" = @"2026-12-01T08:00:00Z"', True),
    ('@"2026-12-01T10:00:00+02:00" < @"2026-12-01T08:30:00Z"', True),
    ('@"2026-12-01" = @"2026-12-01T00:00:00Z"', True),
    ('@"2026-12-01T10:00:00" = @"2026-12-01T10:00:00Z"', False),
    ('@"PT24H" = @"P1D"', True),
    ('@"P12M" = @"P1Y"', True),
    ('@"P365D" = @"P1Y"', None),
    ('@"2026-12-01" in [@"2026-11-30"..@"2026-12-02"]', True),
    ('@"2026-12-01" < "2026-12-02"', None),
]


@pytest.mark.parametrize(("text", "expected"), [*READING, *PROPERTIES, *CALCULATING, *COMPARING])
def test_moments(text: str, expected: Any) -> None:
    assert feel.to_json(feel.parse(text).evaluate({})) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 12, 1), "2026-12-01"),
        (datetime(2026, 12, 1, 9, 30, tzinfo=UTC), "2026-12-01T09:30:00Z"),
        (datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Europe/Paris")), "2026-12-01T09:30:00@Europe/Paris"),
        (timedelta(hours=26), "P1DT2H"),
        ((1, 2), [1, 2]),
        (object(), None),
    ],
)
def test_values_of_python_are_taken_over(value: Any, expected: Any) -> None:
    assert feel.to_json(feel.parse("value").evaluate({"value": value})) == expected


def test_a_text_that_looks_like_a_date_stays_a_text() -> None:
    assert feel.parse("arrival").evaluate({"arrival": "2026-12-01"}) == "2026-12-01"
    assert feel.parse('date(arrival) - @"2026-11-30" = @"P1D"').evaluate({"arrival": "2026-12-01"}) is True


def test_moments_can_be_had_as_pythons_own() -> None:
    moment = feel.parse('@"2026-12-01T10:00:00@Europe/Paris"').evaluate({})
    duration = feel.parse('@"P1DT1S"').evaluate({})

    assert moment.as_datetime() == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert duration.as_timedelta() == timedelta(days=1, seconds=1)
    assert feel.parse('@"99999-12-01T10:00:00"').evaluate({}).as_datetime() is None
