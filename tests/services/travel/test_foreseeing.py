"""What will happen to a request, worked out by running it and keeping nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from services import cases, people
from services.errors import NotFound
from services.models.base import Base
from services.models.cases import Case, RequestDraft
from tests.services.travel.journeys import NOW, request_to

TRAVELLER = "ana.lucero"


def foresee(journeys, answers, *, person=TRAVELLER, now=NOW):
    with journeys.database.rehearsal() as session:
        actor = people.actor_named(session, person)
        return cases.foresee(session, "travel_clearance", actor=actor, answers=answers, now=now)


def counts(journeys):
    with journeys.database.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.execute(select(func.count()).select_from(table)).scalar() for table in tables}


def test_looking_ahead_names_those_who_decide_and_uses_up_no_number(journeys):
    found = foresee(journeys, request_to("XC-CAP"))
    number = journeys.case(journeys.ask(TRAVELLER, "XC-CAP")).number

    assert [(step.element, step.role, step.area) for step in found.steps][-1] == ("stop_decide", "DSSO", "XC-CAP")
    assert all(step.people > 0 for step in found.steps)
    assert found.is_whole
    assert found.ends is None
    assert found.needed_by is not None
    assert NOW < found.send_before < found.needed_by
    assert number == "TSC-2026-000001", "not even a number was used up"


def test_nothing_at_all_is_different_afterwards(embedded_journeys):
    before = counts(embedded_journeys)

    foresee(embedded_journeys, request_to("XC-CAP"))
    foresee(embedded_journeys, {"stops": "nonsense"})

    assert counts(embedded_journeys) == before
    assert embedded_journeys.problems() == []


def test_a_rehearsal_cannot_be_committed(embedded_journeys):
    with embedded_journeys.database.rehearsal() as session, pytest.raises(RuntimeError):
        session.commit()


def test_what_is_missing_is_named_before_anything_is_sent(embedded_journeys):
    found = foresee(embedded_journeys, request_to("XC-CAP", advisory_ack=[]))

    (step,) = found.steps
    assert step.is_own
    assert [row["label"] for row in step.card] == ["P-ADVISORY"]
    assert found.send_before is None
    assert not found.is_late


def test_an_answer_by_rule_is_said_as_the_answer(embedded_journeys):
    found = foresee(embedded_journeys, request_to("XB-CAP", travel_kind="PRIVATE"))

    assert found is not None
    assert all(step.role != "DO" for step in found.steps)


def test_half_a_request_gives_a_first_look_and_too_little_gives_none(embedded_journeys):
    half = {name: value for name, value in request_to("XC-CAP").items() if name not in {"declaration", "mobile"}}

    assert foresee(embedded_journeys, half).is_whole is False
    assert foresee(embedded_journeys, {}) is None


def test_a_request_that_is_sent_too_late_is_said_to_be_late(embedded_journeys):
    found = foresee(embedded_journeys, request_to("XC-CAP", days=1, late_justification="The meeting was moved forward today."))

    assert found.send_before is None or found.send_before < found.needed_by


def test_an_earlier_request_is_repeated_without_its_dates(embedded_journeys):
    case_id = embedded_journeys.ask(TRAVELLER, "XC-CAP")
    with embedded_journeys.database.transaction() as session:
        actor = people.actor_named(session, TRAVELLER)
        with pytest.raises(NotFound):
            cases.repeat_request(session, case_id, actor=people.actor_named(session, "lina.marchetti"), now=NOW)
        draft_id = cases.repeat_request(session, case_id, actor=actor, now=NOW).id

    with embedded_journeys.database.reading() as session:
        answers = session.get_one(RequestDraft, draft_id).answers
        assert session.get_one(Case, case_id).state == "OPEN", "what is repeated goes on"
    (stop,) = answers["stops"]
    assert (stop["area"], stop["place"], stop["flight_number"]) == ("XC-CAP", "XC-CAP", "ME214")
    assert not stop.get("arrive_at")
    assert not stop.get("depart_at")
    assert answers["purpose_code"] == "MISSION"
    assert not answers["declaration"]
    assert not answers.get("attachments")
    assert not answers.get("advisory_ack"), "what was read then is not read now"
