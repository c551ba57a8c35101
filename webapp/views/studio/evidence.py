"""What speaks for a draft: its scenarios, and finished cases that are run on it again. Both are carried out in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.errors import NotFound
from services.process_drafts import evidence, package_of
from webapp.context import actor, database, now
from webapp.presenters.studio.bars import get_bar
from webapp.presenters.studio.replaying import get_replay
from webapp.presenters.studio.scenarios import get_scenarios
from webapp.views.studio.frame import blueprint, find_draft
from workflows.errors import PackageRefused


@blueprint.get("/drafts/<draft_id>/scenarios")
def scenarios(draft_id: str) -> ResponseReturnValue:
    """List the scenarios of a draft, how they went, and what none of them passes."""
    return _show(draft_id, "studio/scenarios.html", get_scenarios)


@blueprint.post("/drafts/<draft_id>/scenarios")
def run_scenarios(draft_id: str) -> ResponseReturnValue:
    """Ask for all scenarios to be run, or for one."""
    name = request.form.get("name")
    with database().transaction() as session:
        draft = find_draft(session, draft_id)
        if name and name not in package_of(session, draft).scenarios:
            raise NotFound
        only = [name] if name else None
        evidence.ask_evidence(session, draft, evidence.SCENARIOS, actor=actor(), now=now(), only=only)
    return redirect(url_for("studio.scenarios", draft_id=draft_id), 303)


@blueprint.get("/drafts/<draft_id>/replay")
def replay(draft_id: str) -> ResponseReturnValue:
    """Say what would have become of finished cases on a draft."""
    return _show(draft_id, "studio/replay.html", get_replay)


@blueprint.post("/drafts/<draft_id>/replay")
def run_replay(draft_id: str) -> ResponseReturnValue:
    """Ask for finished cases to be run on a draft."""
    with database().transaction() as session:
        draft = find_draft(session, draft_id)
        evidence.ask_evidence(session, draft, evidence.REPLAY, actor=actor(), now=now())
    return redirect(url_for("studio.replay", draft_id=draft_id), 303)


def _show(draft_id: str, template: str, read: Callable[..., Any]) -> str:
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        bar = get_bar(session, draft, actor=actor())
        try:
            page = read(session, draft)
        except PackageRefused:
            page = None
    return render_template(template, bar=bar, page=page)
