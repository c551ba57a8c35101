"""Exercises after their run: marks, score, report, corrective actions, and real events that may count as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.errors import Declined
from services.models.exercises import MARKS, NOT_OBSERVED, AfterActionReport, Exercise, ExerciseObjective, ObjectiveMark
from services.models.plans import Plan
from services.operations.catalogue import operation
from services.operations.exercises import describe, exercise_of
from services.operations.moments import read_moment
from services.operations.plans import cycle_of
from services.operations.work import Work
from services.registers import plans


class ObjectivesUnmarked(Declined):
    """Give every objective of the exercise exactly one mark."""


@operation("exercise.evaluators_left")
def read_evaluators_left(work: Work) -> dict[str, Any]:
    """Say which evaluators have not marked the exercise yet."""
    exercise = exercise_of(work)
    given = set(work.session.scalars(select(ObjectiveMark.evaluator).where(ObjectiveMark.exercise == exercise.number)))
    left = [person for person in exercise.design.get("evaluators") or () if person not in given]
    return {"evaluators_left": left, "exercise": describe(work, exercise)}


@operation("exercise.mark")
def mark(work: Work, *, evaluator: str, marks: list[dict[str, Any]]) -> dict[str, Any]:
    """Keep what one evaluator saw. A substitute marks in the place of the evaluator who was named."""
    exercise = exercise_of(work)
    numbers = [int(row["no"]) for row in marks]
    if sorted(numbers) != [row.no for row in _objectives(work, exercise)]:
        raise ObjectivesUnmarked
    for row in marks:
        key = (exercise.number, int(row["no"]), evaluator)
        kept = work.session.get(ObjectiveMark, key) or ObjectiveMark(exercise=key[0], no=key[1], evaluator=evaluator)
        kept.mark, kept.evidence, kept.at = str(row["mark"]), row.get("evidence"), work.now
        work.session.add(kept)
    return {}


def _objectives(work: Work, exercise: Exercise) -> Sequence[ExerciseObjective]:
    found = select(ExerciseObjective).where(ExerciseObjective.exercise == exercise.number)
    return work.session.scalars(found.order_by(ExerciseObjective.no)).all()


def majority(marks: Sequence[str]) -> str:
    """Return the mark that most evaluators gave, of a tie the lower one; who saw nothing has no vote where others did."""
    seen = Counter(mark for mark in marks if mark != NOT_OBSERVED)
    if not seen:
        return NOT_OBSERVED
    most = max(seen.values())
    return max((mark for mark, count in seen.items() if count == most), key=MARKS.index)


def score(marks: Sequence[str]) -> float:
    """Return the share of the observed objectives that were met, a part counting half, in per cent with one decimal."""
    observed = [mark for mark in marks if mark != NOT_OBSERVED]
    if not observed:
        return 0.0
    points = observed.count("MET") + 0.5 * observed.count("PARTLY")
    return round(100 * points / len(observed), 1)


@operation("exercise.score")
def keep_score(work: Work) -> dict[str, Any]:
    """Work out the mark of every objective and the score of the exercise.

    A critical objective that nobody observed was not shown to be met, so it counts as unmet.
    """
    exercise = exercise_of(work)
    given: dict[int, list[str]] = {}
    for row in work.session.scalars(select(ObjectiveMark).where(ObjectiveMark.exercise == exercise.number)):
        given.setdefault(row.no, []).append(row.mark)
    objectives = _objectives(work, exercise)
    for objective in objectives:
        objective.mark = majority(given.get(objective.no, []))
    marks = [objective.mark or NOT_OBSERVED for objective in objectives]
    exercise.score_pct = score(marks)
    unmet = [each for each in objectives if each.critical and each.mark in {"NOT_MET", NOT_OBSERVED}]
    exercise.critical_unmet = len(unmet)
    counts = Counter(marks)
    table = [{"no": each.no, "text": each.text, "critical": each.critical, "mark": each.mark} for each in objectives]
    return {
        "result": {
            "score_pct": exercise.score_pct,
            "critical_unmet": len(unmet),
            "met": counts["MET"],
            "partly": counts["PARTLY"],
            "not_met": counts["NOT_MET"],
            "not_observed": counts[NOT_OBSERVED],
            "objectives": table,
        }
    }


@operation("exercise.rate")
def rate(work: Work, *, rating: str) -> dict[str, Any]:
    """Keep the rating that the table gave."""
    exercise = exercise_of(work)
    exercise.rating, exercise.status = rating, "RATED"
    cycle_of(work).stage = "REPORT"
    work.count("cpt.exercised", area=work.case.area, plan=exercise.plan, type=exercise.ex_type, rating=rating)
    work.set_status("REPORT")
    return {"exercise": describe(work, exercise)}


@operation("exercise.repeat")
def repeat(work: Work, *, gate: str, wait_days: int | None) -> dict[str, Any]:
    """Say that an exercise was no test: below the minimum it was training, otherwise it failed. Another one is to follow."""
    exercise, cycle = exercise_of(work), cycle_of(work)
    exercise.status = "TRAINING" if gate == "RETEST_BELOW_MINIMUM" else "FAILED"
    cycle.stage = "DESIGN"
    until = work.now + timedelta(days=int(wait_days or 60))
    work.set_status("DESIGN")
    return {"retest_until": until.isoformat()}


@operation("exercise.credit_facts")
def read_credit(work: Work, *, real_event: dict[str, Any]) -> dict[str, Any]:
    """Read what the table of real events asks: was the plan activated, how late is the report, how much of the plan was used."""
    event, report = (_day(real_event[name]) for name in ("event_date", "aar_date"))
    facts = {
        "plan_activated": bool(real_event.get("plan_activated", True)),
        "aar_days_after_event": (report - event).days,
        "functions_exercised_pct": float(real_event.get("functions_pct") or 0),
    }
    return {"credit_facts": facts}


def _day(text: Any) -> datetime:
    return read_moment(text).replace(hour=0, minute=0, second=0, microsecond=0)


@operation("exercise.credit")
def credit(work: Work, *, real_event: dict[str, Any], credit: str, rating: str | None) -> dict[str, Any]:
    """Keep a real event: credited, it is a functional test on its own date; otherwise it is only on record."""
    cycle = cycle_of(work)
    plan = work.session.get_one(Plan, cycle.plan)
    latest = plans.newest_exercise(work.session, cycle.number)
    credited = credit == "CREDIT"
    began = read_moment(real_event["event_date"])
    count = int(latest.number.rpartition("-E")[2]) if latest is not None else 0
    if latest is not None and credited and latest.status in {"DESIGNED", "CHANGED", "APPROVED"}:
        latest.status = "CANCELLED"
    exercise = Exercise(
        number=f"{cycle.number}-E{count + 1}",
        cycle=cycle.number,
        plan=cycle.plan,
        case_id=work.case.id,
        kind="REAL_EVENT",
        ex_type="FUNCTIONAL",
        name=str(real_event.get("name") or "Real event")[:200],
        design={"real_event": real_event},
        no_notice=False,
        starts_at=began,
        ends_at=began,
        ran_on=began.date() if credited else None,
        meets_min=plans.meets_minimum(plan.plan_type, "FUNCTIONAL", cycle.min_test),
        score_pct=float(real_event.get("functions_pct") or 0),
        critical_unmet=0,
        rating=rating,
        status="RATED" if credited else "NO_CREDIT",
    )
    if credited:
        work.session.add(exercise)
        cycle.stage = "GATE"
        work.count("cpt.exercised", area=work.case.area, plan=plan.code, type="REAL_EVENT", rating=rating)
        _keep_report(work, exercise, real_event)
        return {"exercise": describe(work, exercise), "resume_at": cycle.stage}
    work.record_decision(act="REFUSE", outcome=credit, line=None, area=work.case.area, reason_text=real_event.get("name"))
    return {"resume_at": cycle.stage}


def _keep_report(work: Work, exercise: Exercise, real_event: dict[str, Any]) -> None:
    report = AfterActionReport(
        exercise=exercise.number,
        summary=str(real_event.get("summary") or exercise.name)[:4000],
        findings=[],
        plan_change_needed=False,
        reported_by=work.actor.person,
        reported_at=read_moment(real_event["aar_date"]),
        due_at=exercise.starts_at + timedelta(days=30),
    )
    work.session.add(report)
