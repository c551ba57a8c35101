"""How long a step usually takes: said when enough cases say so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.usual import list_usual_times
from tests.services.leave import NOW, Leave, fill_leave
from tests.worlds import BOTH, world_fixture

leave = world_fixture("leave", fill_leave, Leave, kinds=BOTH)


@pytest.fixture
def six_cases(leave):
    for hours in (1, 2, 3, 4, 5, 30):
        case_id = leave.start()
        leave.review(case_id, now=NOW + timedelta(hours=hours))
    return leave


def usual(world, *, now):
    with world.database.reading() as session:
        return list_usual_times(session, {"leave_request"}, {"review", "leave_review", "approve"}, now=now)


def test_half_and_nine_in_ten_are_said_of_steps_that_enough_cases_took(six_cases):
    found = usual(six_cases, now=NOW + timedelta(days=2))

    ((step, time),) = found.items()
    assert step[0] == "leave_request"
    assert (time.median, time.most, time.tasks) == (timedelta(hours=3), timedelta(hours=30), 6)


def test_few_cases_and_old_cases_say_nothing(six_cases):
    assert usual(six_cases, now=NOW + timedelta(hours=4)) == {}
    assert usual(six_cases, now=NOW + timedelta(days=400)) == {}
