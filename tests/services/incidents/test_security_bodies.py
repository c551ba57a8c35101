"""The security bodies of headquarters: when they have to meet, whose turn the chair is, and whom a crisis calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services import jobs
from services.errors import NotAllowed, NotYourRole
from services.mailers import MemoryMailer
from services.models.authority import RoleHolding
from services.models.cases import Case, Task, TaskCandidate
from services.models.clearances import KpiEvent
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

KEY = "security_bodies"
WIPO, UNAH, UNVX = "mirela.castellan", "rafael.mendes", "milan.horak"


@pytest.fixture
def bodies(journeys: Security) -> Security:
    """Three organisations have a coordinator; in the order of organisations UNAH, UNVX, WIPO."""
    journeys.publish(KEY)
    begun = {"role": "SECCO", "valid_from": NOW - timedelta(days=100)}
    journeys.add(RoleHolding(person=UNAH, organisation="UNAH", **begun), RoleHolding(person=UNVX, organisation="UNVX", **begun))
    return journeys


def met(body: str, days_ago: int, chair: str | None = None) -> KpiEvent:
    """A meeting that was held."""
    at = NOW - timedelta(days=days_ago)
    return KpiEvent(name="bod.met", area="CH", at=at, facts={"body": body, "held_on": at.date().isoformat(), "chair": chair})


def look(bodies: Security, days: int = 0) -> None:
    """The day's questions are asked, and what they bring is done."""
    now = NOW + timedelta(days=days)
    jobs.run_once(bodies.database, MemoryMailer(), now)
    bodies.dispatch(now)


def planned(bodies: Security) -> dict[str, Case]:
    return {case.subject: case for case in bodies.cases_of(KEY)}


def test_a_body_that_never_met_has_to_meet_now_and_is_asked_once(bodies: Security) -> None:
    look(bodies)
    look(bodies, days=1)

    assert sorted(planned(bodies)) == ["SAG: Switzerland", "SMG: Switzerland"]
    assert len(bodies.cases_of(KEY)) == 2


@pytest.mark.parametrize(("sag", "smg", "subjects"), [(62, 336, []), (63, 337, ["SAG: Switzerland", "SMG: Switzerland"])])
def test_the_chair_is_asked_four_weeks_before_a_quarter_or_a_year_is_over(
    bodies: Security, sag: int, smg: int, subjects: list[str]
) -> None:
    bodies.add(met("SAG", sag, WIPO), met("SMG", smg))

    look(bodies)

    assert sorted(planned(bodies)) == subjects


@pytest.mark.parametrize(("last", "following"), [(None, UNAH), (UNAH, UNVX), (UNVX, WIPO), (WIPO, UNAH), ("greta.holm", UNAH)])
def test_the_chair_goes_round(bodies: Security, last: str | None, following: str) -> None:
    if last is not None:
        bodies.add(met("SAG", 200, "greta.holm"), met("SAG", 80, last))

    case_id = bodies.start(KEY, WIPO, area="CH", body="SAG", reason="The quarter is nearly over.")

    with bodies.database.reading() as session:
        named = select(TaskCandidate.person).where(TaskCandidate.task_id == bodies.task(case_id, "bod_agenda").id)
        assert list(session.scalars(named.where(TaskCandidate.person.is_not(None)))) == [following]


def test_a_crisis_at_headquarters_calls_the_heads_though_their_yearly_meeting_is_planned(bodies: Security) -> None:
    look(bodies)
    crisis = bodies.start("crisis_activation", "ruy.batalha", kind="CRISIS", area="CH-GVA", reason="Smoke in the main building.")
    bodies.do(crisis, "hanna.solberg-ito", "cri_confirm", decision="ACTIVATE")
    bodies.dispatch()

    tasks = [bodies.task(case.id, "smg_agenda") for case in bodies.cases_of(KEY) if case.subject.startswith("SMG")]
    assert sorted(task.due_at - NOW for task in tasks if task.due_at) == [timedelta(days=1), timedelta(days=14)]


def test_a_crisis_in_the_field_calls_no_group(bodies: Security) -> None:
    bodies.add(met("SAG", 1), met("SMG", 1))
    crisis = bodies.start(
        "crisis_activation", "naledi.vanter", kind="CRISIS", area="XA-NOR", reason="Fighting close to the town."
    )
    bodies.do(crisis, "ingrid.sollerman", "cri_confirm", decision="ACTIVATE")
    bodies.dispatch()

    assert bodies.cases_of(KEY) == []


def test_who_neither_belongs_to_it_nor_directs_the_area_does_not_call_it(bodies: Security) -> None:
    with pytest.raises(NotYourRole):
        bodies.start(KEY, "emeka.strand", area="CH", body="SAG", reason="The quarter is nearly over.")


def test_the_card_of_a_recommendation_shows_the_positions_on_this_one(bodies: Security) -> None:
    case_id = bodies.start(KEY, WIPO, area="CH", body="SAG", reason="The quarter is nearly over.")
    today = NOW.date().isoformat()
    bodies.do(case_id, UNAH, "bod_agenda", meets_on=today, agenda=[{"topic": "Access cards"}])
    bodies.wait(case_id, NOW)
    said = [
        {"no": 1, "member": UNVX, "position": "SUPPORT"},
        {"no": 2, "member": WIPO, "position": "AGAINST", "text": "The first gate is never crowded."},
    ]
    texts = [{"text": "Cards end with the contract."}, {"text": "A second gate is built."}]
    words = "Cards and gates were talked about."
    held: dict[str, Any] = {"held": "HELD", "held_on": today, "present": [UNAH, WIPO], "minutes": words}
    on_both = {"no": 1, "member": WIPO, "position": "SUPPORT"}
    with pytest.raises(AnswersInvalid, match="has a position on number 1 already"):
        bodies.do(case_id, UNAH, "bod_meet", recommendations=texts, positions=[on_both, *said, said[0]], **held)
    bodies.do(case_id, UNAH, "bod_meet", recommendations=texts, positions=[on_both, *said], **held)

    cards = {task.line: str(task.card) for task in bodies.rows(Task, case_id=case_id, element="smg_decide")}
    assert "never crowded" not in cards["R1"]
    assert "never crowded" in cards["R2"]


def test_whoever_recorded_the_meeting_does_not_decide_what_it_recommends(bodies: Security) -> None:
    case_id = bodies.start(KEY, WIPO, area="CH", body="SAG", reason="The quarter is nearly over.")
    today = NOW.date().isoformat()
    bodies.do(case_id, UNAH, "bod_agenda", meets_on=today, agenda=[{"topic": "Access cards"}])
    bodies.wait(case_id, NOW)
    held: dict[str, Any] = {"held": "HELD", "held_on": today, "present": [UNAH, WIPO], "minutes": "Cards were talked about."}
    bodies.do(case_id, UNAH, "bod_meet", recommendations=[{"text": "Cards end with the contract."}], **held)
    bodies.add(RoleHolding(person=UNAH, role="DO", area="CH", valid_from=NOW - timedelta(days=1)))

    with pytest.raises(NotAllowed):
        bodies.do(case_id, UNAH, "smg_decide", decision="ADOPT")
