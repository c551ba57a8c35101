"""Surveys of premises and breaches of access: when a survey is due, who does what, and what indicators count of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services import indicators, jobs, tasks
from services.errors import NotAllowed
from services.mailers import MemoryMailer
from services.models.authority import RoleHolding
from services.models.base import Base
from services.models.cases import Task
from services.models.premises import AccessBreach, Premises, PremisesAction, PremisesSurvey, SurveyAnswer
from services.operations.premises import SurveyedToday
from services.people import actor_named
from services.registers import premises as register
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

SURVEY, BREACH = "premises_survey", "access_breach"
SURVEYOR, ADVISER, OFFICIAL = "kofi.drummond", "naledi.vanter", "ingrid.sollerman"
TODAY, DAY = NOW.date(), timedelta(days=1)
KEPT = {f"s{section:02}": {f"q{no:02}": "YES" for no in range(1, 11)} for section in range(1, 13)}
REPORT = {"happened_at": "2026-11-30T21:00:00Z", "place": "Side door", "who": "STRANGER", "how": "OPEN_DOOR", "entered": "INSIDE"}
REPORT |= {"had_right": "NO_RIGHT", "what": "A man walked through the corridor."}


@pytest.fixture
def premises(journeys: Security) -> Security:
    """A building in the field that was surveyed in summer, and one at headquarters."""
    journeys.publish(SURVEY, BREACH)
    places = {"XA-HQ": ("XA-CAP", ["UNFR", "UNAH"]), "GVA-PAL": ("CH-GVA", ["UNOG"])}
    for code, (area, organisations) in places.items():
        journeys.add(building(code, area, organisations))
    journeys.add(*(PremisesSurvey(premises=code, surveyed_on=date(2026, 7, 1)) for code in places))
    return journeys


def building(code: str, area: str = "XA-CAP", organisations: list[str] | None = None) -> Premises:
    in_use = {"valid_from": date(2020, 1, 1), "headcount": 100}
    return Premises(code=code, name={"en": code.title()}, area=area, organisations=organisations or [], **in_use)


def begin(premises: Security, code: str = "XA-HQ", person: str = ADVISER) -> str:
    return premises.start(SURVEY, person, premises=code, reason="Walls were moved in the spring.")


def not_kept(*places: tuple[int, int]) -> dict[str, Any]:
    """All standards are kept but for those of some sections and numbers."""
    found = {section: dict(answers) for section, answers in KEPT.items()}
    for section, no in places:
        found[f"s{section:02}"][f"q{no:02}"] = "NO"
    return found


def due(premises: Security, now: datetime = NOW) -> list[str]:
    """The day's question is asked, twice; which premises are surveyed because of it."""
    for _ in range(2):
        jobs.run_once(premises.database, MemoryMailer(), now)
        premises.dispatch(now)
    return sorted(case.subject for case in premises.cases_of(SURVEY))


def test_a_survey_writes_what_was_found_and_somebody_else_says_when_it_is_put_right(premises: Security) -> None:
    case_id = begin(premises)
    with premises.database.transaction() as session:  # a part of it, kept as it was typed
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.element == "mos_survey")).one()
        tasks.save_draft(session, task.id, actor=actor_named(session, SURVEYOR), raw={"s01": {"q01": "NO"}}, now=NOW)
    with pytest.raises(AnswersInvalid):
        premises.do(case_id, SURVEYOR, "mos_survey", s01=KEPT["s01"])
    premises.do(case_id, SURVEYOR, "mos_survey", **not_kept((1, 1), (5, 8)))
    lines = [{"finding": no, "text": "It is put right.", "owner_role": "CSA"} for no in ("1", "48")]
    premises.do(case_id, SURVEYOR, "mos_propose", complete=True, actions=lines)
    assert "MOS_Q048" in str(premises.task(case_id, "mos_confirm").card)
    premises.add(RoleHolding(person=SURVEYOR, role="CSA", area="XA", valid_from=NOW - DAY))
    with pytest.raises(NotAllowed):
        premises.do(case_id, SURVEYOR, "mos_confirm", decision="CONFIRM")
    premises.do(case_id, ADVISER, "mos_confirm", decision="CONFIRM")

    (survey,) = premises.rows(PremisesSurvey, case_id=case_id)
    answers = premises.rows(SurveyAnswer, premises="XA-HQ", surveyed_on=TODAY)
    actions = {row.finding: row for row in premises.rows(PremisesAction, case_id=case_id)}
    weights = sum(row.weight for row in answers)
    assert (survey.surveyor, survey.confirmed_by, len(answers)) == (SURVEYOR, ADVISER, 120)
    assert survey.score_pct == round(100 * (weights - 8) / weights, 1)
    fence, alarm = (actions[row.question] for row in sorted(answers, key=lambda row: row.no) if row.answer == "NO")
    assert (fence.priority, fence.due_at - NOW) == ("CRITICAL", 14 * DAY)
    assert (alarm.priority, alarm.due_at - NOW) == ("MEDIUM", 90 * DAY)


def test_a_survey_is_asked_for_sixty_days_before_a_year_is_over_and_once(premises: Security) -> None:
    premises.add(building("NEW"), Premises(**gone("OLD")))
    at_sixty = datetime.combine(date(2027, 7, 1), NOW.timetz()) - 60 * DAY

    assert due(premises, at_sixty - DAY) == ["New (NEW)"]  # in use for years, and never surveyed
    assert due(premises, at_sixty) == ["Gva-Pal (GVA-PAL)", "New (NEW)", "Xa-Hq (XA-HQ)"]
    assert len(premises.cases_of(SURVEY)) == 3
    (case,) = (case for case in premises.cases_of(SURVEY) if case.area == "XA-CAP" and "HQ" in case.subject)
    assert premises.task(case.id, "mos_survey").due_at == datetime(2027, 7, 1, 23, 59, tzinfo=NOW.tzinfo)


def gone(code: str) -> dict[str, Any]:
    given = {"name": {"en": code.title()}, "area": "XA-CAP", "organisations": [], "headcount": 0}
    return {"code": code, "valid_from": date(2020, 1, 1), "valid_to": TODAY - DAY, **given}


def test_so_many_at_a_time_are_asked_for_and_the_longest_overdue_first(premises: Security) -> None:
    premises.add(*(building(f"B{no:02}") for no in range(3)), PremisesSurvey(premises="B01", surveyed_on=date(2019, 5, 1)))

    with premises.database.reading() as session:
        found = register.list_due(session, TODAY, most=3)

    assert [code for code, _ in found] == ["B00", "B02", "B01"]


def test_premises_are_surveyed_in_one_case_at_a_time_and_on_one_day_once(premises: Security) -> None:
    case_id = begin(premises)
    with pytest.raises(AnswersInvalid, match="problem"):
        begin(premises)
    premises.do(case_id, SURVEYOR, "mos_survey", **KEPT)
    premises.do(case_id, ADVISER, "mos_confirm", decision="CONFIRM")

    with pytest.raises(SurveyedToday):
        begin(premises)


def test_a_year_later_they_are_surveyed_anew_though_an_action_is_open(premises: Security) -> None:
    case_id = begin(premises)
    premises.do(case_id, SURVEYOR, "mos_survey", **not_kept((1, 6)))
    premises.do(case_id, SURVEYOR, "mos_propose", complete=True, actions=[line("6")])
    premises.do(case_id, ADVISER, "mos_confirm", decision="CONFIRM")

    assert len(due(premises, NOW + 320 * DAY)) == 3


def line(finding: str) -> dict[str, str]:
    return {"finding": finding, "text": "It is put right.", "owner_role": "CSA"}


def test_indicators_count_the_rows_of_both_processes(premises: Security) -> None:
    before = computed(premises, "K1")
    case_id = begin(premises, "GVA-PAL", "ruy.batalha")
    premises.do(case_id, "ruy.batalha", "mos_survey", **not_kept((1, 1)))
    premises.do(case_id, "ruy.batalha", "mos_propose", complete=True, actions=[line("1")])
    premises.do(case_id, "thandi.roswell", "mos_confirm", decision="CONFIRM")
    weights = sum(row.weight for row in premises.rows(SurveyAnswer, premises="GVA-PAL"))

    assert (before.denominator, computed(premises, "K1").denominator, computed(premises, "K1").numerator) == (
        0,
        weights,
        weights - 5,
    )

    breach = premises.start(BREACH, SURVEYOR, premises="XA-HQ", **REPORT)
    assert computed(premises, "K2").numerator == 0  # a report alone is none
    found = {"findings": "The door does not close.", "measures": [measure()]}
    premises.do(breach, ADVISER, "acb_review", entered="INSIDE", had_right="NO_RIGHT", decision="CONFIRM", **found)
    assert computed(premises, "K2").numerator == 1


def measure() -> dict[str, str]:
    return {"text": "The door closes by itself.", "owner_role": "CSA", "due_on": (TODAY + 10 * DAY).isoformat()}


def computed(premises: Security, key: str) -> indicators.Value:
    with premises.database.reading() as session:
        return indicators.compute(session, key, now=NOW)


def test_who_reports_a_breach_does_not_confirm_it(premises: Security) -> None:
    case_id = premises.start(BREACH, SURVEYOR, premises="XA-HQ", **REPORT)
    premises.add(RoleHolding(person=SURVEYOR, role="CSA", area="XA", valid_from=NOW - DAY))
    said: dict[str, Base | Any] = {"entered": "STOPPED", "had_right": "NO_RIGHT", "findings": "The recording shows it."}

    with pytest.raises(NotAllowed):
        premises.do(case_id, SURVEYOR, "acb_review", decision="DISMISS", **said)
    premises.do(case_id, ADVISER, "acb_review", decision="DISMISS", **said)

    (row,) = premises.rows(AccessBreach, case_id=case_id)
    assert (row.status, row.kind, row.reviewed_by) == ("DISMISSED", "STOPPED_AT_GATE", ADVISER)
