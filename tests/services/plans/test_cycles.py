"""When cycles of plans open, what stops and ends them, and what they count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services import cases, duty_stations, people
from services.duty_stations import PhaseUnknown
from services.errors import AlreadyOpen, NotFound
from services.models.audit import Decision
from services.models.clearances import KpiEvent
from services.models.plans import DutyStation, Plan, PlanCycle
from services.people import SYSTEM
from services.registers import plans
from tests.services.plans.cycles import DAY, NOW, Cycles
from workflows.errors import AnswersInvalid

PLAN = "XA-CAP-CRIS"


def _counted(cycles: Cycles, name: str) -> list[dict[str, Any]]:
    with cycles.database.reading() as session:
        return list(session.scalars(select(KpiEvent.facts).where(KpiEvent.name == name).order_by(KpiEvent.at)))


def _ready_to_sign(cycles: Cycles, *actions: tuple[str, str, str]) -> tuple[str, Any]:
    case_id = cycles.open(PLAN)
    cycles.update(case_id, "XA")
    cycles.plan_exercise(case_id, "XA")
    now = cycles.run(case_id, "XA")
    cycles.mark(case_id, "otto.praveen", "MMM", now)
    cycles.report(case_id, "XA", now, *actions)
    return case_id, now


def _sign(cycles: Cycles, case_id: str, now: Any) -> None:
    cycles.do(case_id, "ingrid.sollerman", "cpt_sign", now, decision="SIGN", in_person=True)


def test_a_cycle_opens_by_itself_90_days_before_the_earlier_of_its_dates(cycles: Cycles) -> None:
    before = date(2027, 1, 10) - timedelta(days=91)

    with cycles.database.reading() as session:
        version = session.scalars(select(plans.definitions.ProcessVersion.id)).one()
        due = {row["plan"]: row["due"] for row in plans.list_due(session, version, NOW)}
        early = NOW.replace(year=before.year, month=before.month, day=before.day)
        assert PLAN not in {row["plan"] for row in plans.list_due(session, version, early)}
        assert PLAN in {row["plan"] for row in plans.list_due(session, version, early + DAY)}
    cycles.sweep(NOW)

    assert due[PLAN] == "2027-01-10"
    assert set(cycles.running()) == set(due)
    assert "CH-GVA-CRIS" not in due


def test_every_day_asks_again_and_opens_nothing_twice(embedded_cycles: Cycles) -> None:
    embedded_cycles.sweep(NOW)
    first = embedded_cycles.running()

    embedded_cycles.sweep(NOW + DAY)
    embedded_cycles.sweep(NOW + DAY + timedelta(hours=3))

    assert {plan: case for plan, case in embedded_cycles.running().items() if plan in first} == first


def test_a_plan_never_has_two_open_cycles(cycles: Cycles) -> None:
    case_id = cycles.open(PLAN)

    with pytest.raises(AlreadyOpen):
        cycles.open(PLAN)
    with pytest.raises(IntegrityError), cycles.database.transaction() as session:
        row = {"update_due": NOW.date(), "min_test": "NONE", "opened_at": NOW, "case_id": case_id}
        session.add(PlanCycle(number="CPT-TWICE", plan=PLAN, **row))
        session.flush()


def test_a_cycle_that_only_follows_actions_up_does_not_stand_in_the_way_of_the_next(embedded_cycles: Cycles) -> None:
    case_id, now = _ready_to_sign(embedded_cycles, ("Mark the second gate", "kofi.drummond", "LOW"))
    _sign(embedded_cycles, case_id, now)

    again = embedded_cycles.open(PLAN, now)

    assert embedded_cycles.open_steps(case_id) == ["cpt_action_do"]
    assert embedded_cycles.cycle(case_id).result == "TESTED"
    assert embedded_cycles.cycle(again).number == "CPT-XA-CAP-CRIS-2026-2"


def test_the_next_test_counts_from_the_day_of_the_exercise_not_from_the_signature(embedded_cycles: Cycles) -> None:
    case_id, now = _ready_to_sign(embedded_cycles)

    _sign(embedded_cycles, case_id, now + 9 * DAY)

    with embedded_cycles.database.reading() as session:
        plan = session.get_one(Plan, PLAN)
        assert plan.tested_on == (NOW + 20 * DAY).date()
        assert plans.test_due(plan, plans.Required(update_months=12, test_months=12, min_test="TABLETOP")) == date(2027, 12, 21)


def test_a_signed_cycle_counts_in_the_indicators(embedded_cycles: Cycles) -> None:
    case_id, now = _ready_to_sign(embedded_cycles, ("Mark the second gate", "kofi.drummond", "LOW"))
    _sign(embedded_cycles, case_id, now)

    assert _counted(embedded_cycles, "cpt.cycle_opened")[0]["plan"] == PLAN
    assert _counted(embedded_cycles, "cpt.updated") == [{"plan": PLAN, "days_late": 0}]
    assert _counted(embedded_cycles, "cpt.exercised") == [{"plan": PLAN, "type": "TABLETOP", "rating": "SATISFACTORY"}]
    assert _counted(embedded_cycles, "cpt.action") == [{"plan": PLAN, "priority": "LOW", "overdue": False}]
    assert _counted(embedded_cycles, "cpt.signed") == [{"plan": PLAN, "conditional": False}]


def test_an_overdue_action_and_an_overdue_cycle_count_once(embedded_cycles: Cycles) -> None:
    with embedded_cycles.database.transaction() as session:
        session.get_one(Plan, PLAN).updated_on = date(2025, 11, 20)
    case_id = embedded_cycles.open(PLAN)
    for days in (0, 3, 16, 31):
        embedded_cycles.sweep(NOW + days * DAY)

    overdue = [facts for facts in _counted(embedded_cycles, "cpt.overdue") if facts["plan"] == PLAN]

    assert len(overdue) == 1
    assert embedded_cycles.cycle(case_id).overdue_since == date(2026, 11, 21)


def test_who_reviewed_the_plan_does_not_approve_it(embedded_cycles: Cycles) -> None:
    case_id = embedded_cycles.open(PLAN)
    embedded_cycles.update(case_id, "XA")

    with embedded_cycles.database.reading() as session:
        acts = select(Decision.element, Decision.actor_person).where(Decision.case_id == case_id, Decision.task_id.is_not(None))
        people_of = dict(session.execute(acts).all())
    assert len(set(people_of.values())) == len(people_of)


def test_a_duty_station_that_starts_up_gets_its_cycles_on_that_day(cycles: Cycles) -> None:
    with cycles.database.transaction() as session:
        duty_stations.change_phase(session, "XL-OLD", "STARTUP", actor=SYSTEM, now=NOW)
    cycles.sweep(NOW)

    running = cycles.running()
    assert {"XL-OLD-CRIS", "XL-OLD-EVAC", "XL-OLD-CONT"} <= set(running)
    cycle = cycles.cycle(running["XL-OLD-EVAC"])
    assert (cycle.update_due, cycle.test_due, cycle.min_test) == (date(2027, 3, 1), date(2027, 3, 1), "DRILL")
    assert cycles.cycle(running["XL-OLD-CONT"]).test_due == date(2027, 6, 1)


def test_a_change_of_phase_works_the_open_cycles_of_that_station_out_again(embedded_cycles: Cycles) -> None:
    here, elsewhere = embedded_cycles.open(PLAN), embedded_cycles.open("XA-NOR-CRIS")
    with embedded_cycles.database.transaction() as session:
        duty_stations.change_phase(session, "XA-CAP", "CRISIS", actor=SYSTEM, now=NOW + DAY)
    embedded_cycles.sweep(NOW + DAY)

    assert embedded_cycles.cycle(here).test_in_cycle is False
    assert embedded_cycles.cycle(here).min_test == "NONE"
    assert embedded_cycles.cycle(elsewhere).min_test == "TABLETOP"


def test_a_station_has_only_phases_that_there_are(embedded_cycles: Cycles) -> None:
    with embedded_cycles.database.transaction() as session:
        with pytest.raises(PhaseUnknown):
            duty_stations.change_phase(session, "XA-CAP", "CLOSED", actor=SYSTEM, now=NOW)
        with pytest.raises(NotFound):
            duty_stations.close_station(session, "XZ-NONE", reason="", actor=SYSTEM, now=NOW)
        same = duty_stations.change_phase(session, "XA-CAP", "ESTABLISHED", actor=SYSTEM, now=NOW)
        assert same.phase_since != NOW.date()


def test_closing_a_station_ends_its_cycles_and_no_others(cycles: Cycles) -> None:
    here, elsewhere = cycles.open(PLAN), cycles.open("XA-NOR-CRIS")
    with cycles.database.transaction() as session:
        duty_stations.close_station(session, "XA-CAP", reason="The office moves out", actor=SYSTEM, now=NOW + DAY)
    cycles.sweep(NOW + DAY)

    assert cycles.cycle(here).result == "CANCELLED"
    assert cycles.cycle(elsewhere).result is None
    with cycles.database.reading() as session:
        assert session.get_one(DutyStation, "XA-CAP").closed_on == (NOW + DAY).date()
        version = session.scalars(select(plans.definitions.ProcessVersion.id)).one()
        assert not any(row["duty_station"] == "XA-CAP" for row in plans.list_due(session, version, NOW + 400 * DAY))


def test_a_crisis_stops_every_cycle_of_its_area_until_it_is_over(cycles: Cycles) -> None:
    inside = [cycles.open(PLAN), cycles.open("XA-NOR-CRIS")]
    outside = cycles.open("XC-CAP-CRIS")
    cycles.tell("SIG_CRISIS_ACTIVATED", "XA", NOW + DAY, reason="Unrest")

    assert [cycles.open_steps(case_id) for case_id in inside] == [[], []]
    assert cycles.open_steps(outside) == ["cpt_update"]

    cycles.tell("SIG_CRISIS_CLOSED", "XA", NOW + 11 * DAY)

    assert [cycles.open_steps(case_id) for case_id in inside] == [["cpt_ask_credit"]] * 2
    cycles.do(inside[0], "naledi.vanter", "cpt_ask_credit", NOW + 12 * DAY, plan_used=False)
    assert cycles.open_steps(inside[0]) == ["cpt_update"]
    assert cycles.cycle(inside[0]).paused_days == 11


def test_an_event_that_names_another_plan_is_not_for_this_one(embedded_cycles: Cycles) -> None:
    case_id = embedded_cycles.open(PLAN)

    embedded_cycles.tell("MSG_PLAN_UPDATE", "XA-CAP", NOW + DAY, plan="XA-CAP-CONT", reason="Other measures")
    assert embedded_cycles.cycle(case_id).update_pending is False
    embedded_cycles.tell("MSG_PLAN_UPDATE", "XA-CAP", NOW + DAY, reason="Other measures")
    assert embedded_cycles.cycle(case_id).update_pending is True


def test_the_report_on_a_real_event_opens_a_cycle_where_none_is_open(embedded_cycles: Cycles) -> None:
    said = {"event_date": "2026-10-04", "aar_date": "2026-10-25", "functions_pct": 85, "name": "Flood"}
    embedded_cycles.tell("MSG_REAL_EVENT_AAR", "XB-CAP", plan="XB-CAP-EVAC", **said)

    assert embedded_cycles.open_steps(embedded_cycles.running()["XB-CAP-EVAC"]) == ["cpt_sign"]


def test_the_end_of_a_crisis_without_a_report_opens_and_changes_nothing(embedded_cycles: Cycles) -> None:
    case_id = embedded_cycles.open(PLAN)
    embedded_cycles.tell("MSG_REAL_EVENT_AAR", "XA-CAP", NOW + DAY, crisis="CRI-2026-000001", event_date="2026-11-01")

    assert embedded_cycles.open_steps(case_id) == ["cpt_update"]


def test_only_the_adviser_of_the_area_begins_a_cycle(embedded_cycles: Cycles) -> None:
    with embedded_cycles.database.transaction() as session, pytest.raises(AnswersInvalid) as refused:
        actor = people.actor_named(session, "naledi.vanter")
        answers = {"plan": "XC-CAP-CRIS", "start_reason": "ROUTINE"}
        cases.start_case(session, "crisis_plan", actor=actor, answers=answers, now=NOW)

    assert "does not belong" in str(refused.value) or "do not act for" in str(refused.value)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 12, 9), 6, date(2027, 6, 9)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 1, 15), 24, date(2028, 1, 15)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_that_month(day: date, months: int, later: date) -> None:
    assert plans.add_months(day, months) == later
