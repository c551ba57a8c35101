"""Making a request: a draft, filled in part by part, checked and sent."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import cases, drafts
from services.errors import DraftChanged, OperationFailed
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.failures import note_failure
from webapp.marks import idempotency_key, new_idempotency_key, seen_revision
from webapp.presenters import cases as case_pages
from webapp.presenters import request_parts as parts
from webapp.presenters import requests as pages
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.foresight import look_ahead
from webapp.presenters.requestable import list_requestable, preview_request
from webapp.speech import gettext
from workflows.errors import AnswersInvalid, Problem

blueprint = Blueprint("requests", __name__, url_prefix="/requests")


@blueprint.get("/new")
def choose() -> ResponseReturnValue:
    """Ask what the reader needs, from what they may start."""
    with database().reading() as session:
        processes = list_requestable(session, actor=actor(), now=now())
    return render_template("requests/choose.html", processes=processes)


@blueprint.get("/new/<process>")
def start(process: str) -> ResponseReturnValue:
    """Say what a request asks for, before anything is kept."""
    with database().reading() as session:
        preview = preview_request(session, process, actor=actor(), now=now())
    return render_template("requests/start.html", process=preview.process, titles=preview.titles)


@blueprint.post("/new/<process>")
def begin(process: str) -> ResponseReturnValue:
    """Begin a draft and open its first part."""
    with database().transaction() as session:
        preview = preview_request(session, process, actor=actor(), now=now())
        draft_id = drafts.create_draft(session, process, actor=actor(), now=now(), answers=preview.first_answers).id
    return redirect(url_for("requests.step", draft_id=draft_id, number=1), 303)


@blueprint.post("/repeat/<number>")
def repeat(number: str) -> ResponseReturnValue:
    """Begin a draft with the answers of an earlier request."""
    with database().transaction() as session:
        earlier = case_pages.read_numbered(session, number, actor=actor(), now=now()).case
        draft_id = cases.repeat_request(session, earlier.id, actor=actor(), now=now()).id
        page = pages.get_draft_page(session, draft_id, actor=actor(), now=now())
    flash(parts.say_repeated(page, number))
    return redirect(url_for("requests.draft", draft_id=draft_id), 303)


@blueprint.get("/<draft_id>")
def draft(draft_id: str) -> ResponseReturnValue:
    """Show the parts of a draft and how far each is."""
    with database().reading() as session:
        page = pages.get_draft_page(session, draft_id, actor=actor(), now=now())
    return render_template("requests/draft.html", page=page, steps=parts.list_steps(page))


@blueprint.get("/<draft_id>/<int:number>")
def step(draft_id: str, number: int) -> ResponseReturnValue:
    """Ask one part; opened from the check page, it says what is wrong with it."""
    with database().reading() as session:
        page = pages.get_draft_page(session, draft_id, actor=actor(), now=now())
    part = page.step(number)
    problems = part.problems_among(page.problems) if request.args.get("checked") else []
    return render_template("requests/step.html", page=page, step=part, problems=problems, conflict=None)


@blueprint.post("/<draft_id>/<int:number>")
def save(draft_id: str, number: int) -> ResponseReturnValue:
    """Keep what was typed, also when something is wrong with it, and go on if nothing is."""
    with database().transaction() as session:
        kept = pages.keep_step(
            session, draft_id, number, request.form, request.files, revision=seen_revision(), actor=actor(), now=now()
        )
    page, part, onward = kept.page, kept.page.step(number), request.form.get("onward", "")
    problems = [] if kept.conflict else [*kept.problems, *part.problems_among(page.problems)]
    if kept.conflict:
        return show_conflict(kept, kept.conflict, number)
    if kept.anchor:
        return redirect(url_for("requests.step", draft_id=draft_id, number=number, _anchor=kept.anchor), 303)
    if problems and (onward != "list" or kept.problems):
        return render_template("requests/step.html", page=page, step=part, problems=problems, conflict=None), 422
    return redirect(page.address_after(number, onward=onward), 303)


def show_conflict(kept: pages.Kept, conflict: DraftChanged, number: int, *, pasted: str = "") -> ResponseReturnValue:
    """Show both versions of a part that another window saved meanwhile, with what was typed in this one."""
    page, part = kept.page, kept.page.step(number)
    return render_template(
        "requests/step.html",
        page=page,
        step=part,
        problems=[],
        conflict=say_conflict(conflict, now=now()),
        other=parts.compare_windows(page, part, kept.saved or {}),
        pasted=pasted,
    ), status_of(conflict)


@blueprint.post("/<draft_id>/autosave")
def autosave(draft_id: str) -> ResponseReturnValue:
    """Keep what is being typed, for the script that watches the form."""
    number = request.form.get("step", 0, type=int)
    with database().transaction() as session:
        kept = pages.keep_step(
            session, draft_id, number, request.form, request.files, revision=seen_revision(), actor=actor(), now=now()
        )
    if kept.conflict:
        return jsonify(sentence=say_conflict(kept.conflict, now=now()).striptags()), status_of(kept.conflict)
    return jsonify(revision=kept.page.revision)


@blueprint.get("/<draft_id>/ahead")
def ahead(draft_id: str) -> ResponseReturnValue:
    """Say what will happen with the answers so far."""
    return render_template(
        "requests/ahead.html", draft_id=draft_id, ahead=look_ahead(database(), draft_id, actor=actor(), now=now())
    )


@blueprint.get("/<draft_id>/check")
def check(draft_id: str) -> ResponseReturnValue:
    """Show all answers before they are sent."""
    with database().reading() as session:
        page = pages.get_draft_page(session, draft_id, actor=actor(), now=now())
    return _show_check(page, problems=[])


@blueprint.post("/<draft_id>/check")
def send(draft_id: str) -> ResponseReturnValue:
    """Send the request: from here on it is a case. Sent twice, it is the same case."""
    try:
        with database().transaction() as session:
            number = pages.send_draft(session, draft_id, actor=actor(), now=now(), idempotency_key=idempotency_key())
    except AnswersInvalid as refusal:
        with database().reading() as session:
            page = pages.get_draft_page(session, draft_id, actor=actor(), now=now())
        return _show_check(page, problems=parts.link_problems(page, page.problems or refusal.problems)), 422
    except OperationFailed as error:
        with database().reading() as session:
            page = pages.get_draft_page(session, draft_id, actor=actor(), now=now())
        problem = note_failure(error, "start", process_key=page.process, about=draft_id, typed=page.answers)
        return _show_check(page, problems=[problem]), status_of(error)
    return redirect(url_for("requests.sent", number=number), 303)


def _show_check(page: pages.DraftPage, *, problems: Sequence[parts.LinkedProblem | Problem]) -> str:
    return render_template(
        "requests/check.html",
        page=page,
        steps=parts.check_steps(page),
        problems=problems,
        missing=[] if problems else parts.link_problems(page, page.problems),
        ahead=look_ahead(database(), page.draft_id, actor=actor(), now=now()),
        idempotency_key=new_idempotency_key(),
    )


@blueprint.get("/sent/<number>")
def sent(number: str) -> ResponseReturnValue:
    """Confirm that a request was sent, and say what happens next."""
    with database().reading() as session:
        page = case_pages.get_case_page(session, number, actor=actor(), now=now())
    return render_template("requests/sent.html", page=page)


@blueprint.get("/<draft_id>/delete")
def ask_delete(draft_id: str) -> ResponseReturnValue:
    """Ask before a draft is thrown away."""
    with database().reading() as session:
        page = pages.get_draft_page(session, draft_id, actor=actor(), now=now())
    return render_template("requests/delete.html", page=page)


@blueprint.post("/<draft_id>/delete")
def delete(draft_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    with database().transaction() as session:
        drafts.get_draft(session, draft_id, actor=actor())
        drafts.remove_draft(session, draft_id, actor=actor())
    flash(gettext("The draft was deleted."))
    return redirect(url_for("home.index"), 303)
