"""Filling in the stops of a draft from a pasted itinerary: read, look at what was understood, take over."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services.errors import DraftChanged
from services.itineraries import ItineraryTooLong
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.marks import seen_revision
from webapp.presenters import itineraries as pages
from webapp.presenters import requests as request_pages
from webapp.presenters.conflicts import say_conflict
from webapp.speech import ngettext
from webapp.views.requests import show_conflict
from workflows.errors import AnswersInvalid, Problem

blueprint = Blueprint("itineraries", __name__, url_prefix="/requests/<draft_id>/<int:number>/itinerary")


@blueprint.get("")
@blueprint.get("/again")
@blueprint.get("/take")
def go_back(draft_id: str, number: int) -> ResponseReturnValue:
    """Go to the part of the draft: what was pasted is kept nowhere, so there is nothing to show again."""
    return redirect(url_for("requests.step", draft_id=draft_id, number=number))


@blueprint.post("")
def paste(draft_id: str, number: int) -> ResponseReturnValue:
    """Keep what was typed into the part, and show what was understood of the text in its box."""
    text = request.form.get(pages.TEXT, "")
    with database().transaction() as session:
        kept = request_pages.keep_step(
            session, draft_id, number, request.form, request.files, revision=seen_revision(), actor=actor(), now=now()
        )
    if kept.conflict:
        return show_conflict(kept, kept.conflict, number, pasted=text)
    return _show_understood(kept.page, number)


@blueprint.post("/again")
def read_again(draft_id: str, number: int) -> ResponseReturnValue:
    """Read a text once more that was corrected, or of which the person said how its dates are meant."""
    with database().reading() as session:
        page = request_pages.get_draft_page(session, draft_id, actor=actor(), now=now())
    return _show_understood(page, number)


@blueprint.post("/take")
def take(draft_id: str, number: int) -> ResponseReturnValue:
    """Put the stops into the draft, as the person says: behind those that are there, or in their place."""
    how = request.form.get("how", "")
    if how not in {pages.ADD, pages.REPLACE}:
        raise BadRequest
    seen = None
    try:
        with database().transaction() as session:
            page = request_pages.get_draft_page(session, draft_id, actor=actor(), now=now())
            seen = pages.understand(
                session, page, number, request.form.get(pages.TEXT, ""), order=request.form.get("order", ""), now=now()
            )
            anchor = pages.take_stops(session, seen, how=how, revision=seen_revision(), actor=actor(), now=now())
    except AnswersInvalid as refusal:
        if seen is None:
            return _show_step(page, number, refusal.problems[0], 422)
        return render_template("requests/itinerary.html", seen=seen, problems=refusal.problems, conflict=None), 422
    except ItineraryTooLong as refusal:
        return _show_too_long(page, number, refusal)
    except DraftChanged as conflict:
        said = say_conflict(conflict, now=now())
        return render_template("requests/itinerary.html", seen=seen, problems=[], conflict=said), status_of(conflict)
    count = len(seen.stops)
    flash(ngettext("%(num)d stop was filled in. Check it.", "%(num)d stops were filled in. Check each of them.", count))
    return redirect(url_for("requests.step", draft_id=draft_id, number=number, _anchor=anchor), 303)


def _show_understood(page: request_pages.DraftPage, number: int) -> ResponseReturnValue:
    text = request.form.get(pages.TEXT, "")
    try:
        with database().reading() as session:
            seen = pages.understand(session, page, number, text, order=request.form.get("order", ""), now=now())
    except AnswersInvalid as refusal:
        return _show_step(page, number, refusal.problems[0], 422)
    except ItineraryTooLong as refusal:
        return _show_too_long(page, number, refusal)
    return render_template("requests/itinerary.html", seen=seen, problems=[], conflict=None)


def _show_too_long(page: request_pages.DraftPage, number: int, refusal: ItineraryTooLong) -> ResponseReturnValue:
    problem = Problem(where=pages.TEXT, sentence=refusal.sentence, facts=refusal.facts)
    return _show_step(page, number, problem, status_of(refusal))


def _show_step(page: request_pages.DraftPage, number: int, problem: Problem, status: int) -> ResponseReturnValue:
    text = request.form.get(pages.TEXT, "")
    step = page.step(number)
    return render_template("requests/step.html", page=page, step=step, problems=[problem], conflict=None, pasted=text), status
