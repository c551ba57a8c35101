"""The reader's own page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.context import actor, database, now
from webapp.presenters.home import get_home

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show what waits for the reader, what runs, what is cleared."""
    with database().reading() as session:
        page = get_home(session, actor=actor(), now=now())
    return render_template("home/index.html", page=page)
