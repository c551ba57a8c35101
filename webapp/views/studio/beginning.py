"""A new process: its name, and what it begins as."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services import process_drafts
from services.errors import FileRefused, NotFound
from webapp.context import actor, database, now
from webapp.errors import status_of
from webapp.views.studio.frame import blueprint
from workflows.errors import Problem, Refused, SafeconductError

_NAMES = ("title", "key", "prefix", "source")


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Ask what the new process is called and begins as."""
    return _show()


@blueprint.post("/new")
def begin_process() -> ResponseReturnValue:
    """Begin a draft of a new process."""
    typed = {name: request.form.get(name, "").strip() for name in _NAMES}
    sent = request.files.get("diagram")
    diagram = (sent.filename or "", sent.stream.read()) if sent is not None and sent.filename else None
    try:
        with database().transaction() as session:
            draft_id = process_drafts.begin_process(session, **typed, diagram=diagram, actor=actor(), now=now()).id
    except (FileRefused, Refused) as refusal:
        return _show(typed, refusal)
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


def _show(typed: dict[str, str] | None = None, refusal: SafeconductError | None = None) -> ResponseReturnValue:
    with database().reading() as session:
        if not process_drafts.may_own(session, None, actor=actor(), now=now()):
            raise NotFound
    problems = list(refusal.problems) if isinstance(refusal, Refused) else []
    if refusal is not None and not problems:
        problems = [Problem(where="diagram", sentence=refusal.sentence, facts=refusal.facts or None)]
    known = {*_NAMES, "diagram"}
    # What is wrong with a diagram is told at the question for it, wherever in the diagram it is.
    told = [
        each if each.where in known else Problem(where="diagram", sentence=each.sentence, way_out=each.way_out, facts=each.facts)
        for each in problems
    ]
    page = render_template("studio/new.html", typed=typed or dict.fromkeys(_NAMES, ""), problems=told)
    return page, status_of(refusal) if refusal is not None else 200
