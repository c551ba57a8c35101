"""Which lines of the clearance register stand on the board of an area and where: conditions in SQL, each said once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from services.models.clearances import GRANTED_STATUSES, ClearanceLine, Movement
from services.operations.presence import SEARCH_AFTER
from services.registers.clearances import OPEN_STATUSES

#: So far ahead arrivals are shown, and so long before they leave people are told of.
COMING_WITHIN, LEAVING_WITHIN = timedelta(days=7), timedelta(hours=48)
#: Lines that allow a person to come; private travel is only registered.
CLEARED = (*GRANTED_STATUSES, "REGISTERED")
#: Lines without a clearance. Whoever was seen at such a stop is there all the same.
NOT_CLEARED = (*OPEN_STATUSES, "DENIED", "REFUSED", "UNDECIDED", "REVOKED", "RELEASED")
#: What somebody answers who is not safe.
HELP = ("NEED_HELP", "HELP", "NO")
SAFE = "SAFE"
_ARRIVALS = ("ARRIVED", "PRESENT")
#: What is entered of a person without a word from anybody who met them.
_NO_SIGNS = ("MISSING", "PLANNED")


class Part(StrEnum):
    """The lists of a board."""

    ALARMS = "alarms"
    HERE = "here"
    ARRIVING = "arriving"
    LEAVING = "leaving"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is asked of boards.

    Attributes:
        areas: Of which areas.
        watched: Those of them that want travellers to check in.
        start, end: The day that is asked about, today or later, by the area's own clock; None asks about now and what is near.
    """

    areas: tuple[str, ...]
    watched: tuple[str, ...]
    now: datetime
    start: datetime | None = None
    end: datetime | None = None


def is_live(asked: Asked) -> ColumnElement[bool]:
    """Say whether a line may stand on a board at all: its stay is not over, the person is still there, or something is wrong."""
    line = ClearanceLine
    current = or_(line.depart_at > asked.now, line.status == "IN_AREA")
    return and_(line.area.in_(asked.areas), or_(current, is_alarming(asked)))


def is_waiting(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody wants to come, or is to stay, about whom nothing is decided."""
    line = ClearanceLine
    return and_(line.status.in_(OPEN_STATUSES), line.status != "DEFERRED", line.depart_at > asked.now)


def is_waiting_for_place(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody waits until a place under the ceiling is free."""
    return and_(ClearanceLine.status == "DEFERRED", ClearanceLine.depart_at > asked.now)


def is_in(part: Part, asked: Asked) -> ColumnElement[bool]:
    """Say whether a line stands on one list of the board."""
    if part is Part.ALARMS:
        return or_(is_alarming(asked), is_overdue(asked))
    if part is Part.HERE:
        return is_here(asked) if asked.start is None else _stays_on(asked)
    return is_arriving(asked) if part is Part.ARRIVING else is_leaving(asked)


def is_here(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody is there now: checked in, by plan, or seen there without a clearance."""
    line, signs = ClearanceLine, signs_of(asked.areas).c
    covers_now = and_(line.arrive_at <= asked.now, line.depart_at > asked.now)
    return or_(
        line.status == "IN_AREA",
        and_(line.status.in_(CLEARED), covers_now),
        and_(line.status.in_(NOT_CLEARED), covers_now, signs.arrived == 1, signs.departed == 0),
    )


def _stays_on(asked: Asked) -> ColumnElement[bool]:
    line = ClearanceLine
    planned = and_(line.status.in_(CLEARED), line.arrive_at < asked.end, line.depart_at > asked.start)
    is_today = asked.start is not None and asked.end is not None and asked.start <= asked.now < asked.end
    return or_(planned, is_here(asked)) if is_today else planned


def is_arriving(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody is coming, cleared or still waiting for an answer."""
    line = ClearanceLine
    comes = and_(line.status.in_((*CLEARED, *OPEN_STATUSES)), line.status != "IN_AREA")
    if asked.start is not None:
        return and_(comes, line.arrive_at >= asked.start, line.arrive_at < asked.end)
    return and_(comes, line.arrive_at > asked.now, line.arrive_at <= asked.now + COMING_WITHIN)


def is_leaving(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody leaves soon, or should have left already."""
    line = ClearanceLine
    if asked.start is not None:
        return and_(line.status.in_(CLEARED), line.depart_at >= asked.start, line.depart_at < asked.end)
    return and_(is_here(asked), line.depart_at <= asked.now + LEAVING_WITHIN)


def is_overdue(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody should have checked in, in an area that wants it, and is not yet looked for as missing."""
    if not asked.watched:
        return false()
    line, signs = ClearanceLine, signs_of(asked.areas).c
    heard = func.coalesce(signs.arrived + signs.departed + signs.looked_for, 0) > 0
    waited = and_(line.arrive_at <= asked.now - SEARCH_AFTER, line.depart_at > asked.now)
    return and_(line.area.in_(asked.watched), line.status.in_(("GRANTED", "GRANTED_COND")), waited, ~heard)


def is_missing(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody was entered as missing, and nothing was heard since."""
    signs = signs_of(asked.areas).c
    return and_(signs.missing_at.is_not(None), or_(signs.heard_at.is_(None), signs.heard_at <= signs.missing_at))


def is_asking_for_help(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody asked for help, and neither said to be safe nor left since."""
    signs = signs_of(asked.areas).c
    return and_(signs.help_at.is_not(None), or_(signs.calm_at.is_(None), signs.calm_at <= signs.help_at))


def is_alarming(asked: Asked) -> ColumnElement[bool]:
    """Say whether somebody is missing or asks for help."""
    return or_(is_missing(asked), is_asking_for_help(asked))


def with_signs(query: Any, asked: Asked) -> Any:
    """Join what was heard of each person at each stop to a query of lines; every condition here asks for it."""
    signs = signs_of(asked.areas)
    mine = and_(signs.c.person == ClearanceLine.person, signs.c.stop_key == ClearanceLine.stop_key)
    return query.outerjoin(signs, mine)


@lru_cache(maxsize=256)
def signs_of(areas: tuple[str, ...]) -> Any:
    """Say in one pass over the movements of areas what was heard of each person at each stop, and when last.

    Columns: person, stop_key; arrived, departed and looked_for, 1 or 0; missing_at, heard_at, help_at and calm_at, the last
    moments at which somebody was entered as missing, was heard of, asked for help, and said to be safe or left.
    """
    kind, at = Movement.kind, Movement.recorded_at
    standing = Movement.closed_at.is_(None)
    moments = {
        "missing_at": and_(kind == "MISSING", standing),
        "heard_at": kind.not_in(_NO_SIGNS),
        "help_at": and_(Movement.safe.in_(HELP), standing),
        "calm_at": or_(Movement.safe == SAFE, kind == "DEPARTED"),
    }
    flags = {"arrived": kind.in_(_ARRIVALS), "departed": kind == "DEPARTED", "looked_for": kind == "MISSING"}
    query = select(
        Movement.person,
        Movement.stop_key,
        *(func.max(case((said, at))).label(name) for name, said in moments.items()),
        *(func.max(case((said, 1), else_=0)).label(name) for name, said in flags.items()),
    )
    query = query.where(Movement.area.in_(areas)).group_by(Movement.person, Movement.stop_key)
    # Found once in a statement, however often the conditions stand in it.
    return query.cte("signs").prefix_with("MATERIALIZED")
