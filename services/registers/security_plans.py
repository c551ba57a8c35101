"""The register of security plans: which one is in force where, and which must be renewed or signed again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.models.incidents import SecurityPlan

IN_FORCE = ("ENDORSED", "STALE")
RENEWED_BEFORE = timedelta(days=60)


def plan_of_case(session: Session, case_id: str) -> SecurityPlan | None:
    """Return the newest version that a case wrote."""
    query = select(SecurityPlan).where(SecurityPlan.case_id == case_id)
    return session.scalars(query.order_by(SecurityPlan.version.desc()).limit(1)).first()


def find_in_force(session: Session, area: str, on: date) -> SecurityPlan | None:
    """Return the plan of an area that is in force on a day, stale or not."""
    query = select(SecurityPlan).where(
        SecurityPlan.area == area,
        SecurityPlan.status.in_(IN_FORCE),
        SecurityPlan.valid_from <= on,
        SecurityPlan.valid_to >= on,
    )
    return session.scalars(query.order_by(SecurityPlan.version.desc()).limit(1)).first()


def all_in_force(session: Session, on: date) -> Sequence[SecurityPlan]:
    """Return the plans that are in force on a day, by area."""
    query = select(SecurityPlan).where(
        SecurityPlan.status.in_(IN_FORCE), SecurityPlan.valid_from <= on, SecurityPlan.valid_to >= on
    )
    return session.scalars(query.order_by(SecurityPlan.area, SecurityPlan.version)).all()


def next_version(session: Session, area: str) -> int:
    """Return the number of the next version of an area's plan; numbers are never used again."""
    return (session.scalar(select(func.max(SecurityPlan.version)).where(SecurityPlan.area == area)) or 0) + 1
