"""Who fills in a form, and for whom and what that person may ask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Date, String, and_, bindparam, case, literal_column, or_, select, true
from sqlalchemy.orm import Session, aliased

from services.given import hand_over_texts, is_given
from services.models.areas import Area, AreaWithin
from services.models.clearances import ClearanceLine
from services.models.people import Dependant, Person
from services.prepared import Prepared
from services.registers.travellers import ADULT_AGE

PREPARER = "PREP"
#: Enter a medical evacuation for a person who cannot confirm it, because they look after the organisation or the area.
EVACUATING_ROLES = ("SFP", "HOA", "CSA", "DSSO")
#: Ask for an exception from the suspension of an area.
EXCEPTING_ROLES = ("HOA", "SFP", "CSA")
#: Call a head count in the area that they answer for.
COUNTING_ROLES = ("CSA", "DO", "DOAI")
MEDEVAC = "MEDEVAC"


class Holding(Protocol):
    """A role that somebody holds now; without area or organisation for all of them."""

    @property
    def role(self) -> str:
        """The role."""

    @property
    def area(self) -> str | None:
        """The area that it is held for."""

    @property
    def organisation(self) -> str | None:
        """The organisation that it is held for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Whoever fills in a form; the roles held now are read only where a form depends on them."""

    person: str
    read_held: Callable[[], Sequence[Holding]]

    def holdings(self, *roles: str) -> list[Holding]:
        """Return what this person holds of some roles."""
        return [held for held in self.read_held() if held.role in roles]


@dataclass(frozen=True, kw_only=True, slots=True)
class Representable:
    """A person for whom a request may be made.

    Attributes:
        only: The one kind of travel for which it may be made; None for any.
        is_minor: Whether this is a child now.
    """

    code: str
    name: str
    organisation: str
    only: str | None
    is_minor: bool


def list_representable(
    session: Session, asker: Asker | None, *, now: datetime, codes: Collection[str] | None = None
) -> list[Representable]:
    """List for whom somebody may make a request, by name: oneself and one's dependants, one's unit, whom one prepares for.

    Source: specification 7.5, on_behalf_of; that officials enter medical evacuations is our reading.

    Args:
        asker: None for everybody.
        codes: Of these persons only.
    """
    if asker is not None and not asker.holdings(PREPARER, *EVACUATING_ROLES):
        return _list_own(session, asker.person, now, codes)
    always = true() if asker is None else _may_be_represented(asker, now)
    reached = always if asker is None else or_(always, *_evacuated_by(asker))
    query = select(
        Person.code, Person.name, Person.organisation, case((always, True), else_=False).label("always"), Dependant.birth_year
    )
    query = query.outerjoin(Dependant, Dependant.person == Person.code).where(reached).order_by(Person.name, Person.code)
    if codes is not None:
        query = query.where(Person.code.in_(codes))
    return _read(session.execute(query), now)


def _list_own(session: Session, person: str, now: datetime, codes: Collection[str] | None) -> list[Representable]:
    """List for whom somebody without any office may make a request, as nearly all who make one."""
    dialect = session.get_bind().dialect.name
    asked: dict[str, Any] = {"person": person, "today": now.date()}
    if codes is not None:
        asked |= hand_over_texts("codes", list(codes), dialect)
    return _read(_own(dialect, some=codes is not None).rows(session, **asked), now)


def _read(rows: Iterable[Any], now: datetime) -> list[Representable]:
    found = {
        row.code: Representable(
            code=row.code,
            name=row.name,
            organisation=row.organisation,
            only=None if row.always else MEDEVAC,
            is_minor=row.birth_year is not None and now.year - row.birth_year < ADULT_AGE,
        )
        for row in rows
    }
    return list(found.values())


@cache
def _own(dialect: str, *, some: bool) -> Prepared:
    reached = _own_people(bindparam("person", type_=String), bindparam("today", type_=Date))
    columns: tuple[Any, ...] = (
        Person.code,
        Person.name,
        Person.organisation,
        literal_column("1").label("always"),
        Dependant.birth_year,
    )
    query = select(*columns).outerjoin(Dependant, Dependant.person == Person.code).where(reached)
    if some:
        query = query.where(is_given(Person.code, "codes", dialect))
    return Prepared(lambda: query.order_by(Person.name, Person.code))


def _may_be_represented(asker: Asker, now: datetime) -> ColumnElement[bool]:
    """Say in SQL for whom every kind of travel may be requested."""
    prepared = (and_(*_of_organisation(held), *_based_in(held)) for held in asker.holdings(PREPARER))
    return or_(_own_people(asker.person, now.date()), *prepared)


def _own_people(person: Any, today: Any) -> ColumnElement[bool]:
    """Say in SQL for whom one may make requests without an office: oneself, one's unit and one's dependants."""
    mine, sponsored = aliased(Person), aliased(Dependant)
    own_unit: Any = select(literal_column("1")).where(
        mine.code == person, mine.organisation == Person.organisation, mine.unit == Person.unit
    )
    own_dependants = select(sponsored.person).where(
        sponsored.sponsor == person,
        sponsored.recognised_from <= today,
        or_(sponsored.recognised_to.is_(None), sponsored.recognised_to >= today),
    )
    return or_(Person.code == person, own_unit.correlate(Person).exists(), Person.code.in_(own_dependants))


def _evacuated_by(asker: Asker) -> Iterator[ColumnElement[bool]]:
    """Say in SQL whom officials may have evacuated: who is based in their area, or is there now."""
    for held in asker.holdings(*EVACUATING_ROLES):
        here: ColumnElement[bool] = true()
        if held.area is not None:
            there = select(ClearanceLine.person).where(
                ClearanceLine.status == "IN_AREA", ClearanceLine.area.in_(_inside(held.area))
            )
            here = or_(*_based_in(held), Person.code.in_(there))
        yield and_(here, *_of_organisation(held))


def _of_organisation(held: Holding) -> Iterable[ColumnElement[bool]]:
    return [true()] if held.organisation is None else [Person.organisation == held.organisation]


def _based_in(held: Holding) -> Iterable[ColumnElement[bool]]:
    return [] if held.area is None else [Person.duty_area.in_(_inside(held.area))]


def _inside(area: str) -> Any:
    return select(AreaWithin.area).where(AreaWithin.ancestor == area)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exempting:
    """An area for which somebody may ask for an exception from a suspension; without organisation for people of all."""

    role: str
    area: str
    organisation: str | None


def list_exempting(session: Session, asker: Asker) -> list[Exempting]:
    """List for which areas and organisations somebody may ask for an exception from a suspension."""
    held = asker.holdings(*EXCEPTING_ROLES)
    if not held:
        return []
    inside: dict[str | None, list[str]] = {}
    named = {one.area for one in held if one.area is not None}
    for row in session.execute(select(AreaWithin.ancestor, AreaWithin.area).where(AreaWithin.ancestor.in_(named))):
        inside.setdefault(row.ancestor, []).append(row.area)
    if any(one.area is None for one in held):
        inside[None] = list(session.scalars(select(Area.code)))
    return [
        Exempting(role=one.role, area=area, organisation=one.organisation)
        for one in held
        for area in sorted(inside.get(one.area, ()))
    ]


def may_count_in(asker: Asker) -> ColumnElement[bool]:
    """Say in SQL in which areas somebody may call a head count: where one holds an office for it, and what lies inside."""
    held = asker.holdings(*COUNTING_ROLES)
    if any(one.area is None for one in held):
        return true()
    inside = select(AreaWithin.area).where(AreaWithin.ancestor.in_([one.area for one in held]))
    return Area.code.in_(inside)
