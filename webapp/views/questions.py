"""Questions to those whose case it is, and handing a task over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import questions, tasks
from services.questions import TextMissing
from webapp.context import actor, database, now
from webapp.marks import idempotency_key, read_typed
from webapp.presenters import answering as pages
from webapp.presenters.assigning import get_assigning_page
from webapp.presenters.tasks import get_task_page
from webapp.speech import gettext
from workflows.errors import AnswersInvalid, Problem

blueprint = Blueprint("questions", __name__)


@blueprint.post("/tasks/<task_id>/ask")
def ask(task_id: str) -> ResponseReturnValue:
    """Ask those whose case it is, without completing the task."""
    text, audience = request.form.get("text", ""), request.form.get("audience", questions.DECIDERS)
    try:
        with database().transaction() as session:
            questions.ask_requester(
                session, task_id, text=text, audience=audience, actor=actor(), now=now(), idempotency_key=idempotency_key()
            )
    except TextMissing as problem:
        with database().reading() as session:
            task = get_task_page(session, task_id, actor=actor(), now=now())
        return render_template("tasks/show.html", task=task, level=1, ask_problem=problem), 422
    flash(gettext("Your question was sent. The task stays with you; its page says when the answer is there."))
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@blueprint.get("/questions/<question_id>")
def show(question_id: str) -> ResponseReturnValue:
    """Show a question with the place for its answer."""
    return _show_question(question_id)


@blueprint.post("/questions/<question_id>")
def answer(question_id: str) -> ResponseReturnValue:
    """Send the answer to a question; what does not go through comes back with text and files kept."""
    typed = read_typed(request.form)
    with database().transaction() as session:
        refused = pages.keep_files(session, question_id, typed, request.files, actor=actor(), now=now())
    if refused:
        return _show_question(question_id, typed, refused), 422
    try:
        with database().transaction() as session:
            number = pages.send_answer(session, question_id, typed, actor=actor(), now=now())
    except TextMissing as missing:
        return _show_question(question_id, typed, [Problem(where=pages.TEXT, sentence=missing.sentence)]), 422
    except AnswersInvalid as refusal:
        return _show_question(question_id, typed, refusal.problems), 422
    flash(gettext("Your answer was sent. The decision goes on."))
    return redirect(url_for("cases.show", number=number), 303)


def _show_question(question_id: str, typed: dict[str, Any] | None = None, problems: Sequence[Problem] = ()) -> str:
    with database().reading() as session:
        page = pages.get_question_page(session, question_id, actor=actor(), now=now(), typed=typed, problems=problems)
    return render_template("questions/show.html", page=page)


@blueprint.post("/questions/<question_id>/take-back")
def take_back(question_id: str) -> ResponseReturnValue:
    """Take a question back that was not answered."""
    with database().transaction() as session:
        task_id = questions.take_back_question(session, question_id, actor=actor(), now=now()).task_id
    flash(gettext("You took the question back. The clock of the task goes on."))
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@blueprint.get("/tasks/<task_id>/hand-over")
def hand_over(task_id: str) -> ResponseReturnValue:
    """List those to whom a task can be handed over."""
    with database().reading() as session:
        page = get_assigning_page(session, task_id, actor=actor(), now=now())
    return render_template("tasks/hand_over.html", page=page, note="", problem="")


@blueprint.post("/tasks/<task_id>/hand-over")
def assign(task_id: str) -> ResponseReturnValue:
    """Hand a task over to somebody from the list."""
    to, note = request.form.get("to", ""), request.form.get("note", "")
    if not to:
        with database().reading() as session:
            page = get_assigning_page(session, task_id, actor=actor(), now=now())
        return render_template("tasks/hand_over.html", page=page, note=note, problem=gettext("Choose somebody")), 422
    with database().transaction() as session:
        tasks.assign_task(session, task_id, to=to, actor=actor(), now=now(), note=note)
    flash(gettext("The task was handed over. Whoever has it now was told."))
    return redirect(url_for("tasks.inbox"), 303)
