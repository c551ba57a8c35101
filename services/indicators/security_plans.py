"""K7: designated areas of the field whose security plan is endorsed and holds."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from services.indicators.assessments import FIELD, active_places
from services.indicators.shape import Asked, Member, Value, Why, share
from services.indicators.statements import ON, UNTIL, Extent
from services.models.areas import Area, AreaWithin
from services.models.incidents import SecurityPlan

_KNOWN = ("ENDORSED", "STALE", "SUPERSEDED")


def endorsed_plans(session: Session, asked: Asked) -> Value:
    """K7: of the designated areas of the field with a place in use, those with an endorsed plan that holds.

    A plan that the present Designated Official has not signed yet is stale, and does not count.
    """
    plans = _plans(session, asked)
    members = [_member(code, plans.get(code)) for code in session.scalars(_required(asked.extent), asked.values())]
    return share("K7", asked, members)


@cache
def _required(extent: Extent) -> Select[str]:
    place = aliased(Area, name="place")
    within = select(AreaWithin.area).where(AreaWithin.ancestor == Area.code).correlate(Area)
    in_use = exists().where(place.code.in_(within), *active_places(place)).correlate(Area)
    return (
        select(Area.code)
        .where(extent.covers(Area.code), Area.kind == "DESIGNATED", Area.location_class == FIELD, in_use)
        .order_by(Area.code)
    )


def _plans(session: Session, asked: Asked) -> dict[str, SecurityPlan]:
    """Return of each area the newest plan that held on the reference date; a newer one that began later replaces nothing yet."""
    newest = {plan.area: (plan, bool(history)) for plan, history in session.execute(_held(), asked.values())}
    return {area: plan for area, (plan, history) in newest.items() if plan.status != "SUPERSEDED" or history}


@cache
def _held() -> Select[SecurityPlan, bool]:
    """Select the plans that held, the newest of an area last, and whether another one that began since followed."""
    later = aliased(SecurityPlan)
    followed = exists().where(later.area == SecurityPlan.area, later.version > SecurityPlan.version, later.valid_from > ON)
    held = select(SecurityPlan, followed).where(
        SecurityPlan.status.in_(_KNOWN),
        SecurityPlan.endorsed_at < UNTIL,
        SecurityPlan.valid_from <= ON,
        SecurityPlan.valid_to >= ON,
    )
    return held.order_by(SecurityPlan.area, SecurityPlan.version)


def _member(area: str, plan: SecurityPlan | None) -> Member:
    if plan is None:
        return Member(register="areas", entry=area, label=area, why=(Why("NO_PLAN"),), area=area)
    stale = plan.status == "STALE"
    return Member(
        register="security-plans",
        entry=plan.id,
        label=f"{area} {plan.number}",
        numerator=0 if stale else 1,
        why=(Why("STALE"),) if stale else (),
        area=area,
        case_id=plan.case_id,
    )
