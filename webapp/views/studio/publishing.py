"""Sending a draft to a second owner, and going back to an old version."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import definitions
from services.process_drafts import publishing
from webapp.context import actor, database, now
from webapp.i18n import say
from webapp.presenters.studio import bars
from webapp.presenters.studio import publishing as pages
from webapp.speech import gettext
from webapp.views.studio.frame import blueprint, ensure_owner, find_draft
from workflows.errors import AnswersInvalid, SafeconductError


@blueprint.get("/drafts/<draft_id>/publish")
def publish(draft_id: str) -> ResponseReturnValue:
    """Show what speaks for a draft, and the form that sends it."""
    return _show_publish(draft_id)


@blueprint.post("/drafts/<draft_id>/publish")
def send(draft_id: str) -> ResponseReturnValue:
    """Send a draft to a second owner."""
    note, typed = request.form.get("note", "").strip(), request.form.get("effective_from", "").strip()
    try:
        effective_from = datetime.fromisoformat(typed).replace(tzinfo=UTC) if typed else None
    except ValueError:
        return _show_publish(draft_id, problem=gettext("Give the day and time as year, month, day, hour and minute.")), 422
    try:
        with database().transaction() as session:
            case = publishing.send_draft(
                session, draft_id, note=note, effective_from=effective_from, actor=actor(), now=now()
            ).number
    except (AnswersInvalid, publishing.NotReady) as error:
        return _show_publish(draft_id, problem=_say(error)), 422
    flash(gettext("Sent to the second owner as {number}.").format(number=case), "success")
    return redirect(url_for("studio.publish", draft_id=draft_id), 303)


@blueprint.get("/processes/<key>/versions/<int:version>/roll-back")
def roll_back(key: str, version: int) -> ResponseReturnValue:
    """Ask why an old version is to come into use again."""
    with database().reading() as session:
        ensure_owner(session, key)
        definitions.get_version(session, key, version)
    return render_template("studio/roll_back.html", key=key, number=version, note="", problem="")


@blueprint.post("/processes/<key>/versions/<int:version>/roll-back")
def put_back(key: str, version: int) -> ResponseReturnValue:
    """Put an old version into use again, at once."""
    note = request.form.get("note", "").strip()
    try:
        with database().transaction() as session:
            case = publishing.roll_back(session, key, version, note=note, actor=actor(), now=now()).number
    except (AnswersInvalid, publishing.InUseAlready) as error:
        return render_template("studio/roll_back.html", key=key, number=version, note=note, problem=_say(error)), 422
    flash(
        gettext("Version {version} is in use. A second owner looks at it in {number}.").format(version=version, number=case),
        "success",
    )
    return redirect(url_for("studio.process", key=key), 303)


def _show_publish(draft_id: str, *, problem: str = "") -> str:
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        page, bar = pages.get_publish(session, draft, now=now()), bars.get_bar(session, draft, actor=actor())
    typed = {name: request.form.get(name, "") for name in ("note", "effective_from")}
    return render_template("studio/publish.html", page=page, bar=bar, problem=problem, **typed)


def _say(error: SafeconductError) -> str:
    if isinstance(error, AnswersInvalid):
        if any(problem.where.startswith("effective") for problem in error.problems):
            return gettext("The day lies in the past.")
        return gettext("Say in at least three letters what is changed and why.")
    return say(error)
