"""Versions of a plan: drafted by its owner, reviewed, approved."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.models.plans import Plan, PlanCycle, PlanVersion
from services.operations.catalogue import operation
from services.operations.plans import cycle_of, describe_dates, say_where
from services.operations.work import Work
from services.registers import plans
from workflows.errors import SafeconductError


class VersionMissing(SafeconductError):
    """There is no draft of a version to decide on."""


@operation("plan.draft_version")
def draft_version(
    work: Work,
    *,
    change_kind: str,
    document: str | None,
    checklist: dict[str, Any] | None,
    contacts_verified_on: str | None,
) -> dict[str, Any]:
    """Keep what the owner has prepared as the draft of the next version; a draft that was returned is replaced by it."""
    cycle = cycle_of(work)
    version = _draft(work, cycle)
    version.kind = change_kind
    version.document = (document or "")[:500] or None
    version.checklist = checklist or {}
    version.contacts_verified_on = date.fromisoformat(contacts_verified_on[:10]) if contacts_verified_on else None
    version.prepared_by, version.prepared_at = work.actor.person, work.now
    version.status = "DRAFT"
    work.session.add(version)
    gaps = sorted(name for name, answer in version.checklist.items() if answer == "NO")
    return {"draft": {"version": version.version, "kind": change_kind, "prepared_by": version.prepared_by, "gaps": gaps}}


def _draft(work: Work, cycle: PlanCycle) -> PlanVersion:
    newest = plans.newest_version(work.session, cycle.plan)
    if newest is not None and newest.status in {"DRAFT", "RETURNED"}:
        newest.case_id = work.case.id
        return newest
    number = newest.version + 1 if newest else work.session.get_one(Plan, cycle.plan).version + 1
    return PlanVersion(plan=cycle.plan, version=number, case_id=work.case.id)


@operation("plan.return_version")
def return_version(work: Work) -> dict[str, Any]:
    """Give the draft back to its owner."""
    _find_draft(work, cycle_of(work)).status = "RETURNED"
    return {}


@operation("plan.put_in_force")
def put_in_force(work: Work) -> dict[str, Any]:
    """Put the draft in force, as the Designated Official has approved it; the version before it is superseded."""
    cycle = cycle_of(work)
    version, plan = _find_draft(work, cycle), work.session.get_one(Plan, cycle.plan)
    before = work.session.get(PlanVersion, (plan.code, plan.version))
    if before is not None and before.status == "IN_FORCE":
        before.status = "SUPERSEDED"
        work.session.flush()  # one of a plan is in force: the one before ends first
    version.status = "IN_FORCE"
    version.approved_by, version.approved_at = work.actor.person, work.now
    plan.version, plan.updated_on = version.version, work.now.date()
    late = (work.now.date() - cycle.update_due).days - cycle.paused_days
    work.count("cpt.updated", area=work.case.area, plan=plan.code, days_late=max(late, 0))
    cycle.update_done_on = cycle.update_done_on or work.now.date()
    cycle.update_pending, cycle.pending_reason = False, None
    where = say_where(work, cycle)
    if not where["overdue"]["is_overdue"]:
        cycle.overdue_since = None
    return {"overdue": where["overdue"], "dates": {**describe_dates(cycle), "enough": _enough(cycle, plan)}}


def _enough(cycle: PlanCycle, plan: Plan) -> list[str]:
    return [kind for kind in plans.EXERCISE_TYPES if plans.meets_minimum(plan.plan_type, kind, cycle.min_test)]


def _find_draft(work: Work, cycle: PlanCycle) -> PlanVersion:
    newest = plans.newest_version(work.session, cycle.plan)
    if newest is None or newest.status != "DRAFT":
        raise VersionMissing
    return newest
