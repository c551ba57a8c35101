"""The register of plans: what is required of a duty station, when update and test are due, and what is still open."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services import definitions
from services.models.exercises import CorrectiveAction, Exercise
from services.models.plans import DutyStation, Plan, PlanCycle, PlanVersion
from workflows.errors import SafeconductError

TABLE = "D4.1"
EXERCISE_TYPES = ("ORIENTATION", "TABLETOP", "DRILL", "FUNCTIONAL", "FULL_SCALE")
#: A cycle opens so long before the earlier of its dates, and a test that falls due so long after the update belongs to it.
AHEAD = timedelta(days=90)
ACTIVE_PHASES = ("STARTUP", "ESTABLISHED", "DRAWDOWN", "CRISIS")


class PlanUnknown(SafeconductError):
    """There is no plan {plan} that is kept up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Required:
    """What the cycle table asks of a plan; no months mean that nothing is asked."""

    update_months: int
    test_months: int
    min_test: str


def get_plan(session: Session, code: str) -> Plan:
    """Return a plan that is kept up.

    Raises:
        PlanUnknown: There is none with this code, or it was given up.
    """
    plan = session.get(Plan, code)
    if plan is None or plan.retired_on is not None:
        raise PlanUnknown(plan=code)
    return plan


def station_of(session: Session, plan: Plan) -> DutyStation:
    """Return the duty station of a plan."""
    return session.get_one(DutyStation, plan.duty_station)


def open_cycle(session: Session, plan: str) -> PlanCycle | None:
    """Return the cycle of a plan that is going on."""
    return session.scalar(select(PlanCycle).where(PlanCycle.plan == plan, PlanCycle.closed_at.is_(None)))


def cycle_of_case(session: Session, case_id: str) -> PlanCycle | None:
    """Return the cycle that a case carries out."""
    return session.scalar(select(PlanCycle).where(PlanCycle.case_id == case_id))


def next_number(session: Session, plan: str, now: datetime) -> str:
    """Number the next cycle of a plan: by its year, and from the second one of a year on with its count."""
    first = f"CPT-{plan}-{now.year}"
    same = select(func.count()).select_from(PlanCycle).where(PlanCycle.plan == plan, PlanCycle.number.startswith(first))
    earlier = session.scalar(same) or 0
    return first if earlier == 0 else f"{first}-{earlier + 1}"


def newest_version(session: Session, plan: str) -> PlanVersion | None:
    """Return the latest version of a plan, in force or not."""
    found = select(PlanVersion).where(PlanVersion.plan == plan).order_by(PlanVersion.version.desc())
    return session.scalars(found.limit(1)).first()


def newest_exercise(session: Session, cycle: str) -> Exercise | None:
    """Return the latest exercise of a cycle."""
    found = select(Exercise).where(Exercise.cycle == cycle).order_by(Exercise.number.desc())
    return max(session.scalars(found), key=lambda each: int(each.number.rpartition("-E")[2]), default=None)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def update_due(plan: Plan, required: Required) -> date:
    """Say until when a plan has to be updated; the first time counts from its beginning."""
    return add_months(plan.updated_on or plan.starts_on, required.update_months)


def test_due(plan: Plan, required: Required) -> date | None:
    """Say until when a plan has to be tested, if at all; the next time counts from the day of the exercise."""
    return add_months(plan.tested_on or plan.starts_on, required.test_months) if required.test_months else None


def meets_minimum(plan_type: str, ex_type: str, min_test: str) -> bool:
    """Say whether a kind of exercise is enough. A drill is no table-top: it shows other things, except of an evacuation."""
    if min_test not in EXERCISE_TYPES:
        return True
    if plan_type != "EVACUATION" and min_test == "TABLETOP" and ex_type == "DRILL":
        return False
    return EXERCISE_TYPES.index(ex_type) >= EXERCISE_TYPES.index(min_test)


def require(session: Session, version_id: str, plan: Plan, station: DutyStation, now: datetime) -> Required:
    """Ask the cycle table of a version of the process what it requires of a plan."""
    asked = {"phase": station.phase, "ds_type": station.ds_type, "plan_type": plan.plan_type}
    value = definitions.get_package(session, version_id).decisions[TABLE].decide(TABLE, asked, now=now).value
    return Required(
        update_months=int(value["update_months"]), test_months=int(value["test_months"]), min_test=str(value["min_test"])
    )


def list_due(session: Session, version_id: str, now: datetime) -> list[dict[str, Any]]:
    """List the plans whose next cycle has to be opened by now, each with what opens it."""
    open_plans = select(PlanCycle.plan).where(PlanCycle.closed_at.is_(None))
    kept = select(Plan, DutyStation).join(DutyStation, DutyStation.code == Plan.duty_station)
    kept = kept.where(Plan.retired_on.is_(None), DutyStation.phase.in_(ACTIVE_PHASES), Plan.code.not_in(open_plans))
    found = []
    for plan, station in session.execute(kept.order_by(Plan.code)):
        required = require(session, version_id, plan, station, now)
        earlier = min(day for day in (update_due(plan, required), test_due(plan, required)) if day is not None)
        if earlier - AHEAD <= now.date():
            found.append({"plan": plan.code, "area": station.area, "duty_station": station.code, "due": earlier.isoformat()})
    return found


def count_open_actions(session: Session, plan: str) -> dict[str, int]:
    """Count the corrective actions of a plan that nobody has closed yet, by priority."""
    rows = select(CorrectiveAction.priority, func.count()).where(
        CorrectiveAction.plan == plan, CorrectiveAction.status.in_(("OPEN", "DONE"))
    )
    counted: dict[str, int] = {str(row[0]): int(row[1]) for row in session.execute(rows.group_by(CorrectiveAction.priority))}
    return {"critical": counted.get("CRITICAL", 0), "high": counted.get("HIGH", 0), "all": sum(counted.values())}
