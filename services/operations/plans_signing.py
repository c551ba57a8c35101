"""The end of a cycle: what the gate asks, the signature, and what becomes of a conditional one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.models.base import new_id
from services.models.exercises import AfterActionReport, Exercise
from services.models.plans import Plan, PlanCycle, PlanSignOff
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.plans import cycle_of, say_where
from services.operations.plans_clock import close
from services.operations.work import Work
from services.registers import plans
from workflows.errors import SafeconductError


class TestMissing(SafeconductError):
    """There is no rated test that could be signed off."""


def exercise_that_tests(work: Work, cycle: PlanCycle) -> Exercise:
    """Return the exercise or event that the cycle is about to be signed off for.

    Raises:
        TestMissing: There is none.
    """
    exercise = plans.newest_exercise(work.session, cycle.number)
    if exercise is None:
        raise TestMissing
    return exercise


@operation("plan.gate_facts")
def read_gate_facts(work: Work) -> dict[str, Any]:
    """Read what the sign-off gate asks: was the test enough, is the report there, how was it rated, what is still open."""
    cycle = cycle_of(work)
    exercise = exercise_that_tests(work, cycle)
    where = say_where(work, cycle)
    done = work.session.get(AfterActionReport, exercise.number) is not None or exercise.kind == "REAL_EVENT"
    facts = {
        "test_meets_min": exercise.meets_min,
        "aar_done": done,
        "rating": exercise.rating or "UNSATISFACTORY",
        "open_critical": where["open_actions"]["critical"],
        "open_high": where["open_actions"]["high"],
        "plan_update_pending": cycle.update_pending,
    }
    return {"gate_facts": facts, "open_actions": where["open_actions"]}


@operation("plan.sign")
def sign(work: Work, *, decision: str, remarks: str | None, wait_days: int | None) -> dict[str, Any]:
    """Write down what the Designated Official decided on the sign-off.

    Signed, the plan counts as tested on the day of the exercise, and the next test counts from there. So does a conditional
    signature, until its condition is met or its time is over. A refusal changes nothing but the record.
    """
    cycle = cycle_of(work)
    exercise, plan = exercise_that_tests(work, cycle), work.session.get_one(Plan, cycle.plan)
    conditional = decision == "SIGN_CONDITIONAL"
    until = work.now + timedelta(days=int(wait_days or 90)) if conditional else None
    status = {"SIGN": "IN_FORCE", "SIGN_CONDITIONAL": "CONDITIONAL"}.get(decision, "REFUSED")
    work.session.add(
        PlanSignOff(
            id=new_id(),
            cycle=cycle.number,
            case_id=work.case.id,
            exercise=exercise.number,
            decision=decision,
            status=status,
            remarks=(remarks or "")[:4000] or None,
            signed_by=work.actor.person,
            signed_at=work.now,
            conditional_until=until,
            tested_before=plan.tested_on,
            test_type_before=plan.test_type,
        )
    )
    if status == "REFUSED":
        return {"sign_off": {"status": status, "until": None, "tested_on": None, "next_test": None}}
    plan.tested_on, plan.test_type = exercise.ran_on, exercise.ex_type
    plan.test_is_conditional = conditional
    cycle.stage, cycle.overdue_since = "CONDITION", None
    work.count("cpt.signed", area=work.case.area, plan=plan.code, conditional=conditional)
    work.set_status("TESTED_CONDITIONAL" if conditional else "TESTED")
    if not conditional:
        exercise.status = "TESTED"
        close(work, cycle, "TESTED")
    return {"sign_off": _describe(plan, status, until), "outcome": work.case.status}


def _describe(plan: Plan, status: str, until: Any) -> dict[str, Any]:
    next_test = plans.add_months(plan.tested_on, plan.test_months) if plan.tested_on and plan.test_months else None
    return {
        "status": status,
        "until": write_moment(until) if until else None,
        "tested_on": plan.tested_on.isoformat() if plan.tested_on else None,
        "next_test": next_test.isoformat() if next_test else None,
    }


@operation("plan.settle")
def settle(work: Work, *, met: bool) -> dict[str, Any]:
    """End a conditional signature: its condition was met and it stands, or it lapses and the plan was never tested by it."""
    cycle = cycle_of(work)
    exercise, plan = exercise_that_tests(work, cycle), work.session.get_one(Plan, cycle.plan)
    found = select(PlanSignOff).where(PlanSignOff.cycle == cycle.number, PlanSignOff.status == "CONDITIONAL")
    signed = work.session.scalars(found).first()
    if signed is None:
        raise TestMissing
    plan.test_is_conditional = False
    if met:
        signed.status, exercise.status = "IN_FORCE", "TESTED"
    else:
        signed.status, exercise.status = "LAPSED", "FAILED"
        plan.tested_on, plan.test_type = signed.tested_before, signed.test_type_before
    close(work, cycle, "TESTED" if met else "LAPSED")
    work.set_status("TESTED" if met else "LAPSED")
    return {"sign_off": _describe(plan, signed.status, None), "outcome": work.case.status}


@operation("plan.close_update")
def close_update(work: Work) -> dict[str, Any]:
    """End a cycle in which no test is due: the plan was updated."""
    close(work, cycle_of(work), "UPDATED")
    work.set_status("UPDATED")
    return {"outcome": "UPDATED"}
