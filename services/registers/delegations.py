"""The register of delegations, appointments ad interim and absences: whose an office is, and what stands against giving it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.authority import Absence, Delegation, RoleHolding


def own_holdings(
    session: Session, person: str, role: str, *, area: str | None, organisation: str | None, at: datetime
) -> Sequence[RoleHolding]:
    """Return a person's own holdings of a role that cover an area and an organisation; delegated ones are not own."""
    above = select(AreaWithin.ancestor).where(AreaWithin.area == area)
    query = select(RoleHolding).where(
        RoleHolding.person == person,
        RoleHolding.role == role,
        RoleHolding.delegation_id.is_(None),
        RoleHolding.valid_from <= at,
        or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to > at),
        or_(RoleHolding.area.is_(None), RoleHolding.area.in_(above)),
        or_(RoleHolding.organisation.is_(None), RoleHolding.organisation == organisation),
    )
    return session.scalars(query).all()


def conflicting(
    session: Session,
    *,
    authority: str,
    area: str | None,
    organisation: str | None,
    begins_at: datetime,
    ends_at: datetime,
    but: str,
) -> Sequence[Delegation]:
    """Return standing delegations of the same authority that meet this one in place and time."""
    query = select(Delegation).where(
        Delegation.authority == authority,
        Delegation.number != but,
        Delegation.revoked_at.is_(None),
        Delegation.valid_from < ends_at,
        or_(Delegation.valid_to.is_(None), Delegation.valid_to > begins_at),
        _meets(area),
        or_(Delegation.organisation.is_(None), Delegation.organisation == organisation),
    )
    return session.scalars(query.order_by(Delegation.number)).all()


def _meets(area: str | None) -> ColumnElement[bool]:
    """Say in SQL whether the area of a delegation contains this one or lies in it."""
    if area is None:
        return Delegation.area.is_(None)
    above = select(AreaWithin.ancestor).where(AreaWithin.area == area)
    below = select(AreaWithin.area).where(AreaWithin.ancestor == area)
    return or_(Delegation.area.is_(None), Delegation.area.in_(above), Delegation.area.in_(below))


def absences_of(session: Session, person: str, *, begins_at: datetime, ends_at: datetime) -> Sequence[Absence]:
    """Return the absences of a person that touch a period."""
    query = select(Absence).where(and_(Absence.person == person, Absence.valid_from < ends_at, Absence.valid_to > begins_at))
    return session.scalars(query.order_by(Absence.valid_from)).all()


def holdings_under(session: Session, number: str) -> Sequence[RoleHolding]:
    """Return the holdings that rest on a delegation, also the one of an official ad interim, which is an office of its own."""
    query = select(RoleHolding).where(or_(RoleHolding.delegation_id == number, RoleHolding.source == number))
    return session.scalars(query).all()
