"""Files of a process out of the studio and into it: whole bundles and single files."""

from __future__ import annotations

import base64
import binascii

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services import definitions, process_drafts
from services.errors import FileRefused, NotFound, SavedMeanwhile
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.i18n import say
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.studio.bars import get_bar
from webapp.presenters.studio.bundles import show_preview
from webapp.speech import gettext
from webapp.views.studio.frame import blueprint, find_draft
from workflows.errors import PackageRefused, SafeconductError
from workflows.packages.bundles import BundleRefused, read_upload

_Refusals = (BundleRefused, FileRefused, PackageRefused, SavedMeanwhile)


@blueprint.get("/drafts/<draft_id>/export")
def export(draft_id: str) -> ResponseReturnValue:
    """Give all files of a draft as a zip file."""
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        return _as_zip(process_drafts.files_of(session, draft), f"{draft.process_key}-draft-{draft.number}")


@blueprint.get("/processes/<key>/versions/<int:version>/export")
def export_version(key: str, version: int) -> ResponseReturnValue:
    """Give all files of a published version as a zip file."""
    with database().reading() as session:
        if not process_drafts.may_own(session, key, actor=actor(), now=now()):
            raise NotFound
        found = definitions.get_version(session, key, version)
        session.refresh(found, ["bundle"])
        return _as_zip(definitions.unpack(found.bundle), f"{key}-{version}")


@blueprint.get("/drafts/<draft_id>/import")
def import_files(draft_id: str) -> ResponseReturnValue:
    """Ask for the files that are to come into a draft."""
    return _ask(draft_id)


@blueprint.post("/drafts/<draft_id>/import")
def preview_import(draft_id: str) -> ResponseReturnValue:
    """Say what files would change, without taking them."""
    sent = request.files.get("file")
    try:
        files = read_upload(sent.filename or "", sent.stream.read()) if sent is not None else {}
        with database().reading() as session:
            draft = find_draft(session, draft_id)
            page = show_preview(draft, files, process_drafts.preview_import(session, draft, files))
            return render_template("studio/import_preview.html", bar=get_bar(session, draft, actor=actor()), page=page)
    except _Refusals as refusal:
        return _ask(draft_id, refusal)


@blueprint.post("/drafts/<draft_id>/import/take")
def take_import(draft_id: str) -> ResponseReturnValue:
    """Take files into a draft, after everything about them is looked at once more."""
    revision = request.form.get("revision", type=int)
    if revision is None:
        raise BadRequest
    try:
        files = read_upload("bundle.zip", base64.b64decode(request.form.get("bundle", ""), validate=True))
        with database().transaction() as session:
            process_drafts.import_files(session, draft_id, files, revision=revision, actor=actor(), now=now())
    except binascii.Error as broken:
        raise BadRequest from broken
    except _Refusals as refusal:
        return _ask(draft_id, refusal)
    flash(gettext("The files are in the draft."), "success")
    return redirect(url_for("studio.check", draft_id=draft_id), 303)


def _ask(draft_id: str, refusal: SafeconductError | None = None) -> ResponseReturnValue:
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        bar = get_bar(session, draft, actor=actor())
    said = say_conflict(refusal, now=now()) if isinstance(refusal, SavedMeanwhile) else say(refusal) if refusal else ""
    problems = refusal.problems if isinstance(refusal, PackageRefused) else []
    said = gettext("These files cannot be read, so nothing was taken.") if problems else said
    page = render_template("studio/import.html", bar=bar, refused=said, found_problems=problems)
    return page, status_of(refusal) if refusal is not None else 200


def _as_zip(files: dict[str, bytes], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(definitions.pack(files), mimetype="application/zip", headers=headers)
