"""Head counts for those who are asked: am I safe, are mine. Opening the page answers nothing; only a button does."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import headcounts
from services.headcounts import AnswerTooLong, AnswerUnknown
from services.models.headcounts import NEED_HELP
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.presenters.headcounts import list_asked
from webapp.speech import gettext
from workflows.errors import Problem

blueprint = Blueprint("headcounts", __name__, url_prefix="/safe")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show the head counts that ask about the reader or a dependant."""
    return _show()


@blueprint.post("/<listed>")
def answer(listed: str) -> ResponseReturnValue:
    """Answer for one person: safe, in need of help, or not there."""
    typed = {name: request.form.get(name, "") for name in ("state", "place", "words")}
    try:
        with database().transaction() as session:
            headcounts.answer(session, listed, **typed, actor=actor(), now=now())
    except (AnswerUnknown, AnswerTooLong) as refusal:
        problem = Problem(where=f"answer-{listed}", sentence=refusal.sentence, facts=refusal.facts)
        return _show(problem, listed=listed, typed=typed), status_of(refusal)
    if typed["state"] == NEED_HELP:
        flash(gettext("Your call for help is passed on: wardens and security advisers of the area are told now."))
    else:
        flash(gettext("Your answer is noted. If anything changes, answer again."))
    return redirect(url_for("headcounts.index"), 303)


def _show(*problems: Problem, listed: str = "", typed: dict[str, str] | None = None) -> str:
    with database().reading() as session:
        rows = list_asked(session, actor=actor(), now=now())
    return render_template("headcounts/index.html", rows=rows, problems=list(problems), listed=listed, typed=typed or {})
