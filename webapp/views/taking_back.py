"""Taking a decision back: at once by a button, later with a reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import tasks
from services.errors import ReasonMissing, TooLateToTakeBack
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.taking_back import get_page
from webapp.presenters.tasks import get_task_page
from webapp.speech import gettext
from workflows.errors import Problem

blueprint = Blueprint("taking_back", __name__)


@blueprint.get("/tasks/<task_id>/take-back")
def ask(task_id: str) -> ResponseReturnValue:
    """Say what taking a decision back means, and ask for the reason."""
    with database().reading() as session:
        page = get_page(session, task_id, actor=actor(), now=now())
    return render_template("tasks/take_back.html", page=page, problems=[], typed="")


@blueprint.post("/tasks/<task_id>/take-back")
def take_back(task_id: str) -> ResponseReturnValue:
    """Take a decision back; the step is open again."""
    reason = request.form.get("reason", "")
    try:
        with database().transaction() as session:
            taken = tasks.take_back(session, task_id, actor=actor(), now=now(), reason=reason)
    except ReasonMissing:
        with database().reading() as session:
            page = get_page(session, task_id, actor=actor(), now=now())
        missing = Problem(where="reason", sentence="Say why you take it back. The reason stays in the history of the case.")
        return render_template("tasks/take_back.html", page=page, problems=[missing], typed=reason), 422
    except TooLateToTakeBack as refusal:
        with database().reading() as session:
            task = get_task_page(session, task_id, actor=actor(), now=now())
        sentence = say_conflict(refusal, now=now())
        return render_template("tasks/too_late.html", sentence=sentence, number=task.number), status_of(refusal)
    flash(gettext("Taken back. The step is open again and in your hands, with your answers as they were."))
    return redirect(url_for("tasks.show", task_id=taken.task.id), 303)
