"""Moments, durations and cycles of timers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflows import feel
from workflows.engine.moments import TimerInvalid, read_cycle, read_moment

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("PT5H", "2026-12-01T17:00:00+00:00"),
        ("P1M", "2027-01-01T12:00:00+00:00"),
        ("P1DT30M", "2026-12-02T12:30:00+00:00"),
        ("-PT1H", "2026-12-01T11:00:00+00:00"),
        ("2026-12-03", "2026-12-03T00:00:00+00:00"),
        ("2026-12-03T09:00:00Z", "2026-12-03T09:00:00+00:00"),
        ("2026-12-03T09:00:00+05:45", "2026-12-03T03:15:00+00:00"),
        ("2026-07-03T09:00:00@Europe/Paris", "2026-07-03T07:00:00+00:00"),
    ],
)
def test_a_text_is_read_as_the_moment_it_says(text: str, moment: str) -> None:
    assert read_moment(text, NOON).isoformat() == moment


def test_a_feel_value_is_a_moment_as_well() -> None:
    value = feel.parse('now() + duration("PT90M")').evaluate({}, now=NOON)

    assert read_moment(value, NOON).isoformat() == "2026-12-01T13:30:00+00:00"


@pytest.mark.parametrize("text", ["2026-12-03T09:00:00", "tomorrow", "", "P", "5"])
def test_a_local_time_or_no_time_is_refused(text: str) -> None:
    with pytest.raises(TimerInvalid):
        read_moment(text, NOON)


def test_a_cycle_has_a_number_a_start_and_a_length() -> None:
    cycle = read_cycle("R3/2026-12-03T09:00:00Z/PT1H", NOON)

    assert (cycle.times, cycle.every, cycle.start) == (3, "PT1H", datetime(2026, 12, 3, 9, 0, tzinfo=UTC))
    assert read_cycle("R/PT24H", NOON).times is None


@pytest.mark.parametrize("text", ["R/PT0S", "R-1/PT0S", "R5/PT30S", "hourly"])
def test_a_cycle_that_would_never_rest_is_refused(text: str) -> None:
    with pytest.raises(TimerInvalid):
        read_cycle(text, NOON)
