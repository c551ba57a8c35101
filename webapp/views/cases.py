"""Cases: one, the list, the search, and what can be done with a case besides its tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.errors import OperationFailed
from services.proof import ProofNeeded
from webapp import rows
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.failures import note_failure
from webapp.marks import NOT_ANSWERS, idempotency_key, new_idempotency_key, read_typed
from webapp.presenters import cases as pages
from webapp.presenters import listing, messages
from webapp.presenters.drawings import draw_case
from webapp.proving import FIELD, take_password
from webapp.uploads import take_files
from workflows.errors import AnswersInvalid, Problem

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
def index() -> ResponseReturnValue:
    """List the cases of which the reader may see something."""
    with database().reading() as session:
        page = listing.list_page(session, actor=actor(), now=now(), number=request.args.get("page", 1, type=int))
    return render_template("cases/index.html", page=page)


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Find cases by number or subject; a whole number leads straight to its case."""
    text = request.args.get("q", "")
    with database().reading() as session:
        found = listing.search(session, text, actor=actor(), now=now())
    if found.exact:
        return redirect(url_for("cases.show", number=found.exact))
    return render_template("cases/search.html", text=text.strip(), rows=found.rows)


@blueprint.get("/cases/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show where a case is, what it is about and what happened."""
    with database().reading() as session:
        page = pages.get_case_page(
            session, number, actor=actor(), now=now(), decisions_only=request.args.get("history") == "decisions"
        )
    return render_template("cases/show.html", page=page)


@blueprint.get("/cases/<number>/diagram")
def diagram(number: str) -> ResponseReturnValue:
    """Show the diagram with the place where the case is; the whole of it when it is asked for."""
    whole = request.args.get("show") == "whole"
    with database().reading() as session:
        page = pages.get_case_page(session, number, actor=actor(), now=now())
        drawings = draw_case(session, number, actor=actor(), now=now(), whole=whole)
    return render_template("cases/diagram.html", page=page, drawings=drawings, whole=whole)


@blueprint.get("/cases/<number>/<slug>")
def message(number: str, slug: str) -> ResponseReturnValue:
    """Ask for what a message needs: the reason of a withdrawal, a change, a check-in."""
    return _show_message(_read_message(number, slug), problems=[])


@blueprint.post("/cases/<number>/<slug>")
def send(number: str, slug: str) -> ResponseReturnValue:
    """Send a message to a case."""
    page, typed = _read_message(number, slug), read_typed(request.form)
    if rows.is_asked(request.form):
        rows.change_rows(typed, request.form)
    if rows.is_asked(request.form) or "_back" in request.form:
        return _show_message(replace(page, answers=typed), problems=[])
    try:
        _take_files(page, typed)
        if wrong := take_password():
            return _show_message(replace(page, answers=typed), problems=[wrong]), 422
        page = replace(page, asks_for_password=page.asks_for_password and not request.form.get(FIELD))
        if page.is_checked and "_checked" not in request.form:
            return _show_check(page, typed)
        with database().transaction() as session:
            messages.send(session, page, typed, actor=actor(), now=now(), idempotency_key=idempotency_key())
    except AnswersInvalid as refusal:
        return _show_message(replace(page, answers=typed), problems=refusal.problems), 422
    except ProofNeeded as needed:
        page = replace(page, answers=typed, asks_for_password=True)
        return _show_message(page, problems=[Problem(where=FIELD, sentence=needed.sentence)]), 422
    except OperationFailed as error:
        problem = note_failure(error, "message", case_id=page.case_id, about=page.kind.message, typed=typed)
        return _show_message(replace(page, answers=typed), problems=[problem]), status_of(error)
    flash(page.kind.done())
    return redirect(url_for("cases.show", number=number), 303)


def _show_check(page: messages.MessagePage, typed: dict[str, Any]) -> str:
    """Show what a message changes before it is sent."""
    with database().reading() as session:
        changes = messages.preview(session, page, typed, actor=actor(), now=now())
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_ANSWERS]
    return render_template(
        "cases/check_message.html", page=page, changes=changes, kept=kept, idempotency_key=new_idempotency_key()
    )


def _take_files(page: messages.MessagePage, typed: dict[str, Any]) -> None:
    if request.files:
        with database().transaction() as session:
            refused = take_files(session, page.form.fields, typed, request.files, actor=actor(), now=now())
        if refused:
            raise AnswersInvalid(refused)


def _read_message(number: str, slug: str) -> messages.MessagePage:
    with database().reading() as session:
        view = pages.read_numbered(session, number, actor=actor(), now=now())
        return messages.get_message_page(session, view, slug, actor=actor(), now=now())


def _show_message(page: messages.MessagePage, *, problems: list[Problem]) -> str:
    return render_template("cases/message.html", page=page, problems=problems, idempotency_key=new_idempotency_key())
