"""A new mission or office: which assessment it waits for, who decides, and what the decision opens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services import cases, people
from services.cases.loading import look_into
from services.errors import MessageNotExpected, NotAllowed, NotFound
from services.models.assessments import Assessment, Measure
from services.models.authority import RoleHolding
from services.models.bus import BusEvent
from services.models.cases import Case, TaskCandidate
from services.models.clearances import KpiEvent
from services.models.offices import OfficeRequest, OfficeRequirement
from services.models.plans import DutyStation, Plan
from services.people import SYSTEM
from services.posting import post_event
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

KEY, AREA, NUMBER = "new_office", "XJ-DEL", "SRM-XJ-DEL-2026-77"
ASKER, ADVISER, OFFICIAL, DIRECTOR = "hugo.lemaire", "nora.kline", "mona.terzic", "viktor.amsel"
PARTNER, SILENT = "victor.hale", "teun.maduro"
DAY = timedelta(days=1)
OFFICE = {
    "area": AREA,
    "office": "Delta field office",
    "ds_type": "FIELD_SUB",
    "purpose": "Engineers repair the dam for three years.",
    "people": 24,
    "starts_on": "2027-05-01",
}
OFFICER = {"kind": "STAFF", "text": "One field security officer", "organisation": "UNDSS", "year": 2027, "yearly": 190000}


@pytest.fixture
def offices(journeys: Security) -> Security:
    return journeys.publish(KEY, "crisis_plan")


@pytest.fixture
def embedded_offices(security: Security) -> Security:
    return security.publish(KEY, "risk_assessment")


def ask(offices: Security, person: str = ASKER, **answers: Any) -> str:
    case_id = offices.start(KEY, person, **(OFFICE | answers))
    offices.dispatch()
    return case_id


def hear(offices: Security, kind: str, **payload: Any) -> None:
    with offices.database.transaction() as session:
        post_event(session, kind, area=AREA, payload=payload, by=SYSTEM.person, now=NOW)
    offices.dispatch()


def endorse(offices: Security) -> None:
    """An assessment of the area is endorsed, with a measure that is planned and one that was given up."""
    facts = {"area": AREA, "variant": "FULL", "trigger": "NEW_AREA", "title": "First assessment", "status": "ENDORSED"}
    dates = {"opened_at": NOW, "created_by": ADVISER, "valid_from": NOW.date(), "valid_to": date(2027, 11, 30)}
    offices.add(Assessment(number=NUMBER, **facts, **dates))
    guards = {"assessment": NUMBER, "kind": "RESIDENTIAL", "owner": "WIPO", "due_on": date(2027, 6, 30)}
    offices.add(
        Measure(**guards, code="M1", text="Guards at night", one_off_cost=2000, yearly_cost=48000),
        Measure(**guards, code="M2", text="A wall", state="DROPPED"),
    )
    hear(offices, "MSG_SRM_ENDORSED", assessment=NUMBER, variant="FULL")


def drawn_up(offices: Security, **answers: Any) -> str:
    case_id = ask(offices)
    endorse(offices)
    offices.do(case_id, ADVISER, "new_requirements", requirements=[OFFICER], **answers)
    return case_id


def test_what_is_endorsed_opens_a_station_whose_plans_begin_their_cycles(offices: Security) -> None:
    closed = {"area": AREA, "ds_type": "FIELD_SUB", "opened_on": date(2001, 1, 1), "phase_since": date(2009, 1, 1)}
    offices.add(DutyStation(code=AREA, name={"en": "The old one"}, phase="CLOSED", closed_on=date(2009, 1, 1), **closed))
    case_id = drawn_up(offices, partners=[{"department": "DFS", "person": PARTNER}, {"department": "OCHA", "person": SILENT}])
    offices.do_first(case_id, SILENT, "new_advise", advice_kind="AGREE")
    offices.wait(case_id, NOW + 30 * DAY)
    later = NOW + 30 * DAY
    offices.do(case_id, OFFICIAL, "new_do", later, recommendation="RECOMMEND")

    offices.do(case_id, DIRECTOR, "new_dir", later, decision="ENDORSE")
    offices.dispatch(later)

    (request,) = offices.rows(OfficeRequest, case_id=case_id)
    assert (request.outcome, request.assessment, request.duty_station) == ("OPENED", NUMBER, "XJ-DEL-2")
    (station,) = offices.rows(DutyStation, code="XJ-DEL-2")
    assert (station.phase, station.opened_on, station.name) == ("STARTUP", later.date(), {"en": "Delta field office"})
    plans = {plan.code: plan.starts_on for plan in offices.rows(Plan, duty_station="XJ-DEL-2")}
    assert plans == dict.fromkeys(("XJ-DEL-2-CRIS", "XJ-DEL-2-EVAC", "XJ-DEL-2-CONT"), later.date())
    assert [case.area for case in offices.cases_of("crisis_plan")].count(AREA) == 3
    (kept,) = offices.rows(OfficeRequirement, request=request.number)
    assert (kept.organisation, kept.one_off_cost, kept.yearly_cost) == ("UNDSS", 0, 190000)
    assert [row.facts["outcome"] for row in offices.rows(KpiEvent, name="new_office.ended")] == ["OPENED"]
    assert "N-NEW-01" in offices.notices(case_id)
    assert offices.problems(now=later) == []


def test_an_assessment_that_is_being_drafted_is_waited_for_and_its_withdrawal_comes_back_to_the_asker(
    embedded_offices: Security,
) -> None:
    facts = {"title": "First assessment of the delta", "reason": "Two organisations want to send engineers."}
    drafted = embedded_offices.start("risk_assessment", ADVISER, area=AREA, trigger="NEW_AREA", **facts)
    case_id = ask(embedded_offices)

    assert embedded_offices.rows(BusEvent, kind="MSG_OPEN_ASSESSMENT") == []
    embedded_offices.send(drafted, "MSG_WITHDRAW_ASSESSMENT", {"reason": "Nobody goes there."})
    embedded_offices.dispatch()
    assert embedded_offices.open_tasks(case_id) == ["new_again"]

    embedded_offices.do(case_id, ASKER, "new_again", again="AGAIN")
    embedded_offices.dispatch()
    embedded_offices.dispatch()

    opened = embedded_offices.cases_of("risk_assessment")[-1]
    assert (opened.area, opened.status) == (AREA, "DRAFT")
    (version,) = embedded_offices.rows(Assessment, case_id=opened.id)
    assert (version.trigger, version.variant) == ("NEW_AREA", "FULL")
    assert embedded_offices.open_tasks(case_id) == []


def test_two_offices_in_one_area_wait_for_one_assessment(embedded_offices: Security) -> None:
    first = embedded_offices.start(KEY, ASKER, **OFFICE)
    second = embedded_offices.start(KEY, "clara.jimenez", **(OFFICE | {"office": "Library of the delta"}))
    embedded_offices.dispatch()
    assert [case.area for case in embedded_offices.cases_of("risk_assessment")].count(AREA) == 1

    endorse(embedded_offices)

    assert [embedded_offices.open_tasks(case_id) for case_id in (first, second)] == [["new_requirements"]] * 2


def test_the_measures_of_the_assessment_are_the_first_list(embedded_offices: Security) -> None:
    case_id = ask(embedded_offices)
    endorse(embedded_offices)

    with embedded_offices.database.reading() as session:
        known = look_into(session, session.get_one(Case, case_id), now=NOW).variables["requirements"]

    costs = {"organisation": "WIPO", "year": 2027, "one_off": 2000, "yearly": 48000}
    assert known == [{"kind": "RSM", "text": "Guards at night", **costs}]


def test_nobody_decides_who_asked_drew_up_advised_or_recommended(embedded_offices: Security) -> None:
    everywhere = {"role": "DRO_DIR", "area": None, "valid_from": NOW - DAY}
    involved = (ASKER, ADVISER, PARTNER, OFFICIAL)
    embedded_offices.add(*(RoleHolding(person=person, **everywhere) for person in involved))
    case_id = drawn_up(embedded_offices, partners=[{"department": "DFS", "person": PARTNER}])
    for person in (ASKER, ADVISER, DIRECTOR):
        with pytest.raises((NotAllowed, NotFound)):
            embedded_offices.do(case_id, person, "new_advise", advice_kind="AGREE")
    embedded_offices.do(case_id, PARTNER, "new_advise", advice_kind="AGREE")
    embedded_offices.do(case_id, OFFICIAL, "new_do", recommendation="RECOMMEND")

    for person in involved:
        with pytest.raises(NotAllowed):
            embedded_offices.do(case_id, person, "new_dir", decision="ENDORSE")
    embedded_offices.do(case_id, DIRECTOR, "new_dir", decision="ENDORSE")

    assert embedded_offices.case(case_id).outcome == "OPENED"


def test_silence_recommends_and_opens_nothing(embedded_offices: Security) -> None:
    case_id = drawn_up(embedded_offices)

    embedded_offices.wait(case_id, NOW + 90 * DAY)

    assert embedded_offices.open_tasks(case_id) == ["new_do"]
    assert {"N-ALL-10", "N-ALL-11"} <= set(embedded_offices.notices(case_id))
    task = embedded_offices.task(case_id, "new_do")
    assert [row.role for row in embedded_offices.rows(TaskCandidate, task_id=task.id)] == ["DOAI"]
    assert embedded_offices.rows(DutyStation, area=AREA) == []


@pytest.mark.parametrize(("person", "answers"), [(ADVISER, {}), (ASKER, {"area": "XZ-NIL"}), (ASKER, {"people": 0})])
def test_only_offices_of_organisations_ask_and_only_for_areas_of_the_register(
    embedded_offices: Security, person: str, answers: dict[str, Any]
) -> None:
    with pytest.raises((NotAllowed, AnswersInvalid)):
        ask(embedded_offices, person, **answers)

    assert embedded_offices.rows(OfficeRequest) == []


def test_what_is_decided_is_no_longer_withdrawn(embedded_offices: Security) -> None:
    case_id = drawn_up(embedded_offices)
    embedded_offices.do(case_id, OFFICIAL, "new_do", recommendation="RECOMMEND")
    embedded_offices.do(case_id, DIRECTOR, "new_dir", decision="REFUSE", dir_reasons="Another house first.")

    with embedded_offices.database.transaction() as session, pytest.raises(MessageNotExpected):
        cases.withdraw(session, case_id, actor=people.actor_named(session, ASKER), reason="Not needed.", now=NOW)

    assert embedded_offices.rows(OfficeRequest, case_id=case_id)[0].outcome == "REFUSED"
    assert embedded_offices.rows(DutyStation, area=AREA) == []
