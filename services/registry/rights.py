"""Who reaches which rows of a register: from the roles that somebody holds now to one SQL condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true, tuple_
from sqlalchemy.orm import Session

from services import authority
from services.authority.ways import NOW, PERSON, held_by
from services.models.areas import AreaWithin
from services.models.authority import RoleHolding
from services.people import Actor
from services.prepared import Prepared
from services.registry.shape import ANYBODY, Reach, Register, Right
from services.roles import NEVER_ROLES

#: So many statements and conditions are kept, of those that many ask in the same roles.
MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds now; without area or organisation for all of them."""

    role: str
    area: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads registers: the actor, the moment, and the roles held at it."""

    actor: Actor
    now: datetime
    held: tuple[Held, ...]

    @property
    def person(self) -> str:
        """The code of the person."""
        return self.actor.person

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of what is asked for them."""
        return {"acting_person": self.actor.person, "acting_now": self.now, "acting_today": self.now.date()}

    def holds(self, right: Right) -> bool:
        """Say whether a right is one of theirs."""
        return _is_held(right, self.held)

    def held_for(self, *rights: Right) -> tuple[Held, ...]:
        """Return those of their roles that rights speak of."""
        roles = {right.role for right in rights}
        return tuple(one for one in self.held if one.role in roles)


def _is_held(right: Right, held: Iterable[Held]) -> bool:
    return right.role == ANYBODY or any(one.role == right.role for one in held)


def reader_of(session: Session, actor: Actor, now: datetime) -> Reader:
    """Say in which roles somebody reads. One query. Administrators, process owners and auditors read in no other role (S9)."""
    rows = sorted(_HELD.rows(session, acting_person=actor.person, acting_now=now), key=lambda row: [part or "" for part in row])
    held = tuple(Held(role=row.role, area=row.area, organisation=row.organisation) for row in rows)
    kept_out = tuple(one for one in held if one.role in NEVER_ROLES)
    return Reader(actor=actor, now=now, held=kept_out or held)


_COLUMNS = (RoleHolding.role, RoleHolding.area, RoleHolding.organisation)
_HELD = Prepared(lambda: select(*_COLUMNS).where(held_by(RoleHolding, PERSON, NOW)).distinct())


def may_open(register: Register, reader: Reader) -> bool:
    """Say whether somebody may open a register at all, even if nothing in it should be theirs to see."""
    return any(reader.holds(right) for right in register.readers)


def may_keep(register: Register, reader: Reader) -> bool:
    """Say whether somebody may change something in a register."""
    return any(reader.holds(right) for right in register.owners)


def is_readable(register: Register, reader: Reader) -> ColumnElement[bool]:
    """Say in SQL which rows somebody may read; the statement is asked with the reader's `values`."""
    return readable_by(register, reader.held_for(*register.readers))


@lru_cache(maxsize=MOST_KEPT)
def readable_by(register: Register, held: tuple[Held, ...]) -> ColumnElement[bool]:
    """Say it for whoever holds these roles, and no others that the readers of the register are named by."""
    conditions = [_reached(register, register.readers, held)]
    if register.case is not None:
        conditions.append(authority.is_open_to_actor(place_of(register, register.case)))
    if register.only is not None:
        conditions.append(register.only())
    return and_(*conditions)


def is_kept(register: Register, reader: Reader) -> ColumnElement[bool]:
    """Say in SQL which rows somebody may change: of those that may be read, what an owner reaches."""
    return and_(is_readable(register, reader), _reached(register, register.owners, reader.held_for(*register.owners)))


def place_of(register: Register, named: str | ColumnElement[Any] | None) -> Any:
    """Return what says where a row belongs: an attribute of the model, or the expression itself."""
    return getattr(register.model, named) if isinstance(named, str) else named


def _reached(register: Register, rights: Iterable[Right], held: tuple[Held, ...]) -> ColumnElement[bool]:
    found = [_reach(register, right, held) for right in rights if _is_held(right, held)]
    return or_(false(), *found)


def _reach(register: Register, right: Right, mine: tuple[Held, ...]) -> ColumnElement[bool]:
    held = [one for one in mine if one.role == right.role]
    if right.reach is Reach.ALL:
        return true()
    if right.reach is Reach.OWN:
        return _own(register)
    if right.reach is Reach.CASE:
        return _of_cases(register)
    if right.reach is Reach.ORGANISATION:
        return _of_organisations(register, {one.organisation for one in held})
    return or_(false(), *(_of_area(register, one) for one in held))


def _own(register: Register) -> ColumnElement[bool]:
    if register.own is not None:
        return register.own(PERSON)
    return and_(place_of(register, register.person) == PERSON)


def _of_cases(register: Register) -> ColumnElement[bool]:
    """The rows of cases that somebody may see: of an itinerary only the parts that are theirs to see."""
    case_id = place_of(register, register.case)
    # Found once in a statement, however often the condition stands in it.
    seen = authority.parts_in_sight().cte().prefix_with("MATERIALIZED")
    whole = case_id.in_(select(seen.c.case_id).where(seen.c.area.is_(None)))
    if register.part_of_case is None:
        return and_(whole)
    part = tuple_(case_id, place_of(register, register.part_of_case))
    return or_(whole, part.in_(select(seen.c.case_id, seen.c.area)))


def _of_organisations(register: Register, organisations: set[str | None]) -> ColumnElement[bool]:
    if None in organisations:
        return true()
    codes = sorted(str(one) for one in organisations)
    if register.shared_by is not None:
        return register.shared_by(codes)
    return and_(place_of(register, register.organisation).in_(codes))


def _of_area(register: Register, held: Held) -> ColumnElement[bool]:
    """By area; a role that is held for one organisation reaches the rows of that organisation only, where rows have one."""
    conditions: list[ColumnElement[bool]] = [true()]
    if held.area is not None:
        conditions.append(is_within(place_of(register, register.area), held.area))
    if held.organisation is not None and register.organisation is not None:
        conditions.append(place_of(register, register.organisation) == held.organisation)
    return and_(*conditions)


def is_within(area: Any, ancestor: str) -> ColumnElement[bool]:
    """Say in SQL whether an area lies in another, or is that one."""
    return and_(area.in_(select(AreaWithin.area).where(AreaWithin.ancestor == ancestor)))
