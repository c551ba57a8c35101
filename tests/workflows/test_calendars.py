"""Working days of places with other weekends, holidays and clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendars import Calendar, NoWorkingDays

WESTERN = Calendar(weekend=frozenset({6, 7}), holidays=frozenset({date(2026, 12, 25), date(2027, 1, 1)}), zone="Europe/Zurich")
TESH = Calendar(weekend=frozenset({5, 6}), holidays=frozenset(), zone="Asia/Kabul")


def at(calendar: Calendar, text: str) -> datetime:
    """Read a moment as the clock on the wall of the place shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone))


def test_working_days_go_around_the_weekend():
    assert WESTERN.add_working_days(at(WESTERN, "2026-12-04T15:00"), 1) == at(WESTERN, "2026-12-07T15:00")
    assert WESTERN.add_working_days(at(WESTERN, "2026-12-01T10:00"), 10) == at(WESTERN, "2026-12-15T10:00")


def test_a_weekend_of_friday_and_saturday_leaves_sunday_to_work():
    thursday = at(TESH, "2026-12-03T15:00")

    assert TESH.add_working_days(thursday, 1) == at(TESH, "2026-12-06T15:00")
    assert TESH.add_working_days(thursday, 5) == at(TESH, "2026-12-10T15:00")


def test_holidays_are_left_out():
    assert WESTERN.add_working_days(at(WESTERN, "2026-12-24T09:00"), 1) == at(WESTERN, "2026-12-28T09:00")
    assert WESTERN.add_working_days(at(WESTERN, "2026-12-31T09:00"), 1) == at(WESTERN, "2027-01-04T09:00")


def test_a_deadline_keeps_its_hour_when_the_clocks_change():
    # Zurich goes back from +02:00 to +01:00 on 25 October 2026, and forward on 28 March 2027.
    assert WESTERN.add_working_days(datetime(2026, 10, 23, 8, tzinfo=UTC), 1) == datetime(2026, 10, 26, 9, tzinfo=UTC)
    assert WESTERN.add_working_days(datetime(2027, 3, 26, 9, tzinfo=UTC), 1) == datetime(2027, 3, 29, 8, tzinfo=UTC)


def test_the_zone_says_which_day_it_is():
    # Friday evening in Zurich is already Friday night's free day in Tesh; 20:00 UTC on Saturday is Sunday there.
    saturday_night = datetime(2026, 12, 5, 20, tzinfo=UTC)

    assert TESH.add_working_days(saturday_night, 1) == datetime(2026, 12, 6, 20, tzinfo=UTC)
    assert WESTERN.add_working_days(saturday_night, 1) == at(WESTERN, "2026-12-08T00:00")


def test_who_is_asked_on_a_free_day_has_as_long_as_one_who_is_asked_at_its_end():
    saturday, monday = at(WESTERN, "2026-12-05T13:00"), at(WESTERN, "2026-12-07T00:00")

    assert WESTERN.add_working_days(saturday, 2) == WESTERN.add_working_days(monday, 2) == at(WESTERN, "2026-12-09T00:00")


def test_parts_of_days_count_by_the_hour_and_skip_the_weekend_too():
    assert WESTERN.add_working_days(at(WESTERN, "2026-12-04T18:00"), 0.5) == at(WESTERN, "2026-12-07T06:00")
    assert WESTERN.add_working_days(at(WESTERN, "2026-12-01T09:00"), 2.5) == at(WESTERN, "2026-12-03T21:00")


def test_no_days_are_over_at_once_and_there_is_no_way_back():
    now = at(WESTERN, "2026-12-01T09:00")

    assert WESTERN.add_working_days(now, 0) == WESTERN.add_working_days(now, -3) == now


def test_the_days_between_two_moments_are_counted():
    friday, tuesday = at(WESTERN, "2026-12-04T12:00"), at(WESTERN, "2026-12-08T18:00")

    assert WESTERN.working_days_between(friday, tuesday) == 2.25
    assert WESTERN.working_days_between(tuesday, friday) == -2.25
    assert WESTERN.working_days_between(at(WESTERN, "2026-12-05T01:00"), at(WESTERN, "2026-12-06T23:00")) == 0


def test_a_calendar_of_free_days_only_is_refused_instead_of_searched_for_ever():
    never = Calendar(weekend=frozenset(range(1, 8)), holidays=frozenset(), zone="UTC")

    with pytest.raises(NoWorkingDays):
        never.add_working_days(datetime(2026, 12, 1, tzinfo=UTC), 1)


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 1)),
    st.integers(min_value=0, max_value=60),
    st.sampled_from([WESTERN, TESH]),
)
def test_later_starts_never_end_earlier_and_counting_back_gives_the_days_again(start, days, calendar):
    moment = start.replace(microsecond=0, tzinfo=UTC)

    end = calendar.add_working_days(moment, days)

    assert end <= calendar.add_working_days(moment + timedelta(hours=5), days)
    # A clock that was changed on the way may make the last day an hour longer or shorter.
    assert abs(calendar.working_days_between(moment, end) - days) <= 1 / 12
