"""Exercises: who may evaluate them, what their marks come to, and who reads whose marks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services import authority, exercises, people
from services.errors import NotAllowed, NotFound
from services.models.authority import Delegation
from services.models.cases import Task
from services.models.exercises import CorrectiveAction, Exercise, ExerciseObjective
from services.models.people import FamilyLink, Person
from services.operations.exercises_rating import majority, score
from services.registers.plans import meets_minimum
from tests.services.plans.cycles import DAY, NOW, Cycles, design
from workflows.errors import AnswersInvalid

PLAN = "XA-CAP-CRIS"
EVALUATORS = ["otto.praveen", "tomoko.elder", "hamish.osei"]


@pytest.mark.parametrize(
    ("plan_type", "ex_type", "min_test", "enough"),
    [
        ("CRISIS", "TABLETOP", "TABLETOP", True),
        ("CRISIS", "DRILL", "TABLETOP", False),
        ("CONTINGENCY", "DRILL", "TABLETOP", False),
        ("CRISIS", "FUNCTIONAL", "TABLETOP", True),
        ("CRISIS", "TABLETOP", "FUNCTIONAL", False),
        ("CRISIS", "FULL_SCALE", "FUNCTIONAL", True),
        ("EVACUATION", "TABLETOP", "DRILL", False),
        ("EVACUATION", "DRILL", "DRILL", True),
        ("EVACUATION", "FUNCTIONAL", "DRILL", True),
        ("EVACUATION", "DRILL", "FUNCTIONAL", False),
        ("CRISIS", "ORIENTATION", "TABLETOP", False),
        ("CRISIS", "ORIENTATION", "NONE", True),
    ],
)
def test_a_drill_is_no_table_top_and_a_table_top_no_drill(plan_type: str, ex_type: str, min_test: str, enough: bool) -> None:
    assert meets_minimum(plan_type, ex_type, min_test) is enough


@pytest.mark.parametrize(
    ("marks", "mark"),
    [
        (["MET", "MET", "NOT_MET"], "MET"),
        (["MET", "NOT_MET"], "NOT_MET"),
        (["MET", "PARTLY"], "PARTLY"),
        (["MET", "PARTLY", "NOT_MET"], "NOT_MET"),
        (["MET", "MET", "PARTLY", "PARTLY"], "PARTLY"),
        (["NOT_OBSERVED", "NOT_OBSERVED", "MET"], "MET"),
        (["NOT_OBSERVED", "NOT_OBSERVED"], "NOT_OBSERVED"),
        ([], "NOT_OBSERVED"),
    ],
)
def test_most_evaluators_say_the_mark_and_a_tie_is_the_lower_one(marks: list[str], mark: str) -> None:
    assert majority(marks) == mark


@pytest.mark.parametrize(
    ("marks", "points"),
    [
        (["MET"] * 11 + ["NOT_MET"], 91.7),
        (["MET"] * 9 + ["PARTLY"], 95.0),
        (["MET", "PARTLY", "NOT_MET", "NOT_OBSERVED"], 50.0),
        (["NOT_OBSERVED"] * 3, 0.0),
        ([], 0.0),
    ],
)
def test_the_score_is_the_share_of_what_was_observed(marks: list[str], points: float) -> None:
    assert score(marks) == points


def _designing(cycles: Cycles) -> str:
    case_id = cycles.open(PLAN)
    cycles.update(case_id, "XA")
    return case_id


def _propose(cycles: Cycles, case_id: str, *evaluators: str, **answers: Any) -> None:
    named = [{"person": person} for person in evaluators]
    cycles.do(case_id, "wilma.stroud", "cpt_ex_design", **design(evaluators=named, **answers))


def test_a_relative_of_the_coordinator_does_not_evaluate(embedded_cycles: Cycles) -> None:
    case_id = _designing(embedded_cycles)
    with embedded_cycles.database.transaction() as session:
        session.add(FamilyLink(person_a="tomoko.elder", person_b="wilma.stroud", kind="SPOUSE"))

    with pytest.raises(AnswersInvalid, match="Tomoko Elder"):
        _propose(embedded_cycles, case_id, "tomoko.elder")
    assert embedded_cycles.open_steps(case_id) == ["cpt_ex_design"]


@pytest.mark.parametrize(("person", "supervisor"), [("tomoko.elder", "rasmus.ellery"), ("rasmus.ellery", "tomoko.elder")])
def test_a_direct_supervisor_or_report_of_the_owner_does_not_evaluate(
    embedded_cycles: Cycles, person: str, supervisor: str
) -> None:
    case_id = _designing(embedded_cycles)
    with embedded_cycles.database.transaction() as session:
        session.get_one(Person, person).supervisor = supervisor

    with pytest.raises(AnswersInvalid, match="Tomoko Elder"):
        _propose(embedded_cycles, case_id, "tomoko.elder")


def test_the_same_evaluator_twice_is_one(embedded_cycles: Cycles) -> None:
    case_id = _designing(embedded_cycles)

    with pytest.raises(AnswersInvalid, match="evaluators"):
        _propose(embedded_cycles, case_id, "otto.praveen", "otto.praveen")


def _held(cycles: Cycles) -> tuple[str, Any]:
    case_id = _designing(cycles)
    _propose(cycles, case_id, *EVALUATORS)
    cycles.do(case_id, "naledi.vanter", "cpt_ex_approve", decision="APPROVE")
    return case_id, cycles.run(case_id, "XA")


def _read_by(cycles: Cycles, case_id: str, person: str, now: Any) -> set[str]:
    with cycles.database.reading() as session:
        exercise = session.scalars(select(Exercise).where(Exercise.case_id == case_id)).one()
        actor = people.actor_named(session, person)
        return {mark.evaluator for mark in exercises.list_marks(session, exercise, actor=actor, now=now)}


def test_an_evaluator_reads_the_marks_of_others_only_after_giving_the_own_ones(cycles: Cycles) -> None:
    case_id, now = _held(cycles)
    cycles.mark(case_id, "otto.praveen", "MMM", now)

    assert _read_by(cycles, case_id, "tomoko.elder", now) == set()
    assert _read_by(cycles, case_id, "otto.praveen", now) == {"otto.praveen"}
    assert _read_by(cycles, case_id, "wilma.stroud", now) == set()

    cycles.mark(case_id, "tomoko.elder", "MNN", now)

    assert _read_by(cycles, case_id, "tomoko.elder", now) == {"otto.praveen", "tomoko.elder"}
    assert _read_by(cycles, case_id, "ingrid.sollerman", now) == set()

    cycles.mark(case_id, "hamish.osei", "MMO", now)

    assert _read_by(cycles, case_id, "wilma.stroud", now) == set(EVALUATORS)


def test_the_marks_of_all_come_to_one_mark_for_each_objective(embedded_cycles: Cycles) -> None:
    case_id, now = _held(embedded_cycles)
    for person, marks in zip(EVALUATORS, ("MMM", "MNN", "OMO"), strict=True):
        embedded_cycles.mark(case_id, person, marks, now)

    with embedded_cycles.database.reading() as session:
        found = session.execute(select(ExerciseObjective.no, ExerciseObjective.mark).order_by(ExerciseObjective.no)).all()
        exercise = session.scalars(select(Exercise).where(Exercise.case_id == case_id)).one()
    assert [tuple(row) for row in found] == [(1, "MET"), (2, "MET"), (3, "NOT_MET")]
    assert (exercise.score_pct, exercise.critical_unmet, exercise.rating) == (66.7, 0, "UNSATISFACTORY")


def test_a_critical_objective_that_nobody_saw_was_not_met(embedded_cycles: Cycles) -> None:
    case_id, now = _held(embedded_cycles)
    for person in EVALUATORS:
        embedded_cycles.mark(case_id, person, "OMM", now)

    with embedded_cycles.database.reading() as session:
        exercise = session.scalars(select(Exercise).where(Exercise.case_id == case_id)).one()
    assert (exercise.score_pct, exercise.critical_unmet, exercise.rating) == (100.0, 1, "UNSATISFACTORY")


def test_nobody_marks_in_the_place_of_an_evaluator(embedded_cycles: Cycles) -> None:
    case_id, now = _held(embedded_cycles)

    with pytest.raises(NotAllowed):
        embedded_cycles.mark(case_id, "wilma.stroud", "MMM", now)
    with pytest.raises(NotFound):
        embedded_cycles.mark(case_id, "saskia.brennecke", "MMM", now)


def test_a_pause_keeps_the_marks_that_were_given(embedded_cycles: Cycles) -> None:
    case_id, now = _held(embedded_cycles)
    embedded_cycles.mark(case_id, "otto.praveen", "MMM", now)
    embedded_cycles.tell("SIG_CRISIS_ACTIVATED", "XA-CAP", now, reason="Unrest")
    embedded_cycles.tell("SIG_CRISIS_CLOSED", "XA-CAP", now + 2 * DAY)

    embedded_cycles.do(case_id, "naledi.vanter", "cpt_ask_credit", now + 2 * DAY, plan_used=False)

    assert embedded_cycles.open_steps(case_id) == ["cpt_evaluate", "cpt_evaluate"]


def test_an_action_is_due_by_its_priority_and_is_chased(embedded_cycles: Cycles) -> None:
    case_id, now = _held(embedded_cycles)
    for person in EVALUATORS:
        embedded_cycles.mark(case_id, person, "MMM", now)
    embedded_cycles.report(
        case_id, "XA", now, ("Replace the phones", "kofi.drummond", "CRITICAL"), ("Paint the gate", "iris.calder", "LOW")
    )

    with embedded_cycles.database.reading() as session:
        rows = {row.priority: row for row in session.scalars(select(CorrectiveAction))}
    assert rows["CRITICAL"].due_at == now + timedelta(days=14)
    assert (rows["CRITICAL"].closed_by_role, rows["LOW"].closed_by_role) == ("DO", "EXC")
    assert rows["LOW"].due_at == now + timedelta(days=180)

    embedded_cycles.sweep(now + 8 * DAY)
    embedded_cycles.sweep(now + 14 * DAY)
    embedded_cycles.sweep(now + 21 * DAY)

    sent = [(letter.person, letter.code) for letter in embedded_cycles.mailer.letters]
    assert sent.count(("kofi.drummond", "N-CPT-05")) == 2
    assert ("ingrid.sollerman", "N-CPT-14") in sent
    assert ("celeste.maron", "N-CPT-14") in sent
    assert ("iris.calder", "N-CPT-14") not in sent


def test_an_exercise_of_today_is_on_nobodys_list_before_it_is_designed(embedded_cycles: Cycles) -> None:
    case_id = _designing(embedded_cycles)
    with embedded_cycles.database.reading() as session:
        actor = people.actor_named(session, "wilma.stroud")
        assert list(exercises.list_exercises(session, PLAN, actor=actor, now=NOW)) == []
    embedded_cycles.plan_exercise(case_id, "XA")
    with embedded_cycles.database.reading() as session:
        actor = people.actor_named(session, "lina.marchetti")
        assert [each.name for each in exercises.list_exercises(session, PLAN, actor=actor, now=NOW)] == ["Exercise Lantern"]


@pytest.mark.parametrize(("no_notice", "in_post"), [(True, True), (False, True), (True, False)])
def test_the_adviser_approves_drills_under_the_officials_delegation(
    embedded_cycles: Cycles, no_notice: bool, in_post: bool
) -> None:
    case_id = embedded_cycles.open("XC-CAP-EVAC")
    embedded_cycles.update(case_id, "XC")
    with embedded_cycles.database.transaction() as session:
        giver = "anwar.tessier" if in_post else "ingrid.sollerman"
        given = {"authority": "DRILL_APPROVAL", "area": "XC", "valid_from": NOW - DAY, "accepted_at": NOW - DAY}
        session.add(Delegation(number="DOA-2026-0777", delegator=giver, delegate_role="CSA", **given))
    drill = {"ex_type": "DRILL", "no_notice": no_notice, "evaluators": [{"person": "saskia.brennecke"}]}

    embedded_cycles.do(case_id, "leda.farahani", "cpt_ex_design", **design(**drill))

    with embedded_cycles.database.reading() as session:
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.element == "cpt_ex_approve")).one()
        assert task.role == ("CSA" if in_post else "DO")
        if in_post:
            capacity = authority.capacity_for(session, people.actor_named(session, "helga.brandvold"), task, NOW)
            assert (capacity.role, capacity.capacity, capacity.delegation_id) == ("CSA", "DELEGATED", "DOA-2026-0777")
