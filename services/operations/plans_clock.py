"""A cycle against the clock: overdue, paused by a crisis, taken up again, given up."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import update

from services.models.exercises import CorrectiveAction, Exercise
from services.models.plans import Plan, PlanCycle, PlanVersion
from services.operations.catalogue import operation
from services.operations.plans import cycle_of, describe_dates, describe_overdue, say_where
from services.operations.work import Work
from services.registers import plans

_NOT_OVER = ("DESIGNED", "APPROVED", "RUNNING", "RAN", "RATED")


@operation("plan.overdue")
def look_whether_overdue(work: Work) -> dict[str, Any]:
    """Say whether the cycle has missed a date, and note since when; asked again as the days go by."""
    cycle = cycle_of(work)
    said = describe_overdue(work, cycle)
    if said["is_overdue"]:
        mark(work, cycle, date.fromisoformat(said["since"]))
    return {"overdue": said}


def mark(work: Work, cycle: PlanCycle, since: date) -> None:
    """Note once that a cycle is overdue."""
    if cycle.overdue_since is None:
        cycle.overdue_since = since
        work.count("cpt.overdue", area=work.case.area, plan=cycle.plan)
    work.set_status("OVERDUE")


@operation("plan.mark_overdue")
def mark_overdue(work: Work) -> dict[str, Any]:
    """Note that the cycle is overdue whatever its dates say: a postponement was refused."""
    cycle = cycle_of(work)
    mark(work, cycle, work.now.date())
    return {"overdue": {**describe_overdue(work, cycle), "is_overdue": True, "since": work.now.date().isoformat()}}


@operation("plan.pause")
def pause(work: Work, *, reason: str | None) -> dict[str, Any]:
    """Stop the clock of the cycle. What is open of it is taken up again afterwards."""
    cycle = cycle_of(work)
    cycle.paused_at = cycle.paused_at or work.now
    work.set_status("PAUSED")
    return {"paused": {"since": cycle.paused_at.isoformat(), "reason": reason}}


@operation("plan.resume")
def resume(work: Work, *, real_event: dict[str, Any] | None) -> dict[str, Any]:
    """Let the clock of the cycle go on, every date as much later as it was paused, and say where to go on.

    An exercise that was still to come is no longer agreed for its date; it is designed again. A real event comes first.
    """
    cycle = cycle_of(work)
    if cycle.paused_at is not None:
        cycle.paused_days += max((work.now - cycle.paused_at).days, 0)
        cycle.paused_at = None
    if cycle.stage == "WAIT":
        cycle.stage = "DESIGN"
    where = say_where(work, cycle)
    work.set_status("OVERDUE" if where["overdue"]["is_overdue"] else cycle.stage)
    plan = work.session.get_one(Plan, cycle.plan)
    enough = [kind for kind in plans.EXERCISE_TYPES if plans.meets_minimum(plan.plan_type, kind, cycle.min_test)]
    resume_at = "CREDIT" if real_event else where["resume_at"]
    return {**where, "resume_at": resume_at, "dates": {**describe_dates(cycle), "enough": enough}}


@operation("plan.cancel")
def cancel(work: Work, *, reason: str | None) -> dict[str, Any]:
    """Give the cycle up: its duty station is closed. Its exercise, draft and actions end with it."""
    cycle = cycle_of(work)
    close(work, cycle, "CANCELLED")
    session = work.session
    mine = Exercise.case_id == work.case.id, Exercise.status.in_(_NOT_OVER)
    session.execute(update(Exercise).where(*mine).values(status="CANCELLED"))
    drafts = PlanVersion.case_id == work.case.id, PlanVersion.status.in_(("DRAFT", "RETURNED"))
    session.execute(update(PlanVersion).where(*drafts).values(status="DROPPED"))
    actions = CorrectiveAction.case_id == work.case.id, CorrectiveAction.status.in_(("OPEN", "DONE"))
    session.execute(update(CorrectiveAction).where(*actions).values(status="CANCELLED"))
    work.session.get_one(Plan, cycle.plan).retired_on = work.now.date()
    work.set_status("CANCELLED")
    return {"outcome": "CANCELLED", "cancel_reason": reason}


def close(work: Work, cycle: PlanCycle, result: str) -> None:
    """End a cycle. Its case may still follow corrective actions up, but no longer stands in the way of the next cycle."""
    cycle.result, cycle.closed_at, cycle.stage = result, work.now, "CLOSED"
    cycle.paused_at = None
    work.case.once_key = None
