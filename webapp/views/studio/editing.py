"""The editors: drawing a diagram, filling in a decision table, building a form. They save through `studio.save_file`."""

from __future__ import annotations

from flask import jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.errors import NotFound
from webapp.context import actor, database, now
from webapp.presenters.studio.bars import get_bar
from webapp.presenters.studio.editing import analyse_tables, find_editor, get_editor, preview_form
from webapp.security import content_policy
from webapp.views.studio.frame import blueprint, find_draft


@blueprint.get("/drafts/<draft_id>/edit/<path:name>")
def edit(draft_id: str, name: str) -> ResponseReturnValue:
    """Open a file in its editor; what none can read is shown as text."""
    kind = find_editor(name)
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        page = get_editor(session, draft, name, kind=kind, actor=actor()) if kind is not None else None
        if page is None:
            return redirect(url_for("studio.source", draft_id=draft_id, name=name))
        bar = get_bar(session, draft, actor=actor())
    answer = make_response(render_template(f"studio/edit_{page.kind}.html", page=page, bar=bar))
    # The drawing libraries place what they draw by style attributes, and carry small pictures in their sheets.
    answer.headers["Content-Security-Policy"] = content_policy(style_src_attr="'unsafe-inline'", font_src="'self' data:")
    return answer


@blueprint.get("/drafts/<draft_id>/analysis/<path:name>")
def analyse(draft_id: str, name: str) -> ResponseReturnValue:
    """Say as JSON what the tables of a file leave open, say twice or never reach."""
    if find_editor(name) != "table":
        raise NotFound
    with database().reading() as session:
        return jsonify(problems=analyse_tables(session, find_draft(session, draft_id), name))


@blueprint.post("/drafts/<draft_id>/preview")
def preview(draft_id: str) -> ResponseReturnValue:
    """Draw a form that is being changed. Nothing is saved, and what is drawn cannot be sent."""
    with database().reading() as session:
        find_draft(session, draft_id)
    return render_template("studio/edit_preview.html", preview=preview_form(request.get_data(), now=now()))
