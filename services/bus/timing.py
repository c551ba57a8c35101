"""When the bus has something to do next."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from services.bus.rules import daily_operations
from services.models.base import UtcDateTime
from services.models.bus import BusEvent, BusReceipt

_NOW = bindparam("now", type_=UtcDateTime)
_ANNOUNCED = select(func.min(BusEvent.effective_at)).where(
    BusEvent.handled_at.is_(None), BusEvent.buffered_at.is_(None), BusEvent.effective_at > _NOW
)
_AGAIN = select(func.min(BusReceipt.retry_at)).where(BusReceipt.settled_at.is_(None), BusReceipt.retry_at > _NOW)


def next_due_at(session: Session, now: datetime) -> datetime | None:
    """Return the next moment after now: of an event announced for later, of another try, or of the next daily round."""
    moments = [session.scalar(_ANNOUNCED, {"now": now}), session.scalar(_AGAIN, {"now": now})]
    if daily_operations(session):
        moments.append(datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC))
    return min((moment for moment in moments if moment is not None), default=None)
