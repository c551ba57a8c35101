"""What is kept of cases: what goes soon, what stays and why, and holding a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import retention
from services.errors import ReasonMissing
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.presenters import retention as pages
from webapp.speech import gettext
from workflows.errors import Problem

blueprint = Blueprint("retention", __name__, url_prefix="/retention")
SOON_DAYS = 30


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Say what is forgotten within some days and what stays, or lead to the case whose number is asked for."""
    if number := request.args.get("number", "").strip():
        return redirect(url_for("retention.show", number=number))
    days = request.args.get("days", SOON_DAYS, type=int)
    with database().reading() as session:
        page = pages.get_preview_page(session, days=days, actor=actor(), now=now())
    return render_template("retention/index.html", page=page)


@blueprint.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    """Say what is kept of a case, and who held it."""
    return _show(number)


@blueprint.post("/<number>/hold")
def hold(number: str) -> ResponseReturnValue:
    """Keep a case as it is."""
    return _act(number, retention.hold_case, gettext("The case is held. It stays as it is until the hold is lifted."))


@blueprint.post("/<number>/lift")
def lift(number: str) -> ResponseReturnValue:
    """Lift the hold of a case."""
    return _act(number, retention.lift_hold, gettext("The hold is lifted. The case goes the way of its time again."))


def _act(number: str, act: Callable[..., Any], done: str) -> ResponseReturnValue:
    try:
        with database().transaction() as session:
            act(session, number, reason=request.form.get("reason", ""), actor=actor(), now=now())
    except ReasonMissing as refusal:
        return _show(number, Problem(where="reason", sentence=refusal.sentence)), status_of(refusal)
    flash(done)
    return redirect(url_for("retention.show", number=number), 303)


def _show(number: str, *problems: Problem) -> str:
    with database().reading() as session:
        page = pages.get_kept_page(session, number, actor=actor(), now=now())
    return render_template("retention/show.html", page=page, problems=list(problems))
