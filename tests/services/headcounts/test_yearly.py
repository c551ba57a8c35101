"""The yearly test of head counts: when an area has one due, and that nobody is asked anything before an official says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from services.models.cases import OPEN
from services.models.headcounts import Headcount
from services.models.plans import DutyStation
from tests.services.headcounts.counting import NORTH, Counting
from tests.services.travel.journeys import NOW

YEAR = timedelta(days=365)
HC = "head_count"


def set_stations(counting: Counting, since: date, *, only: str | None = None, phase: str = "ESTABLISHED") -> None:
    """Let duty stations be in a phase since a day: one, or all."""
    change = update(DutyStation).values(phase_since=since, phase=phase)
    with counting.database.transaction() as session:
        session.execute(change if only is None else change.where(DutyStation.area == only))


def planned(counting: Counting) -> dict[str | None, str]:
    """The areas in which a test is to be planned, with where each stands."""
    return {case.area: case.status for case in counting.started(HC) if case.status.startswith("TEST")}


def test_an_area_that_nobody_counted_for_a_year_is_tested_and_asked_for_once(counting: Counting) -> None:
    today = NOW.date()
    set_stations(counting, today - timedelta(days=30))
    set_stations(counting, today - YEAR + timedelta(days=14), only=NORTH)

    counting.go_on()
    counting.go_on(NOW + timedelta(days=1))

    assert [(case.area, case.state) for case in counting.started(HC)] == [(NORTH, OPEN)]
    assert counting.told("N-HC-13") == {"naledi.vanter"}
    assert counting.rows(Headcount) == []
    assert counting.told("N-HC-03") == set()


@pytest.mark.parametrize(("phase", "days"), [("ESTABLISHED", -15), ("CRISIS", 100), ("CLOSED", 100)])
def test_no_test_is_due_earlier_in_a_crisis_or_after_the_end(embedded_counting: Counting, phase: str, days: int) -> None:
    today = NOW.date()
    set_stations(embedded_counting, today)
    set_stations(embedded_counting, today - YEAR - timedelta(days=days), only=NORTH, phase=phase)

    embedded_counting.go_on()

    assert planned(embedded_counting) == {}


def test_a_head_count_of_the_country_is_as_good_as_one_of_the_town(counting: Counting) -> None:
    counting.call(area="XA")

    set_stations(counting, NOW.date() - 2 * YEAR)
    counting.go_on(NOW + timedelta(days=1))

    found = planned(counting)
    assert "XB-CAP" in found
    assert not {"XA-CAP", NORTH, "XA-EST"} & found.keys()
