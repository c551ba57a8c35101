"""Letters of recognition: on the screen and as PDF."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from webapp.context import actor, database, now
from webapp.pdf import offer
from webapp.presenters import letters as pages

blueprint = Blueprint("letters", __name__)


@blueprint.get("/letters/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show a letter."""
    return render_template("letters/show.html", letter=_read(number))


@blueprint.get("/letters/<number>.pdf")
def download(number: str) -> Response:
    """Give a letter to be printed and kept."""
    page = _read(number)
    return offer(pages.print_letter(page), name=page.number)


def _read(number: str) -> pages.LetterPage:
    with database().reading() as session:
        return pages.get_letter_page(session, number, actor=actor(), now=now())
