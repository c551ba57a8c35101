"""What lies ahead of a place in a diagram: as far as it can be told, and no further."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import NOW
from workflows.diagrams import look_ahead, read_diagram

BPMN = Path(__file__).resolve().parents[3] / "bpmn" / "travel_clearance"
APPROVED = {"decision": "APPROVE", "advice": "RECOMMEND"}
KNOWN = {
    "travel_kind": "OFFICIAL",
    "endorsed_by": [],
    "endorsement": {"endorser": "SUP"},
    "stops_to_decide": [{"area": "XC-CAP"}, {"area": "XA-NOR"}],
    "changes": [],
    "queued_changes": [],
}


@pytest.fixture(scope="module")
def travel():
    return [read_diagram((BPMN / name).read_bytes(), name=name) for name in ("tsc_main.bpmn", "tsc_stop.bpmn")]


def ahead(diagrams, places, *, agree=lambda element: APPROVED):
    return look_ahead(diagrams, places, agree=agree, lasting={"travel_kind"}, own_roles={"TRV", "PREP"}, now=NOW)


def ids(outlook):
    return [[element.id for element in step.elements] for step in outlook.steps]


def test_after_an_endorsement_the_stops_are_decided_and_nothing_else_is_named(travel):
    outlook = ahead(travel, {"tsc_supervisor_endorse": KNOWN})

    (step,) = outlook.steps
    assert ids(outlook) == [["tsc_stop_clearance"]]
    assert step.is_certain
    assert [row["area"] for row in step.rows] == ["XC-CAP", "XA-NOR"]
    assert not outlook.is_whole, "what a called process answers is not known"


def test_a_gateway_that_cannot_be_asked_yet_is_the_question_that_it_is(travel):
    outlook = ahead(travel, {"tsc_confirm_itinerary": {"confirmation": "CONFIRM", "travel_kind": "OFFICIAL"}})

    (step,) = outlook.steps[-1:]
    assert not step.is_certain
    assert step.question is not None
    assert not {"tsc_correct_request", "tsc_fix_prereq"} & {element.id for element in step.elements}, "ways back are no way on"


def test_advice_leads_to_the_decision_and_the_clock_does_not(travel):
    outlook = ahead(travel, {"stop_recommend": {"advice": "RECOMMEND"}})

    assert ids(outlook) == [["stop_decide"]]
    assert "stop_chase" not in str(outlook.steps)


def test_what_a_decision_leads_to_is_not_guessed(travel):
    outlook = ahead(travel, {"stop_decide": {"decision": "GRANT"}}, agree=lambda element: {"decision": "GRANT"})

    assert ids(outlook) == []
    assert not outlook.is_whole


def test_steps_side_by_side_are_listed_once(travel):
    outlook = ahead(travel, {"tsc_supervisor_endorse": KNOWN, "tsc_flightcap": {}})

    assert sum(step == ["tsc_stop_clearance"] for step in ids(outlook)) == 1


def test_nothing_known_leaves_every_question_open_and_asks_no_condition(travel):
    outlook = ahead(travel, {"tsc_supervisor_endorse": {}}, agree=lambda element: None)

    assert all(not step.is_certain for step in outlook.steps)
