"""Watching the running cases of a process, and moving those of an old version."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import definitions
from services.cases import batches
from webapp.context import actor, database, now
from webapp.presenters.studio import moving, watching
from webapp.speech import gettext
from webapp.views.studio.frame import blueprint, ensure_owner


@blueprint.get("/processes/<key>/running")
def running(key: str) -> ResponseReturnValue:
    """Show where the running cases of a process stand."""
    with database().reading() as session:
        ensure_owner(session, key)
        page = watching.get_watch(session, key, request.args.get("version", type=int), actor=actor(), now=now())
    return render_template("studio/running.html", page=page)


@blueprint.get("/processes/<key>/versions/<int:version>/move")
def move(key: str, version: int) -> ResponseReturnValue:
    """Show what would become of the running cases of a version."""
    with database().reading() as session:
        ensure_owner(session, key)
        page = moving.get_move(session, key, version, now=now())
    return render_template("studio/move.html", page=page)


@blueprint.post("/processes/<key>/versions/<int:version>/move")
def ask_move(key: str, version: int) -> ResponseReturnValue:
    """Have the running cases of a version moved, one by one, in the background."""
    with database().transaction() as session:
        ensure_owner(session, key)
        target = definitions.current_version(session, key).version
        batches.ask_migration(session, key, version, target, {}, actor=actor(), now=now())
    flash(gettext("The cases are being moved. Load this page again to see how far it is."), "success")
    return redirect(url_for("studio.move", key=key, version=version), 303)


@blueprint.post("/processes/<key>/moves/<batch>/back")
def move_back(key: str, batch: str) -> ResponseReturnValue:
    """Move the cases of a batch back, as far as they have not gone on since."""
    with database().transaction() as session:
        ensure_owner(session, key)
        source = batches.ask_way_back(session, batch, actor=actor(), now=now()).from_version_id
        version = next(each.version for each in definitions.list_versions(session, key) if each.id == source)
    flash(gettext("The cases are being moved back. Load this page again to see how far it is."), "success")
    return redirect(url_for("studio.move", key=key, version=version), 303)
