"""Support after incidents, for counsellors: whom to reach, and noting that somebody was reached or declined."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import support
from services.support import MomentImpossible, OutcomeUnknown
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.presenters import support as pages
from webapp.speech import gettext
from workflows.errors import Problem

blueprint = Blueprint("support", __name__, url_prefix="/support")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List whom a counsellor has to reach, and has reached."""
    with database().reading() as session:
        rows = pages.list_rows(session, actor=actor(), now=now())
    return render_template("support/index.html", rows=rows)


@blueprint.get("/<affected>")
def show(affected: str) -> ResponseReturnValue:
    """Ask what came of a contact."""
    return _show(affected)


@blueprint.post("/<affected>")
def note(affected: str) -> ResponseReturnValue:
    """Note what came of a contact."""
    outcome, typed = request.form.get("outcome", ""), request.form.get("at", "")
    try:
        at = pages.read_at(typed)
        with database().transaction() as session:
            support.note_contact(session, affected, outcome=outcome, at=at, actor=actor(), now=now())
    except (OutcomeUnknown, MomentImpossible) as refusal:
        where = "at" if isinstance(refusal, MomentImpossible) else "outcome-reached"
        return _show(affected, Problem(where=where, sentence=refusal.sentence)), status_of(refusal)
    flash(gettext("The contact is noted."))
    return redirect(url_for("support.index"), 303)


def _show(affected: str, *problems: Problem) -> str:
    with database().reading() as session:
        row = pages.get_row(session, affected, actor=actor(), now=now())
    typed = {"outcome": request.form.get("outcome", ""), "at": request.form.get("at", "")}
    return render_template("support/show.html", row=row, typed=typed, problems=list(problems))
