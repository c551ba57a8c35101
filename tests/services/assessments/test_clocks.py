"""Deadlines in working days, as diagrams ask for them."""

from __future__ import annotations

from datetime import UTC, datetime

from services.models.areas import Area
from services.models.cases import Case
from services.operations import CATALOGUE, Work
from services.people import SYSTEM
from services.registers.calendars import COMMON, calendar_of
from workflows import engine

THURSDAY = datetime(2026, 12, 3, 9, tzinfo=UTC)


def deadlines(session, *, area=None, of_case=None, **days):
    """Ask the operation, for a case that need not be stored."""
    call = engine.Call(element="a_step", token="t", headers={}, traces=[], line=None, area=None)
    case = Case(number="SRM-2026-000001", area=of_case)
    work = Work(session=session, case=case, actor=SYSTEM, now=THURSDAY, version_id="v", call=call)
    return CATALOGUE["clock.deadlines"].run(work, {"area": area, "days": days})["deadlines"]


def test_every_name_gets_half_the_time_all_of_it_and_half_as_much_again(demo_database):
    with demo_database.transaction() as session:
        found = deadlines(session, area="XB-CAP", desk=10, director=2)

    assert found["desk"] == {"remind": "2026-12-10T09:00:00Z", "due": "2026-12-17T09:00:00Z", "escalate": "2026-12-24T09:00:00Z"}
    assert found["director"] == {
        "remind": "2026-12-04T09:00:00Z",
        "due": "2026-12-07T09:00:00Z",
        "escalate": "2026-12-08T09:00:00Z",
    }


def test_where_friday_and_saturday_are_free_sunday_counts(demo_database):
    with demo_database.transaction() as session:
        assert deadlines(session, area="XC-CAP", one=1)["one"]["due"] == "2026-12-06T09:00:00Z"


def test_without_an_area_the_case_says_where_it_is(demo_database):
    with demo_database.transaction() as session:
        assert deadlines(session, of_case="XC-SOU", one=1)["one"]["due"] == "2026-12-06T09:00:00Z"
        assert deadlines(session, one=1)["one"]["due"] == "2026-12-04T09:00:00Z"


def test_an_area_keeps_the_calendar_of_the_area_above_but_its_own_zone(demo_database):
    with demo_database.transaction() as session:
        area = session.get_one(Area, "XC-SOU")
        area.calendar = None
        area.zone = "Asia/Tashkent"
        session.flush()

        calendar = calendar_of(session, "XC-SOU")

        assert (calendar.weekend, calendar.zone) == (frozenset({5, 6}), "Asia/Tashkent")
        assert calendar_of(session, None) is COMMON
