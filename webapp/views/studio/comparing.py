"""Comparing a draft with a version or another draft, and what somebody wrote with what was saved meanwhile."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services import process_drafts
from webapp.context import actor, database, now
from webapp.presenters.studio import comparing as pages
from webapp.presenters.studio.bars import get_bar
from webapp.presenters.studio.conflicts import get_conflict
from webapp.views.studio.frame import blueprint, find_draft


@blueprint.get("/drafts/<draft_id>/compare")
def compare(draft_id: str) -> ResponseReturnValue:
    """Say what a draft changes."""
    chosen, whole = request.args.get("with") or None, request.args.get("show") == "whole"
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        page = pages.get_comparison(session, draft, chosen, actor=actor(), now=now(), whole=whole)
        other = pages.address_of(draft, chosen, whole=not whole)
        return render_template("studio/compare.html", bar=get_bar(session, draft, actor=actor()), page=page, other_drawing=other)


@blueprint.post("/drafts/<draft_id>/compare")
def compare_written(draft_id: str) -> ResponseReturnValue:
    """Show what somebody wrote beside what is stored, without saving anything."""
    name, content = request.form.get("name", ""), request.form.get("content", "").replace("\r\n", "\n")
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        stored = process_drafts.read_file(session, draft, name)
        page = get_conflict(session, draft, stored, content.encode())
        return render_template("studio/conflict.html", bar=get_bar(session, draft, actor=actor()), page=page)
