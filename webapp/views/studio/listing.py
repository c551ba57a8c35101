"""Tables and forms without a drawing: rules as rows of fields, a form as the list of what it asks."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services import process_drafts
from services.errors import Conflict, FileRefused, NotFound, SavedMeanwhile
from services.process_drafts import rewriting
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.i18n import say
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.studio import lists
from webapp.presenters.studio.bars import get_bar
from webapp.speech import gettext
from webapp.views.studio.frame import blueprint, find_draft
from workflows.dmn.editing import Row, add_row
from workflows.errors import SafeconductError
from workflows.forms import editing


@blueprint.get("/drafts/<draft_id>/rules/<path:name>")
def rules(draft_id: str, name: str) -> ResponseReturnValue:
    """Show the rules of a decision table as rows of fields."""
    return _show_rules(draft_id, name, request.args.get("table"))


@blueprint.post("/drafts/<draft_id>/rules/<path:name>")
def change_rules(draft_id: str, name: str) -> ResponseReturnValue:
    """Save the rules, after adding, moving or taking one out. What was typed stays where it cannot be saved."""
    decision, revision = request.form.get("table", ""), request.form.get("revision", type=int)
    with database().reading() as session:
        page = lists.get_rules(process_drafts.read_file(session, find_draft(session, draft_id), name), decision)
    if page is None or revision is None:
        raise BadRequest
    rows, shown = _act_on(lists.read_rows(request.form, page.opened), request.form.get("act", ""))
    try:
        with database().transaction() as session:
            rewriting.change_rules(session, draft_id, name, decision, rows, revision=revision, actor=actor(), now=now())
    except (Conflict, FileRefused) as refusal:
        return _show_rules(draft_id, name, decision, typed=rows, refusal=refusal)
    flash(gettext("Saved."), "success")
    return redirect(url_for("studio.rules", draft_id=draft_id, name=name, table=decision, _anchor=shown), 303)


@blueprint.get("/drafts/<draft_id>/fields/<path:name>")
def fields(draft_id: str, name: str) -> ResponseReturnValue:
    """Show what a form asks, in its order."""
    return _show_fields(draft_id, name, request.args.get("field"))


@blueprint.post("/drafts/<draft_id>/fields/<path:name>")
def change_fields(draft_id: str, name: str) -> ResponseReturnValue:
    """Change what a form asks, add something, move it, or take it out."""
    form, revision = request.form, request.form.get("revision", type=int)
    path, act = form.get("field", ""), form.get("act", "")
    if revision is None or act not in {"save", "add", "remove", "earlier", "later"}:
        raise BadRequest
    if act == "add" and form.get("kind") not in editing.KINDS:
        raise BadRequest
    shown = [path]

    def change(sheet: editing.FormSheet) -> None:
        if act == "save":
            said = {name: form.get(name, "").strip() for name in ("label", "key", "hint")}
            sheet.describe(path, **said, options=form.get("options"), required="required" in form)
        elif act == "add":
            shown[0] = sheet.add(
                path, kind=form["kind"], key=form.get("new_key", "").strip(), label=form.get("new_label", "").strip()
            )
        elif act == "remove":
            sheet.remove(path)
        else:
            shown[0] = sheet.move(path, editing.EARLIER if act == "earlier" else editing.LATER)

    try:
        with database().transaction() as session:
            rewriting.change_form(session, draft_id, name, change, revision=revision, actor=actor(), now=now())
    except (Conflict, FileRefused, editing.ComponentGone) as refusal:
        return _show_fields(draft_id, name, path, refusal=refusal)
    flash(gettext("Saved."), "success")
    return redirect(url_for("studio.fields", draft_id=draft_id, name=name, field=shown[0], _anchor="field"), 303)


def _act_on(rows: list[Row], act: str) -> tuple[list[Row], str]:
    """Carry out what a button asked for: which rules there are then, and which to show."""
    verb, _, place = act.partition(":")
    at = int(place) if place.isdecimal() else -1
    if verb == "save" or not 0 <= at < len(rows):
        return rows, "rules"
    if verb == "add":
        return add_row(rows, at), f"rule-{at + 1}"
    if verb == "remove":
        return [*rows[:at], *rows[at + 1 :]], "rules"
    if verb == "earlier" and at:
        return [*rows[: at - 1], rows[at], rows[at - 1], *rows[at + 1 :]], f"rule-{at - 1}"
    return rows, "rules"


def _show_rules(
    draft_id: str, name: str, decision: str | None, *, typed: list[Row] | None = None, refusal: SafeconductError | None = None
) -> ResponseReturnValue:
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        page = lists.get_rules(process_drafts.read_file(session, draft, name), decision, typed=typed)
        if page is None:
            raise NotFound
        answer = render_template(
            "studio/rules.html", bar=get_bar(session, draft, actor=actor()), page=page, refused=_say(refusal)
        )
    return answer, _status(refusal)


def _show_fields(draft_id: str, name: str, path: str | None, *, refusal: SafeconductError | None = None) -> ResponseReturnValue:
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        page = lists.get_fields(process_drafts.read_file(session, draft, name), path)
        bar, typed = get_bar(session, draft, actor=actor()), request.form if refusal else None
        answer = render_template("studio/fields.html", bar=bar, page=page, typed=typed, refused=_say(refusal))
    return answer, _status(refusal)


def _say(refusal: SafeconductError | None) -> str:
    if isinstance(refusal, SavedMeanwhile):
        return say_conflict(refusal, now=now())
    return say(refusal) if refusal is not None else ""


def _status(refusal: SafeconductError | None) -> int:
    if refusal is None:
        return 200
    return 409 if isinstance(refusal, Conflict) else status_of(refusal)
