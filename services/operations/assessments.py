"""Security risk assessments from the opening on: what is copied, what is closed, which renewals are due."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from services.models.areas import Area, AreaState
from services.models.assessments import AD_HOC, FAILED_STATUSES, Assessment
from services.models.cases import CaseParty
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.offices import INITIATOR, REQUESTER
from services.operations.work import Work
from services.registers import areas
from services.registers import assessments as register

#: No version before this one, or one that looks after its end itself: the timer never fires.
NEVER = "R1/2999-01-01T00:00:00Z/P7D"
WEEKLY = "P7D"
#: A version ended before it was in force; whoever waits for it hears.
CLOSED = "MSG_SRM_CLOSED"
ANNUAL = "ANNUAL"
#: Fields of an area that an assessment proposes.
PROPOSED = ("ceiling", "requires_ssafe", "family_restricted", "accom_required", "internal_control", "checkin_required")


@operation("assessment.open")
def open_assessment(
    work: Work,
    *,
    area: str,
    trigger: str | None,
    title: str | None,
    reason: str | None,
    activity: str | None,
    activity_from: str | None,
    activity_to: str | None,
    variant: str,
) -> dict[str, Any]:
    """Open a version for an area: give it a number, copy the last version as its base, and mark that one as under review."""
    place = areas.get_area(work.session, area)
    base = register.find_latest(work.session, area)
    row = register.find_by_case(work.session, work.case.id)
    if row is None:
        row = Assessment(
            number=register.next_number(work.session, area, work.now.year),
            area=area,
            case_id=work.case.id,
            variant=variant,
            trigger=trigger or ANNUAL,
            title=(title or f"Assessment of {areas.name_of(place)}")[:120],
            reason=reason,
            activity=activity,
            activity_from=_day(activity_from),
            activity_to=_day(activity_to),
            base=base.number if base else None,
            opened_at=work.now,
            created_by=work.actor.person,
        )
        work.session.add(row)
        work.session.flush()  # of two that are given the same number at the same moment one fails here, at this step
        work.count("srm.opened", area=area, trigger=row.trigger, variant=variant)
    _act_in_office(work)
    if base is not None and variant != AD_HOC:
        base.under_review = True
    work.case.area = area
    work.case.subject = f"{row.number}: {row.title}"
    return {"assessment": _about(work, row, base, place), **_copied(work, base, row), **_beginning(work, base)}


def _act_in_office(work: Work) -> None:
    """Whoever asks for an assessment does so in office; who may not approve it follows from who drafts it."""
    query = select(CaseParty).where(CaseParty.case_id == work.case.id, CaseParty.kind == REQUESTER)
    for party in work.session.scalars(query):
        party.kind = INITIATOR


def _about(work: Work, row: Assessment, base: Assessment | None, place: Area) -> dict[str, Any]:
    return {
        "number": row.number,
        "area": row.area,
        "area_name": areas.name_of(place),
        "zone": place.zone,
        "location_class": place.location_class,
        "variant": row.variant,
        "trigger": row.trigger,
        "title": row.title,
        "reason": row.reason,
        "activity_to": row.activity_to.isoformat() if row.activity_to else None,
        "base": base.number if base else None,
        "base_ends": base.valid_to.isoformat() if base and base.valid_to else None,
        "duration_days": _days(row),
        "on_behalf": work.case.requester,
    }


def _days(row: Assessment) -> int:
    if row.activity_from is None or row.activity_to is None:
        return 365
    return (row.activity_to - row.activity_from).days + 1


def _copied(work: Work, base: Assessment | None, row: Assessment) -> dict[str, Any]:
    """Give the new draft the content of the last version; an activity begins with nothing but the settings of its area."""
    state = areas.find_state(work.session, row.area, work.now)
    proposals = _proposals_of(state)
    if base is None or row.variant == AD_HOC:
        return {
            "frame": None,
            "situation": None,
            "programmes": [],
            "threats": None,
            "events": [],
            "measures": [],
            "proposals": proposals,
        }
    events = [
        {
            "code": event.code,
            "description": event.description,
            "category": event.category,
            "affected": event.affected,
            "likelihood": event.likelihood,
            "impact": event.impact,
            "residual_likelihood": event.residual_likelihood,
            "residual_impact": event.residual_impact,
            **event.details,
        }
        for event in register.list_risk_events(work.session, base.number)
    ]
    return {
        "frame": None,
        "situation": base.situation or None,
        "programmes": base.programmes,
        "threats": base.threats or None,
        "events": events,
        "measures": [measure_as_row(measure) for measure in register.list_measures(work.session, base.number)],
        "proposals": proposals,
    }


def measure_as_row(measure: Any) -> dict[str, Any]:
    """Write a measure as the form and the diagram know it."""
    return {
        "code": measure.code,
        "text": measure.text,
        "kind": measure.kind,
        "lowers": list(measure.lowers),
        "owner": measure.owner,
        "due_on": measure.due_on.isoformat(),
        "one_off_cost": measure.one_off_cost,
        "yearly_cost": measure.yearly_cost,
        "cost_share": measure.cost_share,
        "state": measure.state,
    }


def _proposals_of(state: AreaState | None) -> dict[str, Any]:
    if state is None:
        return {}
    kept = {name: getattr(state, name) for name in PROPOSED}
    return {"level": state.security_level, "clearance_mode": state.clearance_mode, **kept}


def _beginning(work: Work, base: Assessment | None) -> dict[str, Any]:
    """Say what a round of the case begins with, and from when on nobody looks after the end of the old version but this case."""
    ends_at = register.expiry_of(work.session, base) if base and not register.has_open_case(work.session, base) else None
    return {
        "old_expiry": NEVER if ends_at is None else f"R/{write_moment(max(ends_at, work.now))}/{WEEKLY}",
        "returns_so_far": 0,
        "gaps": [],
        "desk_findings": [],
        "observations": None,
    }


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)[:10]) if text else None


@operation("assessment.close")
def close(work: Work, *, status: str, reason: str | None) -> dict[str, Any]:
    """Close a version that ends here: refused, rejected, withdrawn, superseded or expired."""
    row = register.find_by_case(work.session, work.case.id)
    if row is not None and not (status == "SUPERSEDED" and is_running(row, work.now)):
        row.status = status
    if row is not None and status in FAILED_STATUSES:
        row.under_review = False
        _end_review(work, row)
        work.tell_bus(CLOSED, row.area, {"assessment": row.number, "variant": row.variant, "status": status})
    work.case.once_key = None
    work.set_status(status)
    return {"outcome": status}


def is_running(row: Assessment, now: datetime) -> bool:
    """Say whether a version still has days before it: its successor begins only afterwards."""
    return row.valid_to is not None and row.valid_to >= now.date()


def _end_review(work: Work, row: Assessment) -> None:
    """Take the mark from the last version, unless another draft is being written for it."""
    others = select(Assessment.number).where(
        Assessment.base == row.base, Assessment.number != row.number, Assessment.valid_from.is_(None)
    )
    if row.base is None or work.session.scalar(others.where(Assessment.status.not_in(FAILED_STATUSES)).limit(1)) is not None:
        return
    register.get_assessment(work.session, row.base).under_review = False


@operation("assessment.renewals_due")
def renewals_due(work: Work) -> dict[str, Any]:
    """Return the areas for which a renewal is due today."""
    due = [
        {
            "area": renewal.area,
            "number": renewal.number,
            "valid_to": renewal.valid_to.isoformat(),
            "title": f"Renewal of {renewal.number}",
            "reason": f"{renewal.number} ends on {renewal.valid_to.isoformat()}.",
        }
        for renewal in register.list_renewals(work.session, work.now.date())
    ]
    return {"due": due}
