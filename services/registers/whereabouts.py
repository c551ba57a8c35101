"""Who is in an area now, as far as registers know: travellers, residents and their recognised dependants."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from services.models.areas import AreaWithin
from services.models.clearances import ClearanceLine, Movement
from services.models.people import Dependant, Person
from services.models.residences import Occupant, Residence

TRAVELLER, EXPECTED, RESIDENT, DEPENDANT = "TRAVELLER", "EXPECTED", "RESIDENT", "DEPENDANT"
#: Travellers who should be there during their stay, whether they ever checked in or not.
_EXPECTED_STATUSES = ("GRANTED", "GRANTED_COND", "REGISTERED")


@dataclass(frozen=True, kw_only=True, slots=True)
class Present:
    """Somebody who is in an area, or should be: in which one exactly, and why registers say so."""

    person: str
    area: str
    because: str


def list_present(session: Session, area: str, now: datetime) -> list[Present]:
    """Return everybody who is in an area or one inside it, or should be; of several reasons the surest."""
    found: dict[str, Present] = {}
    for present in [*_travelling(session, area, now), *_residing(session, area, now.date())]:
        found.setdefault(present.person, present)
    homes = {person: one.area for person, one in found.items() if one.because == RESIDENT}
    for present in _depending(session, homes, now.date()):
        found.setdefault(present.person, present)
    return sorted(found.values(), key=lambda present: present.person)


def sponsors_of(session: Session, persons: Collection[str], on: date) -> dict[str, list[str]]:
    """Return the staff members whose recognised dependants some persons are on a day, by person."""
    query = select(Dependant.person, Dependant.sponsor).where(Dependant.person.in_(persons), is_recognised(on))
    found: dict[str, list[str]] = {}
    for person, sponsor in session.execute(query.order_by(Dependant.person, Dependant.sponsor)):
        found.setdefault(person, []).append(sponsor)
    return found


def is_recognised(on: date) -> ColumnElement[bool]:
    """Say in SQL whether a dependant is recognised on a day."""
    return and_(Dependant.recognised_from <= on, or_(Dependant.recognised_to.is_(None), Dependant.recognised_to >= on))


def _inside(area: str) -> Select[Any]:
    return select(AreaWithin.area).where(AreaWithin.ancestor == area)


def _travelling(session: Session, area: str, now: datetime) -> Iterable[Present]:
    """Find travellers: those who said that they are there, and those whose stay covers this moment.

    Whoever arrived stays on the list when the clearance is revoked meanwhile: the person is there all the same.
    """
    line = ClearanceLine
    staying = and_(line.arrive_at <= now, line.depart_at >= now)
    came, left = aliased(Movement), aliased(Movement)
    arrived = exists().where(came.stop_key == line.stop_key, came.person == line.person, came.kind.in_(("ARRIVED", "PRESENT")))
    departed = exists().where(left.stop_key == line.stop_key, left.person == line.person, left.kind == "DEPARTED")
    there = or_(line.status == "IN_AREA", and_(staying, arrived, ~departed))
    expected = and_(staying, line.status.in_(_EXPECTED_STATUSES))
    query = select(line.person, line.area, there.label("there")).where(line.area.in_(_inside(area)), or_(there, expected))
    rows = session.execute(query.order_by(line.person, line.arrive_at.desc())).all()
    for row in sorted(rows, key=lambda row: not row.there):
        yield Present(person=row.person, area=row.area, because=TRAVELLER if row.there else EXPECTED)


def _residing(session: Session, area: str, on: date) -> Iterable[Present]:
    """Find those who work there, and those who live at a residence there."""
    under_contract = and_(
        or_(Person.contract_from.is_(None), Person.contract_from <= on),
        or_(Person.contract_to.is_(None), Person.contract_to >= on),
    )
    posted = select(Person.code, Person.duty_area).where(Person.duty_area.in_(_inside(area)), under_contract)
    living = (
        select(Occupant.person, Residence.area)
        .join(Residence, Residence.code == Occupant.residence)
        .where(
            Residence.area.in_(_inside(area)),
            Occupant.moved_in_on <= on,
            or_(Occupant.moved_out_on.is_(None), Occupant.moved_out_on >= on),
        )
    )
    for query in (posted, living):
        for person, place in session.execute(query):
            yield Present(person=person, area=str(place), because=RESIDENT)


def _depending(session: Session, homes: dict[str, str], on: date) -> Iterable[Present]:
    query = select(Dependant.person, Dependant.sponsor).where(Dependant.sponsor.in_(homes), is_recognised(on))
    for person, sponsor in session.execute(query.order_by(Dependant.person, Dependant.sponsor)):
        yield Present(person=person, area=homes[sponsor], because=DEPENDANT)
