"""The measures that areas pay for at residences: their versions, and what may be paid for on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.residences import PAYABLE, Residence, Schedule, ScheduleLine

#: Recurring costs of a schedule that has run out stay payable this long, so that guards do not leave overnight.
GRACE = timedelta(days=30)
#: A renewal is opened this long before a schedule runs out.
RENEWAL = timedelta(days=60)
RECURRING = "RECURRING"
#: The measures that every schedule may name; any other is outside the catalogue.
CATALOGUE_NAMES = {
    "RS01": "Guard service",
    "RS02": "Armed guard",
    "RS03": "Alarm with response",
    "RS04": "Window bars",
    "RS05": "Reinforced door",
    "RS06": "Locks",
    "RS07": "External lighting",
    "RS08": "Safe room",
    "RS09": "Perimeter wall or razor wire",
    "RS10": "CCTV",
    "RS11": "Blast film",
    "RS12": "Fire extinguisher",
    "RS13": "Smoke detector",
    "RS14": "Radio",
    "RS15": "Back-up power for security devices",
    "RS16": "Escape ladder",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """What lets a measure be paid for: the line of a schedule, and of which schedule."""

    schedule: Schedule
    line: ScheduleLine


def find_in_force(session: Session, area: str) -> Schedule | None:
    """Return the schedule that heads an area's versions."""
    return session.scalars(select(Schedule).where(Schedule.area == area, Schedule.status == "IN_FORCE")).first()


def find_latest(session: Session, area: str) -> Schedule | None:
    """Return the newest version that ever allowed payments in an area, interim approvals left out."""
    approved = select(Schedule).where(Schedule.area == area, Schedule.status.in_(("IN_FORCE", "SUPERSEDED", "EXPIRED")))
    return session.scalars(approved.order_by(Schedule.version.desc()).limit(1)).first()


def next_version(session: Session, area: str) -> int:
    """Return the number of the next version of an area; none is used twice."""
    return (session.scalar(select(func.max(Schedule.version)).where(Schedule.area == area)) or 0) + 1


def lines_of(session: Session, schedule: str) -> Sequence[ScheduleLine]:
    """Return the measures of a schedule."""
    return session.scalars(select(ScheduleLine).where(ScheduleLine.schedule == schedule).order_by(ScheduleLine.no)).all()


def find_cover(session: Session, residence: Residence, measure: str, days: Sequence[date]) -> Cover | None:
    """Return the line that allows a measure at a residence on every one of some days; the last day's counts for the amount."""
    covers = [_cover_on(session, residence, measure, day) for day in days]
    return covers[-1] if covers and all(covers) else None


def _cover_on(session: Session, residence: Residence, measure: str, on: date) -> Cover | None:
    above = select(AreaWithin.ancestor).where(AreaWithin.area == residence.area)
    query = (
        select(Schedule, ScheduleLine)
        .join(ScheduleLine, ScheduleLine.schedule == Schedule.number)
        .where(Schedule.area.in_(above), Schedule.status.in_(PAYABLE), ScheduleLine.measure == measure)
        .where(Schedule.valid_from <= on, Schedule.valid_to >= on - GRACE)
        .order_by(Schedule.version.desc(), Schedule.number)
    )
    for schedule, line in session.execute(query):
        in_time = on <= last_day(schedule, line.cost_kind)
        if in_time and (not line.residence_kinds or residence.kind in line.residence_kinds):
            return Cover(schedule=schedule, line=line)
    return None


def last_day(schedule: Schedule, cost_kind: str) -> date:
    """Return the last day for which a schedule allows payments: a month longer for recurring costs when it simply ran out."""
    ran_out = schedule.status in {"IN_FORCE", "EXPIRED"}
    return schedule.valid_to + GRACE if ran_out and cost_kind == RECURRING else schedule.valid_to


def list_expiring(session: Session, on: date) -> Sequence[Schedule]:
    """Return the schedules in force that run out within the time that a renewal takes."""
    query = select(Schedule).where(Schedule.status == "IN_FORCE", Schedule.valid_to <= on + RENEWAL)
    return session.scalars(query.order_by(Schedule.area)).all()


def measure_names(session: Session, on: date) -> dict[str, str]:
    """Return the names of all measures by code: the catalogue, and what schedules have beside it, with their areas."""
    beside = (
        select(ScheduleLine.measure, ScheduleLine.name, Schedule.area)
        .join(Schedule, Schedule.number == ScheduleLine.schedule)
        .where(Schedule.status.in_(PAYABLE), Schedule.valid_to >= on - GRACE, ScheduleLine.measure.not_in(CATALOGUE_NAMES))
        .order_by(ScheduleLine.measure, Schedule.area, Schedule.version)
    )
    found: dict[str, dict[str, str]] = {}
    for measure, name, area in session.execute(beside):
        found.setdefault(measure, {})[area] = name
    texts = {code: ", ".join(f"{name}, {area}" for area, name in areas.items()) for code, areas in found.items()}
    return CATALOGUE_NAMES | texts
