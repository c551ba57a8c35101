"""K3: official travel of senior officials that was assessed and coordinated before they left."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.indicators.shape import Asked, Member, Value, Why, part_count, share
from services.indicators.statements import SINCE, UNTIL, Extent
from services.models.support import TravelNotification

CANCELLED = "cancelled"


def travel_notifications(session: Session, asked: Asked) -> Value:
    """K3: of the travel that began in the period, what was assessed and coordinated before. Cancelled notifications are out.

    A visit that changed counts once, as it was in the end.
    """
    members = [_member(row) for row in session.scalars(_leaving(asked.extent), asked.values())]
    return share("K3", asked, members, [part_count(CANCELLED, members)])


@cache
def _leaving(extent: Extent) -> Select[TravelNotification]:
    began = select(TravelNotification).where(
        extent.covers(TravelNotification.area),
        extent.employs(TravelNotification.organisation),
        TravelNotification.departs_at >= SINCE,
        TravelNotification.departs_at < UNTIL,
        TravelNotification.replaced_by.is_(None),
    )
    return began.order_by(TravelNotification.number)


def _member(row: TravelNotification) -> Member:
    missing = []
    if row.assessed_at is None or row.assessed_at >= row.departs_at:
        missing.append(Why("NOT_ASSESSED"))
    if row.coordinated_at is None or row.coordinated_at >= row.departs_at:
        missing.append(Why("NOT_COORDINATED"))
    cancelled = row.cancelled_at is not None and (row.assessed_at is None or row.cancelled_at < row.assessed_at)
    return Member(
        register="travel-notifications",
        entry=row.number,
        label=row.number,
        numerator=0 if missing or cancelled else 1,
        denominator=0 if cancelled else 1,
        why=(Why("CANCELLED"),) if cancelled else tuple(missing),
        parts=frozenset({CANCELLED}) if cancelled else frozenset(),
        area=row.area,
    )
