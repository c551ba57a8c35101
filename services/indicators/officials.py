"""K3: official travel of senior officials that was assessed and coordinated before they left."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.indicators.shape import Asked, Member, Value, Why, part_count, share
from services.models.support import TravelNotification

CANCELLED = "cancelled"


def travel_notifications(session: Session, asked: Asked) -> Value:
    """K3: of the travel that began in the period, what was assessed and coordinated before. Cancelled notifications are out.

    A visit that changed counts once, as it was in the end.
    """
    leaving = select(TravelNotification).where(
        asked.covers(TravelNotification.area),
        asked.employs(TravelNotification.organisation),
        TravelNotification.departs_at >= asked.since,
        TravelNotification.departs_at < asked.until,
        TravelNotification.replaced_by.is_(None),
    )
    members = [_member(row) for row in session.scalars(leaving.order_by(TravelNotification.number))]
    return share("K3", asked, members, [part_count(CANCELLED, members)])


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
