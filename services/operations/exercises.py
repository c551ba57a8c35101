"""Exercises before and while they run: design, approval, postponement, the run itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services import authority
from services.errors import Declined
from services.models.exercises import Exercise, ExerciseObjective
from services.models.people import Dependant, FamilyLink, Person
from services.models.plans import Plan, PlanCycle
from services.operations.catalogue import operation
from services.operations.moments import read_moment, write_moment
from services.operations.plans import cycle_of
from services.operations.standing import DRILL_APPROVAL, find_standing_roles
from services.operations.work import Work
from services.registers import plans
from workflows.errors import SafeconductError

AAR_DAYS = 30
LEAST_EVALUATORS = {"FULL_SCALE": 3}


class EvaluatorConcerned(Declined):
    """{name} cannot evaluate this: an evaluator is neither owner of the plan nor coordinator, nor close to one of them."""


class EvaluatorsMissing(Declined):
    """This kind of exercise needs {number} evaluators or more, each of them once."""


class ExerciseMissing(SafeconductError):
    """There is no exercise at this point of the cycle."""


def exercise_of(work: Work) -> Exercise:
    """Return the exercise that the cycle is about.

    Raises:
        ExerciseMissing: None was designed yet.
    """
    exercise = plans.newest_exercise(work.session, cycle_of(work).number)
    if exercise is None:
        raise ExerciseMissing
    return exercise


@operation("exercise.design")
def design(work: Work, *, design: dict[str, Any]) -> dict[str, Any]:
    """Keep the design of an exercise, after a look at who is to evaluate it. A design that was changed replaces the one before.

    Evaluators are neither owners of the plan nor coordinators of exercises there, no relatives of theirs and not their direct
    supervisors or staff.
    """
    cycle = cycle_of(work)
    plan = work.session.get_one(Plan, cycle.plan)
    evaluators = [row["person"] for row in design["evaluators"]]
    _ensure_apart(work, plan, evaluators, str(design["ex_type"]))
    exercise = _next(work, cycle)
    exercise.ex_type, exercise.name = str(design["ex_type"]), str(design["ex_name"])[:200]
    exercise.starts_at = read_moment(design["starts_at"])
    exercise.ends_at = read_moment(design["ends_at"])
    exercise.no_notice = bool(design.get("no_notice"))
    exercise.design = _kept(design, evaluators)
    exercise.meets_min = plans.meets_minimum(plan.plan_type, exercise.ex_type, cycle.min_test)
    exercise.coordinator, exercise.status = work.actor.person, "DESIGNED"
    work.session.add(exercise)
    cycle.stage = "DESIGN"
    _replace_objectives(work, exercise, design["objectives"])
    return {"exercise": describe(work, exercise) | {"drill_delegation": _drill_delegation(work, plan)}}


def _drill_delegation(work: Work, plan: Plan) -> str:
    """Return to whom the official has given the approval of drills there, or NONE."""
    roles = find_standing_roles(work, plans.station_of(work.session, plan).area, (DRILL_APPROVAL,))
    return "CSA" if "CSA" in roles else "NONE"


def _next(work: Work, cycle: PlanCycle) -> Exercise:
    """Return the exercise that is still being designed, or a new one."""
    latest = plans.newest_exercise(work.session, cycle.number)
    if latest is not None and latest.status in {"DESIGNED", "CHANGED", "APPROVED"}:
        return latest
    count = int(latest.number.rpartition("-E")[2]) if latest is not None else 0
    return Exercise(
        number=f"{cycle.number}-E{count + 1}", cycle=cycle.number, plan=cycle.plan, case_id=work.case.id, kind="EXERCISE"
    )


def _kept(design: dict[str, Any], evaluators: list[str]) -> dict[str, Any]:
    left = {name: value for name, value in design.items() if name not in {"evaluators", "objectives", "participants"}}
    participants = [row["person"] for row in design.get("participants") or ()]
    return {**left, "evaluators": evaluators, "participants": participants}


def _replace_objectives(work: Work, exercise: Exercise, objectives: list[dict[str, Any]]) -> None:
    for old in work.session.scalars(select(ExerciseObjective).where(ExerciseObjective.exercise == exercise.number)):
        work.session.delete(old)
    work.session.flush()  # the new ones have the same numbers
    for number, row in enumerate(objectives, start=1):
        critical = bool(row.get("critical"))
        text = str(row["text"])[:500]
        work.session.add(ExerciseObjective(exercise=exercise.number, no=number, text=text, critical=critical))


def _ensure_apart(work: Work, plan: Plan, evaluators: list[str], ex_type: str) -> None:
    least = LEAST_EVALUATORS.get(ex_type, 1)
    if len(set(evaluators)) < least or len(set(evaluators)) < len(evaluators):
        raise EvaluatorsMissing(number=least)
    area = plans.station_of(work.session, plan).area
    concerned = {work.actor.person, *([plan.owner] if plan.owner else [])}
    for role in ("PLO", "EXC"):
        concerned |= set(authority.people_in_role(work.session, role=role, area=area, now=work.now))
    close = {person for person in evaluators if person in concerned or _is_close(work, person, concerned)}
    if close:
        person = work.session.get(Person, min(close))
        raise EvaluatorConcerned(name=person.name if person else min(close))


def _is_close(work: Work, person: str, others: Collection[str]) -> bool:
    """Say whether somebody is a relative, the direct supervisor or a direct report of one of the others."""
    kin = select(FamilyLink.person_a).where(FamilyLink.person_b == person, FamilyLink.person_a.in_(others))
    ties = kin.union(
        select(FamilyLink.person_b).where(FamilyLink.person_a == person, FamilyLink.person_b.in_(others)),
        select(Dependant.person).where(Dependant.sponsor == person, Dependant.person.in_(others)),
        select(Dependant.sponsor).where(Dependant.person == person, Dependant.sponsor.in_(others)),
        select(Person.supervisor).where(Person.code == person, Person.supervisor.in_(others)),
        select(Person.code).where(Person.supervisor == person, Person.code.in_(others)),
    )
    return work.session.execute(ties).first() is not None


def describe(work: Work, exercise: Exercise) -> dict[str, Any]:
    """Say of an exercise what the diagram and its cards need."""
    found = select(ExerciseObjective).where(ExerciseObjective.exercise == exercise.number).order_by(ExerciseObjective.no)
    objectives = [{"no": row.no, "text": row.text, "critical": row.critical} for row in work.session.scalars(found)]
    kept = exercise.design
    return {
        "number": exercise.number,
        "kind": exercise.kind,
        "name": exercise.name,
        "ex_type": exercise.ex_type,
        "starts_at": write_moment(exercise.starts_at),
        "ends_at": write_moment(exercise.ends_at or exercise.starts_at),
        "date": exercise.starts_at.date().isoformat(),
        "places": kept.get("places"),
        "host_participation": bool(kept.get("host_participation")),
        "public_impact": bool(kept.get("public_impact")),
        "no_notice": exercise.no_notice,
        "evaluators": kept.get("evaluators") or [],
        "participants": kept.get("participants") or [],
        "objectives": objectives,
        "critical_count": sum(row["critical"] for row in objectives),
        "coordinator": exercise.coordinator,
        "meets_min": exercise.meets_min,
        "lead_days_left": (exercise.starts_at - work.now).days,
        "aar_due": write_moment((exercise.ends_at or exercise.starts_at) + timedelta(days=AAR_DAYS)),
        "status": exercise.status,
    }


@operation("exercise.approve")
def approve(work: Work, *, decision: str, approver: str, host_answer: str | None) -> dict[str, Any]:
    """Keep what was decided on a design: approved, to be changed, or refused."""
    exercise = exercise_of(work)
    exercise.status = {"APPROVE": "APPROVED", "CHANGE": "CHANGED"}.get(decision, "REFUSED")
    exercise.approver, exercise.host_answer = approver, host_answer
    exercise.approved_by = work.actor.person if decision == "APPROVE" else None
    cycle_of(work).stage = "WAIT" if decision == "APPROVE" else "DESIGN"
    work.set_status("EXERCISE_PLANNED" if decision == "APPROVE" else "DESIGN")
    return {"exercise": describe(work, exercise)}


@operation("exercise.postpone_facts")
def read_postponement(work: Work, *, postponement: dict[str, Any]) -> dict[str, Any]:
    """Read what the table of postponements asks: why, how often before, and how far beyond the due date the new day lies."""
    cycle = cycle_of(work)
    exercise = exercise_of(work)
    wanted = read_moment(postponement.get("new_start") or write_moment(exercise.starts_at))
    due = cycle.test_due or wanted.date()
    beyond = (wanted.date() - due).days - cycle.paused_days
    facts = {
        "reason": postponement.get("postpone_reason") or "OTHER",
        "postponements_so_far": cycle.postponements,
        "days_beyond_due": beyond,
    }
    return {"postpone_facts": facts}


@operation("exercise.postpone")
def postpone(work: Work, *, postponement: dict[str, Any], by: str) -> dict[str, Any]:
    """Move an exercise to its new day, and count that it was postponed.

    A postponement that the table allows is recorded as a decision by rule; one that a person took has its record already.
    """
    cycle, exercise = cycle_of(work), exercise_of(work)
    length = (exercise.ends_at or exercise.starts_at) - exercise.starts_at
    exercise.starts_at = read_moment(postponement["new_start"])
    exercise.ends_at = exercise.starts_at + length
    cycle.postponements += 1
    if by == "RULE":
        work.record_decision(
            act="DEFER", outcome="ALLOW", line=None, area=work.case.area, reason_text=postponement.get("postpone_text")
        )
    work.count("cpt.postponed", area=work.case.area, reason=postponement.get("postpone_reason"))
    return {"exercise": describe(work, exercise)}


@operation("exercise.start")
def start(work: Work) -> dict[str, Any]:
    """Note that the exercise begins."""
    exercise = exercise_of(work)
    exercise.status = "RUNNING"
    work.set_status("EXERCISE_RUNNING")
    return {"exercise": describe(work, exercise)}


@operation("exercise.end")
def end(work: Work, *, run_result: str, log: list[Any] | None, attendance: list[Any] | None) -> dict[str, Any]:
    """Keep the log of an exercise: it was held, or stopped because something real happened."""
    exercise, cycle = exercise_of(work), cycle_of(work)
    exercise.log, exercise.attendance = log or [], attendance or []
    held = run_result == "HELD"
    exercise.status = "RAN" if held else "ABORTED"
    exercise.ran_on = exercise.starts_at.date() if held else None
    cycle.stage = "EVALUATE" if held else "DESIGN"
    work.set_status("EVALUATION" if held else "DESIGN")
    return {"exercise": describe(work, exercise)}
