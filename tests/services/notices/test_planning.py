"""When a mail may reach somebody: quiet hours, working time, digests, and the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from services.notices import DAILY, OFF, Habits, Plan, is_digest_due, next_opening, plan
from workflows.calendars import Calendar

GENEVA = Calendar(weekend=frozenset({6, 7}), holidays=frozenset({date(2026, 12, 25)}), zone="Europe/Zurich")
NIGHT = Habits(quiet_from=time(22), quiet_to=time(6, 30))
NAP = Habits(quiet_from=time(1), quiet_to=time(2, 30))
OFFICE = Habits(working_time=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_who_chose_nothing_is_told_at_once_and_gets_no_digest() -> None:
    now = at("2026-12-05T23:00")

    assert plan(Habits(), GENEVA, kind="task", urgent=False, now=now) == Plan(mail_at=now)
    assert plan(Habits(), GENEVA, kind="digest", urgent=False, now=now) == Plan(mail_at=None)


def test_a_kind_is_told_in_the_digest_or_not_at_all_but_what_is_urgent_always_at_once() -> None:
    now = at("2026-12-05T23:00")
    habits = Habits(kinds={"decision": DAILY, "request": OFF}, quiet_from=time(0), quiet_to=time(23, 59), working_time=True)

    assert plan(habits, GENEVA, kind="decision", urgent=False, now=now) == Plan(mail_at=None, digest=True)
    assert plan(habits, GENEVA, kind="request", urgent=False, now=now) == Plan(mail_at=None)
    assert plan(habits, GENEVA, kind="request", urgent=True, now=now) == Plan(mail_at=now)


@pytest.mark.parametrize(
    ("habits", "now", "opens"),
    [
        (NIGHT, "2026-12-01T12:00", "2026-12-01T12:00"),
        (NIGHT, "2026-12-01T21:30", "2026-12-02T05:30"),  # 22:30 there: until 06:30
        (NIGHT, "2026-12-02T03:00", "2026-12-02T05:30"),
        (NIGHT, "2026-12-02T05:30", "2026-12-02T05:30"),  # the end is no longer quiet
        (OFFICE, "2026-12-01T06:59", "2026-12-01T07:00"),
        (OFFICE, "2026-12-01T16:59", "2026-12-01T16:59"),
        (OFFICE, "2026-12-01T17:00", "2026-12-02T07:00"),
        (OFFICE, "2026-12-24T18:00", "2026-12-28T07:00"),  # a holiday and a weekend
        (Habits(quiet_from=time(8), quiet_to=time(9), working_time=True), "2026-12-04T20:00", "2026-12-07T08:00"),
        (Habits(quiet_from=time(9), quiet_to=time(9)), "2026-12-01T08:00", "2026-12-01T08:00"),
    ],
)
def test_a_mail_waits_until_nobody_is_disturbed(habits: Habits, now: str, opens: str) -> None:
    assert next_opening(habits, GENEVA, at(now)) == at(opens)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-29T00:30", "2026-03-29T01:30"),  # 02:30 is left out: as long after midnight, which is then 03:30
        ("2026-10-25T00:15", "2026-10-25T00:30"),  # 02:15 in summer time: until the first 02:30
        ("2026-10-25T01:15", "2026-10-25T01:30"),  # 02:15 again, in winter time: until the second
        ("2026-10-25T01:30", "2026-10-25T01:30"),
    ],
)
def test_quiet_hours_end_on_the_wall_also_when_clocks_change(now: str, opens: str) -> None:
    assert next_opening(NAP, GENEVA, at(now)) == at(opens)


@pytest.mark.parametrize(
    ("habits", "now", "sent_on", "due"),
    [
        (Habits(), "2026-12-01T06:59", None, None),
        (Habits(), "2026-12-01T07:00", None, date(2026, 12, 1)),
        (Habits(), "2026-12-01T07:00", date(2026, 12, 1), None),
        (Habits(), "2026-12-02T09:00", date(2026, 12, 1), date(2026, 12, 2)),
        (OFFICE, "2026-12-05T09:00", date(2026, 12, 4), None),
    ],
)
def test_a_digest_is_due_at_eight_on_the_wall_once_a_day(habits: Habits, now: str, sent_on: date, due: date) -> None:
    assert is_digest_due(habits, GENEVA, sent_on=sent_on, now=at(now)) == due
