"""The measurement of every night: of how many people of each duty station it is known where they are.

Who is listed: everybody posted there who is not travelling, their recognised family, and visitors whose cleared stay has begun
and is not over. Where they are is known of somebody who gave a sign of life in the last hours, who arrived on a stay that is not
over, or whose home is registered. Only the counts are kept: this is no register of where people were.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from services.database import Database
from services.errors import Busy
from services.indicators.settings import DEFAULTS, Settings
from services.models.bus import DailyRound
from services.models.clearances import GRANTED_STATUSES, ClearanceLine, Movement
from services.models.indicators import WhereaboutsNight
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.models.plans import DutyStation
from services.models.residences import Occupant

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
    open_ = select(DutyStation).where(
        DutyStation.opened_on <= today, or_(DutyStation.closed_on.is_(None), DutyStation.closed_on > today)
    )
    stations = session.scalars(open_.order_by(DutyStation.code)).all()
    places = {station.area: _Place() for station in stations}
    since = now - timedelta(hours=settings.sign_hours)
    signed = set(
        session.scalars(select(Movement.person).where(Movement.at > since, Movement.at <= now, Movement.kind != "MISSING"))
    )
    travelling = _enter_visitors(session, places, signed, now)
    _enter_residents(session, places, signed, travelling, today)
    for station in stations:
        place = places[station.area]
        session.add(
            WhereaboutsNight(
                duty_station=station.code,
                night=today,
                listed=len(place.listed),
                located=len(place.located),
                signs=len(place.signs),
                measured_at=now,
            )
        )


def _enter_visitors(session: Session, places: dict[str, _Place], signed: set[str], now: datetime) -> set[str]:
    """List visitors where they should be now. Answers everybody who travels, wherever to."""
    staying = select(ClearanceLine.person, ClearanceLine.area, ClearanceLine.status).where(
        ClearanceLine.arrive_at <= now, ClearanceLine.depart_at > now, ClearanceLine.status.in_(_VISITING)
    )
    travelling: set[str] = set()
    for person, area, status in session.execute(staying):
        travelling.add(person)
        if area in places:
            _enter(places[area], person, signed, is_known=status == "IN_AREA")
    return travelling


def _enter_residents(session: Session, places: dict[str, _Place], signed: set[str], travelling: set[str], today: date) -> None:
    """List those posted at a station and their family, but for those who travel."""
    at_home = set(
        session.scalars(
            select(Occupant.person).where(
                Occupant.moved_in_on <= today, or_(Occupant.moved_out_on.is_(None), Occupant.moved_out_on >= today)
            )
        )
    )
    posted = (
        select(Person.code, Person.duty_area)
        .join(Organisation, Organisation.code == Person.organisation)
        .where(
            Organisation.unsms_member,
            Person.duty_area.in_(list(places)),
            Person.contract_type.not_in(_NO_STAFF),
            or_(Person.contract_from.is_(None), Person.contract_from <= today),
            or_(Person.contract_to.is_(None), Person.contract_to >= today),
        )
    )
    areas = {code: str(area) for code, area in session.execute(posted)}
    homes = {code: code in at_home for code in areas}
    for person, sponsor, own_area in session.execute(_family(today)):
        if sponsor in areas:
            areas.setdefault(person, own_area or areas[sponsor])
            homes.setdefault(person, person in at_home or homes[sponsor])
    for person, area in areas.items():
        if person not in travelling and area in places:
            _enter(places[area], person, signed, is_known=homes[person])


def _family(today: date) -> Select[str, str, str | None]:
    relative = aliased(Person)
    return (
        select(Dependant.person, Dependant.sponsor, relative.duty_area)
        .join(relative, relative.code == Dependant.person)
        .where(Dependant.recognised_from <= today, or_(Dependant.recognised_to.is_(None), Dependant.recognised_to >= today))
    )


def _enter(place: _Place, person: str, signed: set[str], *, is_known: bool) -> None:
    place.listed.add(person)
    if person in signed:
        place.signs.add(person)
    if is_known or person in signed:
        place.located.add(person)
