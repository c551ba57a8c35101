"""Calendars: by a secret address for programs that cannot sign in, and one request to be added by hand."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import calendar_tokens
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.presenters import calendar as pages
from webapp.presenters.moments import show_moment
from webapp.speech import gettext

blueprint = Blueprint("calendar", __name__)
MEDIA_TYPE = "text/calendar"
FRESH = timedelta(minutes=15)


@blueprint.get("/calendar/<secret>/<kind>.ics")
def feed(secret: str, kind: str) -> ResponseReturnValue:
    """Give the calendar that a secret opens. Who has it need not sign in; who has an old one finds nothing."""
    try:
        with database().transaction() as session:
            content = pages.read_feed(session, secret, kind, now=now())
    except calendar_tokens.ReadTooOften as refusal:
        wait = int(calendar_tokens.WINDOW.total_seconds())
        return Response(str(refusal), status_of(refusal), {"Retry-After": str(wait)}, mimetype="text/plain")
    answer = Response(content, mimetype=MEDIA_TYPE)
    answer.headers["Cache-Control"] = f"private, max-age={int(FRESH.total_seconds())}"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/cases/<number>/calendar.ics")
def case(number: str) -> ResponseReturnValue:
    """Give the reader's stops of one request, to be added to a calendar."""
    with database().reading() as session:
        content = pages.read_case_calendar(session, number, actor=actor(), now=now())
    headers = {"Content-Disposition": f'attachment; filename="{number}.ics"'}
    return Response(content, mimetype=MEDIA_TYPE, headers=headers)


@blueprint.get("/profile/calendar")
def show() -> ResponseReturnValue:
    """Say whether there is a secret address, and offer to make or take back one."""
    with database().reading() as session:
        since = calendar_tokens.find_calendar_token(session, actor=actor())
    return render_template("account/calendar.html", since=since and show_moment(since, now=now()), secret="")


@blueprint.post("/profile/calendar")
def create() -> ResponseReturnValue:
    """Make a secret address and show it, this once; one from before holds no longer."""
    with database().transaction() as session:
        secret = calendar_tokens.create_calendar_token(session, actor=actor(), now=now())
    return render_template("account/calendar.html", since=show_moment(now(), now=now()), secret=secret)


@blueprint.post("/profile/calendar/revoke")
def revoke() -> ResponseReturnValue:
    """Take the secret address back."""
    with database().transaction() as session:
        calendar_tokens.revoke_calendar_token(session, actor=actor())
    flash(gettext("The secret address was taken back. Calendars that use it get nothing any more."))
    return redirect(url_for("calendar.show"), 303)
