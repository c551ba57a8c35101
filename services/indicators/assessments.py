"""K5: security risk assessments of field areas that were approved, and those of them that were endorsed too."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from services.indicators.shape import Asked, Member, Part, Value, Why, percent, share
from services.indicators.statements import ON, UNTIL, Extent
from services.models.areas import Area
from services.models.assessments import AD_HOC, FAILED_STATUSES, Assessment

FIELD = "FIELD"
#: Areas that only hold others together.
NO_PLACES = ("GROUP", "DESIGNATED")
ALL_AREAS = "of_all_areas"


def endorsed_assessments(session: Session, asked: Asked) -> Value:
    """K5: of the assessments of field areas that a Designated Official approved and that hold, those that are endorsed.

    One that waits for its endorsement has no dates yet: it holds from its approval on. Ad hoc ones and headquarters are out.
    """
    members = [_member(row, asked) for row in session.execute(_approved(asked.extent), asked.values())]
    areas = session.scalar(_active_areas(asked.extent), asked.values()) or 0
    endorsed = len({member.area for member in members if member.counts})
    beside = Part(name=ALL_AREAS, value=percent(endorsed, areas), numerator=endorsed, denominator=areas)
    return share("K5", asked, members, [beside])


@cache
def _approved(extent: Extent) -> Any:
    later = aliased(Assessment)
    replaced = exists().where(later.number == Assessment.superseded_by, or_(later.valid_from.is_(None), later.valid_from <= ON))
    holds = or_(
        and_(Assessment.valid_from <= ON, Assessment.valid_to >= ON),
        and_(Assessment.valid_from.is_(None), Assessment.endorsed_at.is_(None)),
    )
    return (
        select(Assessment.number, Assessment.area, Assessment.case_id, Assessment.endorsed_at)
        .join(Area, Area.code == Assessment.area)
        .where(
            extent.covers(Assessment.area),
            Area.location_class == FIELD,
            Assessment.variant != AD_HOC,
            Assessment.approved_at < UNTIL,
            Assessment.status.not_in(FAILED_STATUSES),
            holds,
            not_(replaced),
            or_(Assessment.status != "SUPERSEDED", Assessment.superseded_by.is_not(None)),
        )
        .order_by(Assessment.number)
    )


def _member(row: Row[Any], asked: Asked) -> Member:
    endorsed = row.endorsed_at is not None and row.endorsed_at < asked.until
    return Member(
        register="assessments",
        entry=row.number,
        label=row.number,
        numerator=1 if endorsed else 0,
        why=() if endorsed else (Why("NOT_ENDORSED"),),
        area=row.area,
        case_id=row.case_id,
    )


def active_places(place: Any = Area) -> list[ColumnElement[bool]]:
    """Say in SQL which areas are places of the field that are in use on the reference date."""
    return [
        place.location_class == FIELD,
        place.kind.not_in(NO_PLACES),
        or_(place.active_from.is_(None), place.active_from <= ON),
        or_(place.active_to.is_(None), place.active_to >= ON),
    ]


@cache
def _active_areas(extent: Extent) -> Select[int]:
    return select(func.count()).select_from(Area).where(extent.covers(Area.code), *active_places())
