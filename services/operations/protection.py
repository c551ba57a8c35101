"""Travel of senior officials: who knows of it, what is written of each visit, and how each and all of them came out.

A visit is a row of the register of such travel. What it says is written when it is notified, assessed, coordinated and over; a
visit whose place or times change goes on in a further row, and what was assessed before stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from services.errors import Declined
from services.models.people import Person
from services.models.support import TravelNotification
from services.operations.catalogue import operation
from services.operations.confining import confine
from services.operations.moments import LEAST, read_moment, write_moment
from services.operations.work import Work
from services.registers import areas

#: Who knows of all visits, and who of those in the own area. Nobody else knows that the official travels.
EVERYWHERE = ("PCU", "PCU_CHIEF", "USG", "USG_OFFICE", "AUD")
THERE = ("CSA", "SA", "DO", "DOAI", "HGL")
#: Notice that is wanted, and the notice under which the chief of the unit looks first.
WANTED, LATE = timedelta(days=10), timedelta(hours=72)
#: Times that are given at most: to the chief, and for the assessment; less when the departure is near.
CHIEF_WITHIN, ASSESSED_WITHIN = timedelta(hours=4), timedelta(days=3)
NOTIFIED, COORDINATED, ASSESSED_ONLY, TOO_LATE, CANCELLED = "NOTIFIED", "COORDINATED", "ASSESSED_ONLY", "TOO_LATE", "CANCELLED"
NO_HOST = "NONE"
CONFINED_SENTENCE = "Where an official will be is known to those who protect the official."


class NotAhead(Declined):
    """This visit is over, begun or cancelled already. Choose one that is still ahead."""


@operation("protection.open")
def open_notice(work: Work, *, official: str, visits: list[dict[str, Any]]) -> dict[str, Any]:
    """Enter the visits of an official into the register, and let only those know of them who protect the official there."""
    person = work.session.get_one(Person, official)
    work.party(official, "TRAVELLER")
    work.case.organisation = person.organisation
    work.case.subject = person.name
    work.set_status(NOTIFIED)
    confine(work, roles=list(EVERYWHERE), persons=[official, *list_senders(work)], area=None, why=CONFINED_SENTENCE)
    planned = []
    for number, visit in enumerate(visits, start=1):
        row = _add_visit(work, person, f"V{number}", visit)
        confine(work, roles=list(THERE), persons=None, area=row.area, why=CONFINED_SENTENCE)
        planned.append(_planned(work, row, visit.get("programme")))
    return {"traveller": {"code": official, "name": person.name}, "planned": planned}


@operation("protection.plan")
def plan_visit(work: Work, *, visit: dict[str, Any], planned: list[dict[str, Any]], again: bool | None) -> dict[str, Any]:
    """Say what a visit is now, what holds in its area, and by when each step has to be done so that it is in time."""
    told = next(one for one in planned if one["key"] == visit["key"])
    row = _current(work, visit["key"])
    there = areas.facts_for_stay(work.session, row.area, arrive_at=row.departs_at, now=work.now)
    left = max(row.departs_at - work.now, timedelta())
    late_by, assess_by = work.now + min(CHIEF_WITHIN, left / 6), work.now + min(ASSESSED_WITHIN, left / 3)
    facts = {
        "level": there.level,
        "residual_risk": there.risk,
        "late": left < LATE,
        "short_notice": left < WANTED,
        "again": again,
    }
    return {"visit": {**told, **facts, **_clock("late", work.now, late_by), **_clock("assess", work.now, assess_by)}}


@operation("protection.assess")
def assess(work: Work, *, visit: dict[str, Any], risk: str, measure: str, host: str) -> dict[str, Any]:
    """Write the risk of a visit and how the official is protected; says by when it has to be coordinated."""
    row = _current(work, visit["key"])
    row.risk, row.measure, row.assessed_at, row.coordinated_at = risk, measure, work.now, None
    left = max(row.departs_at - work.now, timedelta())
    by = row.departs_at - timedelta(days=1) if left > timedelta(days=2) else work.now + left / 2
    work.count("tn.assessed", area=row.area, visit=row.number, risk=risk, measure=measure)
    facts = {"risk": risk, "measure": measure, "host": host, "asks_host": host != NO_HOST}
    return {"visit": {**visit, **facts, **_clock("coordinate", work.now, by)}}


@operation("protection.coordinate")
def coordinate(work: Work, *, visit: dict[str, Any]) -> dict[str, Any]:
    """Write that a visit is coordinated, which counts as long as the official has not left for it."""
    row = _current(work, visit["key"])
    if work.now < row.departs_at:
        row.coordinated_at = work.now
    note_coordination(work)
    return {}


@operation("protection.change")
def change_visit(
    work: Work,
    *,
    visits: list[dict[str, Any]],
    planned: list[dict[str, Any]],
    key: str,
    area: str | None,
    departs_at: str,
    ends_at: str,
    programme: str | None,
) -> dict[str, Any]:
    """Let a visit go on in a further row, as it is planned now, to be assessed anew.

    Args:
        visits: The visits as they were asked for, in the order of `planned`.

    Raises:
        NotAhead: The official has left for it, or it was cancelled before, or there is no such visit.
    """
    former = next((row for row in list_visits(work) if row.visit == key), None)
    if former is None or former.outcome is not None or former.departs_at <= work.now:
        raise NotAhead
    told = {"area": area or former.area, "departs_at": departs_at, "ends_at": ends_at}
    row = _add_visit(work, work.session.get_one(Person, former.official), key, told)
    work.session.flush()
    former.replaced_by = row.number
    work.set_status(NOTIFIED)
    confine(work, roles=list(THERE), persons=None, area=row.area, why=CONFINED_SENTENCE)
    kept = next(one for one in planned if one["key"] == key)
    changed = {**_planned(work, row, programme or kept["programme"]), "changes": kept["changes"] + 1}
    now = {name: changed[name] for name in ("area", "departs_at", "ends_at", "programme")}
    asked = [{**visit, **now} if one["key"] == key else visit for visit, one in zip(visits, planned, strict=True)]
    return {"visits": asked, "planned": [changed if one["key"] == key else one for one in planned]}


@operation("protection.settle")
def settle(work: Work, *, visit: dict[str, Any]) -> dict[str, Any]:
    """Say how a visit stands as the official leaves for it: what was not done before has not been done."""
    row = _current(work, visit["key"])
    if row.outcome is None:
        row.outcome = COORDINATED if row.coordinated_at else ASSESSED_ONLY if row.assessed_at else TOO_LATE
    work.count("tn.settled", area=row.area, visit=row.number, outcome=row.outcome)
    return {"result": row.outcome}


@operation("protection.close")
def close(work: Work) -> dict[str, Any]:
    """Say how the notice came out: as the worst visit did that was not cancelled."""
    found = {row.outcome for row in list_visits(work)}
    outcome = next((one for one in (TOO_LATE, ASSESSED_ONLY) if one in found), COORDINATED)
    work.set_status(outcome)
    return {"outcome": outcome}


def note_coordination(work: Work) -> None:
    """Say that the notice is coordinated when each of its visits is; those that were cancelled do not count."""
    if all(row.coordinated_at for row in list_visits(work) if row.outcome != CANCELLED):
        work.set_status(COORDINATED)


def list_senders(work: Work) -> list[str]:
    """Return who sent the notice, unless an office did."""
    return [work.case.requester] if "." in work.case.requester else []


def _add_visit(work: Work, person: Person, key: str, visit: dict[str, Any]) -> TravelNotification:
    count = select(func.count()).select_from(TravelNotification)
    before = work.session.scalar(count.where(TravelNotification.case_id == work.case.id, TravelNotification.visit == key))
    row = TravelNotification(
        number=f"{work.case.number}-{key}" + (f"-{before + 1}" if before else ""),
        official=person.code,
        organisation=person.organisation,
        area=visit["area"],
        notified_at=work.now,
        departs_at=read_moment(visit["departs_at"]),
        ends_at=read_moment(visit["ends_at"]),
        visit=key,
        case_id=work.case.id,
    )
    work.session.add(row)
    work.count("tn.notified", area=row.area, visit=row.number)
    return row


def _planned(work: Work, row: TravelNotification, programme: str | None) -> dict[str, Any]:
    """Write a visit for variables; `changes` counts how often it was changed, `cancelled` says why it was cancelled."""
    name = areas.name_of(areas.get_area(work.session, row.area))
    times = {"departs_at": write_moment(row.departs_at), "ends_at": write_moment(row.ends_at or row.departs_at)}
    facts = {"number": row.number, "area": row.area, "area_name": name, "programme": programme}
    return {"key": row.visit, **facts, **times, "changes": 0, "cancelled": None}


def _clock(name: str, now: datetime, by: datetime) -> dict[str, str]:
    """Write by when something is due and how often it is looked at, for a step and the clock on it."""
    by = max(by, now + LEAST)
    return {f"{name}_by": write_moment(by), f"{name}_every": f"PT{int((by - now).total_seconds() // 2)}S"}


def _current(work: Work, key: str) -> TravelNotification:
    return next(row for row in list_visits(work) if row.visit == key)


def list_visits(work: Work) -> Sequence[TravelNotification]:
    """Return the visits of the case as they are now, also those that were cancelled."""
    query = select(TravelNotification).where(TravelNotification.case_id == work.case.id, TravelNotification.replaced_by.is_(None))
    return work.session.scalars(query.order_by(TravelNotification.visit)).all()
