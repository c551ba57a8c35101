"""By which numbers people are reached: that of the trip they are on, else their own, else that of the family's staff member."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.clearances import ClearanceLine
from services.models.people import Person
from services.registers.whereabouts import sponsors_of

#: Under this name a line of the register keeps the number that its traveller gave for the trip.
TRIP_PHONE = "mobile"
#: So long before the arrival and after the departure somebody carries the phone of the trip.
AROUND = timedelta(days=1)


def trip_phones_of(session: Session, persons: Collection[str], now: datetime) -> dict[str, str]:
    """Return the numbers that persons gave for the trips that they are on. One query."""
    line = ClearanceLine
    query = select(line.person, line.facts).where(
        line.person.in_(persons), line.arrive_at <= now + AROUND, line.depart_at >= now - AROUND
    )
    rows = session.execute(query.order_by(line.arrive_at, line.created_at, line.id)).all()
    return {row.person: str(row.facts[TRIP_PHONE]) for row in rows if row.facts.get(TRIP_PHONE)}


def phones_of(session: Session, persons: Collection[str], now: datetime) -> Mapping[str, str]:
    """Return by which numbers persons are reached now; for family without one, by that of the staff member."""
    sponsors = sponsors_of(session, persons, now.date())
    asked = {*persons, *(sponsor for of_one in sponsors.values() for sponsor in of_one)}
    own = select(Person.code, Person.mobile).where(Person.code.in_(asked), Person.mobile.is_not(None))
    known: dict[str, Any] = {row.code: row.mobile for row in session.execute(own)} | trip_phones_of(session, asked, now)
    numbers = {person: [known.get(one) for one in (person, *sponsors.get(person, []))] for person in persons}
    return {person: next(filter(None, of_one), "") for person, of_one in numbers.items()}


def phone_for(codes: Collection[str], requester: str) -> str | None:
    """Say whose number the request names for the trip: the requester's who travels, or that of whoever travels alone."""
    if requester in codes:
        return requester
    return next(iter(codes)) if len(codes) == 1 else None
