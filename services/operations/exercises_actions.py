"""What has to be put right after an exercise: the report, and each corrective action until it is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.models.exercises import AfterActionReport, CorrectiveAction
from services.models.plans import Plan
from services.operations.catalogue import operation
from services.operations.exercises import AAR_DAYS, exercise_of
from services.operations.moments import write_moment
from services.operations.plans import cycle_of
from services.operations.work import Work
from services.registers import plans


@operation("exercise.report")
def report(work: Work, *, report: dict[str, Any], actions: list[Any] | None, terms: list[Any] | None) -> dict[str, Any]:
    """Keep the after-action report and open its corrective actions, each with the time that the table gives it.

    `terms` holds what the table answered for each of `actions`, in their order.
    """
    exercise, cycle = exercise_of(work), cycle_of(work)
    kept = work.session.get(AfterActionReport, exercise.number) or AfterActionReport(exercise=exercise.number)
    kept.summary, kept.went_well = str(report["summary"]), report.get("went_well")
    kept.findings = report.get("findings") or []
    kept.plan_change_needed = bool(report.get("plan_change"))
    kept.reported_by, kept.reported_at = work.actor.person, work.now
    kept.due_at = (exercise.ends_at or exercise.starts_at) + timedelta(days=AAR_DAYS)
    work.session.add(kept)
    if kept.plan_change_needed:
        cycle.update_pending, cycle.pending_reason = True, "After-action report"
    cycle.stage = "GATE"
    work.set_status("SIGN_OFF")
    opened = [_open(work, exercise.number, cycle.plan, row, term) for row, term in zip(actions or [], terms or [], strict=True)]
    return {"new_actions": opened, "open_actions": plans.count_open_actions(work.session, cycle.plan)}


def _open(work: Work, exercise: str, plan: str, row: dict[str, Any], term: dict[str, Any]) -> dict[str, Any]:
    known = [int(number.rpartition("-A")[2]) for number in _numbers(work, exercise)]
    days = int(term["due_days"])
    action = CorrectiveAction(
        number=f"{exercise}-A{max(known, default=0) + 1}",
        exercise=exercise,
        plan=plan,
        case_id=work.case.id,
        text=str(row["text"])[:1000],
        owner=str(row["owner"]),
        priority=str(row["priority"]),
        opened_at=work.now,
        due_at=work.now + timedelta(days=days),
        closed_by_role=str(term["closed_by"]),
        status="OPEN",
    )
    work.session.add(action)
    work.count("cpt.action", area=work.case.area, plan=plan, priority=action.priority, overdue=False)
    return {
        "number": action.number,
        "text": action.text,
        "owner": action.owner,
        "priority": action.priority,
        "date": action.due_at.date().isoformat(),
        "due_at": write_moment(action.due_at),
        "remind_at": write_moment(work.now + timedelta(days=days / 2)),
        "escalate_at": write_moment(work.now + timedelta(days=days * 1.5)),
        "closed_by": action.closed_by_role,
    }


def _numbers(work: Work, exercise: str) -> list[str]:
    return list(work.session.scalars(select(CorrectiveAction.number).where(CorrectiveAction.exercise == exercise)))


@operation("action.done")
def done(work: Work, *, number: str, evidence: str | None) -> dict[str, Any]:
    """Note that the owner says an action is done; somebody else looks at it."""
    action = work.session.get_one(CorrectiveAction, number)
    action.status, action.evidence, action.done_at = "DONE", (evidence or "")[:4000] or None, work.now
    return {}


@operation("action.close")
def close(work: Work, *, number: str, decision: str) -> dict[str, Any]:
    """Close an action, or give it back to its owner. Answers what is still open of the plan."""
    action = work.session.get_one(CorrectiveAction, number)
    if decision == "ACCEPT":
        action.status, action.closed_at, action.closed_by = "CLOSED", work.now, work.actor.person
    else:
        action.status, action.done_at = "OPEN", None
    plan = work.session.get_one(Plan, action.plan)
    return {"open_actions": plans.count_open_actions(work.session, plan.code)}


@operation("action.overdue")
def overdue(work: Work, *, number: str) -> dict[str, Any]:
    """Note once that an action is overdue."""
    action = work.session.get_one(CorrectiveAction, number)
    if action.overdue_since is None and action.status == "OPEN":
        action.overdue_since = work.now
        work.count("cpt.action", area=work.case.area, plan=action.plan, priority=action.priority, overdue=True)
    return {}
