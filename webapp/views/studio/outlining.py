"""The outline of a diagram: everything that the canvas can do with steps, as a page of lists and forms."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services import process_drafts
from services.errors import Conflict, FileRefused, SavedMeanwhile
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.i18n import say
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.studio.bars import get_bar
from webapp.presenters.studio.outline import get_outline
from webapp.presenters.studio.outline_steps import read_rows
from webapp.speech import gettext
from webapp.views.studio.frame import blueprint, find_draft
from workflows.diagrams import editing
from workflows.errors import DiagramRefused, SafeconductError


@blueprint.get("/drafts/<draft_id>/outline/<path:name>")
def outline(draft_id: str, name: str) -> ResponseReturnValue:
    """Show the steps of a diagram in their order."""
    return _show(draft_id, name, request.args.get("step"))


@blueprint.post("/drafts/<draft_id>/outline/<path:name>")
def change_outline(draft_id: str, name: str) -> ResponseReturnValue:
    """Change a step, add one behind it, or take it out. What was typed stays where it cannot be saved."""
    act, _, flow = request.form.get("act", "").partition(":")
    step = request.form.get("step", "")
    try:
        shown = _change(draft_id, name, act, step, flow)
    except (SavedMeanwhile, FileRefused, editing.EditRefused) as refusal:
        return _show(draft_id, name, step, refusal=refusal)
    flash(gettext("Saved."), "success")
    return redirect(url_for("studio.outline", draft_id=draft_id, name=name, step=shown, _anchor=shown), 303)


def _change(draft_id: str, name: str, act: str, step: str, flow: str) -> str | None:
    """Carry out what a button asked for, and name the step to show then."""
    revision = request.form.get("revision", type=int)
    if revision is None:
        raise BadRequest
    whoever = {"revision": revision, "actor": actor(), "now": now()}
    shown: list[str] = []
    if act == "save":
        rows = {f"{tag}s": read_rows(request.form, tag) for tag in ("input", "output")}
        with database().transaction() as session:
            process_drafts.describe_step(session, draft_id, name, step, request.form, **rows, **whoever)  # type: ignore[arg-type]
        return step
    changes = {
        "remove": partial(editing.remove_step, key=step),
        "remove_way": partial(editing.remove_way, key=flow),
        "earlier": partial(editing.ask_earlier, key=flow),
        "add_way": partial(editing.add_way, key=step),
        "add": lambda sheet: shown.append(
            editing.add_after(
                sheet,
                step,
                request.form.get("kind", "userTask"),
                name=request.form.get("new_name", "").strip(),
                way=request.form.get("way") or None,
                lane=request.form.get("new_lane") or None,
            )
        ),
    }
    if act not in changes or (act == "add" and request.form.get("kind") not in editing.KINDS):
        raise BadRequest
    with database().transaction() as session:
        process_drafts.change_diagram(session, draft_id, name, changes[act], **whoever)  # type: ignore[arg-type]
    return shown[0] if shown else None if act == "remove" else step


def _show(draft_id: str, name: str, step: str | None, *, refusal: SafeconductError | None = None) -> ResponseReturnValue:
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        bar, file = get_bar(session, draft, actor=actor()), process_drafts.read_file(session, draft, name)
        try:
            page = get_outline(session, draft, file, step, typed=request.form if refusal else None)
        except DiagramRefused as unreadable:
            return render_template("studio/unreadable.html", bar=bar, name=name, problems=unreadable.problems)
        said = say_conflict(refusal, now=now()) if isinstance(refusal, SavedMeanwhile) else say(refusal) if refusal else ""
        answer = render_template("studio/outline.html", bar=bar, page=page, refused=said)
    return answer, (409 if isinstance(refusal, Conflict) else status_of(refusal)) if refusal else 200
