"""What the decision card remembers and compares: what changed, how similar cases ended, why it comes to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services import tasks
from services.models import Case, Decision, Task
from services.models.authority import Absence, RoleHolding
from services.models.base import new_id
from services.models.cases import CaseParty
from services.models.confinements import CaseConfinement
from services.models.questions import SeenCard
from services.tasks.sightings import compare_cards
from services.tasks.similar import Similar
from tests.services.leave import APPROVER, NOW, REVIEWER, STRANGER, Leave
from tests.statements import watch_statements


def look(leave: Leave, task_id: str, *, by: str = REVIEWER, now: datetime = NOW) -> tasks.Sighting:
    """What the page says, and what it remembers when there is something new."""
    actor = leave.actor(by)
    with leave.database.reading() as session:
        found = tasks.find_sighting(session, session.get_one(Task, task_id), actor=actor)
    if found.is_new:
        with leave.database.transaction() as session:
            tasks.note_sighting(session, task_id, actor=actor, now=now)
    return found


def set_card(leave: Leave, task_id: str, card: Any, **more: Any) -> None:
    with leave.database.transaction() as session:
        session.execute(update(Task).where(Task.id == task_id).values(card=card, **more))


def test_what_changed_is_said_until_it_changes_again_and_to_each_person_apart(leave: Leave) -> None:
    task_id = leave.open_task(leave.start()).id
    first = look(leave, task_id)
    again = look(leave, task_id)
    set_card(leave, task_id, {"days": 5, "hotel": "Plaza"})

    changed = look(leave, task_id, now=NOW + timedelta(hours=1))
    reloaded = look(leave, task_id, now=NOW + timedelta(hours=2))

    assert (first.is_new, first.changes, again.is_new, again.changes) == (True, [], False, [])
    said = [(change.name, change.old, change.new) for change in changed.changes]
    assert said == [("days", 3, 5), ("hotel", None, "Plaza"), ("reason", "Rest", None)]
    assert (changed.is_new, changed.since) == (True, NOW)
    assert (reloaded.is_new, reloaded.changes, reloaded.since) == (False, changed.changes, NOW)
    assert look(leave, task_id, by=APPROVER).changes == []


def test_a_step_that_comes_again_on_the_same_line_is_compared_with_the_one_before(embedded_leave: Leave) -> None:
    leave = embedded_leave
    case_id = leave.start()
    first = leave.open_task(case_id)
    look(leave, first.id)
    leave.review(case_id)
    with leave.database.transaction() as session:
        again = session.scalars(select(Task).where(Task.case_id == case_id, Task.element == "approve")).one()
        again.element, again.card = first.element, {"days": 4, "reason": "Rest"}
        token = again.id
        session.execute(update(Task).where(Task.id == first.id).values(element="review_before"))

    assert [(change.name, change.old, change.new) for change in look(leave, token).changes] == [("days", 3, 4)]
    with leave.database.transaction() as session:
        session.execute(update(Task).where(Task.id == token).values(line="another"))
    assert look(leave, token).changes == []
    with leave.database.reading() as session:
        assert len(session.scalars(select(SeenCard)).all()) == 2


def test_cards_in_the_form_of_lists_are_compared_field_by_field() -> None:
    old = [{"label": "Risk", "value": "LOW"}, {"label": "Area", "value": "XA"}, {"flags": ["Late"]}]
    new = [{"label": "Risk", "value": "HIGH"}, {"label": "Area", "value": "XA"}, {"flags": []}]

    assert [(each.name, each.old, each.new) for each in compare_cards(old, new)] == [
        ("Risk", "LOW", "HIGH"),
        ("flags", ["Late"], None),
    ]


def test_the_reasons_beside_a_value_are_part_of_its_fact() -> None:
    position = {"label": "Position of Mirela", "value": "AGAINST", "reasons": "The printers work at night."}
    card = [position, {"label": "Area", "value": "XA", "reasons": None}]

    assert tasks.facts_of(card) == [("Position of Mirela", ["AGAINST", "The printers work at night."]), ("Area", "XA")]


@pytest.fixture
def decided(embedded_leave: Leave) -> Leave:
    """Five cases that were recommended and one that was not, none of them the reader's to open."""
    for number in range(6):
        case_id = embedded_leave.start()
        task = embedded_leave.open_task(case_id)
        advice = "NOT_RECOMMEND" if number == 0 else "RECOMMEND"
        embedded_leave.complete(task.id, by=REVIEWER, answers={"advice": advice, "remarks": "Seen"})
    return embedded_leave


def similar(leave: Leave, by: str, *, now: datetime = NOW) -> Similar:
    task = leave.open_task(leave.start())
    with leave.database.reading() as session:
        row = session.get_one(Task, task.id)
        return tasks.find_similar(session, row, session.get_one(Case, row.case_id), actor=leave.actor(by), now=now)


def test_similar_cases_are_counted_by_outcome_and_the_latest_shown_to_those_who_may_open_them(decided: Leave) -> None:
    seen, unseen = similar(decided, REVIEWER), similar(decided, STRANGER)

    assert (seen.total, seen.outcomes) == (6, [("RECOMMEND", 5), ("NOT_RECOMMEND", 1)])
    assert len(seen.shown) == 3
    assert (unseen.total, unseen.outcomes, unseen.shown) == (6, seen.outcomes, [])
    assert similar(decided, REVIEWER, now=NOW + timedelta(days=731)).total == 0


def test_fewer_than_five_cases_that_one_may_not_see_are_not_counted(decided: Leave) -> None:
    with decided.database.transaction() as session:
        ids = list(session.scalars(select(Decision.case_id).order_by(Decision.case_id)))
        for case_id in ids[:2]:
            session.add(CaseParty(id=new_id(), case_id=case_id, person=STRANGER, kind="SUPERVISOR", line=None))

    found = similar(decided, STRANGER)

    assert (found.total, len(found.shown)) == (2, 2)


def test_a_confined_case_counts_for_nobody_whom_it_does_not_name(decided: Leave) -> None:
    with decided.database.transaction() as session:
        case_id = session.scalars(select(Decision.case_id).where(Decision.outcome == "NOT_RECOMMEND")).one()
        session.add(CaseConfinement(id=new_id(), case_id=case_id, role=None, area=None, person=APPROVER, why="Drill", since=NOW))

    assert similar(decided, REVIEWER).outcomes == [("RECOMMEND", 5)]


def test_only_cases_that_are_alike_count_and_their_number_costs_no_query(decided: Leave) -> None:
    with decided.database.transaction() as session:
        for number, task in enumerate(session.scalars(select(Task).where(Task.state == "DONE").order_by(Task.id))):
            task.properties = {**task.properties, "similar": "HIGH" if number < 2 else "LOW"}
    task = decided.open_task(decided.start())
    with decided.database.transaction() as session:
        row = session.get_one(Task, task.id)
        row.properties = {**row.properties, "similar": "HIGH"}
    statements: list[str] = []

    with decided.database.reading() as session:
        row = session.get_one(Task, task.id)
        case, actor = session.get_one(Case, row.case_id), decided.actor(REVIEWER)
        stop = watch_statements(session.get_bind().engine, statements.append)
        found = tasks.find_similar(session, row, case, actor=actor, now=NOW)
        stop()

    assert found.total == 2
    assert len(statements) == 2


def test_the_ground_names_the_role_the_place_and_in_whose_place_one_acts(embedded_leave: Leave) -> None:
    leave = embedded_leave
    task_id = leave.open_task(leave.start()).id
    since = NOW - timedelta(days=40)
    with leave.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person=APPROVER, role="DSSO", area="XA", valid_from=since))
        away = {"valid_from": NOW - timedelta(hours=1), "valid_to": NOW + timedelta(days=9)}
        session.add(Absence(id=new_id(), person=APPROVER, substitute=STRANGER, **away))

    grounds = {by: ground_of(leave, task_id, by) for by in (APPROVER, STRANGER)}

    own, other = grounds[APPROVER], grounds[STRANGER]
    assert (own.role, own.area, own.since, own.holder_name) == ("DSSO", "XA", since, "")
    assert (other.role, other.capacity, other.holder_name) == ("DSSO", "AD_INTERIM", "Naledi Vanter")


def ground_of(leave: Leave, task_id: str, by: str) -> Any:
    actor = leave.actor(by)
    with leave.database.reading() as session:
        view = tasks.get_task(session, task_id, actor=actor, now=NOW)
        return tasks.find_ground(session, view.task, view.capacity, actor=actor, now=NOW)
