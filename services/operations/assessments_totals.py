"""What a draft amounts to: the highest risk, the costs, what is missing; and its content in the register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import delete

from services.models.assessments import AD_HOC, Assessment, Measure, RiskEvent
from services.models.base import new_id
from services.operations.catalogue import operation
from services.operations.offices import INITIATOR
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import areas
from services.registers import assessments as register

RISKS = areas.RISKS
_HIGH = RISKS.index("HIGH")
#: Clearances cannot be given by rule above this level.
HIGHEST_AUTOMATIC_LEVEL = 3
#: A picture of the situation that is older than this says little about today.
SITUATION_DAYS = 90
#: What of a row of the form is kept beside the figures.
_DETAILS = ("likelihood_reasons", "impact_reasons", "current_measures")


@operation("assessment.total")
def total(
    work: Work,
    *,
    assessment: dict[str, Any],
    frame: dict[str, Any] | None,
    situation: dict[str, Any] | None,
    programmes: list[Any] | None,
    threats: dict[str, Any] | None,
    events: list[Any] | None,
    measures: list[Any] | None,
    proposals: dict[str, Any] | None,
    risks: list[Any] | None,
    threat_score: float | None,
    formula_level: float | None,
) -> dict[str, Any]:
    """Work out the highest risk before and after the measures and what they cost, say what is missing, and keep the draft."""
    row = register.get_assessment(work.session, assessment["number"])
    if work.actor.person != SYSTEM.person:
        work.party(work.actor.person, INITIATOR)  # An author may withdraw the draft.
    proposals = proposals or {}
    rated = {(risk["code"], risk["which"]): risk["risk"] for risk in risks or []}
    totals = {
        "current_max": _worst(rated, "CURRENT"),
        "residual_max": _worst(rated, "RESIDUAL"),
        "threat_score": threat_score,
        "formula_level": formula_level,
        "one_off_cost": sum(int(measure.get("one_off_cost") or 0) for measure in measures or []),
        "yearly_cost": sum(int(measure.get("yearly_cost") or 0) for measure in measures or []),
        "events": [_event_line(event, rated) for event in events or []],
        "measures": [f"{one['code']} {one['text']} ({one['owner']}, {str(one['due_on'])[:10]})" for one in measures or []],
    }
    gaps = list(_gaps(work, events or [], measures or [], proposals, rated, situation or {}, formula_level))
    _keep(row, frame, situation, programmes, threats, proposals, totals)
    if not any(gap.startswith("Code ") for gap in gaps):
        _keep_rows(work, row, events or [], measures or [], rated)
    return {"totals": totals, "gaps": gaps, "chain_facts": chain_facts(work, row, proposals)}


def _event_line(event: dict[str, Any], rated: dict[tuple[str, str], str]) -> str:
    """Say in a line what may happen, and the codes of its risk now and after the measures, for those who decide."""
    now, after = (rated.get((event["code"], which), "") for which in ("CURRENT", "RESIDUAL"))
    return f"{event['code']} {event['description']}: {now} → {after}"


def _worst(rated: dict[tuple[str, str], str], which: str) -> str:
    found = [risk for (_, kind), risk in rated.items() if kind == which]
    return max(found, key=RISKS.index, default="LOW")


def chain_facts(work: Work, row: Assessment, proposals: dict[str, Any]) -> dict[str, Any]:
    """Return what the approval chain follows from."""
    state = areas.find_state(work.session, row.area, work.now)
    place = areas.get_area(work.session, row.area)
    level = int(proposals.get("level") or (state.security_level if state else 1))
    length = (row.activity_to - row.activity_from).days + 1 if row.activity_from and row.activity_to else 365
    return {
        "residual_max": row.residual_max or "UNACCEPTABLE",
        "proposed_level": level,
        "level_jump": abs(level - (state.security_level if state else level)),
        "variant": row.variant,
        "location_class": place.location_class,
        "duration_days": length,
    }


def _gaps(
    work: Work,
    events: list[Any],
    measures: list[Any],
    proposals: dict[str, Any],
    rated: dict[tuple[str, str], str],
    situation: dict[str, Any],
    formula_level: float | None,
) -> Iterator[str]:
    """Say what the form alone cannot see, in sentences for the author."""
    for what, rows in (("events", events), ("measures", measures)):
        codes = [row["code"] for row in rows]
        yield from (f"Code {code} stands for two {what}." for code in sorted({code for code in codes if codes.count(code) > 1}))
    lowered = {code for measure in measures for code in measure.get("lowers") or []}
    yield from (
        f"A measure lowers event {code}, which is not listed." for code in sorted(lowered - {row["code"] for row in events})
    )
    for row in events:
        if RISKS.index(rated.get((row["code"], "CURRENT"), "LOW")) >= _HIGH and row["code"] not in lowered:
            yield f"Event {row['code']} has a high risk and no measure against it."
    as_of = situation.get("as_of")
    if as_of and (work.now.date() - date.fromisoformat(str(as_of)[:10])).days > SITUATION_DAYS:
        yield f"The situation is described as of {as_of}; that is more than {SITUATION_DAYS} days ago."
    level = proposals.get("level")
    if level is not None and formula_level is not None and level != formula_level and not proposals.get("level_reason"):
        yield f"The threat scores give level {int(formula_level)}, and you propose level {level}. Say why."
    if proposals.get("clearance_mode") == "AUTO" and level is not None and int(level) > HIGHEST_AUTOMATIC_LEVEL:
        yield f"Clearances cannot be given by rule at level {level}."


def _keep(
    row: Assessment,
    frame: dict[str, Any] | None,
    situation: dict[str, Any] | None,
    programmes: list[Any] | None,
    threats: dict[str, Any] | None,
    proposals: dict[str, Any],
    totals: dict[str, Any],
) -> None:
    row.frame, row.situation, row.threats = frame or {}, situation or {}, threats or {}
    row.programmes = list(programmes or [])
    row.proposals, row.residual = proposals, totals
    row.level = int(proposals["level"]) if proposals.get("level") else None
    row.residual_max = totals["residual_max"]


def _keep_rows(work: Work, row: Assessment, events: list[Any], measures: list[Any], rated: dict[tuple[str, str], str]) -> None:
    """Replace the events and measures of the draft by those that were written last."""
    work.session.execute(delete(RiskEvent).where(RiskEvent.assessment == row.number))
    work.session.execute(delete(Measure).where(Measure.assessment == row.number))
    for event in events:
        code = event["code"]
        figures = {name: int(event[name]) for name in ("likelihood", "impact", "residual_likelihood", "residual_impact")}
        work.session.add(
            RiskEvent(
                id=new_id(),
                assessment=row.number,
                code=code,
                description=event["description"],
                category=event["category"],
                affected=event.get("affected"),
                risk=rated[code, "CURRENT"],
                residual_risk=rated[code, "RESIDUAL"],
                details={name: event.get(name) for name in _DETAILS},
                **figures,
            )
        )
    for measure in measures:
        work.session.add(
            Measure(
                id=new_id(),
                assessment=row.number,
                due_on=date.fromisoformat(str(measure["due_on"])[:10]),
                lowers=list(measure.get("lowers") or []),
                one_off_cost=int(measure.get("one_off_cost") or 0),
                yearly_cost=int(measure.get("yearly_cost") or 0),
                state=measure.get("state") or "PLANNED",
                **{name: measure.get(name) for name in ("code", "text", "kind", "owner", "cost_share")},
            )
        )


def is_area_assessment(row: Assessment) -> bool:
    """Say whether a version speaks for the area, and not for one activity in it."""
    return row.variant != AD_HOC
