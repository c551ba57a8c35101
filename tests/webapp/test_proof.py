"""Acts of weight are confirmed by the password when it was not entered lately."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from services import demo
from services.models.audit import Decision
from services.models.cases import OPEN, Task
from services.proof import asks_for_proof
from services.tasks.quick_answers import quick_answers_of
from tests.pages import flaws_of
from tests.services.travel.journeys import Journeys
from tests.services.travel.test_area_events import change
from tests.services.travel.test_operations import halden

DECIDER = "ingrid.sollerman"
TOO_LATE = {"minutes": 11}


@pytest.fixture
def journeys(leave):
    return Journeys(leave.database)


@pytest.fixture
def case_id(journeys):
    """A stop that waits for a decision of the third tier, because the security level of its area is 5."""
    change(journeys, "XA-NOR", security_level=5)
    case = halden(journeys)
    journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    return case


@pytest.fixture
def lesser(journeys):
    """A stop that waits for a decision of the second tier."""
    case = halden(journeys)
    journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    return find_task(journeys, case)


@pytest.fixture
def task_id(journeys, case_id):
    return find_task(journeys, case_id)


def find_task(journeys, case_id):
    with journeys.database.reading() as session:
        return session.scalars(select(Task.id).where(Task.case_id == case_id, Task.state == OPEN)).one()


def decide(person, task_id, **more):
    page = person.get(f"/tasks/{task_id}").text
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    return person.post(f"/tasks/{task_id}", **{"revision": revision, "decision": "GRANT", "idempotency_key": "k1"} | more)


def decided(journeys):
    with journeys.database.reading() as session:
        return session.scalars(select(Decision.outcome).where(Decision.element == "stop_decide")).all()


def assert_unasked(person, task_id, journeys):
    assert "_password" not in person.get(f"/tasks/{task_id}").text
    assert decide(person, task_id).status_code == 303
    assert decided(journeys) == ["GRANT"]


def test_who_has_just_signed_in_is_not_asked(enter, journeys, task_id):
    assert_unasked(enter(DECIDER), task_id, journeys)


def test_lesser_decisions_are_never_asked_for_it(enter, journeys, lesser, clock):
    person = enter(DECIDER)
    clock.advance(**TOO_LATE)

    assert_unasked(person, lesser, journeys)


@pytest.mark.parametrize(
    ("said", "asks"), [(False, False), ("false", False), (True, True), ("true", True), (None, True), ([], True)]
)
def test_what_could_not_be_worked_out_asks(said, asks):
    assert asks_for_proof({"reauthenticate": said}) is asks
    assert not asks_for_proof({})


def test_after_ten_minutes_the_password_is_asked_and_what_was_typed_stays(enter, journeys, task_id, clock):
    person = enter(DECIDER)
    clock.advance(**TOO_LATE)

    page = person.get(f"/tasks/{task_id}").text
    denied = {"decision": "DENY", "reason_code": "RISK", "reason_text": "The road is closed again since Monday."}
    without = decide(person, task_id, **denied)
    wrong = decide(person, task_id, **denied, _password="not the right one")

    assert 'name="_password"' in page
    assert flaws_of(page) == flaws_of(without.text) == flaws_of(wrong.text) == []
    assert (without.status_code, wrong.status_code) == (422, 422)
    assert "Enter your password" in without.text
    assert "This password is not right" in wrong.text
    for answer in (without, wrong):
        assert denied["reason_text"] in answer.text
        assert "not the right one" not in answer.text
    assert decided(journeys) == []


def test_the_right_password_confirms_and_holds_for_the_next_act(enter, journeys, case_id, task_id, clock):
    person = enter(DECIDER)
    clock.advance(**TOO_LATE)

    assert decide(person, task_id, _password=demo.PASSWORD).status_code == 303

    assert decided(journeys) == ["GRANT"]
    number = journeys.case(case_id).number
    assert "_password" not in person.get(f"/cases/{number}/revoke").text
    clock.advance(**TOO_LATE)
    assert 'name="_password"' in person.get(f"/cases/{number}/revoke").text


def test_guesses_are_counted_as_those_at_the_door(enter, journeys, task_id, clock):
    person = enter(DECIDER)
    clock.advance(**TOO_LATE)
    for _ in range(10):
        decide(person, task_id, _password="not the right one")

    answer = decide(person, task_id, _password=demo.PASSWORD)

    assert answer.status_code == 422
    assert "too many attempts" in answer.text
    assert decided(journeys) == []


def test_a_draft_never_holds_the_password(enter, journeys, task_id, clock):
    person = enter(DECIDER)
    clock.advance(**TOO_LATE)

    person.post(f"/tasks/{task_id}/autosave", reason_text="Not yet.", _password=demo.PASSWORD, revision="1")

    with journeys.database.reading() as session:
        drafts = session.connection().exec_driver_sql("SELECT * FROM task_drafts").all()
    assert drafts
    assert demo.PASSWORD not in str(drafts)


def test_a_revocation_asks_as_well_and_keeps_the_words(enter, journeys, case_id, task_id, clock):
    journeys.do(case_id, DECIDER, "stop_decide", decision="GRANT")
    person, number = enter(DECIDER), journeys.case(case_id).number
    said = {
        "unit": f"{number}-S1",
        "reason": "INCIDENT",
        "text": "The house was attacked during the night.",
        "phone": "+15550199",
    }
    said["instruction"] = "Wait where you are for our call."
    clock.advance(**TOO_LATE)

    without = person.post(f"/cases/{number}/revoke", **said)
    assert without.status_code == 422
    assert "Enter your password" in without.text
    assert "The house was attacked during the night." in without.text
    assert journeys.lines(case_id)[0].status == "GRANTED"

    assert person.post(f"/cases/{number}/revoke", _password=demo.PASSWORD, **said).status_code == 303
    assert journeys.lines(case_id)[0].status == "REVOKED"


def test_it_is_not_approved_unopened():
    answers = {"quick.approve": {"decision": "GRANT"}}

    assert quick_answers_of(answers, None) == {"decision": "GRANT"}
    assert quick_answers_of({**answers, "reauthenticate": True}, None) is None
