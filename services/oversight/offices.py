"""Who holds which role where: what the tables of the oversight page are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from services.authority.ways import is_current, is_holding_current, is_substitution_current
from services.models.areas import Area, AreaWithin
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.people import Person
from services.oversight.sight import Reach

DESIGNATED = "DESIGNATED"
#: What the source of a holding says when it comes with a post.
EX_OFFICIO = "EX_OFFICIO"


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """A role that somebody holds now.

    Attributes:
        post: The person's post, when the role comes with it.
        stands_in: Who stands in while the person is away now; empty when nobody does, None when the person is there.
    """

    person: str
    name: str
    role: str
    area: str | None
    organisation: str | None
    capacity: str
    valid_from: datetime
    valid_to: datetime | None
    source: str | None
    delegation: str | None
    post: str | None
    stands_in: str | None

    @property
    def is_away(self) -> bool:
        """Whether the person is away now."""
        return self.stands_in is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Offices:
    """All offices that somebody oversees, with the tree of areas they are for.

    Attributes:
        areas: The names of all areas by code, per language.
        designated: The designated areas inside the reach, in the order of their codes.
        within: What each area lies in, itself included.
        delegations: Delegations that count now or will.
    """

    held: tuple[Office, ...]
    areas: Mapping[str, Mapping[str, str]]
    designated: tuple[str, ...]
    within: Mapping[str, frozenset[str]]
    delegations: tuple[Delegation, ...]
    names: Mapping[str, str]

    def holders(self, role: str, area: str | None, organisation: str | None = None) -> list[Office]:
        """Return who holds a role for a place now, from there or from above."""
        above = self.within.get(area or "", frozenset())
        return [
            one
            for one in self.held
            if one.role == role
            and (one.area is None or one.area in above or area is None)
            and (one.organisation is None or organisation is None or one.organisation == organisation)
        ]

    def inside(self, role: str, area: str) -> list[Office]:
        """Return who holds a role for an area, from above, or for some place inside it."""
        return [
            one
            for one in self.held
            if one.role == role
            and (one.area is None or one.area in self.within[area] or area in self.within.get(one.area, frozenset()))
        ]


def read_offices(session: Session, reach: Reach, *, now: datetime) -> Offices:
    """Read who holds what inside a reach. Five queries, however many there are."""
    areas = session.scalars(select(Area).order_by(Area.code)).all()
    within: dict[str, set[str]] = {}
    for area, ancestor in session.execute(select(AreaWithin.area, AreaWithin.ancestor)):
        within.setdefault(area, set()).add(ancestor)
    inside = {area.code for area in areas if reach.everywhere or within.get(area.code, set()) & set(reach.areas)}
    held = _read_held(session, reach, now)
    given = _read_delegations(session, reach, now)
    people = {code for one in given for code in (one.delegator, one.delegate) if code} | {
        one.stands_in for one in held if one.stands_in
    }
    named = dict(session.execute(select(Person.code, Person.name).where(Person.code.in_(people))).all())
    return Offices(
        held=tuple(held),
        areas={area.code: area.name for area in areas},
        designated=tuple(area.code for area in areas if area.kind == DESIGNATED and area.code in inside),
        within={area: frozenset(ancestors) for area, ancestors in within.items()},
        delegations=tuple(given),
        names=named,
    )


def _read_held(session: Session, reach: Reach, now: datetime) -> list[Office]:
    away = exists().where(Absence.person == RoleHolding.person, is_current(Absence, now)).correlate(RoleHolding)
    # Offices above the reach count too: whoever holds a role for the whole region or everywhere holds it here.
    above = select(AreaWithin.ancestor).where(AreaWithin.area.in_(reach.areas))
    seen = or_(
        reach.covers(RoleHolding.area, RoleHolding.organisation),
        RoleHolding.organisation.is_(None) & or_(RoleHolding.area.is_(None), RoleHolding.area.in_(above)),
    )
    query = (
        select(RoleHolding, Person.name, Person.post, away.label("away"), _substitute(now).label("substitute"))
        .join(Person, Person.code == RoleHolding.person)
        .where(is_holding_current(RoleHolding, now), seen)
        .order_by(RoleHolding.area, RoleHolding.role, Person.name, RoleHolding.id)
    )
    return [
        Office(
            person=row.person,
            name=name,
            role=row.role,
            area=row.area,
            organisation=row.organisation,
            capacity=row.capacity,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
            delegation=row.delegation_id,
            post=post if row.source == EX_OFFICIO else None,
            stands_in=(substitute or "") if absent else None,
        )
        for row, name, post, absent, substitute in session.execute(query)
    ]


def _substitute(now: datetime) -> Any:
    """Select who stands in for a holding of somebody who is away; several may, one of them is named."""
    named = select(func.min(Absence.substitute)).where(
        Absence.person == RoleHolding.person,
        is_substitution_current(Absence, now),
        or_(Absence.role.is_(None), Absence.role == RoleHolding.role),
    )
    return named.correlate(RoleHolding).scalar_subquery()


def _read_delegations(session: Session, reach: Reach, now: datetime) -> list[Delegation]:
    lasting = or_(Delegation.valid_to.is_(None), Delegation.valid_to > now)
    standing = or_(Delegation.revoked_at.is_(None), Delegation.revoked_at > now)
    query = select(Delegation).where(
        reach.covers(Delegation.area, Delegation.organisation), Delegation.accepted_at.is_not(None), lasting, standing
    )
    return list(session.scalars(query.order_by(Delegation.valid_to, Delegation.number)))
