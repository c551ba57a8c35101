"""Crises: reported, activated, ended; and people taken out of danger and brought back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.audit import is_standing
from services.models.audit import Decision
from services.models.base import new_id
from services.models.incidents import Crisis, RiskAvoidance
from services.operations.catalogue import operation
from services.operations.moments import find_moment, write_moment
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import areas, crises

FAMILY_ONLY = ["FAMILY"]
#: Activated later than this after the confirmation counts as late.
TIMELY_MINUTES = 120
_OFFICIALS = ("DO", "DOAI")


@operation("crisis.open")
def open_crisis(work: Work, *, area: str, reason: str, incident: str | None) -> dict[str, Any]:
    """Enter the report of a crisis; from this moment the clock of the activation runs."""
    crisis = Crisis(
        id=new_id(),
        number=work.case.number,
        case_id=work.case.id,
        area=area,
        status="REPORTED",
        reason=reason[:2000],
        incident=incident,
        reported_at=work.now,
    )
    work.session.add(crisis)
    work.set_status("REPORTED")
    work.count("cri.reported", area=area)
    return {"crisis": {"number": crisis.number, "reported_at": write_moment(work.now)}}


@operation("crisis.activate")
def activate(work: Work, *, step: str | list[str]) -> dict[str, Any]:
    """Activate a crisis on the decision that a person took at a step; by anybody but an official it is provisional."""
    crisis = crises.crisis_of_case(work.session, work.case.id)
    decision = _decision_at(work, step)
    provisional = decision.actor_role not in _OFFICIALS
    crisis.status, crisis.activated_at, crisis.confirmed_at = crises.ACTIVE, work.now, decision.decided_at
    crisis.activated_by, crisis.provisional = decision.actor_person, provisional
    minutes = round((crisis.activated_at - crisis.reported_at).total_seconds() / 60)
    work.set_status(crises.ACTIVE)
    timely = (crisis.activated_at - crisis.confirmed_at).total_seconds() <= TIMELY_MINUTES * 60
    work.count("cri.activated", area=crisis.area, minutes=minutes, timely=timely, provisional=provisional)
    there = areas.get_area(work.session, crisis.area)
    headquarters = (there.designated_area or there.code) if there.location_class == "HQ" else None
    payload = {"crisis": crisis.number, "reason": crisis.reason, "headquarters": headquarters}
    work.tell_bus("SIG_CRISIS_ACTIVATED", crisis.area, payload)
    return {
        "activation": {
            "at": write_moment(work.now),
            "by": decision.actor_person,
            "provisional": provisional,
            "minutes": minutes,
        }
    }


def _decision_at(work: Work, steps: str | list[str]) -> Decision:
    """Return the newest decision at one of some steps of the case."""
    names = [steps] if isinstance(steps, str) else steps
    query = select(Decision).where(Decision.case_id == work.case.id, Decision.element.in_(names), is_standing())
    return work.session.scalars(query.order_by(Decision.decided_at.desc()).limit(1)).one()


@operation("crisis.ratify")
def ratify(work: Work) -> dict[str, Any]:
    """Note that the official stands behind a provisional activation."""
    crises.crisis_of_case(work.session, work.case.id).ratified_at = work.now
    return {}


@operation("crisis.report")
def report(work: Work) -> dict[str, Any]:
    """Count a situation report."""
    crisis = crises.crisis_of_case(work.session, work.case.id)
    crisis.reports += 1
    return {"reports": crisis.reports}


@operation("crisis.close")
def close(work: Work, *, confirmed: bool | None) -> dict[str, Any]:
    """End a crisis, or note that it was not confirmed; an active one asks its area for a report of what was learned."""
    crisis = crises.crisis_of_case(work.session, work.case.id)
    was_active = crisis.status == crises.ACTIVE
    crisis.closed_at, crisis.closed_by = work.now, None if work.actor.person == SYSTEM.person else work.actor.person
    crisis.status = "CLOSED" if was_active and confirmed is not False else "NOT_CONFIRMED"
    if was_active:
        work.tell_bus("SIG_CRISIS_CLOSED", crisis.area, {"crisis": crisis.number})
        work.tell_bus(
            "MSG_REAL_EVENT_AAR",
            crisis.area,
            {"crisis": crisis.number, "event_date": crisis.reported_at.date().isoformat(), "closed_at": write_moment(work.now)},
        )
    work.set_status(crisis.status)
    work.count("cri.closed", area=crisis.area, status=crisis.status, reports=crisis.reports)
    return {"outcome": crisis.status}


@operation("avoidance.propose")
def propose(
    work: Work,
    *,
    area: str,
    measure: str,
    groups: list[str] | None,
    essential: list[dict[str, Any]] | None,
    destination: str | None,
    reason: str,
    begins_at: str | None,
) -> dict[str, Any]:
    """Enter a proposal to take people out of danger."""
    row = RiskAvoidance(
        id=new_id(),
        number=work.case.number,
        case_id=work.case.id,
        area=area,
        status="PROPOSED",
        measure=measure,
        groups=sorted(groups or []),
        essential=[one["person"] for one in essential or []],
        destination=destination,
        reason=reason[:2000],
        begins_at=find_moment(begins_at),
    )
    work.session.add(row)
    work.set_status("PROPOSED")
    people = areas.get_state(work.session, area, work.now).present
    return {"proposal": {"number": row.number, "groups": ", ".join(row.groups), "people_posted": people}}


@operation("avoidance.apply")
def apply(work: Work, *, step: str | list[str], alone_because: str | None) -> dict[str, Any]:
    """Carry out what a person decided at a step: the new state of the area, and the call to everybody whom it concerns.

    When families alone leave, the area stays open and restricted for families. Other ways of working change nothing in the area.
    """
    row = crises.avoidance_of_case(work.session, work.case.id)
    decision = _decision_at(work, step)
    begins_at = max(row.begins_at or work.now, work.now)
    row.status, row.begins_at, row.alone_because = crises.IN_FORCE, begins_at, alone_because
    row.decided_by, row.decided_as = decision.actor_person, decision.actor_role
    if row.measure != "ALTERNATE":
        _leave(work, row)
    work.set_status(crises.IN_FORCE)
    work.count("eva.applied", area=row.area, measure=row.measure, groups=row.groups, alone=alone_because)
    return {"avoidance": {"begins_at": write_moment(begins_at), "decided_by": row.decided_by, "decided_as": row.decided_as}}


def _leave(work: Work, row: RiskAvoidance) -> None:
    families = row.groups == FAMILY_ONLY
    changes: dict[str, Any] = {"family_restricted": True} if families else {"status": "EVACUATED", "clearance_mode": "MANUAL"}
    reason = f"{row.measure}: {row.reason}"[:500]
    made = areas.write_change(
        work.session, row.area, changes | {"reason": reason}, by=work.actor.person, now=work.now, valid_from=row.begins_at
    )
    payload = made.payload | {"groups": row.groups, "essential": row.essential, "destination": row.destination}
    # The word goes out once, with the groups, however many things change in the area by it.
    work.tell_bus("SIG_EVACUATION", row.area, payload, effective_at=row.begins_at)


@operation("avoidance.review")
def review(work: Work) -> dict[str, Any]:
    """Note that it was looked at whether people can return."""
    crises.avoidance_of_case(work.session, work.case.id).reviewed_at = work.now
    return {}


@operation("avoidance.return")
def bring_back(work: Work) -> dict[str, Any]:
    """Let people return: the area is open again, or families may live there again."""
    row = crises.avoidance_of_case(work.session, work.case.id)
    row.status, row.returned_at = "RETURNED", work.now
    if row.measure != "ALTERNATE":
        families = row.groups == FAMILY_ONLY
        changes: dict[str, Any] = {"family_restricted": False} if families else {"status": "OPEN"}
        made = areas.write_change(work.session, row.area, changes | {"reason": "Return"}, by=work.actor.person, now=work.now)
        for kind in made.kinds:
            work.tell_bus(kind, row.area, made.payload)
    work.set_status("PEOPLE_RETURNED")
    work.count("eva.returned", area=row.area, measure=row.measure)
    return {"outcome": "PEOPLE_RETURNED"}


@operation("avoidance.refuse")
def refuse(work: Work, *, outcome: str) -> dict[str, Any]:
    """Note that a proposal was not taken up."""
    crises.avoidance_of_case(work.session, work.case.id).status = "REFUSED"
    work.set_status(outcome)
    return {"outcome": outcome}
