"""When somebody is away: saying so, changing and ending it, declining to stand in, and what happened meanwhile."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import absences
from webapp import rows
from webapp.context import actor, database, now
from webapp.marks import read_typed
from webapp.presenters import absence_form as forms
from webapp.presenters import absences as pages
from webapp.speech import gettext
from workflows.errors import AnswersInvalid

blueprint = Blueprint("absences", __name__, url_prefix="/absences")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show the reader's absences, and for whom the reader stands in."""
    with database().reading() as session:
        page = pages.get_absences_page(session, actor=actor(), now=now())
    return render_template("absences/index.html", page=page)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Ask when the reader is away."""
    with database().reading() as session:
        page = forms.get_form(session, actor=actor(), now=now())
    return render_template("absences/form.html", page=page)


@blueprint.post("/new")
def declare() -> ResponseReturnValue:
    """Declare an absence; what does not fit comes back with the text kept."""
    return _take("")


@blueprint.get("/<absence_id>")
def edit(absence_id: str) -> ResponseReturnValue:
    """Ask for the changes of an absence that has not begun."""
    with database().reading() as session:
        absence = absences.get_own(session, absence_id, actor=actor(), now=now())
        page = forms.get_form(session, actor=actor(), now=now(), absence=absence)
    return render_template("absences/form.html", page=page)


@blueprint.post("/<absence_id>")
def change(absence_id: str) -> ResponseReturnValue:
    """Change an absence that has not begun."""
    return _take(absence_id)


def _take(absence_id: str) -> ResponseReturnValue:
    typed = read_typed(request.form)
    if rows.is_asked(request.form):
        rows.change_rows(typed, request.form)
        return _show_form(absence_id, typed)
    try:
        with database().transaction() as session:
            own = absences.get_own(session, absence_id, actor=actor(), now=now()) if absence_id else None
            page = forms.get_form(session, actor=actor(), now=now(), absence=own, typed=typed)
            wish = forms.read_wish(page, now=now())
            if absence_id:
                absences.change_absence(session, absence_id, wish, actor=actor(), now=now())
            else:
                absences.declare_absence(session, wish, actor=actor(), now=now())
    except AnswersInvalid as refusal:
        return _show_form(absence_id, typed, refusal)
    flash(gettext("Your absence is declared. Whoever stands in was told."))
    return redirect(url_for("absences.index"), 303)


def _show_form(absence_id: str, typed: dict[str, object], refusal: AnswersInvalid | None = None) -> ResponseReturnValue:
    problems = forms.place_problems(refusal, typed) if refusal else []
    with database().reading() as session:
        own = absences.get_own(session, absence_id, actor=actor(), now=now()) if absence_id else None
        page = forms.get_form(session, actor=actor(), now=now(), absence=own, typed=typed, problems=problems)
    return render_template("absences/form.html", page=page), 422 if refusal else 200


@blueprint.post("/<absence_id>/end")
def end(absence_id: str) -> ResponseReturnValue:
    """End an absence now."""
    with database().transaction() as session:
        absences.end_absence(session, absence_id, actor=actor(), now=now())
    flash(gettext("The absence is ended. Nobody acts in your place any more."))
    return redirect(url_for("absences.index"), 303)


@blueprint.post("/<absence_id>/decline")
def decline(absence_id: str) -> ResponseReturnValue:
    """Say that the reader does not stand in."""
    with database().transaction() as session:
        absences.decline_substitution(session, absence_id, actor=actor(), reason=request.form.get("reason", ""), now=now())
    flash(gettext("You do not stand in. Whoever is away and the colleagues in the same roles were told."))
    return redirect(url_for("absences.index"), 303)


@blueprint.get("/<absence_id>/report")
def report(absence_id: str) -> ResponseReturnValue:
    """Show what happened while the reader was away."""
    with database().reading() as session:
        page = pages.get_report_page(session, absence_id, actor=actor(), now=now())
    return render_template("absences/report.html", page=page)
