"""The texts of a draft, side by side with the English ones."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import process_drafts
from services.errors import NotFound
from services.process_drafts import Change
from webapp.context import actor, database, now
from webapp.presenters.studio.bars import get_bar
from webapp.presenters.studio.texts import get_texts, read_changes
from webapp.speech import gettext
from webapp.views.studio.frame import blueprint, find_draft
from workflows.errors import PackageRefused
from workflows.packages import LANGUAGES


@blueprint.get("/drafts/<draft_id>/texts")
def texts(draft_id: str) -> ResponseReturnValue:
    """Show the texts of a draft in one language."""
    return _show(draft_id)


@blueprint.post("/drafts/<draft_id>/texts")
def save_texts(draft_id: str) -> ResponseReturnValue:
    """Save the texts that were changed; what somebody else changed meanwhile is shown beside what was typed."""
    language = request.args.get("language", "")
    changes = read_changes(request.form)
    with database().transaction() as session:
        late = process_drafts.save_translations(session, draft_id, language, changes, actor=actor(), now=now())
    if late:
        return _show(draft_id, late), 409
    flash(gettext("Saved."), "success")
    return redirect(url_for("studio.texts", draft_id=draft_id, **request.args), 303)  # type: ignore[arg-type]


def _show(draft_id: str, late: Collection[Change] = ()) -> str:
    language = request.args.get("language") or LANGUAGES[1]
    if language not in LANGUAGES[1:]:
        raise NotFound
    shows_missing, page = request.args.get("show") == "missing", request.args.get("page", 1, type=int)
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        bar = get_bar(session, draft, actor=actor())
        try:
            found = get_texts(session, draft, language, shows_missing=shows_missing, page=page, late=late)
        except PackageRefused as refusal:
            return render_template("studio/unreadable.html", bar=bar, name="", problems=refusal.problems)
        return render_template("studio/texts.html", bar=bar, page=found)
