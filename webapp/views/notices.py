"""What the reader was told, and how they want to be told."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import notices
from webapp.context import actor, database, now
from webapp.presenters import notices as pages
from webapp.speech import gettext
from workflows.errors import AnswersInvalid

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notifications")
def index() -> ResponseReturnValue:
    """Show what the reader was told, newest first."""
    number = max(1, request.args.get("page", 1, type=int))
    with database().reading() as session:
        page = pages.get_notices_page(session, actor=actor(), now=now(), number=number)
    return render_template("notices/index.html", page=page)


@blueprint.post("/notifications/<notice_id>/open")
def open_notice(notice_id: str) -> ResponseReturnValue:
    """Note that a notice was read, and go where it leads."""
    with database().transaction() as session:
        path = notices.mark_read(session, notice_id, actor=actor(), now=now())
    return redirect(path, 303)


@blueprint.post("/notifications/read")
def read_all() -> ResponseReturnValue:
    """Note that everything was read."""
    with database().transaction() as session:
        notices.mark_all_read(session, actor=actor(), now=now())
    flash(gettext("All notifications are marked as read."))
    return redirect(url_for("notices.index"), 303)


@blueprint.get("/profile/notifications")
def preferences() -> ResponseReturnValue:
    """Ask how the reader wants to be told."""
    with database().reading() as session:
        page = pages.get_preferences_page(session, actor=actor(), now=now())
    return render_template("notices/preferences.html", page=page)


@blueprint.post("/profile/notifications")
def choose() -> ResponseReturnValue:
    """Remember how the reader wants to be told."""
    typed = request.form
    try:
        with database().transaction() as session:
            notices.choose_habits(
                session,
                actor=actor(),
                kinds=pages.read_kinds(typed),
                quiet_from=typed.get("quiet_from", ""),
                quiet_to=typed.get("quiet_to", ""),
                working_time=typed.get("working_time") == "true",
                now=now(),
            )
    except AnswersInvalid as refusal:
        with database().reading() as session:
            page = pages.get_preferences_page(session, actor=actor(), now=now(), typed=typed, problems=refusal.problems)
        return render_template("notices/preferences.html", page=page), 422
    flash(gettext("Saved. Mails come as you chose."))
    return redirect(url_for("notices.preferences"), 303)
