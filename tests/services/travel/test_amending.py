"""Changing a request that waits: what it replaces, what it means, and what those who decide see of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from services import cases, people, tasks
from services.authority import Sight
from services.errors import StaleRevision
from services.models.cases import OPEN, Case, Task
from tests.services.travel.journeys import NOW
from workflows.diagrams import Element

TRAVELLER, OFFICER = "ana.lucero", "mei.okafor-lund"
PURPOSE, NEW_PURPOSE = "Work with the partners of the office on site", "Another purpose altogether"
LATER = (NOW + timedelta(days=27)).isoformat()
EVENT = Element(
    id="tsc_live_amend",
    kind="intermediateCatchEvent",
    properties={"ask.preview": "clearance.preview_changes", "ask.table": "D1.9"},
)


@pytest.fixture
def case_id(embedded_journeys):
    return embedded_journeys.ask(TRAVELLER, "XC-CAP")


def preview(journeys, case_id, *changes, event=EVENT):
    with journeys.database.reading() as session:
        actor = people.actor_named(session, TRAVELLER)
        case = cases.get_case(session, case_id)
        return cases.preview_message(session, case, event, {"changes": list(changes)}, actor=actor, now=NOW)


def change(journeys, case_id, *changes):
    found = preview(journeys, case_id, *changes)
    with journeys.database.transaction() as session:
        actor = people.actor_named(session, TRAVELLER)
        number = cases.get_case(session, case_id).number
        payload = {"changes": list(changes)}
        cases.send_message(session, "MSG_AMEND", number, payload, actor=actor, now=NOW + timedelta(hours=1), facts=found.facts)


def test_a_change_says_what_it_replaces_and_what_it_means(embedded_journeys, case_id):
    found = preview(embedded_journeys, case_id, {"kind": "DATES", "stop": 1, "depart_at": LATER})

    (difference,) = found.differences
    assert (difference.row, difference.area, difference.field) == (1, "XC-CAP", "depart_at")
    assert difference.before == "2026-12-24T09:00:00Z"
    assert difference.after == "2026-12-28T09:00:00Z"
    assert [(effect.row, effect.area) for effect in found.effects] == [(1, "XC-CAP")]
    assert found.effects[0].action


def test_an_event_says_what_holds_of_every_change(embedded_journeys, case_id):
    waiting = replace(EVENT, properties={"ask.preview": "clearance.preview_changes", "ask.note": "It waits."})

    found = preview(embedded_journeys, case_id, {"kind": "DATES", "stop": 1, "depart_at": LATER}, event=waiting)

    assert (found.note, found.effects) == ("It waits.", [])


def test_what_stays_as_it_is_is_no_difference(embedded_journeys, case_id):
    same = {"kind": "DATES", "stop": 1, "depart_at": "2026-12-24T10:00:00+01:00"}

    assert preview(embedded_journeys, case_id, same).differences == []


@pytest.mark.parametrize(
    ("given", "field", "before", "after"),
    [
        ({"kind": "DROP", "stop": 1}, "stop", "XC-CAP", None),
        ({"kind": "FLIGHT", "stop": 1, "flight_number": "ME9"}, "flight_number", "ME214", "ME9"),
        ({"kind": "PURPOSE", "purpose_text": NEW_PURPOSE}, "purpose_text", PURPOSE, NEW_PURPOSE),
    ],
)  # fmt: skip
def test_every_kind_of_change_names_its_field(embedded_journeys, case_id, given, field, before, after):
    (difference,) = preview(embedded_journeys, case_id, given).differences

    assert (difference.field, difference.before, difference.after) == (field, before, after)


def test_a_message_without_a_preview_changes_nothing(embedded_journeys, case_id):
    plain = Element(id="b_withdraw", kind="boundaryEvent")

    assert preview(embedded_journeys, case_id, {"kind": "DROP", "stop": 1}, event=plain).differences == []


def test_a_changed_request_has_versions_and_each_reader_sees_their_area(embedded_journeys, case_id):
    change(embedded_journeys, case_id, {"kind": "DATES", "stop": 1, "depart_at": LATER})

    with embedded_journeys.database.reading() as session:
        case = cases.get_case(session, case_id)
        whole = cases.differences(session, case, Sight(areas=None, why="PARTY"))
        there = cases.differences(session, case, Sight(areas=frozenset({"XC-CAP"}), why="ROLE"))
        elsewhere = cases.differences(session, case, Sight(areas=frozenset({"XA-NOR"}), why="ROLE"))

    assert [version.number for version in whole] == [1, 2]
    assert [each.field for each in whole[1].differences] == ["depart_at"]
    assert whole[1].by == TRAVELLER
    assert there == whole
    assert elsewhere[1].differences == []
    assert embedded_journeys.problems() == []


def test_a_decision_that_is_open_warns_of_a_change_and_is_looked_at_again(embedded_journeys, case_id):
    with embedded_journeys.database.reading() as session:
        seen = session.get_one(Case, case_id).revision

    change(embedded_journeys, case_id, {"kind": "DATES", "stop": 1, "depart_at": LATER})

    with embedded_journeys.database.transaction() as session:
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.state == OPEN)).one()
        officer = people.actor_named(session, OFFICER)
        assert tasks.flags_of(task.card) == ["The traveller has sent a change that waits for this decision."]
        assert task.flagged
        assert all(tasks.flags_of(said["card"]) != tasks.flags_of(task.card) for said in task.properties["said"].values())
        with pytest.raises(StaleRevision):
            tasks.complete_task(session, task.id, actor=officer, answers={"decision": "GRANT"}, revision=seen, now=NOW)
    embedded_journeys.do(case_id, OFFICER, "stop_decide", decision="GRANT")
    assert embedded_journeys.problems() == []
