"""Policies for their readers: the list, the text, the confirmation. Opening a text confirms nothing; only the button does."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import policies
from services.policies import NotConfirmed, PolicyChanged
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.presenters import policies as pages
from webapp.speech import gettext
from workflows.errors import Problem

blueprint = Blueprint("policies", __name__, url_prefix="/policies")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show the policies that the reader may read, and who of the reader's staff has not read them in time."""
    with database().reading() as session:
        rows = pages.list_policies(session, actor=actor(), now=now())
        staff = pages.list_staff(session, actor=actor(), now=now())
    return render_template("policies/index.html", rows=rows, staff=staff)


@blueprint.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show a policy in force with what the reader's organisation adds."""
    return _show(code)


@blueprint.post("/<code>")
def acknowledge(code: str) -> ResponseReturnValue:
    """Confirm that the reader has read what was shown."""
    digest, read = request.form.get("digest", ""), request.form.get("read") == "true"
    try:
        with database().transaction() as session:
            policies.acknowledge(session, code, digest=digest, read=read, actor=actor(), now=now())
    except (NotConfirmed, PolicyChanged) as refusal:
        return _show(code, Problem(where="read", sentence=refusal.sentence)), status_of(refusal)
    flash(gettext("Your confirmation is noted."))
    return redirect(url_for("policies.index"), 303)


def _show(code: str, *problems: Problem) -> str:
    with database().reading() as session:
        page = pages.get_policy(session, code, actor=actor(), now=now())
    return render_template("policies/show.html", page=page, problems=list(problems))
