"""Processes and their drafts: lists, beginning one, its files, saving them one by one."""

from __future__ import annotations

import re

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services import process_drafts, retention
from services.errors import Conflict, FileRefused, SavedMeanwhile
from services.models.process_drafts import DraftFile
from webapp.context import actor, database, now
from webapp.i18n import say
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.moments import show_moment
from webapp.presenters.studio import bars, processes
from webapp.presenters.studio import files as pages
from webapp.presenters.studio.sources import get_source
from webapp.speech import gettext
from webapp.views.studio.frame import blueprint, find_draft

_REVISION = re.compile(r'"(\d{1,9})"')


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the processes that the reader looks after, and the drafts."""
    with database().reading() as session:
        page = processes.get_index(session, actor=actor(), now=now())
        oversees = retention.is_overseer(session, actor=actor(), now=now())
    return render_template("studio/index.html", page=page, oversees=oversees)


@blueprint.get("/processes/<key>")
def process(key: str) -> ResponseReturnValue:
    """Show a process with its versions and drafts."""
    with database().reading() as session:
        page = processes.get_process(session, key, actor=actor(), now=now())
    return render_template("studio/process.html", page=page)


@blueprint.post("/processes/<key>/drafts")
def begin(key: str) -> ResponseReturnValue:
    """Begin a draft with a published version: the one in use, or another."""
    version = request.form.get("version", type=int)
    with database().transaction() as session:
        draft_id = process_drafts.open_draft(session, key, actor=actor(), now=now(), version=version).id
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


@blueprint.get("/drafts/<draft_id>")
def draft(draft_id: str) -> ResponseReturnValue:
    """List the files of a draft."""
    with database().reading() as session:
        found = find_draft(session, draft_id)
        page, bar = pages.get_files(session, found), bars.get_bar(session, found, actor=actor())
    return render_template("studio/files.html", page=page, bar=bar)


@blueprint.post("/drafts/<draft_id>/discard")
def discard(draft_id: str) -> ResponseReturnValue:
    """Give a draft up."""
    with database().transaction() as session:
        key = process_drafts.discard_draft(session, draft_id, actor=actor(), now=now()).process_key
    flash(gettext("The draft was given up."), "success")
    return redirect(url_for("studio.process", key=key), 303)


@blueprint.post("/drafts/<draft_id>/copy")
def copy(draft_id: str) -> ResponseReturnValue:
    """Begin another draft with these files, one of them as it was written here."""
    name = request.form.get("name", "")
    changed = {name: request.form.get("content", "").replace("\r\n", "\n").encode()} if name else {}
    with database().transaction() as session:
        copied = process_drafts.copy_draft(session, draft_id, actor=actor(), now=now(), changed=changed).id
    flash(gettext("What you wrote is in a draft of its own now."), "success")
    return redirect(url_for("studio.draft", draft_id=copied), 303)


@blueprint.get("/drafts/<draft_id>/files/<path:name>")
def file(draft_id: str, name: str) -> ResponseReturnValue:
    """Give a file of a draft, never to be shown by the browser itself."""
    with database().reading() as session:
        kept = process_drafts.read_file(session, find_draft(session, draft_id), name)
        content, revision = kept.content, kept.revision
    answer = Response(content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name.rsplit("/", 1)[-1])
    answer.set_etag(str(revision))
    return answer


@blueprint.put("/drafts/<draft_id>/files/<path:name>")
def save_file(draft_id: str, name: str) -> ResponseReturnValue:
    """Save a file, when it is still as the writer read it: `If-Match` names its revision, a new file has `If-None-Match: *`."""
    try:
        with database().transaction() as session:
            kept = process_drafts.save_file(
                session, draft_id, name, request.get_data(), revision=_read_revision(), actor=actor(), now=now()
            )
            answer = {
                "revision": kept.revision,
                "saved": str(bars.say_saved(session, find_draft(session, draft_id), actor=actor())),
            }
    except SavedMeanwhile as error:
        return _say_saved_meanwhile(draft_id, name, error)
    except FileRefused as error:
        return jsonify(error=say(error)), 422
    except Conflict as error:
        return jsonify(error=say(error)), 409
    return jsonify(answer)


@blueprint.post("/drafts/<draft_id>/remove/<path:name>")
def remove_file(draft_id: str, name: str) -> ResponseReturnValue:
    """Take a file out of a draft, when it is still as the reader saw it."""
    revision = request.form.get("revision", type=int)
    if revision is None:
        raise BadRequest
    with database().transaction() as session:
        process_drafts.remove_file(session, draft_id, name, revision=revision, actor=actor(), now=now())
    flash(gettext("The file was taken out."), "success")
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


@blueprint.get("/drafts/<draft_id>/source/<path:name>")
def source(draft_id: str, name: str) -> ResponseReturnValue:
    """Show a file as text, to be changed by hand."""
    with database().reading() as session:
        found = find_draft(session, draft_id)
        page, bar = get_source(session, found, name, now=now()), bars.get_bar(session, found, actor=actor())
    return render_template("studio/source.html", page=page, bar=bar)


@blueprint.post("/drafts/<draft_id>/source/<path:name>")
def save_source(draft_id: str, name: str) -> ResponseReturnValue:
    """Save a file that was changed as text. What was typed stays on the page when it cannot be saved."""
    content = request.form.get("content", "").replace("\r\n", "\n")
    revision = request.form.get("revision", type=int)
    try:
        with database().transaction() as session:
            process_drafts.save_file(session, draft_id, name, content.encode(), revision=revision, actor=actor(), now=now())
    except (SavedMeanwhile, FileRefused) as error:
        with database().reading() as session:
            found = find_draft(session, draft_id)
            page = get_source(session, found, name, now=now(), typed=content, revision=revision, refused=error)
            bar = bars.get_bar(session, found, actor=actor())
        return render_template("studio/source.html", page=page, bar=bar), 409 if isinstance(error, SavedMeanwhile) else 422
    flash(gettext("Saved."), "success")
    return redirect(url_for("studio.source", draft_id=draft_id, name=name), 303)


def _read_revision() -> int | None:
    """Read which revision the writer had.

    Raises:
        BadRequest: Neither header is there, or it is none of ours.
    """
    if request.headers.get("If-None-Match") == "*":
        return None
    found = _REVISION.fullmatch(request.headers.get("If-Match", ""))
    if found is None:
        raise BadRequest
    return int(found[1])


def _say_saved_meanwhile(draft_id: str, name: str, error: SavedMeanwhile) -> ResponseReturnValue:
    with database().reading() as session:
        kept: DraftFile | None = next(
            (each for each in process_drafts.list_files(session, find_draft(session, draft_id)) if each.name == name), None
        )
    answer = {
        "error": say_conflict(error, now=now()),
        "by": error.facts["by"],
        "at": show_moment(error.facts["at"], now=now()),
        "revision": kept.revision if kept is not None else None,
    }
    return jsonify(answer), 412
