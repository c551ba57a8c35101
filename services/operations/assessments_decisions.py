"""From the decision of the Designated Official to the publication: what was changed, what takes effect, what follows."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services.audit import is_standing
from services.models.assessments import ENDORSED_STATUSES, Assessment
from services.models.audit import Decision
from services.models.cases import DONE, Task
from services.models.spans import worked_seconds
from services.operations.assessments import PROPOSED
from services.operations.assessments_totals import chain_facts, is_area_assessment
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import activities, areas
from services.registers import assessments as register

DAY = timedelta(days=1)
#: Level 6 is in force only after the Under-Secretary-General has decided.
USG_LEVEL = 6
_MANUAL = "MANUAL"
_STRICTER = ("requires_ssafe", "family_restricted", "accom_required", "internal_control", "checkin_required")


@operation("assessment.approve")
def approve(
    work: Work, *, assessment: dict[str, Any], proposals: dict[str, Any], changed: dict[str, Any] | None
) -> dict[str, Any]:
    """Take over what the Designated Official changed, note the approval, and say which measures take effect meanwhile."""
    row = register.get_assessment(work.session, assessment["number"])
    named = _named(changed or {})
    decided = {**proposals, **named}
    row.proposals, row.level = decided, int(decided["level"])
    row.status, row.approved_at, row.approved_by = "APPROVED", work.now, work.actor.person
    work.set_status("APPROVED")
    work.count("srm.approved", area=row.area, variant=row.variant, modified=bool(named))
    return {"proposals": decided, "chain_facts": chain_facts(work, row, decided), "interim": _interim(work, row, decided)}


def _named(changed: dict[str, Any]) -> dict[str, Any]:
    """Return the proposals that were changed, by name: values, and what holds or does not."""
    told = {name: value for name, value in changed.items() if value is not None}
    held, lifted = told.pop("required", []), told.pop("lifted", [])
    return {**told, **dict.fromkeys(held, True), **dict.fromkeys(lifted, False)}


def _interim(work: Work, row: Assessment, decided: dict[str, Any]) -> dict[str, Any]:
    """Return what of an update takes effect before it is endorsed: whatever is stricter than today, but not the level itself."""
    state = areas.find_state(work.session, row.area, work.now)
    if row.variant != "UPDATE" or state is None:
        return {}
    changes: dict[str, Any] = {name: True for name in _STRICTER if decided.get(name) and not getattr(state, name)}
    rises = int(decided["level"]) > state.security_level
    if state.clearance_mode != _MANUAL and (rises or decided.get("clearance_mode") == _MANUAL):
        changes["clearance_mode"] = _MANUAL
    ceiling = decided.get("ceiling")
    if ceiling is not None and (state.ceiling is None or ceiling < state.ceiling):
        changes["ceiling"] = int(ceiling)
    return changes


@operation("assessment.review")
def review(
    work: Work, *, result: str, mandatory: dict[str, Any], minor: dict[str, Any], returns_so_far: float, remarks: str | None
) -> dict[str, Any]:
    """Keep what the desk found, count the round, and say in sentences what failed."""
    failed = [f"{name}: {_remark(group, name)}" for group in (mandatory, minor) for name in group if group[name] == "FAIL"]
    rounds = int(returns_so_far)
    work.count("srm.desk", area=work.case.area, result=result, round=rounds + 1)
    row = register.find_by_case(work.session, work.case.id)
    if row is not None and result == "ENDORSE_WITH_OBSERVATIONS":
        row.observations = _joined(row.observations, "; ".join(failed), remarks)
    returned = result in {"RETURN", "ESCALATE_CALL"}
    return {
        "returns_so_far": rounds + 1 if returned else rounds,
        "desk_findings": failed + ([remarks] if remarks else []),
        "observations": row.observations if row is not None else None,
    }


def _remark(group: dict[str, Any], name: str) -> str:
    return str(group.get(f"{name}_remark") or "fails")


def _joined(*texts: str | None) -> str | None:
    return "\n".join(dict.fromkeys(text for text in texts if text))[:4000] or None


@operation("assessment.publish")
def publish(
    work: Work,
    *,
    assessment: dict[str, Any],
    status: str,
    endorser: str | None,
    observations: str | None,
    valid_months: float,
    interim_review_months: float,
    ends_with_activity: bool,
) -> dict[str, Any]:
    """Put the version into force: its dates, the version before it, and what of the area changes by it."""
    row = register.get_assessment(work.session, assessment["number"])
    effects = _effect_facts(work, row)
    changes = _area_changes(work, row)
    row.status, row.endorser = status, endorser
    row.observations = _joined(row.observations, observations)
    row.endorsed_at = work.now if status in ENDORSED_STATUSES else None
    row.valid_from = _begins_on(work, row, changes)
    row.valid_to = months_later(row.valid_from, int(valid_months)) - DAY
    if ends_with_activity and row.activity_to is not None:
        row.valid_to = max(min(row.valid_to, row.activity_to), row.valid_from)
    interim = months_later(row.valid_from, int(interim_review_months)) if interim_review_months else None
    row.interim_review_on = interim if interim is not None and interim <= row.valid_to else None
    _supersede(work, row)
    work.case.once_key = None  # From here on the next version may be opened.
    work.set_status(status)
    _count_endorsed(work, row)
    if is_area_assessment(row):
        changes |= {"assessment": row.number, "assessment_valid_to": row.valid_to.isoformat()}
    return {"effect_facts": effects, "area_changes": changes, "published": _published(work, row)}


def _published(work: Work, row: Assessment) -> dict[str, Any]:
    expires_at = register.expiry_of(work.session, row)
    due = [measure for measure in register.list_measures(work.session, row.number) if measure.state not in {"DONE", "DROPPED"}]
    return {
        "number": row.number,
        "status": row.status,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "begins_at": _midnight(work, row.area, row.valid_from),
        "expires_at": expires_at.isoformat() if expires_at else None,
        "review_on": row.interim_review_on.isoformat() if row.interim_review_on else None,
        "measures": [
            {"code": measure.code, "text": measure.text, "owner": measure.owner, "due_on": measure.due_on.isoformat()}
            for measure in due
        ],
        "observations": row.observations,
    }


def _midnight(work: Work, area: str, day: date | None) -> str | None:
    if day is None:
        return None
    zone = ZoneInfo(areas.get_area(work.session, area).zone)
    return datetime.combine(day, time(), zone).isoformat()


def _begins_on(work: Work, row: Assessment, changes: dict[str, Any]) -> date:
    """A yearly renewal that changes nothing goes on where the last version ends; anything else counts at once."""
    today = work.now.date()
    before = register.find_latest(work.session, row.area, apart_from=row.number)
    goes_on = row.trigger == "ANNUAL" and is_area_assessment(row) and not changes
    if goes_on and before is not None and before.valid_to is not None and before.valid_to >= today:
        return before.valid_to + DAY
    return today


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month when it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _supersede(work: Work, row: Assessment) -> None:
    """Let the versions before this one end the day before it begins."""
    if not is_area_assessment(row) or row.valid_from is None:
        return
    earlier = select(Assessment).where(
        Assessment.area == row.area,
        Assessment.variant != "AD_HOC",
        Assessment.number != row.number,
        Assessment.superseded_by.is_(None),
        Assessment.status.in_((*ENDORSED_STATUSES, "APPROVED", "EXPIRED")),
        Assessment.valid_to.is_not(None),
    )
    for old in work.session.scalars(earlier):
        old.superseded_by, old.under_review = row.number, False
        if old.valid_to is not None and old.valid_to >= row.valid_from and old.valid_from is not None:
            old.valid_to = max(row.valid_from - DAY, old.valid_from)
        if row.valid_from <= work.now.date() and old.status != "EXPIRED":
            old.status = "SUPERSEDED"


def _area_changes(work: Work, row: Assessment) -> dict[str, Any]:
    """Return the settings of the area that the version changes."""
    state = areas.find_state(work.session, row.area, work.now)
    if state is None or not is_area_assessment(row):
        return {}
    wanted = {name: row.proposals.get(name) for name in PROPOSED}
    wanted |= {
        "security_level": row.level,
        "clearance_mode": row.proposals.get("clearance_mode"),
        "residual_risk": row.residual_max,
    }
    return {
        name: value
        for name, value in wanted.items()
        if (value is not None or name == "ceiling") and getattr(state, name) != value
    }


def _effect_facts(work: Work, row: Assessment) -> dict[str, Any]:
    """Return what the table of effects asks: what is different from today, and whether programmes are rated."""
    state = areas.find_state(work.session, row.area, work.now)
    changes = _area_changes(work, row)
    new, old = changes.get("security_level"), state.security_level if state else None
    before = register.find_latest(work.session, row.area, apart_from=row.number)
    return {
        "level_changed": new is not None,
        "level_direction": "" if new is None or old is None else "UP" if new > old else "DOWN",
        "mode_changed_to_manual": changes.get("clearance_mode") == _MANUAL,
        "residual_max": row.residual_max or "LOW",
        "pc_valid": _is_rated(work, row),
        "residential_measures_changed": _differs(work, row, before, "RESIDENTIAL"),
        "avoidance_measures_changed": _differs(work, row, before, "AVOID"),
        "ssafe_newly_required": changes.get("requires_ssafe") is True,
    }


def _is_rated(work: Work, row: Assessment) -> bool:
    """Say whether a programme in the area has a criticality level that is still valid."""
    return bool(activities.list_rated(work.session, row.area, work.now.date()))


def _differs(work: Work, row: Assessment, before: Assessment | None, kind: str) -> bool:
    if not is_area_assessment(row):
        return False

    def listed(version: Assessment | None) -> set[tuple[str, str]]:
        measures = register.list_measures(work.session, version.number) if version else []
        return {(measure.text, measure.owner) for measure in measures if measure.kind == kind}

    return listed(row) != listed(before)


def _count_endorsed(work: Work, row: Assessment) -> None:
    if row.status not in ENDORSED_STATUSES:
        return
    steps = select(Task.element, worked_seconds(Task)).where(
        Task.case_id == work.case.id, Task.state == DONE, Task.closed_at.is_not(None)
    )
    days: dict[str, float] = {}
    for element, seconds in work.session.execute(steps):
        days[element] = round(days.get(element, 0) + float(seconds) / 86_400, 2)
    whole = round((work.now - work.case.started_at).total_seconds() / 86_400, 2)
    rounds = select(Decision.id).where(Decision.case_id == work.case.id, Decision.element == "srm_desk", is_standing())
    count = len(work.session.scalars(rounds).all())
    work.count("srm.endorsed", area=row.area, days_total=whole, days_by_step=days, rounds=count, endorser=row.endorser)
