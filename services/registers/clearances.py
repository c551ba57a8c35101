"""The clearance register: lines of persons at stops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from services.models.clearances import CLOSED_STATUSES, ClearanceLine
from services.prepared import Prepared
from services.recall import recall

#: Lines that still wait for an answer.
OPEN_STATUSES = ("PENDING", "HELD", "DEFERRED", "RETURNED")
#: When somebody arrives somewhere, and leaves.
Stay = tuple[datetime, datetime]
#: Two stays may touch; only more than this is an overlap.
OVERLAP = timedelta(hours=2)
_OF_CASE = (
    select(ClearanceLine)
    .where(ClearanceLine.case_id == bindparam("case_id"))
    .order_by(ClearanceLine.stop_no, ClearanceLine.person)
)
_ELSEWHERE = select(ClearanceLine.person, ClearanceLine.arrive_at, ClearanceLine.depart_at).where(
    ClearanceLine.person.in_(bindparam("persons", expanding=True)),
    ClearanceLine.case_id != bindparam("case_id"),
    ClearanceLine.status.not_in(CLOSED_STATUSES),
    ClearanceLine.depart_at > bindparam("since"),
)
_ABOARD = Prepared(
    lambda: select(func.count(func.distinct(ClearanceLine.person))).where(
        ClearanceLine.operator == bindparam("operator"),
        ClearanceLine.flight_number == bindparam("flight"),
        ClearanceLine.arrive_at >= bindparam("begins"),
        ClearanceLine.arrive_at < bindparam("ends"),
        ClearanceLine.organisation == bindparam("organisation"),
        ClearanceLine.status.not_in(CLOSED_STATUSES),
    )
)


def lines_of_case(session: Session, case_id: str) -> Sequence[ClearanceLine]:
    """Return all lines of a case, by stop and person."""
    return recall(session, ClearanceLine, case_id, lambda: session.scalars(_OF_CASE, {"case_id": case_id}).all())


def lines_of_unit(session: Session, case_id: str, unit_key: str) -> Sequence[ClearanceLine]:
    """Return the lines that are decided together."""
    return _by_person(line for line in lines_of_case(session, case_id) if line.unit_key == unit_key)


def lines_of_stop(session: Session, case_id: str, stop_key: str) -> Sequence[ClearanceLine]:
    """Return the lines of one stop."""
    return _by_person(line for line in lines_of_case(session, case_id) if line.stop_key == stop_key)


def _by_person(lines: Iterable[ClearanceLine]) -> list[ClearanceLine]:
    return sorted(lines, key=lambda line: line.person)


def lines_there(session: Session, area: str) -> Sequence[ClearanceLine]:
    """Return the lines of travellers who are in an area, the last to arrive first."""
    query = select(ClearanceLine).where(ClearanceLine.area == area, ClearanceLine.status == "IN_AREA")
    return session.scalars(query.order_by(ClearanceLine.arrive_at.desc(), ClearanceLine.person)).all()


def stays_elsewhere(session: Session, persons: Collection[str], *, case_id: str, since: datetime) -> dict[str, list[Stay]]:
    """Return by person the stays in which other cases place them, those that end after a moment."""
    asked = {"persons": list(persons), "case_id": case_id, "since": since}
    found: dict[str, list[Stay]] = defaultdict(list)
    for person, arrive_at, depart_at in session.execute(_ELSEWHERE, asked):
        found[person].append((arrive_at, depart_at))
    return dict(found)


def is_overlapped(stays: Iterable[Stay], *, arrive_at: datetime, depart_at: datetime) -> bool:
    """Say whether one of some stays takes more of the time between than stays may that touch."""
    return any(arrives < depart_at - OVERLAP and departs > arrive_at + OVERLAP for arrives, departs in stays)


def count_on_flight(session: Session, *, operator: str, flight: str, arrive_at: datetime, organisation: str) -> int:
    """Count the persons of an organisation on one flight, over all cases."""
    day = arrive_at.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = day + timedelta(days=1)
    found = _ABOARD.recall(session, operator=operator, flight=flight, organisation=organisation, begins=day, ends=ends)
    return int(found[0][0])


def phase_of(lines: Collection[ClearanceLine], now: datetime) -> str:
    """Say how far a journey to a stop has come: PENDING, HELD, CLEARED_NOT_DEPARTED, EN_ROUTE, IN_AREA or LEFT."""
    statuses = {line.status for line in lines}
    if "IN_AREA" in statuses:
        return "IN_AREA"
    if statuses & {"GRANTED", "GRANTED_COND", "REGISTERED"}:
        arrive_at = min(line.arrive_at for line in lines)
        # A journey takes at most a day: within it before arrival, people may be on their way.
        return "EN_ROUTE" if arrive_at - timedelta(hours=24) <= now else "CLEARED_NOT_DEPARTED"
    if "HELD" in statuses:
        return "HELD"
    return "LEFT" if statuses == {"LEFT"} else "PENDING"
