"""Boards of areas: who is there, who comes, who leaves, and about whom something is wrong.

Of a journey a board shows the part in its own area and nothing else. Cases that are kept among few are neither shown nor counted
to anybody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from services import authority
from services.locator import conditions
from services.locator.conditions import Asked, Part
from services.locator.rows import Row, read_row
from services.locator.scope import Scope
from services.models.areas import AreaState, Lodging
from services.models.clearances import ClearanceLine, Movement
from services.models.people import Person
from services.people import Actor

#: So many rows of each list stand on the board itself, and so many on a page of one list.
ROWS_ON_BOARD, ROWS_PER_PAGE = 10, 50
#: A file of so many rows is written in a few seconds.
MOST_ROWS = 20_000
_HEADS = {
    "here": conditions.is_here,
    "arriving": conditions.is_arriving,
    "leaving": conditions.is_leaving,
    "missing": conditions.is_missing,
    "help": conditions.is_asking_for_help,
    "overdue": conditions.is_overdue,
    "waiting": conditions.is_waiting,
    "place": conditions.is_waiting_for_place,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Heads:
    """How many persons there are of each kind: there now, coming in seven days, leaving in 48 hours, and so on."""

    here: int = 0
    arriving: int = 0
    leaving: int = 0
    missing: int = 0
    help: int = 0
    overdue: int = 0
    waiting: int = 0
    place: int = 0

    @property
    def alarms(self) -> int:
        """How many things are wrong; somebody may be counted twice."""
        return self.missing + self.help + self.overdue


def count_board(session: Session, scope: Scope) -> tuple[Heads, dict[Part, int]]:
    """Count who stands on a board now, and how long each list is of what was asked for. One query."""
    near = replace(scope, day=None).asked
    heads = [_count(said(near)).label(name) for name, said in _HEADS.items()]
    parts = [_count(conditions.is_in(part, scope.asked)).label(f"part_{part}") for part in Part]
    query = conditions.with_signs(select(*heads, *parts).select_from(ClearanceLine), near)
    row = session.execute(query.where(scope.narrowed), scope.values).one()
    found = Heads(**{name: getattr(row, name) or 0 for name in _HEADS})
    return found, {part: getattr(row, f"part_{part}") or 0 for part in Part}


def count_boards(session: Session, asked: Asked, readable: ColumnElement[bool], *, actor: Actor) -> dict[str, Heads]:
    """Count who stands on the boards of several areas, by area. One query; cases that are kept from the actor do not count."""
    heads = [_count(said(asked)).label(name) for name, said in _HEADS.items()]
    counted = conditions.with_signs(select(ClearanceLine.area, *heads), asked)
    known = authority.is_open_to_actor(ClearanceLine.case_id)
    query = counted.where(conditions.is_live(asked), readable, known).group_by(ClearanceLine.area)
    rows = session.execute(query, {"acting_person": actor.person, "acting_now": asked.now})
    return {row.area: Heads(**{name: getattr(row, name) or 0 for name in _HEADS}) for row in rows}


def _count(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))


def list_organisations(session: Session, scope: Scope) -> list[str]:
    """Return the organisations that have people on a board, whatever is chosen. One query."""
    query = conditions.with_signs(select(ClearanceLine.organisation), scope.asked)
    query = query.where(conditions.is_live(scope.asked), scope.readable).distinct()
    return sorted(session.scalars(query, scope.values))


def list_rows(session: Session, scope: Scope, part: Part, *, limit: int, offset: int = 0) -> list[Row]:
    """Return rows of one list, those first to whom something happens first. One query."""
    found = conditions.with_signs(select(ClearanceLine.id), scope.asked).join(Person, Person.code == ClearanceLine.person)
    found = found.where(scope.narrowed, conditions.is_in(part, scope.asked))
    # The page is cut out first: what is told of each row is looked for in those of the page alone.
    page = found.order_by(*_order(part)).limit(limit).offset(offset).subquery()
    query = _rows(scope).where(ClearanceLine.id.in_(select(page.c.id))).order_by(*_order(part))
    tells = scope.sight.has_function(scope.area.code)
    return [read_row(row, tells_phones=tells) for row in session.execute(query, scope.values)]


def _order(part: Part) -> Sequence[Any]:
    line = ClearanceLine
    first = line.depart_at if part in {Part.LEAVING, Part.HERE} else line.arrive_at
    return (first, Person.name, line.id)


def _rows(scope: Scope) -> Any:
    line, heard = ClearanceLine, aliased(Movement)
    columns = (
        line,
        Person.name,
        Person.mobile,
        Lodging.name.label("lodging"),
        Lodging.phone.label("lodging_phone"),
        heard.kind,
        heard.at,
        heard.place,
        conditions.is_missing(scope.asked).label("missing"),
        conditions.is_asking_for_help(scope.asked).label("help"),
        conditions.is_overdue(scope.asked).label("overdue"),
    )
    return (
        conditions.with_signs(select(*columns).select_from(line), scope.asked)
        .join(Person, Person.code == line.person)
        .outerjoin(Lodging, Lodging.code == line.facts["lodging_ref"].as_string())
        .outerjoin(heard, heard.id == _last_heard())
    )


def _last_heard() -> Any:
    said = aliased(Movement)
    mine = (said.person == ClearanceLine.person, said.stop_key == ClearanceLine.stop_key, said.kind != "PLANNED")
    newest = select(said.id).where(*mine).order_by(said.recorded_at.desc(), said.id).limit(1)
    return newest.correlate(ClearanceLine).scalar_subquery()


def find_numbers(session: Session, rows: Iterable[Row], *, actor: Actor, now: datetime) -> dict[str, str]:
    """Return the numbers of those cases that the actor may open, by id. One query."""
    return authority.pick_seen(session, {row.case_id for row in rows}, actor=actor, now=now)


def read_states(session: Session, codes: Sequence[str], now: datetime) -> dict[str, AreaState]:
    """Return what holds in areas now. One query."""
    newer = aliased(AreaState)
    newest = select(func.max(newer.valid_from)).where(newer.area == AreaState.area, newer.valid_from <= now)
    query = select(AreaState).where(AreaState.area.in_(codes), AreaState.valid_from == newest.scalar_subquery())
    return {state.area: state for state in session.scalars(query)}
