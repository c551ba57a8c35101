"""The board of one area with all that stands on it, and the list of boards: what a page asks for, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.locator import reading
from services.locator.conditions import Asked, Part
from services.locator.deciders import Deciders, read_deciders
from services.locator.reading import MOST_ROWS, ROWS_ON_BOARD, ROWS_PER_PAGE, Heads
from services.locator.rows import Row
from services.locator.scope import Scope
from services.locator.sight import BoardSight, ensure_sees, of_organisations, sight_of
from services.models.areas import Area, AreaState
from services.models.clearances import ClearanceLine
from services.models.register_changes import EXPORTED, RegisterChange
from services.people import Actor
from services.registers.areas import find_state, get_area
from services.registers.nights import Night, places_by_night
from services.registry.errors import TooManyRows

NIGHTS = 30
#: The register whose lines stand on boards.
REGISTER = "clearances"
#: Areas that stand for others; people are in the places inside them.
_ABOVE = ("GROUP", "DESIGNATED")


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """All that stands on the board of an area.

    Attributes:
        lists: The first rows of each list.
        totals: How long each list is.
        numbers: Numbers of the cases that the reader may open, by id.
        organisations: Whose people are on the board.
        nights: The places of the next nights; empty where nothing limits the number of people.
    """

    scope: Scope
    deciders: Deciders
    heads: Heads
    lists: Mapping[Part, Sequence[Row]]
    totals: Mapping[Part, int]
    numbers: Mapping[str, str]
    organisations: Sequence[str]
    nights: Sequence[Night]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartOfBoard:
    """One page of one list of a board."""

    scope: Scope
    part: Part
    rows: Sequence[Row]
    total: int
    page: int
    numbers: Mapping[str, str]

    @property
    def has_more(self) -> bool:
        """Whether there is a page after this one."""
        return self.page * ROWS_PER_PAGE < self.total


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardLine:
    """A board in the list of boards."""

    area: Area
    state: AreaState | None
    heads: Heads


def list_boards(session: Session, *, actor: Actor, now: datetime) -> list[BoardLine]:
    """List the boards that are the actor's to read. Four queries, whatever their number.

    Raises:
        NotFound: There is none.
    """
    sight = sight_of(session, actor, now)
    if not sight.is_any:
        raise NotFound
    query = select(Area).where(Area.kind.not_in(_ABOVE)).order_by(Area.code)
    if sight.areas is not None:
        query = query.where(Area.code.in_(sorted(sight.areas)))
    found = session.scalars(query).all()
    states = reading.read_states(session, [area.code for area in found], now)
    codes = tuple(area.code for area in found)
    watched = tuple(code for code, state in states.items() if state.checkin_required)
    readable = or_(false(), *(_readable_in(code, sight) for code in codes))
    heads = reading.count_boards(session, Asked(areas=codes, watched=watched, now=now), readable, actor=actor)
    return [
        BoardLine(area=area, state=states.get(area.code), heads=heads.get(area.code, Heads()))
        for area in found
        if area.code in heads or _is_active(area, now)
    ]


def _is_active(area: Area, now: datetime) -> bool:
    on = now.date()
    return (area.active_from or on) <= on <= (area.active_to or on)


def _readable_in(code: str, sight: BoardSight) -> ColumnElement[bool]:
    return and_(ClearanceLine.area == code, of_organisations(ClearanceLine.organisation, sight.organisations(code)))


def open_scope(session: Session, code: str, *, actor: Actor, now: datetime) -> Scope:
    """Open the board of an area. Three queries.

    Raises:
        NotFound: There is no such area, or its board is not the actor's to read.
    """
    sight = ensure_sees(session, code, actor, now)
    area = get_area(session, code)
    if area.kind in _ABOVE:
        raise NotFound
    return Scope(area=area, state=find_state(session, code, now), sight=sight, actor=actor, now=now)


def read_board(session: Session, scope: Scope) -> Board:
    """Read the board of an area that was opened. A constant number of queries."""
    heads, totals = reading.count_board(session, scope)
    lists = {part: reading.list_rows(session, scope, part, limit=ROWS_ON_BOARD) for part in Part}
    shown = [row for rows in lists.values() for row in rows]
    return Board(
        scope=scope,
        deciders=read_deciders(session, scope.area.code, scope.now),
        heads=heads,
        lists=lists,
        totals=totals,
        numbers=reading.find_numbers(session, shown, actor=scope.actor, now=scope.now),
        organisations=reading.list_organisations(session, scope),
        nights=_read_nights(session, scope),
    )


def _read_nights(session: Session, scope: Scope) -> Sequence[Night]:
    nights = places_by_night(session, scope.area, scope.today, NIGHTS)
    return nights if any(night.ceiling is not None for night in nights) else []


def read_part(session: Session, scope: Scope, part: Part, *, page: int) -> PartOfBoard:
    """Read one page of one list of a board. Three queries."""
    _, totals = reading.count_board(session, scope)
    rows = reading.list_rows(session, scope, part, limit=ROWS_PER_PAGE, offset=(page - 1) * ROWS_PER_PAGE)
    numbers = reading.find_numbers(session, rows, actor=scope.actor, now=scope.now)
    return PartOfBoard(scope=scope, part=part, rows=rows, total=totals[part], page=page, numbers=numbers)


def list_for_file(session: Session, scope: Scope, part: Part) -> Sequence[Row]:
    """Return all rows of one list.

    Raises:
        TooManyRows: They are more than go into one file; a part of them would pass for the whole.
    """
    _, totals = reading.count_board(session, scope)
    if totals[part] > MOST_ROWS:
        raise TooManyRows(count=totals[part], most=MOST_ROWS)
    return reading.list_rows(session, scope, part, limit=MOST_ROWS)


def note_file(session: Session, scope: Scope, part: Part, *, rows: int) -> None:
    """Keep who took which list when, beside what was exported of the register behind it."""
    asked = {"board": scope.area.code, "list": str(part), "organisation": scope.organisation, "day": scope.day}
    said = {"format": "csv", "rows": rows, "query": urlencode({name: value for name, value in asked.items() if value})}
    session.add(RegisterChange(register=REGISTER, entry=None, act=EXPORTED, by=scope.actor.person, at=scope.now, after=said))
