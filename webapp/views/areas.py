"""Boards of areas: who is there, who comes, who leaves, for those who answer for security there."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from services import locator
from services.errors import NotFound
from services.locator import Part
from services.registry.errors import TooManyRows
from services.registry.exporting import write_csv
from webapp.context import actor, database, now
from webapp.presenters import boards as pages
from webapp.presenters.board_asked import read_narrowed
from workflows.errors import Problem

blueprint = Blueprint("areas", __name__, url_prefix="/areas")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the boards that are the reader's."""
    with database().reading() as session:
        links = pages.list_links(session, actor=actor(), now=now())
    return render_template("areas/index.html", links=links)


@blueprint.get("/<area>/board")
def board(area: str) -> ResponseReturnValue:
    """Show the board of an area."""
    return _show_board(area)


@blueprint.get("/<area>/board/<part>")
def part(area: str, part: str) -> ResponseReturnValue:
    """Show all of one list, page by page."""
    narrowed = read_narrowed(request.args)
    with database().reading() as session:
        page = pages.get_part_page(
            session, area, _read_part(part), narrowed, page=request.args.get("page", 1, type=int), actor=actor(), now=now()
        )
    return render_template("areas/part.html", page=page)


@blueprint.get("/<area>/board/<part>.csv")
def export(area: str, part: str) -> ResponseReturnValue:
    """Give one list as a file, and keep who took it."""
    listed, narrowed = _read_part(part), read_narrowed(request.args)
    try:
        with database().reading() as session:
            scope, narrowed = pages.open_narrowed(session, area, narrowed, actor=actor(), now=now())
            headers, rows = pages.get_file_rows(session, scope, listed)
    except TooManyRows as refusal:
        return _show_board(area, Problem(where="", sentence=refusal.sentence, facts=refusal.facts))
    if narrowed.problems:
        return _show_board(area)
    with database().transaction() as session:
        locator.note_file(session, scope, listed, rows=len(rows))
    name = f"{scope.area.code}-{listed}-{now():%Y-%m-%d}.csv"
    heading = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write_csv(headers, rows), content_type="text/csv; charset=utf-8", headers=heading)


def _read_part(text: str) -> Part:
    """Read which list an address names.

    Raises:
        NotFound: There is no such list.
    """
    try:
        return Part(text)
    except ValueError:
        raise NotFound from None


def _show_board(area: str, *problems: Problem) -> ResponseReturnValue:
    narrowed = read_narrowed(request.args)
    with database().reading() as session:
        page, wrong = pages.get_board_page(session, area, narrowed, actor=actor(), now=now())
    wrong = (*problems, *wrong)
    return render_template("areas/board.html", page=page, problems=list(wrong)), 422 if wrong else 200
