"""Checking a draft: a page for its owner, and the same as JSON for the editors."""

from __future__ import annotations

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from webapp.context import actor, database, now
from webapp.presenters.studio.bars import get_bar
from webapp.presenters.studio.findings import get_check
from webapp.views.studio.frame import blueprint, find_draft


@blueprint.get("/drafts/<draft_id>/check")
def check(draft_id: str) -> ResponseReturnValue:
    """Say what is to be mended in a draft, and what is proved of it."""
    as_json = request.args.get("as") == "json"
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        page = get_check(session, draft, now=now(), draws=not as_json)
        if as_json:
            return jsonify(page.as_json())
        return render_template("studio/check.html", bar=get_bar(session, draft, actor=actor()), page=page)
