"""What whoever decides on a stay should know beside its card: places on its nights, earlier trips, and who travels with whom.

Of earlier journeys only the stops in the same area are told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services import authority, people
from services.locator.conditions import CLEARED
from services.models.cases import Task
from services.models.clearances import Breach, ClearanceLine
from services.models.people import Dependant
from services.people import Actor
from services.registers.areas import get_area
from services.registers.ceilings import nights_of
from services.registers.nights import Night, places_by_night

#: Lines that say how an earlier request ended.
_ANSWERED = (*CLEARED, "LEFT", "DENIED", "REFUSED", "UNDECIDED", "REVOKED")


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierTrips:
    """What is known of one traveller in this area from before.

    Attributes:
        count: How many requests for the area were answered.
        last_status, last_at: How the last of them ended, and its planned arrival.
        breaches: Stops there without a clearance that nobody has reviewed yet.
    """

    name: str
    count: int
    last_status: str | None
    last_at: datetime | None
    breaches: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Companion:
    """A family member who travels, and on whose account; whether that person is on the same stop."""

    name: str
    sponsor: str
    is_together: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """What should be known of a stay.

    Attributes:
        nights: The places on its nights; empty where nothing limits the number of people.
        earlier: Those travellers of whom something is known, open breaches first.
        travellers: How many travel.
    """

    nights: Sequence[Night]
    earlier: Sequence[EarlierTrips]
    family: Sequence[Companion]
    travellers: int


def read_stay(session: Session, task: Task, *, actor: Actor, now: datetime) -> Stay | None:
    """Read what should be known of the stay that a task is about; None when it is about none. A constant number of queries."""
    of_task = (ClearanceLine.case_id == task.case_id, ClearanceLine.unit_key == task.line)
    query = select(ClearanceLine).where(*of_task, ClearanceLine.status != "NOT_COVERED").order_by(ClearanceLine.person)
    lines = session.scalars(query).all() if task.line else ()
    if not lines:
        return None
    first, codes = lines[0], [line.person for line in lines]
    breaches = _count_breaches(session, first.area, codes, actor, now)
    earlier = _read_earlier(session, first, codes, actor, now)
    sponsors = _read_sponsors(session, codes, first.arrive_at)
    names = people.names_of(session, {*codes, *sponsors.values()})
    known = [_earlier(code, earlier.get(code), breaches.get(code, 0), names) for code in codes]
    return Stay(
        nights=_read_nights(session, first),
        earlier=sorted((one for one in known if one.count or one.breaches), key=lambda one: (-one.breaches, one.name)),
        family=[
            Companion(name=names[code], sponsor=names[sponsor], is_together=sponsor in codes)
            for code, sponsor in sponsors.items()
        ],
        travellers=len(codes),
    )


def _read_nights(session: Session, line: ClearanceLine) -> Sequence[Night]:
    nights = nights_of(session, line.area, line.arrive_at, line.depart_at)
    found = places_by_night(session, get_area(session, line.area), nights[0], len(nights))
    return found if any(night.ceiling is not None for night in found) else []


def _read_earlier(
    session: Session, line: ClearanceLine, codes: Collection[str], actor: Actor, now: datetime
) -> dict[str, tuple[int, Any]]:
    """Return how many earlier requests of each person for the area were answered, and the last of them."""
    place = func.row_number().over(partition_by=ClearanceLine.person, order_by=ClearanceLine.arrive_at.desc())
    count = func.count().over(partition_by=ClearanceLine.person)
    ranked = (
        select(ClearanceLine.person, ClearanceLine.status, ClearanceLine.arrive_at, place.label("place"), count.label("requests"))
        .where(
            ClearanceLine.person.in_(codes),
            ClearanceLine.area == line.area,
            ClearanceLine.case_id != line.case_id,
            ClearanceLine.arrive_at < line.arrive_at,
            ClearanceLine.status.in_(_ANSWERED),
            authority.is_open_to_actor(ClearanceLine.case_id),
        )
        .subquery()
    )
    latest = select(ranked).where(ranked.c.place == 1)
    return {row.person: (row.requests, row) for row in session.execute(authority.as_asked_by(latest, actor, now))}


def _count_breaches(session: Session, area: str, codes: Collection[str], actor: Actor, now: datetime) -> dict[str, int]:
    query = select(Breach.person, func.count()).where(
        Breach.person.in_(codes),
        Breach.area == area,
        Breach.reviewed_at.is_(None),
        authority.is_open_to_actor(Breach.case_id),
    )
    return dict(session.execute(authority.as_asked_by(query.group_by(Breach.person), actor, now)).all())


def _read_sponsors(session: Session, codes: Collection[str], arrive_at: datetime) -> dict[str, str]:
    """Return on whose account those travel who are recognised as family on the day of arrival."""
    on = arrive_at.date()
    query = select(Dependant.person, Dependant.sponsor).where(
        Dependant.person.in_(codes),
        Dependant.recognised_from <= on,
        or_(Dependant.recognised_to.is_(None), Dependant.recognised_to >= on),
    )
    return dict(session.execute(query.order_by(Dependant.person, Dependant.sponsor.desc())).all())


def _earlier(code: str, found: tuple[int, Any] | None, breaches: int, names: dict[str, str]) -> EarlierTrips:
    count, last = found or (0, None)
    return EarlierTrips(
        name=names[code],
        count=count,
        last_status=last.status if last else None,
        last_at=last.arrive_at if last else None,
        breaches=breaches,
    )
