"""Visits of senior officials: for whom one may give notice, who is protected during a stay, and which notice covers it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from services.given import hand_over_texts, is_given
from services.models.base import UtcDateTime
from services.models.people import Dependant, Person
from services.models.support import TravelNotification
from services.prepared import Prepared, PreparedRow
from services.registers.askers import Asker, list_representable

#: Who gives notice of the travel of anybody, and who of that of people of the own organisation.
ALL_OFFICES = ("PCU", "PCU_CHIEF", "USG_OFFICE", "EOSG")
ORGANISATION_OFFICES = ("SFP", "HSSD", "SECCO", "EXH", "HOA")


@dataclass(frozen=True, kw_only=True, slots=True)
class Protected:
    """A protected person, and the notice that covers a stay; without one nobody was told of it.

    Attributes:
        measure: What table D22.1 says of the visit; None before it was assessed.
    """

    person: str
    name: str
    notice: str | None
    risk: str | None
    measure: str | None
    coordinated: bool


def list_officials(session: Session, asker: Asker | None, *, now: datetime) -> Sequence[Row[str, str, str]]:
    """List for whom somebody may give notice, by name: oneself, for whom one prepares travel, and those of one's office.

    Args:
        asker: None for everybody.
    """
    query = select(Person.code, Person.name, Person.organisation).where(Person.code.not_in(select(Dependant.person)))
    if asker is not None and not asker.holdings(*ALL_OFFICES):
        prepared = [person.code for person in list_representable(session, asker, now=now) if person.only is None]
        offices = [held.organisation for held in asker.holdings(*ORGANISATION_OFFICES) if held.organisation is not None]
        query = query.where(or_(Person.code.in_(prepared), Person.organisation.in_(offices)))
    return session.execute(query.order_by(Person.name, Person.code)).all()


def list_protected(
    session: Session, persons: Collection[str], *, area: str, arrive_at: datetime, depart_at: datetime, now: datetime
) -> list[Protected]:
    """Return those of some persons who are protected, by register or by a notice of travel that is not over, in one query.

    A notice covers a stay in its area that lies between its departure and its end.
    """
    dialect = session.get_bind().dialect.name
    asked = {"area": area, "arrive_at": arrive_at, "depart_at": depart_at, "now": now}
    rows = _protected(dialect).rows(session, **asked, **hand_over_texts("codes", list(persons), dialect))
    return list({row.code: _read(row) for row in rows}.values())


def is_live(notice: Any = TravelNotification) -> ColumnElement[bool]:
    """Say in SQL whether a notice stands: neither cancelled nor gone on in another row."""
    return and_(notice.cancelled_at.is_(None), notice.replaced_by.is_(None))


def describe(protected: Collection[Protected]) -> Iterator[dict[str, Any]]:
    """Write protected persons as a card shows them."""
    for one in protected:
        state = one.measure or ("NOTIFIED" if one.notice else "NONE")
        facts = {"name": one.name, "notice": one.notice, "risk": one.risk, "state": state}
        yield {**facts, "coordinated": one.coordinated if one.notice else None}


def _read(row: PreparedRow) -> Protected:
    told = {"notice": row.number, "risk": row.risk, "measure": row.measure}
    return Protected(person=row.code, name=row.name, coordinated=bool(row.coordinated), **told)


@cache
def _protected(dialect: str) -> Prepared:
    return Prepared(lambda: _protected_query(dialect))


def _protected_query(dialect: str) -> Any:
    notice, listed = aliased(TravelNotification), aliased(TravelNotification)
    covers = and_(
        notice.official == Person.code,
        notice.area == bindparam("area", type_=String),
        notice.departs_at <= bindparam("arrive_at", type_=UtcDateTime),
        notice.ends_at >= bindparam("depart_at", type_=UtcDateTime),
        is_live(notice),
    )
    is_listed = (
        select(listed.number)
        .where(listed.official == Person.code, listed.ends_at >= bindparam("now", type_=UtcDateTime), is_live(listed))
        .exists()
    )
    said = (notice.number, notice.risk, notice.measure, notice.coordinated_at.is_not(None).label("coordinated"))
    return (
        select(Person.code, Person.name, *said)
        .outerjoin(notice, covers)
        .where(is_given(Person.code, "codes", dialect), or_(Person.protected.is_(True), is_listed))
        .order_by(Person.code, notice.notified_at, notice.number)
    )
