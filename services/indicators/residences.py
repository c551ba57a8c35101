"""K6: schedules of residential measures that headquarters approved."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Row, and_, bindparam, exists, not_, or_, select
from sqlalchemy.orm import Session, aliased

from services.indicators.shape import Asked, Member, Value, Why, part_count, share
from services.indicators.statements import ON, UNTIL, Extent
from services.models.areas import Area
from services.models.areas import Calendar as CalendarRow
from services.models.residences import PAYABLE, Schedule
from services.registers.calendars import COMMON
from workflows.calendars import Calendar

HEADQUARTERS = ("DRO_DIR", "USG")
INTERIM, IN_GRACE, WAITING = "interim", "in_grace", "undecided"
SUBMITTED = "SUBMITTED"


def approved_schedules(session: Session, asked: Asked) -> Value:
    """K6: of the schedules that hold, those approved by the director or the Under-Secretary-General.

    Below the line stand also an interim approval, an expired schedule in its days of grace, and one that was submitted and is
    undecided for longer than all its steps may take. Returned and withdrawn ones are out.
    """
    grace = timedelta(days=asked.settings.grace_days)
    rows = session.execute(_schedules(asked.extent), asked.values(grace_since=asked.on - grace)).all()
    free_days = _free_days(session)
    members = [member for row in rows if (member := _member(row, asked, free_days)) is not None]
    return share("K6", asked, members, [part_count(name, members) for name in (INTERIM, IN_GRACE, WAITING)])


@cache
def _schedules(extent: Extent) -> Any:
    later, successor = aliased(Schedule), aliased(Schedule)
    decided = Schedule.approved_at < UNTIL
    holds = and_(decided, Schedule.status.in_(PAYABLE), Schedule.valid_from <= ON, Schedule.valid_to >= ON)
    followed = exists().where(
        later.area == Schedule.area,
        later.number != Schedule.number,
        later.approved_at < UNTIL,
        later.status.in_(PAYABLE),
        later.valid_from <= ON,
        later.valid_to >= ON,
    )
    lately = and_(
        decided,
        Schedule.status.in_(("IN_FORCE", "EXPIRED", "SUPERSEDED")),
        Schedule.valid_to < ON,
        Schedule.valid_to >= bindparam("grace_since", type_=Date),
        not_(followed),
    )
    waiting = and_(
        Schedule.submitted_at < UNTIL,
        or_(
            and_(Schedule.status == SUBMITTED, Schedule.approved_at.is_(None)),
            and_(Schedule.status.in_(PAYABLE), Schedule.approved_at >= UNTIL),
        ),
    )
    replaced = exists().where(successor.number == Schedule.superseded_by, successor.valid_from <= ON)
    columns = (
        Schedule.number,
        Schedule.area,
        Schedule.case_id,
        Schedule.authority,
        Schedule.submitted_at,
        Schedule.approved_at,
        Schedule.valid_to,
        Area.zone,
        Area.calendar,
    )
    kept = or_(Schedule.status != "SUPERSEDED", and_(Schedule.superseded_by.is_not(None), not_(replaced)))
    query = select(*columns).join(Area, Area.code == Schedule.area)
    return query.where(extent.covers(Schedule.area), kept, or_(holds, lately, waiting)).order_by(Schedule.number)


def _member(row: Row[Any], asked: Asked, free_days: dict[str, CalendarRow]) -> Member | None:
    """Make the entry of a schedule; one that waits for no longer than it may is not in the list."""
    why: tuple[Why, ...] = ()
    part = frozenset[str]()
    if row.approved_at is None or row.approved_at >= asked.until:
        due_at = _calendar(row, free_days).add_working_days(row.submitted_at, asked.settings.schedule_days)
        if due_at >= asked.until:
            return None
        why, part = (Why("UNDECIDED", due_at.date().isoformat()),), frozenset({WAITING})
    elif row.valid_to < asked.on:
        why, part = (Why("IN_GRACE", row.valid_to.isoformat()),), frozenset({IN_GRACE})
    elif row.authority not in HEADQUARTERS:
        why, part = (Why("INTERIM"),), frozenset({INTERIM})
    return Member(
        register="residential-schedules",
        entry=row.number,
        label=row.number,
        numerator=0 if why else 1,
        why=why,
        parts=part,
        area=row.area,
        case_id=row.case_id,
    )


_CALENDARS = select(CalendarRow)


def _free_days(session: Session) -> dict[str, CalendarRow]:
    return {row.code: row for row in session.scalars(_CALENDARS)}


def _calendar(row: Row[Any], free_days: dict[str, CalendarRow]) -> Calendar:
    known = free_days.get(row.calendar or "")
    if known is None:
        return Calendar(weekend=COMMON.weekend, holidays=COMMON.holidays, zone=row.zone)
    holidays = frozenset(date.fromisoformat(str(day)) for day in known.holidays)
    return Calendar(weekend=frozenset(known.weekend), holidays=holidays, zone=row.zone)
