"""Which cases have something due. The moment is a column of the case; the engine says what happens then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from services.models.base import UtcDateTime
from services.models.cases import OPEN, Case
from services.prepared import Prepared


def due_cases(session: Session, now: datetime, *, limit: int = 100) -> list[str]:
    """Return the ids of open cases with a timer due by now, the longest overdue first."""
    return [row.id for row in _DUE.rows(session, now=now, most=limit)]


def is_due(now: Any) -> ColumnElement[bool]:
    """Say in a query whether a case is open with a timer due by now, and not held back after a failure."""
    return and_(Case.state == OPEN, Case.wake_at <= now, or_(Case.retry_at.is_(None), Case.retry_at <= now))


_DUE = Prepared(
    lambda: (
        select(Case.id)
        .where(is_due(bindparam("now", type_=UtcDateTime)))
        .order_by(Case.wake_at, Case.id)
        .limit(bindparam("most", type_=Integer))
    )
)


def is_due_in(case: Case, now: datetime) -> bool:
    """Say the same of a case that is at hand."""
    moments = (case.wake_at or None, case.retry_at or case.wake_at)
    return case.state == OPEN and all(moment is not None and moment <= now for moment in moments)


_WAITING = select(Case.wake_at, Case.retry_at).where(Case.state == OPEN, Case.wake_at.is_not(None))
_SOONEST = _WAITING.where(Case.retry_at.is_(None)).order_by(Case.wake_at).limit(1)
_HELD_BACK = _WAITING.where(Case.retry_at.is_not(None))


def next_due_at(session: Session) -> datetime | None:
    """Return the next moment at which some case has something due."""
    soonest, held_back = session.execute(_SOONEST).all(), session.execute(_HELD_BACK).all()
    return min((max(moment for moment in row if moment is not None) for row in [*soonest, *held_back]), default=None)
