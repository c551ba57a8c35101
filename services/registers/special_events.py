"""Special events: who comes to one, how high the level is until it is over, and which notice protects a guest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.models.areas import AreaState, AreaWithin
from services.models.special_events import EventAccreditation, SpecialEvent
from services.models.support import TravelNotification
from services.registers import areas

#: Notices with these ends protect nobody.
_VOID = ("CANCELLED", "TOO_LATE")


def get_event(session: Session, number: str) -> SpecialEvent:
    """Return an event by its number, which is that of its case."""
    return session.get_one(SpecialEvent, number)


def list_accreditations(session: Session, number: str) -> Sequence[EventAccreditation]:
    """List the people who are expected at an event, as they were named."""
    query = select(EventAccreditation).where(EventAccreditation.event == number)
    return session.scalars(query.order_by(EventAccreditation.no)).all()


def highest_level(session: Session, area: str, *, now: datetime, until: datetime) -> int | None:
    """Return the highest security level of an area from now to a moment, with what is announced; None where none is known."""
    state = areas.find_state(session, area, now)
    announced = select(AreaState.security_level).where(
        AreaState.area == area, AreaState.valid_from > now, AreaState.valid_from <= until
    )
    levels = [*session.scalars(announced), *([state.security_level] if state else [])]
    return max(levels, default=None)


def find_notice(session: Session, person: str, event: SpecialEvent) -> TravelNotification | None:
    """Return the notice of travel that protects somebody at an event: in its area or around it, at its time."""
    around = select(AreaWithin.ancestor).where(AreaWithin.area == event.area)
    inside = select(AreaWithin.area).where(AreaWithin.ancestor == event.area)
    query = select(TravelNotification).where(
        TravelNotification.official == person,
        TravelNotification.replaced_by.is_(None),
        or_(TravelNotification.outcome.is_(None), TravelNotification.outcome.not_in(_VOID)),
        or_(TravelNotification.area.in_(around), TravelNotification.area.in_(inside)),
        TravelNotification.departs_at <= event.ends_at,
        or_(TravelNotification.ends_at.is_(None), TravelNotification.ends_at >= event.starts_at),
    )
    return session.scalars(query.order_by(TravelNotification.departs_at).limit(1)).first()
