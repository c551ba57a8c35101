"""Crises and what was done to take people out of danger."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.incidents import Crisis, RiskAvoidance

ACTIVE = "ACTIVE"
IN_FORCE = "IN_FORCE"


def crisis_of_case(session: Session, case_id: str) -> Crisis:
    """Return the crisis that a case runs."""
    return session.scalars(select(Crisis).where(Crisis.case_id == case_id)).one()


def avoidance_of_case(session: Session, case_id: str) -> RiskAvoidance:
    """Return the risk avoidance that a case runs."""
    return session.scalars(select(RiskAvoidance).where(RiskAvoidance.case_id == case_id)).one()
