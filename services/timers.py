"""Which cases have something due. The moment is a column of the case; the engine says what happens then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.cases import OPEN, Case


def due_cases(session: Session, now: datetime, *, limit: int = 100) -> list[str]:
    """Return the ids of open cases with a timer due by now, the longest overdue first."""
    due = select(Case.id).where(Case.state == OPEN, Case.wake_at <= now).order_by(Case.wake_at, Case.id).limit(limit)
    return list(session.scalars(due))


def next_due_at(session: Session) -> datetime | None:
    """Return the next moment at which some case has something due."""
    soonest = select(Case.wake_at).where(Case.state == OPEN, Case.wake_at.is_not(None)).order_by(Case.wake_at).limit(1)
    return session.scalar(soonest)
