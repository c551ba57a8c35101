"""Who has been told of an event, and who is still owed it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from services.models.base import UtcDateTime
from services.models.bus import BusEvent, BusReceipt
from services.models.cases import INCIDENT, Case

#: The receiver that stands for the one case that takes a message, whichever it is.
TAKER = "message"
TOLD, NOTHING, GONE, OPENED, EXISTS, OWED = "TOLD", "NOTHING", "GONE", "OPENED", "EXISTS", "OWED"
_LONGEST_PAUSE_MIN = 60
_LONGEST_ERROR = 500


def is_settled(session: Session, event_id: str, receiver: str) -> bool:
    """Say whether nothing is left to do for a receiver."""
    receipt = session.get(BusReceipt, (event_id, receiver))
    return receipt is not None and receipt.settled_at is not None


def settle(session: Session, event_id: str, receiver: str, *, action: str, case_id: str | None, now: datetime) -> None:
    """Note that a receiver has had an event."""
    receipt = _receipt(session, event_id, receiver, now)
    receipt.action, receipt.case_id, receipt.settled_at = action, case_id, now
    receipt.retry_at = receipt.error = None


def owe(
    session: Session,
    event_id: str,
    receiver: str,
    *,
    case_id: str | None,
    now: datetime,
    retry_at: datetime | None = None,
    error: str = "",
) -> None:
    """Note that a receiver could not be told yet.

    Args:
        retry_at: When to try again; without it at once for a case, which is left alone while it waits for repair, and less and
            less often for what has no case.
    """
    receipt = _receipt(session, event_id, receiver, now)
    if receipt.settled_at is not None:
        return  # somebody else was quicker
    pause_min = 0 if case_id is not None else min(2**receipt.attempts, _LONGEST_PAUSE_MIN)
    receipt.case_id, receipt.error = case_id, error[:_LONGEST_ERROR] or None
    receipt.attempts += 1
    receipt.retry_at = retry_at or now + timedelta(minutes=pause_min)


def forget(session: Session, event_id: str, receiver: str) -> None:
    """Owe a receiver nothing any more."""
    receipt = session.get(BusReceipt, (event_id, receiver))
    if receipt is not None:
        session.delete(receipt)


def list_owed(session: Session, now: datetime, *, limit: int) -> list[BusReceipt]:
    """List what can be tried again now, in the order of the events; a case that waits for repair is left alone."""
    return list(session.scalars(_OWED, {"now": now, "most": limit}))


_OWED = (
    select(BusReceipt)
    .join(BusEvent, BusEvent.id == BusReceipt.event_id)
    .outerjoin(Case, Case.id == BusReceipt.case_id)
    .where(
        BusReceipt.settled_at.is_(None),
        BusReceipt.retry_at <= bindparam("now", type_=UtcDateTime),
        or_(Case.id.is_(None), Case.state != INCIDENT),
    )
    .order_by(BusEvent.effective_at, BusEvent.id, BusReceipt.receiver)
    .limit(bindparam("most", type_=Integer))
)


def is_owed_before(session: Session, event: BusEvent, case_id: str) -> bool:
    """Say whether a case is still owed something that happened before this."""
    earlier = or_(
        BusEvent.effective_at < event.effective_at,
        and_(BusEvent.effective_at == event.effective_at, BusEvent.id < event.id),
    )
    owed = select(BusReceipt.event_id).join(BusEvent, BusEvent.id == BusReceipt.event_id)
    owed = owed.where(BusReceipt.case_id == case_id, BusReceipt.settled_at.is_(None), earlier)
    return session.scalars(owed.limit(1)).first() is not None


def has_any(session: Session, event_id: str) -> bool:
    """Say whether anybody has had an event, or is owed it."""
    found = select(BusReceipt.receiver).where(BusReceipt.event_id == event_id, BusReceipt.action != NOTHING)
    return session.scalars(found.limit(1)).first() is not None


def _receipt(session: Session, event_id: str, receiver: str, now: datetime) -> BusReceipt:
    receipt = session.get(BusReceipt, (event_id, receiver))
    if receipt is None:
        receipt = BusReceipt(event_id=event_id, receiver=receiver, case_id=None, action=OWED, at=now, attempts=0)
        session.add(receipt)
    return receipt
