"""Changing an area from a process: the history, what was announced for later, and the events that follow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services import bus, people
from services.models.bus import BusEvent
from services.models.cases import Case
from services.operations import CATALOGUE, Work
from services.operations.areas import ChangeUnfit
from services.registers import areas
from tests.services.travel.journeys import NOW, Journeys
from workflows import engine

DAY = timedelta(days=1)


def change(journeys: Journeys, case_id: str, area: str, *, on: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """Change an area as a service task of a case would."""
    call = engine.Call(element="are_apply", token="t", headers={}, traces=[], line=None, area=None)
    inputs = {"area": area, "changes": changes, "reason": "As decided", "valid_from": on.isoformat() if on else None}
    with journeys.database.transaction() as session:
        case = session.get_one(Case, case_id)
        work = Work(session=session, case=case, actor=people.SYSTEM, now=NOW, version_id=case.version_id, call=call)
        return CATALOGUE["area.change"].run(work, inputs)["changed"]


def state(journeys: Journeys, area: str, at: datetime) -> dict[str, Any]:
    with journeys.database.reading() as session:
        row = areas.get_state(session, area, at)
        return {name: getattr(row, name) for name in ("status", "security_level", "clearance_mode", "ceiling", "reason")}


def events(journeys: Journeys) -> list[tuple[str, datetime, bool]]:
    with journeys.database.reading() as session:
        rows = session.scalars(select(BusEvent).order_by(BusEvent.effective_at, BusEvent.kind))
        return [(row.kind, row.effective_at, row.handled_at is not None) for row in rows]


@pytest.fixture
def case(journeys: Journeys) -> str:
    return journeys.ask("ana.lucero", "XC-CAP")


def test_a_change_opens_a_row_of_the_history_and_tells_the_bus(journeys: Journeys, case: str) -> None:
    made = change(journeys, case, "XC-CAP", security_level=5, clearance_mode="MANUAL")

    assert made["fields"] == ["security_level"]
    assert (state(journeys, "XC-CAP", NOW)["security_level"], state(journeys, "XC-CAP", NOW - DAY)["security_level"]) == (5, 3)
    assert events(journeys) == [("SIG_LEVEL_UP", NOW, False)]


def test_a_change_that_changes_nothing_leaves_no_row_and_no_event(journeys: Journeys, case: str) -> None:
    made = change(journeys, case, "XC-CAP", security_level=3, clearance_mode="MANUAL")

    assert (made["fields"], events(journeys)) == ([], [])


def test_a_change_for_later_is_in_the_history_now_and_told_at_its_beginning(journeys: Journeys, case: str) -> None:
    begins_at = NOW + 3 * DAY
    change(journeys, case, "XC-CAP", on=begins_at, status="SUSPENDED")

    assert [state(journeys, "XC-CAP", at)["status"] for at in (NOW, begins_at - timedelta(seconds=1), begins_at)] == [
        "OPEN",
        "OPEN",
        "SUSPENDED",
    ]
    bus.dispatch(journeys.database, NOW)
    assert journeys.lines(case)[0].status == "PENDING"
    bus.dispatch(journeys.database, begins_at)
    assert journeys.lines(case)[0].status == "HELD"


def test_what_is_changed_today_is_not_undone_by_what_was_announced_before(journeys: Journeys, case: str) -> None:
    later = NOW + 5 * DAY
    change(journeys, case, "XB-CAP", on=later, security_level=3)
    change(journeys, case, "XB-CAP", clearance_mode="MANUAL", ceiling=20)

    assert state(journeys, "XB-CAP", later) == {
        "status": "OPEN",
        "security_level": 3,
        "clearance_mode": "MANUAL",
        "ceiling": 20,
        "reason": "As decided",
    }


def test_what_was_announced_for_later_wins_over_an_earlier_change_of_the_same_thing(journeys: Journeys, case: str) -> None:
    later = NOW + 5 * DAY
    change(journeys, case, "XB-CAP", on=later, security_level=3)
    change(journeys, case, "XB-CAP", security_level=4)

    assert [state(journeys, "XB-CAP", at)["security_level"] for at in (NOW, later)] == [4, 3]


def test_two_changes_for_one_moment_make_one_state(journeys: Journeys, case: str) -> None:
    later = NOW + 2 * DAY
    change(journeys, case, "XB-CAP", on=later, security_level=3)
    change(journeys, case, "XB-CAP", on=later, clearance_mode="MANUAL")

    found = state(journeys, "XB-CAP", later)
    assert (found["security_level"], found["clearance_mode"]) == (3, "MANUAL")
    assert [kind for kind, _, _ in events(journeys)] == ["SIG_LEVEL_UP", "SIG_MODE_TO_MANUAL"]


def test_nothing_is_changed_for_the_past(journeys: Journeys, case: str) -> None:
    change(journeys, case, "XB-CAP", on=NOW - 3 * DAY, security_level=4)

    assert [state(journeys, "XB-CAP", at)["security_level"] for at in (NOW - DAY, NOW)] == [2, 4]


def test_an_assessment_and_its_end_are_written_with_the_level(journeys: Journeys, case: str) -> None:
    change(journeys, case, "XG-CAP", assessment="SRM-XG-CAP-2026-02", assessment_valid_to="2027-11-30T00:00:00Z")

    with journeys.database.reading() as session:
        found = areas.get_state(session, "XG-CAP", NOW)
    assert (found.assessment, found.assessment_valid_to) == ("SRM-XG-CAP-2026-02", date(2027, 11, 30))


@pytest.mark.parametrize(
    "changes", [{"security_level": 7}, {"security_level": 2.5}, {"status": "SHUT"}, {"ceiling": -1}, {"nonsense": 1}]
)
def test_what_the_register_does_not_know_is_refused(journeys: Journeys, case: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ChangeUnfit):
        change(journeys, case, "XB-CAP", **changes)
