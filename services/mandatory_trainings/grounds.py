"""On what grounds people are asked for courses: their contract, where they work, their roles, whose family they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from services.indicators.settings import DEFAULTS, Settings
from services.mandatory_trainings import rules
from services.models.areas import Area, AreaState
from services.models.authority import RoleHolding
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.registers.travellers import ADULT_AGE
from services.registers.whereabouts import is_recognised

_NO_STAFF = ("PARTNER", "VISITOR")
_FIELD = "FIELD"
_OF_ROLE = {
    **dict.fromkeys(("DO", "DOAI", "SMT"), rules.OFFICIAL),
    **dict.fromkeys(("CSA", "SA", "DSSO"), rules.SECURITY),
    "WDN": rules.WARDEN,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Why somebody is asked for courses, and since when; None is since today."""

    name: str
    since: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    ssafe: bool
    high_risk: bool


def is_in_service(on: date) -> ColumnElement[bool]:
    """Say in SQL whether a person works on a day for an organisation of the system."""
    member = select(Organisation.code).where(Organisation.unsms_member)
    return and_(
        Person.organisation.in_(member),
        Person.contract_type.not_in(_NO_STAFF),
        or_(Person.contract_from.is_(None), Person.contract_from <= on),
        or_(Person.contract_to.is_(None), Person.contract_to >= on),
    )


def list_people(session: Session, *, after: str, limit: int, on: date) -> Sequence[Person]:
    """Return the next people in the order of their codes: staff in service, and recognised family."""
    family = select(Dependant.person).where(is_recognised(on))
    query = select(Person).where(Person.code > after, or_(is_in_service(on), Person.code.in_(family)))
    return session.scalars(query.order_by(Person.code).limit(limit)).all()


def grounds_of(
    session: Session, people: Sequence[Person], now: datetime, settings: Settings = DEFAULTS
) -> dict[str, list[Ground]]:
    """Return by person on what grounds courses are asked of them today. A constant number of queries."""
    today = now.date()
    codes = [person.code for person in people]
    staff = set(session.scalars(select(Person.code).where(Person.code.in_(codes), is_in_service(today))))
    places = _places(session, now, settings)
    found: dict[str, list[Ground]] = {code: [] for code in codes}
    for person in people:
        if person.code in staff:
            found[person.code] += _of_staff(person, places)
    for code, ground in _of_roles(session, staff, now):
        found[code].append(ground)
    for code, ground in _of_family(session, {*codes} - staff, places, today):
        found[code].append(ground)
    return found


def _of_staff(person: Person, places: Mapping[str | None, _Place]) -> list[Ground]:
    place = places.get(person.duty_area)
    found = [Ground(name=rules.PERSONNEL, since=person.contract_from)]
    if place and place.ssafe:
        found.append(Ground(name=rules.AREA_SSAFE))
    if place and place.high_risk:
        found.append(Ground(name=rules.HIGH_RISK))
    return found


def _of_roles(session: Session, staff: set[str], now: datetime) -> list[tuple[str, Ground]]:
    holding = RoleHolding
    query = select(holding.person, holding.role, holding.valid_from).where(
        holding.person.in_(staff),
        holding.role.in_(_OF_ROLE),
        holding.valid_from <= now,
        or_(holding.valid_to.is_(None), holding.valid_to > now),
    )
    rows = session.execute(query.order_by(holding.person, holding.valid_from, holding.role))
    return [(row.person, Ground(name=_OF_ROLE[row.role], since=row.valid_from.date())) for row in rows]


def _of_family(session: Session, codes: set[str], places: Mapping[str | None, _Place], today: date) -> list[tuple[str, Ground]]:
    """List the grounds of adult family of staff, where they live themselves or where their sponsor is posted."""
    sponsor, person = aliased(Person), aliased(Person)
    query = (
        select(person.code, person.duty_area, sponsor.duty_area.label("posted"))
        .join(Dependant, Dependant.person == person.code)
        .join(sponsor, sponsor.code == Dependant.sponsor)
        .where(person.code.in_(codes), is_recognised(today), Dependant.birth_year <= today.year - ADULT_AGE)
    )
    found = []
    for row in session.execute(query.order_by(person.code, sponsor.code)):
        found.append((row.code, Ground(name=rules.FAMILY)))
        place = places.get(row.duty_area or row.posted)
        if place and place.high_risk:
            found.append((row.code, Ground(name=rules.FAMILY_HIGH_RISK)))
    return found


def _places(session: Session, now: datetime, settings: Settings) -> dict[str | None, _Place]:
    """Say of each area whether SSAFE is asked for there, and whether it is a field area of high risk as indicator K10 has it."""
    newer = aliased(AreaState)
    over = select(newer.id).where(newer.area == AreaState.area, newer.valid_from > AreaState.valid_from, newer.valid_from <= now)
    query = select(AreaState, Area.location_class).join(Area, Area.code == AreaState.area)
    query = query.where(AreaState.valid_from <= now, ~over.correlate(AreaState).exists())
    return {
        state.area: _Place(
            ssafe=state.requires_ssafe,
            high_risk=where == _FIELD
            and (state.security_level >= settings.high_level or state.residual_risk in settings.high_risks),
        )
        for state, where in session.execute(query)
    }
