"""Boards of areas as pages, and their lists as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from flask_babel import format_decimal, lazy_gettext
from sqlalchemy.orm import Session

from services import locator
from services.locator import Board, BoardLine, Part, Scope
from services.models.areas import AreaState
from services.people import Actor
from services.registers.areas import name_of
from services.registry.declared.areas import AREA_STATUS_TITLES
from services.registry.exporting import Cell
from webapp.i18n import language
from webapp.presenters.board_asked import Narrowed, refuse_past
from webapp.presenters.board_heads import Head, list_facts, list_heads
from webapp.presenters.board_rows import PersonRow, list_cells, list_headers, show_row
from webapp.presenters.facts import Fact
from webapp.presenters.headcounts import OpenLine, list_open
from webapp.presenters.nights import NightsDrawing, draw_nights
from webapp.questions import Option
from webapp.speech import comma, gettext, ngettext
from workflows.errors import Problem

_TITLES = {
    Part.ALARMS: lazy_gettext("Missing, asking for help or not heard of"),
    Part.HERE: lazy_gettext("Here now"),
    Part.ARRIVING: lazy_gettext("Arriving"),
    Part.LEAVING: lazy_gettext("Leaving"),
}
_NOBODY = {
    Part.ALARMS: lazy_gettext("Nobody is missing, nobody asks for help, and nobody is overdue."),
    Part.HERE: lazy_gettext("Nobody is here on a journey."),
    Part.ARRIVING: lazy_gettext("Nobody arrives."),
    Part.LEAVING: lazy_gettext("Nobody leaves."),
}


@dataclass(frozen=True, kw_only=True)
class ListView:
    """One list of the board: its first rows, and where all of them are."""

    key: str
    title: str
    about: str
    counted: str
    nobody: str
    rows: Sequence[PersonRow]
    more: str | None
    file: str | None


@dataclass(frozen=True, kw_only=True)
class BoardPage:
    """The board of an area."""

    title: str
    address: str
    facts: Sequence[Fact]
    heads: Sequence[Head]
    headcounts: Sequence[OpenLine]
    nights: NightsDrawing | None
    lists: Sequence[ListView]
    organisations: Sequence[Option]
    day: str
    is_narrowed: bool
    tells_phones: bool
    zone: str


@dataclass(frozen=True, kw_only=True)
class PartPage:
    """One list of a board on pages of its own."""

    area: str
    back: str
    view: ListView
    tells_phones: bool
    newer: str | None
    older: str | None


@dataclass(frozen=True, kw_only=True)
class BoardLink:
    """A board in the list of boards, with the numbers that tell where to look first."""

    name: str
    address: str
    state: str
    figures: tuple[str, ...]
    alarms: int


def list_links(session: Session, *, actor: Actor, now: datetime) -> list[BoardLink]:
    """List the boards that are the reader's, those first where somebody has to be looked for.

    Raises:
        NotFound: There is none.
    """
    boards = locator.list_boards(session, actor=actor, now=now)
    return sorted((_link(board) for board in boards), key=lambda link: (-link.alarms, link.name))


def _link(board: BoardLine) -> BoardLink:
    heads = board.heads
    figures = (heads.alarms, heads.here, heads.arriving, heads.leaving, heads.waiting)
    return BoardLink(
        name=name_of(board.area, language()),
        address=url_for("areas.board", area=board.area.code),
        state=_say_state(board.state) if board.state else gettext("Nothing is known about the area."),
        figures=tuple(format_decimal(figure) for figure in figures),
        alarms=heads.alarms,
    )


def _say_state(state: AreaState) -> str:
    level = gettext("level {level}").format(level=format_decimal(state.security_level))
    return comma().join((gettext(AREA_STATUS_TITLES[state.status]), level))


def get_board_page(
    session: Session, code: str, narrowed: Narrowed, *, actor: Actor, now: datetime
) -> tuple[BoardPage, tuple[Problem, ...]]:
    """Read the board of an area, and say what cannot be shown of what was asked for.

    Raises:
        NotFound: There is no such area, or its board is not the reader's.
    """
    scope, narrowed = open_narrowed(session, code, narrowed, actor=actor, now=now)
    page = _show_board(locator.read_board(session, scope), narrowed, now=now)
    return replace(page, headcounts=list_open(session, scope.area.code, actor=actor, now=now)), narrowed.problems


def _show_board(board: Board, narrowed: Narrowed, *, now: datetime) -> BoardPage:
    scope = board.scope
    code = scope.area.code
    return BoardPage(
        title=name_of(scope.area, language()),
        address=url_for("areas.board", area=code),
        facts=list_facts(board),
        heads=list_heads(board.heads, code, narrowed),
        headcounts=(),
        nights=draw_nights(board.nights) if board.nights else None,
        lists=[_show_list(board, part, narrowed, now=now) for part in Part],
        organisations=[Option(value=one, label=one, is_chosen=one == narrowed.organisation) for one in board.organisations],
        day=narrowed.day.isoformat() if narrowed.day else "",
        is_narrowed=bool(narrowed.query()),
        tells_phones=scope.sight.has_function(code),
        zone=scope.area.zone,
    )


def _show_list(board: Board, part: Part, narrowed: Narrowed, *, now: datetime) -> ListView:
    zone, total = board.scope.zone, board.totals[part]
    rows = [show_row(row, board.numbers, zone=zone, now=now) for row in board.lists[part]]
    return _view(board.scope, part, rows, total, narrowed)


def _view(scope: Scope, part: Part, rows: Sequence[PersonRow], total: int, narrowed: Narrowed) -> ListView:
    place = {"area": scope.area.code, "part": part.value, **narrowed.query()}
    return ListView(
        key=part.value,
        title=_say_title(part, narrowed),
        about=_say_about(part, narrowed),
        counted=ngettext("%(num)d person", "%(num)d persons", total),
        nobody=str(_NOBODY[part]),
        rows=rows,
        more=url_for("areas.part", **place) if total > len(rows) else None,
        file=url_for("areas.export", **place) if rows else None,
    )


def _say_title(part: Part, narrowed: Narrowed) -> str:
    return gettext("There on that day") if part is Part.HERE and narrowed.day else str(_TITLES[part])


def _say_about(part: Part, narrowed: Narrowed) -> str:
    if narrowed.day is not None or part is Part.ALARMS:
        return ""
    if part is Part.HERE:
        return gettext("Checked in, or there by plan.")
    return gettext("In the next 7 days.") if part is Part.ARRIVING else gettext("In the next 48 hours, or overdue.")


def get_part_page(
    session: Session, code: str, part: Part, narrowed: Narrowed, *, page: int, actor: Actor, now: datetime
) -> PartPage:
    """Read one page of one list.

    Raises:
        NotFound: There is no such area, or its board is not the reader's.
    """
    scope, narrowed = open_narrowed(session, code, narrowed, actor=actor, now=now)
    found = locator.read_part(session, scope, part, page=max(page, 1))
    rows = [show_row(row, found.numbers, zone=scope.zone, now=now) for row in found.rows]
    place = {"area": code, "part": part.value, **narrowed.query()}
    return PartPage(
        area=name_of(scope.area, language()),
        back=url_for("areas.board", area=code, **narrowed.query()),
        view=replace(_view(scope, part, rows, found.total, narrowed), more=None),
        tells_phones=scope.sight.has_function(code),
        newer=url_for("areas.part", page=found.page - 1, **place) if found.page > 1 else None,
        older=url_for("areas.part", page=found.page + 1, **place) if found.has_more else None,
    )


def open_narrowed(session: Session, code: str, narrowed: Narrowed, *, actor: Actor, now: datetime) -> tuple[Scope, Narrowed]:
    """Open the board of an area with what a reader chose of it."""
    scope = locator.open_scope(session, code, actor=actor, now=now)
    narrowed = refuse_past(narrowed, scope)
    return replace(scope, organisation=narrowed.organisation, day=narrowed.day), narrowed


def get_file_rows(session: Session, scope: Scope, part: Part) -> tuple[list[str], list[list[Cell]]]:
    """Read one list for a file: the headings, and a row of cells for each person.

    Raises:
        TooManyRows: It is too long for one file.
    """
    tells = scope.sight.has_function(scope.area.code)
    rows = locator.list_for_file(session, scope, part)
    return list_headers(tells_phones=tells), [list_cells(row, tells_phones=tells) for row in rows]
