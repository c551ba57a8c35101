"""Steps that failed, and their repair, for those who look after processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.cases import incidents, repairing
from services.errors import OperationFailed, RepairRefused
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.presenters import incidents as pages
from webapp.speech import gettext
from workflows.errors import Problem

blueprint = Blueprint("incidents", __name__, url_prefix="/failed-steps")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List what failed, or what was repaired."""
    closed = request.args.get("view") == "repaired"
    with database().reading() as session:
        page = pages.get_list(session, actor=actor(), now=now(), closed=closed)
    return render_template("incidents/index.html", page=page)


@blueprint.get("/<reference>")
def show(reference: str) -> ResponseReturnValue:
    """Show one failure and what can be done about it."""
    with database().reading() as session:
        page = pages.get_page(session, reference, actor=actor(), now=now())
    return render_template("incidents/show.html", page=page)


@blueprint.post("/<reference>/retry")
def retry(reference: str) -> ResponseReturnValue:
    """Let it happen again now."""
    return _repair(reference, repairing.retry_step)


@blueprint.post("/<reference>/skip")
def skip(reference: str) -> ResponseReturnValue:
    """Leave the step out."""
    return _repair(reference, repairing.skip_step, reason=_reason())


@blueprint.post("/<reference>/change")
def change(reference: str) -> ResponseReturnValue:
    """Change what the step reads, and let it happen again."""
    return _repair(reference, repairing.change_variables, values=pages.read_values(request.form), reason=_reason())


@blueprint.post("/<reference>/dismiss")
def dismiss(reference: str) -> ResponseReturnValue:
    """Close it without a change to the case."""
    return _repair(reference, repairing.dismiss_incident, reason=_reason())


@blueprint.post("/<reference>/look")
def look(reference: str) -> ResponseReturnValue:
    """Show what the step reads, and let the case say for ever who looked. The values are on this one answer and nowhere else."""
    try:
        with database().transaction() as session:
            found = pages.get_page(session, reference, actor=actor(), now=now())
            seen = repairing.break_glass(session, found.id, actor=actor(), reason=_reason(), now=now())
    except RepairRefused as refusal:
        return _show_refused(reference, refusal)
    with database().reading() as session:
        page = pages.get_page(session, reference, actor=actor(), now=now(), seen=seen)
    return render_template("incidents/show.html", page=page)


def _repair(reference: str, act: Callable[..., Any], **how: Any) -> ResponseReturnValue:
    with database().reading() as session:
        incident_id = pages.get_page(session, reference, actor=actor(), now=now()).id
    try:
        with database().transaction() as session:
            done = pages.say_repaired(act(session, incident_id, actor=actor(), now=now(), **how))
    except RepairRefused as refusal:
        return _show_refused(reference, refusal)
    except OperationFailed as error:
        with database().transaction() as session:
            cause = incidents.note_again(session, incident_id, error, now=now()).cause
        flash(gettext("It failed again: {cause}").format(cause=cause), "warning")
        return redirect(url_for("incidents.show", reference=reference), 303)
    flash(done)
    return redirect(url_for("incidents.show", reference=reference), 303)


def _show_refused(reference: str, refusal: RepairRefused) -> ResponseReturnValue:
    problem = Problem(where="", sentence=refusal.sentence, facts=refusal.facts)
    with database().reading() as session:
        typed = {name: value for name, value in request.form.items() if name != "csrf_token"}
        page = pages.get_page(session, reference, actor=actor(), now=now(), typed=typed, problems=[problem])
    return render_template("incidents/show.html", page=page), status_of(refusal)


def _reason() -> str:
    return request.form.get("reason", "")
