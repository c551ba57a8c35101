"""The inbox besides its list: acts on several tasks, what came since, views by name."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services import tasks
from services.questions import TextMissing
from services.tasks import saved_views
from webapp.bulk import Act, Chosen, approve_chosen, ask_chosen, do_each, read_chosen
from webapp.context import actor, database, now
from webapp.marks import new_idempotency_key
from webapp.presenters.inbox import Asked, acts, count_arrived
from webapp.presenters.moments import reader_zone
from webapp.speech import gettext, ngettext
from workflows.errors import Problem

blueprint = Blueprint("inbox", __name__)


@blueprint.post("/inbox/acts")
def act() -> ResponseReturnValue:
    """Do something with the tasks that were chosen; what needs a second look asks first."""
    chosen, wish, here = read_chosen(), request.form.get("act", ""), Asked.of_query(request.form.get("here", "")).address()
    if not chosen.ids:
        flash(gettext("Choose at least one task."), "warning")
        return redirect(here, 303)
    if wish == "approve" and request.form.get("confirmed") != "yes":
        return _confirm(chosen)
    if wish == "hand-over" and not request.form.get("to"):
        return _ask_to_whom(chosen)
    if wish == "ask" and not request.form.get("text", "").strip():
        return _write_question(chosen)
    found = _find_act(wish, chosen)
    if found is None:
        flash(gettext("Choose the day until which you put it off."), "warning")
        return redirect(here, 303)
    return _show_results(chosen, *found, back=here)


@blueprint.get("/inbox/new")
def new() -> ResponseReturnValue:
    """Say how many tasks have come into a view since a moment, for the script that announces them."""
    asked = Asked.of(request.args)
    with database().reading() as session:
        count = count_arrived(session, asked, since=_since(), actor=actor(), now=now())
    sentence = ngettext("%(num)d new task", "%(num)d new tasks", count) if count else ""
    return jsonify(count=count, sentence=sentence, address=asked.address())


@blueprint.get("/inbox/views")
def views() -> ResponseReturnValue:
    """List the reader's views, to rename or delete them."""
    return _show_views()


@blueprint.post("/inbox/views")
def save_view() -> ResponseReturnValue:
    """Keep a view under a name."""
    asked = Asked.of_query(request.form.get("query", ""))
    try:
        with database().transaction() as session:
            saved_views.save_view(
                session, name=request.form.get("name", ""), query=asked.query(task=None, page=None), actor=actor(), now=now()
            )
    except saved_views.ViewRefused as refusal:
        return _show_views(Problem(where="name", sentence=refusal.sentence), query=asked.query(task=None, page=None)), 422
    flash(gettext("The view is saved. It stands among the tabs of your inbox."))
    return redirect(asked.address(task=None, page=None), 303)


@blueprint.post("/inbox/views/<view_id>/rename")
def rename_view(view_id: str) -> ResponseReturnValue:
    """Give a view another name."""
    try:
        with database().transaction() as session:
            saved_views.rename_view(session, view_id, name=request.form.get("name", ""), actor=actor())
    except saved_views.ViewRefused as refusal:
        return _show_views(Problem(where=f"name-{view_id}", sentence=refusal.sentence)), 422
    flash(gettext("The view has its new name."))
    return redirect(url_for("inbox.views"), 303)


@blueprint.post("/inbox/views/<view_id>/delete")
def delete_view(view_id: str) -> ResponseReturnValue:
    """Forget a view."""
    with database().transaction() as session:
        saved_views.delete_view(session, view_id, actor=actor())
    flash(gettext("The view is deleted. Nothing happened to its tasks."))
    return redirect(url_for("inbox.views"), 303)


def _find_act(wish: str, chosen: Chosen) -> tuple[Act, str] | None:
    """Find what is to be done with each task, and what is said of it afterwards; None when the day for it is missing."""
    shared: dict[str, Any] = {"actor": actor(), "now": now()}
    if wish == "claim":
        return partial(tasks.claim_task, **shared), gettext("In your hands")
    if wish == "approve":
        return approve_chosen(chosen), gettext("Approved")
    if wish == "ask":
        asked = gettext("Your question was sent. The task stays with you; its page says when the answer is there.")
        return ask_chosen(chosen, text=request.form["text"], audience=request.form.get("audience", "")), asked
    if wish == "hand-over":
        handing: dict[str, Any] = {"to": request.form.get("to", ""), "note": request.form.get("note", "")}
        return partial(tasks.assign_task, **handing, **shared), gettext("Handed over")
    if wish == "bring-back":
        return partial(tasks.bring_back_task, actor=actor()), gettext("Back in your list")
    if wish not in acts.PUTTING_OFF:
        raise BadRequest
    until = acts.until_of(wish, request.form.get("on", ""), now=now(), zone=reader_zone())
    return (partial(tasks.put_off_task, until=until, **shared), gettext("Put off")) if until else None


def _confirm(chosen: Chosen) -> str:
    with database().reading() as session:
        lines = acts.preview_approval(session, chosen.ids, chosen.seen, actor=actor(), now=now())
    return _render("tasks/approve_several.html", chosen, lines=lines)


def _ask_to_whom(chosen: Chosen) -> str:
    with database().reading() as session:
        lines, people = acts.list_eligible(session, chosen.ids, actor=actor(), now=now())
    return _render("tasks/hand_over_several.html", chosen, lines=lines, people=people)


def _write_question(chosen: Chosen) -> ResponseReturnValue:
    problem = TextMissing() if request.form.get("confirmed") == "yes" else None
    with database().reading() as session:
        lines = acts.list_chosen(session, chosen.ids, actor=actor(), now=now())
    return _render("tasks/ask_several.html", chosen, lines=lines, problem=problem), 422 if problem else 200


def _show_results(chosen: Chosen, act: Act, done: str, *, back: str) -> str:
    outcomes = do_each(chosen.ids, act, done)
    with database().reading() as session:
        lines = acts.describe(session, outcomes, chosen.seen, actor=actor())
    return render_template(
        "tasks/results.html",
        lines=lines,
        sum=acts.say_sum(lines),
        back=back,
        query=_here(),
        batch=new_idempotency_key(),
        may_undo=request.form.get("act") == "approve",
    )


def _render(template: str, chosen: Chosen, **shown: Any) -> str:
    return render_template(template, batch=chosen.batch, query=_here(), back=Asked.of_query(_here()).address(), **shown)


def _here() -> str:
    return Asked.of_query(request.form.get("here", "")).query()


def _show_views(*problems: Problem, query: str = "") -> str:
    with database().reading() as session:
        kept = [(view, Asked.of_query(view.query).address()) for view in saved_views.list_views(session, actor())]
    return render_template(
        "tasks/views.html", views=kept, problems=list(problems), query=query, typed=request.form.get("name", "")
    )


def _since() -> datetime:
    try:
        since = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return now()
    return since if since.tzinfo else since.replace(tzinfo=UTC)
