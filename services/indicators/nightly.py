"""The measurement of every night: of how many people of each duty station it is known where they are.

Who is listed: everybody posted there who is not travelling, their recognised family, and visitors whose cleared stay has begun
and is not over. Where they are is known of somebody who gave a sign of life in the last hours, who arrived on a stay that is not
over, or whose home is registered. Only the counts are kept: this is no register of where people were.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import Busy
from services.indicators.settings import DEFAULTS, Settings
from services.models.base import UtcDateTime
from services.models.bus import DailyRound
from services.models.clearances import GRANTED_STATUSES, ClearanceLine, Movement
from services.models.indicators import WhereaboutsNight
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.models.plans import DutyStation
from services.models.residences import Occupant
from services.prepared import Prepared, PreparedInsert

_NOW, _SINCE, _TODAY = bindparam("now", type_=UtcDateTime), bindparam("since", type_=UtcDateTime), bindparam("today", type_=Date)
ROUND = "indicators.whereabouts"
_VISITING = (*GRANTED_STATUSES, "REGISTERED")
_NO_STAFF = ("PARTNER", "VISITOR")
_log = logging.getLogger("safeconduct.jobs")


@dataclass(slots=True)
class _Place:
    """The people of one duty station, and those of them whose place is known."""

    listed: set[str] = field(default_factory=set)
    located: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)

    def counts(self) -> dict[str, int]:
        """Count them, under the names of the columns."""
        return {"listed": len(self.listed), "located": len(self.located), "signs": len(self.signs)}


def measure_once(database: Database, now: datetime) -> bool:
    """Measure tonight, unless it was done already; a day is one of UTC. Says whether it measured."""
    with database.reading() as session:
        if session.get(DailyRound, (ROUND, now.date())) is not None:
            return False
    try:
        with database.transaction() as session:
            if session.get(DailyRound, (ROUND, now.date())) is not None:
                return False
            session.add(DailyRound(operation=ROUND, day=now.date(), at=now))
            session.flush()  # whoever measures at the same moment waits here, and then finds it done
            measure_night(session, now)
    except Busy:
        return False
    except Exception:  # noqa: BLE001  whatever it was, the other jobs must run, and this one again
        _log.exception("The whereabouts of tonight could not be measured")
        return False
    return True


def measure_night(session: Session, now: datetime, settings: Settings = DEFAULTS) -> None:
    """Count at every open duty station who is listed and whose place is known, and keep the counts."""
    today = now.date()
    stations = [(row.code, row.area) for row in _STATIONS.rows(session, today=today)]
    places = {area: _Place() for _, area in stations}
    since = now - timedelta(hours=settings.sign_hours)
    signed = {row.person for row in _SIGNED.rows(session, since=since, now=now)}
    travelling = _enter_visitors(session, places, signed, now)
    _enter_residents(session, places, signed, travelling, today)
    measured = [{"duty_station": code, "night": today, "measured_at": now, **places[area].counts()} for code, area in stations]
    _NIGHTS.add(session, measured)


def _enter_visitors(session: Session, places: dict[str, _Place], signed: set[str], now: datetime) -> set[str]:
    """List visitors where they should be now. Answers everybody who travels, wherever to."""
    travelling: set[str] = set()
    for row in _STAYING.rows(session, now=now):
        travelling.add(row.person)
        if row.area in places:
            _enter(places[row.area], row.person, signed, is_known=row.status == "IN_AREA")
    return travelling


def _enter_residents(session: Session, places: dict[str, _Place], signed: set[str], travelling: set[str], today: date) -> None:
    """List those posted at a station and their family, but for those who travel."""
    at_home = {row.person for row in _AT_HOME.rows(session, today=today)}
    areas = {row.code: str(row.duty_area) for row in _POSTED.rows(session, today=today)}
    homes = {code: code in at_home for code in areas}
    for row in _FAMILY.rows(session, today=today):
        if row.sponsor in areas:
            areas.setdefault(row.person, row.duty_area or areas[row.sponsor])
            homes.setdefault(row.person, row.person in at_home or homes[row.sponsor])
    for person, area in areas.items():
        if person not in travelling and area in places:
            _enter(places[area], person, signed, is_known=homes[person])


def _is_open() -> ColumnElement[bool]:
    return and_(DutyStation.opened_on <= _TODAY, or_(DutyStation.closed_on.is_(None), DutyStation.closed_on > _TODAY))


def _posted_query() -> Select[*tuple[Any, ...]]:
    return (
        select(Person.code, Person.duty_area)
        .join(Organisation, Organisation.code == Person.organisation)
        .where(
            Organisation.unsms_member,
            Person.duty_area.in_(select(DutyStation.area).where(_is_open())),
            Person.contract_type.not_in(_NO_STAFF),
            or_(Person.contract_from.is_(None), Person.contract_from <= _TODAY),
            or_(Person.contract_to.is_(None), Person.contract_to >= _TODAY),
        )
    )


def _family_query() -> Select[*tuple[Any, ...]]:
    is_recognised = and_(
        Dependant.recognised_from <= _TODAY, or_(Dependant.recognised_to.is_(None), Dependant.recognised_to >= _TODAY)
    )
    known = select(Dependant.person, Dependant.sponsor, Person.duty_area).join(Person, Person.code == Dependant.person)
    return known.where(is_recognised)


def _staying_query() -> Select[*tuple[Any, ...]]:
    is_there = and_(ClearanceLine.arrive_at <= _NOW, ClearanceLine.depart_at > _NOW)
    visitors = select(ClearanceLine.person, ClearanceLine.area, ClearanceLine.status)
    return visitors.where(is_there, ClearanceLine.status.in_(_VISITING))


def _at_home_query() -> Select[*tuple[Any, ...]]:
    left = or_(Occupant.moved_out_on.is_(None), Occupant.moved_out_on >= _TODAY)
    return select(Occupant.person).where(Occupant.moved_in_on <= _TODAY, left)


def _signed_query() -> Select[*tuple[Any, ...]]:
    return select(Movement.person).where(Movement.at > _SINCE, Movement.at <= _NOW, Movement.kind != "MISSING")


_STATIONS = Prepared(lambda: select(DutyStation.code, DutyStation.area).where(_is_open()).order_by(DutyStation.code))
_POSTED, _FAMILY, _AT_HOME = Prepared(_posted_query), Prepared(_family_query), Prepared(_at_home_query)
_STAYING, _SIGNED = Prepared(_staying_query), Prepared(_signed_query)
_NIGHTS = PreparedInsert(WhereaboutsNight)


def _enter(place: _Place, person: str, signed: set[str], *, is_known: bool) -> None:
    place.listed.add(person)
    if person in signed:
        place.signs.add(person)
    if is_known or person in signed:
        place.located.add(person)
