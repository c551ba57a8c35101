"""From what went wrong to a page: one table says which status an error answers with, one template says it to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from services import account_links, calendar_tokens, people
from services import errors as services_errors
from services.process_drafts import publishing
from services.registry import errors as registry_errors
from services.tasks import saved_views
from webapp.i18n import say, say_way_out
from workflows import errors as workflows_errors
from workflows.diagrams import editing
from workflows.forms import editing as form_editing
from workflows.packages import bundles, rewriting

STATUS: dict[type[Exception], int] = {
    workflows_errors.SafeconductError: 400,
    workflows_errors.Refused: 422,
    services_errors.NotFound: 404,
    services_errors.NotAllowed: 403,
    services_errors.Conflict: 409,
    services_errors.IdempotencyMismatch: 422,
    services_errors.OperationFailed: 500,
    services_errors.RepairRefused: 422,
    services_errors.FileRefused: 422,
    publishing.NotReady: 422,
    form_editing.FormUnreadable: 422,
    form_editing.ComponentGone: 409,
    editing.EditRefused: 422,
    rewriting.FileUnusual: 422,
    bundles.BundleRefused: 422,
    bundles.BundleTooLarge: 413,
    services_errors.Busy: 503,
    registry_errors.EntryRefused: 422,
    registry_errors.TooManyRows: 422,
    registry_errors.SheetRefused: 422,
    saved_views.ViewRefused: 422,
    people.SignInRefused: 422,
    people.TooManyAttempts: 429,
    calendar_tokens.ReadTooOften: 429,
    people.PasswordRefused: 422,
    account_links.LinkOver: 410,
    people.LocaleRefused: 422,
    CSRFError: 400,
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a page of an error says when the error itself brings no sentence of its own."""

    title: Any
    sentence: Any


WORDS: dict[int, Words] = {
    400: Words(
        title=lazy_gettext("This could not be understood"),
        sentence=lazy_gettext("Go back, load the page again and send it once more. Copy long texts before you do."),
    ),
    401: Words(
        title=lazy_gettext("You are signed out"),
        sentence=lazy_gettext("Sign in again in another window, then come back to this page and send it once more."),
    ),
    403: Words(
        title=lazy_gettext("You are not allowed to do this"),
        sentence=lazy_gettext("If your work needs it, ask the person who looks after roles in your organisation."),
    ),
    404: Words(
        title=lazy_gettext("There is nothing here"),
        sentence=lazy_gettext("The address may be mistyped, or this is not yours to see. Start again from the home page."),
    ),
    405: Words(
        title=lazy_gettext("This page cannot be used in that way"),
        sentence=lazy_gettext("Open it again from the home page and use its buttons."),
    ),
    409: Words(
        title=lazy_gettext("Somebody was quicker"),
        sentence=lazy_gettext("Look at the page again before you go on."),
    ),
    410: Words(
        title=lazy_gettext("This link does not hold any more"),
        sentence=lazy_gettext("It was used, a newer one took its place, or its time is over."),
    ),
    413: Words(
        title=lazy_gettext("This is too much to send at once"),
        sentence=lazy_gettext("A file must be smaller than 10 MB, all files together smaller than 50 MB. Choose smaller files."),
    ),
    415: Words(
        title=lazy_gettext("This kind of content is not accepted"),
        sentence=lazy_gettext("Open the page again from the home page and use its buttons."),
    ),
    422: Words(
        title=lazy_gettext("There is a problem"),
        sentence=lazy_gettext("Go back, correct what is named there and send it once more."),
    ),
    429: Words(
        title=lazy_gettext("Too many attempts"),
        sentence=lazy_gettext("Wait a quarter of an hour, then try again."),
    ),
    500: Words(
        title=lazy_gettext("Something went wrong on our side"),
        sentence=lazy_gettext("Nothing was changed. Try again in a few minutes; if it happens again, tell us when it happened."),
    ),
    503: Words(
        title=lazy_gettext("The service is busy"),
        sentence=lazy_gettext("Nothing was changed. Try again in a moment."),
    ),
}


def init_errors(app: Flask) -> None:
    """Let an application answer every error with a page."""
    app.register_error_handler(workflows_errors.SafeconductError, show_own_error)
    app.register_error_handler(CSRFError, show_old_page)
    app.register_error_handler(HTTPException, show_http_error)


def status_of(error: Exception) -> int:
    """Look up the status of an error by its nearest ancestor in the table."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def show_own_error(error: workflows_errors.SafeconductError) -> ResponseReturnValue:
    """Answer with the sentence that the error is."""
    return _answer(status_of(error), sentence=say(error), problems=getattr(error, "problems", []))


def show_old_page(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is missing or old."""
    sentence = gettext("This page was open for too long, or you signed in again since. Load it again and send it once more.")
    return _answer(status_of(error), sentence=sentence)


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself refuses, and errors of the program (as 500, without their details)."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):
        # A host that is not ours: no page can be written, because its links would lead there.
        return Response("This host is not served here.\n", status=error.code, mimetype="text/plain")
    headers = [(name, value) for name, value in error.get_headers() if name.lower() not in {"content-type", "content-length"}]
    return *_answer(error.code), dict(headers)


def _answer(status: int, *, sentence: str | None = None, problems: list[Any] | None = None) -> tuple[Any, int]:
    words = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    said = sentence or str(words.sentence)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        listed = [{"where": each.where, "sentence": say(each), "way_out": say_way_out(each)} for each in problems or []]
        return jsonify(title=str(words.title), sentence=said, problems=listed), status
    why, listed_problems = _find_explanation(status), problems or []
    page = render_template("errors/page.html", title=words.title, sentence=said, problems=listed_problems, status=status, why=why)
    return page, status


def _find_explanation(status: int) -> str | None:
    """Give the address that explains why a step of a case was refused to the person, where there is one."""
    task_id = (request.view_args or {}).get("task_id")
    return url_for("tasks.authority", task_id=task_id) if status == 403 and task_id else None
