"""The inbox, and one task from reading it to deciding it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import residences, tasks
from services.errors import Busy, ClaimedByOther, Conflict, OperationFailed, StaleRevision
from services.proof import ProofNeeded
from webapp import rows
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.failures import note_failure
from webapp.marks import idempotency_key, read_typed, seen_revision
from webapp.presenters import task_sending as sending
from webapp.presenters import tasks as pages
from webapp.presenters.authority import get_authority_page
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.inbox import Asked, get_inbox
from webapp.presenters.taking_back import note_done
from webapp.proving import FIELD, take_password
from webapp.speech import gettext
from workflows.errors import AnswersInvalid, Problem

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Show what waits for the reader beside the task that is open."""
    asked = Asked.of(request.args)
    if "" in request.args.values():
        return redirect(asked.address())  # as the filter sends what was left empty: an address to keep has none of it
    with database().reading() as session:
        page = get_inbox(session, asked, actor=actor(), now=now())
        task = pages.get_task_page(session, page.chosen, actor=actor(), now=now()) if page.chosen else None
    if task is not None:
        note_seen(task)
    return render_template("tasks/inbox.html", page=page, task=task, level=2)


@blueprint.get("/tasks/<task_id>")
def show(task_id: str) -> ResponseReturnValue:
    """Show one task on a page of its own."""
    with database().reading() as session:
        task = pages.get_task_page(session, task_id, actor=actor(), now=now())
    note_seen(task)
    return render_template("tasks/show.html", task=task, level=1)


def note_seen(task: pages.TaskPage) -> None:
    """Remember what the reader has seen of a task, in a transaction of its own and only when it is different from before."""
    if not task.is_unseen:
        return
    # To read comes first: a database that is busy writing lets the page through, and the next look is remembered.
    with suppress(Busy), database().transaction() as session:
        tasks.note_sighting(session, task.id, actor=actor(), now=now())


@blueprint.get("/tasks/<task_id>/authority")
def authority(task_id: str) -> ResponseReturnValue:
    """Explain why the reader, or another person, may act on a task or may not."""
    with database().reading() as session:
        page = get_authority_page(session, task_id, actor=actor(), now=now(), about=request.args.get("person", ""))
    return render_template("tasks/authority.html", page=page)


@blueprint.post("/tasks/<task_id>")
def complete(task_id: str) -> ResponseReturnValue:
    """Complete a task with what was typed; what does not go through comes back with the text kept."""
    typed = read_typed(request.form)
    try:
        _take_files(task_id, typed)
        if rows.is_asked(request.form):
            return _change_rows(task_id, typed)
        if wrong := take_password():
            return _show_again(task_id, typed, [wrong])
        with database().transaction() as session:
            done = tasks.complete_task(
                session,
                task_id,
                actor=actor(),
                answers=typed,
                revision=seen_revision() or 0,
                now=now(),
                idempotency_key=idempotency_key(),
                held=tasks.GRACE,
            )
    except AnswersInvalid as refusal:
        return _show_again(task_id, typed, refusal.problems)
    except ProofNeeded as needed:
        return _show_again(task_id, typed, [Problem(where=FIELD, sentence=needed.sentence)])
    except Conflict as conflict:
        return _show_conflict(task_id, conflict, typed)
    except OperationFailed as error:
        return _show_failure(task_id, error, typed)
    flash(*note_done(sending.say_done(done), done))
    return redirect(sending.address_after(done, actor=actor()), 303)


def _show_again(task_id: str, typed: dict[str, Any], problems: Iterable[Problem]) -> ResponseReturnValue:
    with database().reading() as session:
        task = pages.get_task_page(session, task_id, actor=actor(), now=now(), answers=typed, problems=problems)
    return render_template("tasks/show.html", task=task, level=1), 422


def _take_files(task_id: str, typed: dict[str, Any]) -> None:
    """Keep files in a transaction of their own: they stay when the answers do not go through."""
    if not request.files:
        return
    with database().transaction() as session:
        refused = sending.take_files_of_task(session, task_id, typed, request.files, actor=actor(), now=now())
    if refused:
        raise AnswersInvalid(refused)


def _change_rows(task_id: str, typed: dict[str, object]) -> ResponseReturnValue:
    anchor = rows.change_rows(typed, request.form)
    with database().transaction() as session:
        tasks.save_draft(session, task_id, actor=actor(), raw=typed, now=now())
    return redirect(url_for("tasks.show", task_id=task_id, _anchor=anchor), 303)


def _show_failure(task_id: str, error: OperationFailed, typed: dict[str, Any]) -> ResponseReturnValue:
    """Show the form again with everything that was typed, which is also kept as a draft."""
    problem = note_failure(error, "complete", task_id=task_id, typed=typed)
    with database().transaction() as session:
        tasks.save_draft(session, task_id, actor=actor(), raw=typed, now=now())
    with database().reading() as session:
        task = pages.get_task_page(session, task_id, actor=actor(), now=now(), answers=typed, problems=[problem])
    return render_template("tasks/show.html", task=task, level=1), status_of(error)


def _show_conflict(task_id: str, conflict: Conflict, typed: dict[str, object]) -> ResponseReturnValue:
    with database().transaction() as session:
        tasks.keep_typed(session, task_id, actor=actor(), raw=typed, now=now())
    with database().reading() as session:
        task = pages.get_task_page(session, task_id, actor=actor(), now=now())
    page = render_template(
        "tasks/conflict.html",
        task=task,
        sentence=say_conflict(conflict, now=now()),
        kept=sending.list_kept(task, typed, now=now()),
        is_open=isinstance(conflict, StaleRevision | ClaimedByOther),
    )
    return page, status_of(conflict)


@blueprint.post("/tasks/<task_id>/autosave")
def autosave(task_id: str) -> ResponseReturnValue:
    """Keep what is being typed, for the script that watches the form."""
    try:
        with database().transaction() as session:
            typed = read_typed(request.form)
            sending.take_files_of_task(session, task_id, typed, request.files, actor=actor(), now=now())
            tasks.save_draft(session, task_id, actor=actor(), raw=typed, now=now())
    except Conflict as conflict:
        return jsonify(sentence=say_conflict(conflict, now=now()).striptags()), status_of(conflict)
    return jsonify(saved=True)


@blueprint.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> ResponseReturnValue:
    """Take a task, so that others see that somebody is on it."""
    with database().transaction() as session:
        tasks.claim_task(session, task_id, actor=actor(), now=now())
    flash(gettext("You are working on this now."))
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@blueprint.post("/tasks/<task_id>/release")
def release(task_id: str) -> ResponseReturnValue:
    """Let a task go again."""
    with database().transaction() as session:
        tasks.release_task(session, task_id, actor=actor(), now=now())
    flash(gettext("The task is free for others again."))
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@blueprint.post("/tasks/<task_id>/address")
def read_address(task_id: str) -> ResponseReturnValue:
    """Show where the residence is that a task is about; who read it is entered. It is in no address, no session and no cache."""
    with database().transaction() as session:
        address = residences.read_address_for_task(session, task_id, actor=actor(), now=now())
        task = pages.get_task_page(session, task_id, actor=actor(), now=now())
    return render_template("tasks/show.html", task=replace(task, address=address), level=1)


@blueprint.post("/tasks/<task_id>/step-aside")
def step_aside(task_id: str) -> ResponseReturnValue:
    """Declare a conflict of interest: the task goes to somebody else at once."""
    with database().transaction() as session:
        tasks.declare_conflict(session, task_id, actor=actor(), now=now(), reason=request.form.get("reason", ""))
    flash(gettext("You stepped aside. The task left your inbox."))
    return redirect(url_for("tasks.inbox"), 303)
