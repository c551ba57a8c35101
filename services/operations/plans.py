"""The cycle of a plan: reading what it is about, its dates, and what happens to it from outside."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services import authority
from services.errors import Declined
from services.models.areas import Area
from services.models.plans import DutyStation, Plan, PlanCycle
from services.operations.catalogue import operation
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import plans
from services.registers.plans import Required
from workflows.errors import SafeconductError

#: A date is missed the day after it.
OVERDUE_AFTER = timedelta(days=1)


class CycleOpen(Declined):
    """There is an open cycle of this plan already: {number}."""


class PlanElsewhere(Declined):
    """This plan belongs to an area that you do not act for."""


class CycleMissing(SafeconductError):
    """This case carries out no cycle of a plan."""


def cycle_of(work: Work) -> PlanCycle:
    """Return the cycle that the case carries out.

    Raises:
        CycleMissing: There is none.
    """
    cycle = plans.cycle_of_case(work.session, work.case.id)
    if cycle is None:
        raise CycleMissing
    return cycle


@operation("plan.read")
def read(work: Work, *, plan: str) -> dict[str, Any]:
    """Read what a cycle is about: the plan, its duty station, and the people around it. Begins the case in their area.

    A person may begin a cycle only in an area where the person is Chief Security Adviser, and only when none is open.
    """
    found = plans.get_plan(work.session, plan)
    station = plans.station_of(work.session, found)
    running = plans.open_cycle(work.session, plan)
    if running is not None and running.case_id != work.case.id:
        raise CycleOpen(number=running.number)
    if running is None:
        _ensure_may_begin(work, station)
        work.case.area = station.area
        work.case.subject = f"{found.name.get('en', found.code)}, {station.name.get('en', station.code)}"
        work.set_status("OPEN")
    return {"cycle": _describe(work, found, station, running)}


def _ensure_may_begin(work: Work, station: DutyStation) -> None:
    if work.case.requester == SYSTEM.person:
        return
    if work.case.requester not in _holders(work, "CSA", station.area):
        raise PlanElsewhere


def _holders(work: Work, role: str, area: str) -> list[str]:
    return authority.people_in_role(work.session, role=role, area=area, now=work.now)


def _describe(work: Work, plan: Plan, station: DutyStation, running: PlanCycle | None) -> dict[str, Any]:
    owners = [plan.owner] if plan.owner else []
    return {
        "number": running.number if running else plans.next_number(work.session, plan.code, work.now),
        "plan": plan.code,
        "plan_name": plan.name.get("en", plan.code),
        "plan_type": plan.plan_type,
        "version": plan.version,
        "updated_on": _text(plan.updated_on),
        "tested_on": _text(plan.tested_on),
        "station": station.code,
        "station_name": station.name.get("en", station.code),
        "ds_type": station.ds_type,
        "phase": station.phase,
        "area": station.area,
        "zone": work.session.get_one(Area, station.area).zone,
        "owners": list(dict.fromkeys([*owners, *_holders(work, "PLO", station.area)])),
        "coordinators": _holders(work, "EXC", station.area),
    }


@operation("plan.schedule")
def schedule(work: Work, *, plan: str, required: dict[str, Any]) -> dict[str, Any]:
    """Work out when update and test are due, and begin the cycle; asked again, its dates follow the table as it answers now."""
    found = plans.get_plan(work.session, plan)
    months = Required(
        update_months=int(required["update_months"]),
        test_months=int(required["test_months"]),
        min_test=str(required["min_test"]),
    )
    found.update_months, found.test_months, found.min_test = months.update_months, months.test_months, months.min_test
    cycle = plans.cycle_of_case(work.session, work.case.id) or _begin(work, found)
    if cycle.update_done_on is None:
        cycle.update_due = plans.update_due(found, months)
    due = plans.test_due(found, months)
    cycle.test_due = due
    limit = max(cycle.update_due, cycle.opened_at.date()) + plans.AHEAD
    cycle.test_in_cycle = due is not None and due <= limit
    cycle.min_test = months.min_test
    work.session.add(cycle)
    enough = [kind for kind in plans.EXERCISE_TYPES if plans.meets_minimum(found.plan_type, kind, months.min_test)]
    return {"dates": describe_dates(cycle) | {"enough": enough}, **say_where(work, cycle)}


def _begin(work: Work, plan: Plan) -> PlanCycle:
    work.count("cpt.cycle_opened", area=work.case.area, plan=plan.code)
    return PlanCycle(
        number=plans.next_number(work.session, plan.code, work.now),
        plan=plan.code,
        case_id=work.case.id,
        opened_at=work.now,
        update_due=work.now.date(),
        stage="UPDATE",
        min_test="NONE",
        postponements=0,
        paused_days=0,
        update_pending=False,
    )


def describe_dates(cycle: PlanCycle) -> dict[str, Any]:
    """Say the dates of a cycle as it stands; days in which it was paused do not count."""
    pending = next_due(cycle)
    return {
        "update_due": _text(_shifted(cycle, cycle.update_due)),
        "test_due": _text(_shifted(cycle, cycle.test_due)),
        "test_in_cycle": cycle.test_in_cycle,
        "min_test": cycle.min_test,
        "next_due": _text(pending),
        "overdue_at": f"{pending + OVERDUE_AFTER:%Y-%m-%d}T00:00:00Z" if pending else None,
    }


def next_due(cycle: PlanCycle) -> date | None:
    """Return the next date that the cycle still has to keep: of the update, then of the test."""
    if cycle.update_done_on is None:
        return _shifted(cycle, cycle.update_due)
    return _shifted(cycle, cycle.test_due) if cycle.test_in_cycle else None


def _shifted(cycle: PlanCycle, day: date | None) -> date | None:
    return None if day is None else day + timedelta(days=cycle.paused_days)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def say_where(work: Work, cycle: PlanCycle) -> dict[str, Any]:
    """Say where the cycle goes on, what is still open, and whether it is overdue."""
    return {
        "resume_at": cycle.stage,
        "open_actions": plans.count_open_actions(work.session, cycle.plan),
        "overdue": describe_overdue(work, cycle),
    }


def describe_overdue(work: Work, cycle: PlanCycle) -> dict[str, Any]:
    """Say whether the next date of a cycle is over and when to look again."""
    due = next_due(cycle)
    days = (work.now.date() - due).days if due else 0
    is_overdue = due is not None and days > 0
    steps = [1, 16, 31]
    later = next((step for step in steps if step > days), None) if due else None
    return {
        "is_overdue": is_overdue,
        "what": "UPDATE" if cycle.update_done_on is None else "TEST",
        "since": _text(due + OVERDUE_AFTER) if due and is_overdue else None,
        "level": sum(step <= days for step in steps),
        "next_at": f"{due + timedelta(days=later):%Y-%m-%d}T00:00:00Z" if due and later else None,
    }


@operation("plan.note_update")
def note_update(work: Work, *, reason: str | None) -> dict[str, Any]:
    """Note that the plan has to be updated before its cycle can be signed off, for something changed meanwhile."""
    cycle = cycle_of(work)
    cycle.update_pending = True
    cycle.pending_reason = (reason or "")[:500] or None
    return {}


@operation("plan.stage")
def set_stage(work: Work, *, stage: str) -> dict[str, Any]:
    """Note where the cycle goes on after an interruption."""
    cycle_of(work).stage = stage
    work.set_status(stage)
    return {}


@operation("plan.told")
def told(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Say which message of an event concerns the cycle: one that names a plan or a duty station concerns that one only."""
    cycle = plans.cycle_of_case(work.session, work.case.id)
    if cycle is None:
        return {"told": []}
    payload = event.get("payload") or {}
    station = plans.station_of(work.session, work.session.get_one(Plan, cycle.plan))
    named = [(payload.get("plan"), cycle.plan), (payload.get("duty_station"), station.code)]
    if any(said is not None and said != own for said, own in named):
        return {"told": []}
    return {"told": [{"message": event["kind"], "payload": payload}]}


@operation("plan.cycles_due")
def cycles_due(work: Work) -> dict[str, Any]:
    """List the plans whose cycle has to be opened today: 90 days before the earlier of update and test, and none is open."""
    return {"due": plans.list_due(work.session, work.version_id, work.now)}
