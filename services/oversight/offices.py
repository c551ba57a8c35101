"""Who holds which role where: what the tables of the oversight page are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from services.authority.ways import NOW, is_current, is_holding_current, is_substitution_current
from services.models.areas import Area, AreaWithin
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.people import Person
from services.oversight.sight import AREAS, Extent, Reach
from services.prepared import Prepared

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
    areas = session.execute(_AREAS).all()
    within: dict[str, set[str]] = {}
    for row in _WITHIN.rows(session):
        within.setdefault(row.area, set()).add(row.ancestor)
    inside = {area.code for area in areas if reach.everywhere or within.get(area.code, set()) & set(reach.areas)}
    held = _read_held(session, reach, now)
    given = _read_delegations(session, reach, now)
    people = {code for one in given for code in (one.delegator, one.delegate) if code} | {
        one.stands_in for one in held if one.stands_in
    }
    named = dict(session.execute(_NAMED, {"people": sorted(people)}).all())
    return Offices(
        held=tuple(held),
        areas={area.code: area.name for area in areas},
        designated=tuple(area.code for area in areas if area.kind == DESIGNATED and area.code in inside),
        within={area: frozenset(ancestors) for area, ancestors in within.items()},
        delegations=tuple(given),
        names=named,
    )


_AREAS = select(Area.code, Area.name, Area.kind).order_by(Area.code)
_WITHIN = Prepared(lambda: select(AreaWithin.area, AreaWithin.ancestor))
_NAMED = select(Person.code, Person.name).where(Person.code.in_(bindparam("people", expanding=True)))


def _read_held(session: Session, reach: Reach, now: datetime) -> list[Office]:
    return [
        Office(
            person=row.person,
            name=row.name,
            role=row.role,
            area=row.area,
            organisation=row.organisation,
            capacity=row.capacity,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
            delegation=row.delegation_id,
            post=row.post if row.source == EX_OFFICIO else None,
            stands_in=(row.substitute or "") if row.away else None,
        )
        for row in session.execute(_held(reach.extent), reach.values(acting_now=now))
    ]


@cache
def _held(extent: Extent) -> Any:
    away = exists().where(Absence.person == RoleHolding.person, is_current(Absence, NOW)).correlate(RoleHolding)
    # Offices above the reach count too: whoever holds a role for the whole region or everywhere holds it here.
    above = select(AreaWithin.ancestor).where(AreaWithin.area.in_(AREAS))
    seen = or_(
        extent.covers(RoleHolding.area, RoleHolding.organisation),
        RoleHolding.organisation.is_(None) & or_(RoleHolding.area.is_(None), RoleHolding.area.in_(above)),
    )
    holding = RoleHolding
    columns = (holding.person, holding.role, holding.area, holding.organisation, holding.capacity, holding.source)
    period = (holding.valid_from, holding.valid_to, holding.delegation_id)
    return (
        select(*columns, *period, Person.name, Person.post, away.label("away"), _substitute().label("substitute"))
        .join(Person, Person.code == holding.person)
        .where(is_holding_current(holding, NOW), seen)
        .order_by(holding.area, holding.role, Person.name, holding.id)
    )


def _substitute() -> Any:
    """Select who stands in for a holding of somebody who is away; several may, one of them is named."""
    named = select(func.min(Absence.substitute)).where(
        Absence.person == RoleHolding.person,
        is_substitution_current(Absence, NOW),
        or_(Absence.role.is_(None), Absence.role == RoleHolding.role),
    )
    return named.correlate(RoleHolding).scalar_subquery()


def _read_delegations(session: Session, reach: Reach, now: datetime) -> list[Delegation]:
    return list(session.scalars(_given(reach.extent), reach.values(acting_now=now)))


@cache
def _given(extent: Extent) -> Select[Delegation]:
    lasting = or_(Delegation.valid_to.is_(None), Delegation.valid_to > NOW)
    standing = or_(Delegation.revoked_at.is_(None), Delegation.revoked_at > NOW)
    query = select(Delegation).where(
        extent.covers(Delegation.area, Delegation.organisation), Delegation.accepted_at.is_not(None), lasting, standing
    )
    return query.order_by(Delegation.valid_to, Delegation.number)
