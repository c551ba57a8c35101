"""Security plans: drafted, signed, endorsed, renewed every year, and signed again by a new official."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services import authority
from services.audit import is_standing
from services.models.audit import Decision
from services.models.base import new_id
from services.models.incidents import SecurityPlan
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import areas, security_plans
from workflows.errors import SafeconductError

VALID_DAYS = 365
#: The parts of a plan, as its form asks for them.
SECTIONS = (
    "situation",
    "area_list",
    "persons",
    "assembly",
    "communications",
    "movement",
    "evacuation",
    "contingency",
    "contacts_text",
)


class PlanMissing(SafeconductError):
    """The case {number} has no draft of a security plan."""


@operation("security_plan.facts")
def read_facts(work: Work, *, area: str) -> dict[str, Any]:
    """Read which plan is in force, who signed it, and where the area belongs; a plan is that of the designated area."""
    known = areas.get_area(work.session, area)
    designated = known.designated_area or area
    plan = security_plans.find_in_force(work.session, designated, work.now.date())
    return {
        "current": {
            "area": designated,
            "number": plan.number if plan else None,
            "valid_to": plan.valid_to.isoformat() if plan and plan.valid_to else None,
            "signed_by": plan.signed_by if plan else None,
            "in_force": plan is not None,
            "location_class": known.location_class,
        }
    }


@operation("security_plan.open")
def open_plan(work: Work, *, area: str, editorial: bool | None) -> dict[str, Any]:
    """Enter the next version of an area's plan as a draft that starts from the plan in force."""
    known = security_plans.plan_of_case(work.session, work.case.id)
    base = security_plans.find_in_force(work.session, area, work.now.date())
    if known is None:
        version = security_plans.next_version(work.session, area)
        known = SecurityPlan(
            id=new_id(),
            number=f"SPL-{area}-V{version}",
            area=area,
            version=version,
            case_id=work.case.id,
            status="DRAFT",
            editorial=bool(editorial),
            sections=dict(base.sections) if base else {},
        )
        work.session.add(known)
    work.set_status("DRAFT")
    sections = {name: known.sections.get(name) for name in SECTIONS}
    return {"plan": {"number": known.number, "version": known.version}, "returns": 0, **sections}


@operation("security_plan.keep")
def keep(work: Work, *, sections: dict[str, Any]) -> dict[str, Any]:
    """Keep what the draft says."""
    plan = _plan(work)
    plan.sections = sections
    work.set_status("SUBMITTED")
    return {}


@operation("security_plan.approve")
def approve(work: Work, *, step: str) -> dict[str, Any]:
    """Note the signature of the Designated Official under the draft."""
    decision = _decision_at(work, step)
    plan = _plan(work)
    plan.status, plan.signed_by, plan.signed_at = "APPROVED", decision.actor_person, decision.decided_at
    work.set_status("APPROVED")
    return {}


@operation("security_plan.publish")
def publish(work: Work, *, steps: list[str]) -> dict[str, Any]:
    """Put an endorsed plan into force for a year; an editorial change keeps the end of the plan before it."""
    decision = _decision_at(work, *steps)
    plan = _plan(work)
    today = work.now.date()
    before = security_plans.find_in_force(work.session, plan.area, today)
    plan.status, plan.endorsed_by, plan.endorsed_at = "ENDORSED", decision.actor_person, decision.decided_at
    plan.valid_from = today
    plan.valid_to = today + timedelta(days=VALID_DAYS)
    if before is not None:
        before.status = "SUPERSEDED"
        if plan.editorial and before.valid_to is not None:
            plan.valid_to = before.valid_to
    work.set_status("ENDORSED")
    work.count("spl.endorsed", area=plan.area, version=plan.version, editorial=plan.editorial)
    work.tell_bus("SECURITY_PLAN_ENDORSED", plan.area, {"plan": plan.number, "valid_to": plan.valid_to.isoformat()})
    return {"outcome": "ENDORSED", "valid_to": plan.valid_to.isoformat()}


@operation("security_plan.sign")
def sign(work: Work, *, area: str, step: str) -> dict[str, Any]:
    """Note that a new official stands behind the plan in force, which makes a stale one good again."""
    decision = _decision_at(work, step)
    plan = security_plans.find_in_force(work.session, area, work.now.date())
    if plan is not None:
        plan.status, plan.signed_by, plan.signed_at = "ENDORSED", decision.actor_person, decision.decided_at
    work.set_status("SIGNED")
    return {"outcome": "SIGNED"}


@operation("security_plan.stale")
def mark_stale(work: Work, *, area: str) -> dict[str, Any]:
    """Note that nobody has signed the plan in force again in time."""
    plan = security_plans.find_in_force(work.session, area, work.now.date())
    if plan is not None:
        plan.status = "STALE"
    work.set_status("STALE")
    work.count("spl.stale", area=area)
    return {}


@operation("security_plan.end")
def end(work: Work, *, status: str) -> dict[str, Any]:
    """Put a draft away that does not come into force."""
    plan = security_plans.plan_of_case(work.session, work.case.id)
    if plan is not None and plan.status in {"DRAFT", "APPROVED"}:
        plan.status = "WITHDRAWN" if status == "WITHDRAWN" else "REFUSED"
    work.set_status(status)
    return {"outcome": status}


@operation("security_plans.renewals_due")
def find_renewals(work: Work) -> dict[str, Any]:
    """Find the areas whose plan ends within sixty days."""
    today = work.now.date()
    plans = security_plans.all_in_force(work.session, today)
    ending = [plan for plan in plans if plan.valid_to is not None and plan.valid_to <= today + security_plans.RENEWED_BEFORE]
    return {"due": [{"area": plan.area, "plan": plan.number, "kind": "YEARLY"} for plan in ending]}


@operation("security_plans.signatures_due")
def find_signatures(work: Work) -> dict[str, Any]:
    """Find the areas whose plan was signed by somebody who is no longer the official there."""
    due = []
    for plan in security_plans.all_in_force(work.session, work.now.date()):
        officials = authority.people_in_role(work.session, role="DO", area=plan.area, now=work.now)
        if officials and plan.signed_by not in officials:
            due.append({"area": plan.area, "plan": plan.number, "kind": "NEW_OFFICIAL"})
    return {"due": due}


def _plan(work: Work) -> SecurityPlan:
    plan = security_plans.plan_of_case(work.session, work.case.id)
    if plan is None:
        raise PlanMissing(number=work.case.number)
    return plan


def _decision_at(work: Work, *steps: str) -> Decision:
    query = select(Decision).where(Decision.case_id == work.case.id, Decision.element.in_(steps), is_standing())
    return work.session.scalars(query.order_by(Decision.decided_at.desc()).limit(1)).one()
