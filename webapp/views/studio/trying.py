"""Trying a draft: a walk through it as different people, in a world of its own, with a clock that can be moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services import process_drafts, scenarios, trials
from services.errors import StaleRevision
from services.models.trials import Trial
from webapp import rows
from webapp.context import actor, database, now
from webapp.marks import read_typed, seen_revision
from webapp.presenters.studio import trying as pages
from webapp.presenters.studio.bars import get_bar
from webapp.speech import gettext
from webapp.views.studio.frame import blueprint, find_draft
from workflows.errors import AnswersInvalid, PackageRefused, SafeconductError
from workflows.packages import Package

_SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@blueprint.get("/drafts/<draft_id>/try")
def try_draft(draft_id: str) -> ResponseReturnValue:
    """Show where the reader's walk through a draft stands."""
    asked = pages.Asked(
        task_id=request.args.get("task", ""), person=request.args.get("as", ""), whole=request.args.get("show") == "whole"
    )
    return _show(draft_id, asked)


@blueprint.post("/drafts/<draft_id>/try")
def begin_trial(draft_id: str) -> ResponseReturnValue:
    """Begin a walk: as somebody at a moment, or like a scenario."""
    with database().transaction() as session:
        draft = find_draft(session, draft_id)
        if name := request.form.get("scenario"):
            package = process_drafts.package_of(session, draft)
            trials.take_scenario(session, draft, package, name, actor=actor(), now=now())
        else:
            chosen = request.form.get("as", "")
            trials.begin_trial(session, draft, as_=chosen, moment=_read_moment(), actor=actor(), now=now())
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/try/start")
def start_trial(draft_id: str) -> ResponseReturnValue:
    """Start the case of the walk with what was typed."""
    typed = read_typed(request.form)
    if rows.is_asked(request.form):
        rows.change_rows(typed, request.form)
    if rows.is_asked(request.form) or "_back" in request.form:
        return _show(draft_id, pages.Asked(answers=typed))
    others, trial, package = _load(draft_id)
    story = {**trial.story, "start": {**trial.story["start"], "answers": typed}, "is_started": True}
    try:
        with trials.open_told(package, others, story):
            pass
    except AnswersInvalid as refusal:
        return _show(draft_id, pages.Asked(answers=typed, problems=refusal.problems)), 422
    except SafeconductError as error:
        return _show(draft_id, pages.Asked(answers=typed, refused=pages.say_refusal(error, now=now()))), 409
    with database().transaction() as session:
        trials.start_trial(session, trial.id, typed, revision=_revision(), now=now())
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/try/do")
def do_in_trial(draft_id: str) -> ResponseReturnValue:
    """Complete a task of the walk as somebody."""
    typed = read_typed(request.form)
    asked = pages.Asked(task_id=request.args.get("task", ""), person=request.args.get("as", ""), answers=typed)
    if rows.is_asked(request.form):
        rows.change_rows(typed, request.form)
        return _show(draft_id, asked)

    def act(told: trials.Told) -> dict[str, Any]:
        return trials.rehearse(told, asked.task_id, actor=asked.person, answers=typed)

    return _go_on(draft_id, act, asked)


@blueprint.post("/drafts/<draft_id>/try/wait")
def wait_in_trial(draft_id: str) -> ResponseReturnValue:
    """Move the clock of the walk."""
    chosen = request.form.get("for", "")

    def act(told: trials.Told) -> dict[str, Any]:
        span = _SPANS.get(chosen)
        if span is None:
            with told.database.reading() as world:
                due = trials.next_due(world, told.now)
            span = max(due - told.now, timedelta(0)) if due is not None else timedelta(hours=1)
        return {"advance": f"PT{math.ceil(span.total_seconds())}S"}

    return _go_on(draft_id, act, pages.Asked())


@blueprint.post("/drafts/<draft_id>/try/message")
def send_in_trial(draft_id: str) -> ResponseReturnValue:
    """Send the case of the walk a message that it waits for."""
    step = {"message": request.form.get("name", ""), "key": request.form.get("key", "")}
    return _go_on(draft_id, lambda _told: {name: value for name, value in step.items() if value}, pages.Asked())


@blueprint.post("/drafts/<draft_id>/try/back")
def step_back(draft_id: str) -> ResponseReturnValue:
    """Take the last step of the walk back."""
    _, trial, _ = _load(draft_id)
    with database().transaction() as session:
        trials.drop_last(session, trial.id, revision=_revision(), now=now())
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/try/end")
def end_trial(draft_id: str) -> ResponseReturnValue:
    """Forget the walk."""
    with database().transaction() as session:
        trials.forget_trial(session, find_draft(session, draft_id), actor=actor())
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/try/record")
def record_trial(draft_id: str) -> ResponseReturnValue:
    """Write the walk into the draft as a scenario."""
    name, about = request.form.get("name", "").strip(), request.form.get("about", "").strip()
    try:
        with database().transaction() as session:
            draft = find_draft(session, draft_id)
            trial, package = _trial_of(session, draft), process_drafts.package_of(session, draft)
            others = scenarios.published_others(session, trials.scenario_of(trial.story))
            trials.record_trial(session, draft, package, others, trial.story, name=name, about=about, actor=actor(), now=now())
    except SafeconductError as error:
        return _show(draft_id, pages.Asked(refused=pages.say_refusal(error, now=now()))), 422
    flash(gettext("The walk is a scenario of the draft now."), "success")
    return redirect(url_for("studio.scenarios", draft_id=draft_id), 303)


def _go_on(draft_id: str, act: Callable[[trials.Told], Mapping[str, Any]], asked: pages.Asked) -> ResponseReturnValue:
    """Try a step, and keep it when it went through."""
    others, trial, package = _load(draft_id)
    try:
        with trials.open_told(package, others, trial.story) as told:
            step = act(told)
        with trials.open_told(package, others, {**trial.story, "steps": [*trial.story["steps"], dict(step)]}):
            pass
    except AnswersInvalid as refusal:
        return _show(draft_id, replace(asked, problems=refusal.problems)), 422
    except SafeconductError as error:
        return _show(draft_id, replace(asked, refused=pages.say_refusal(error, now=now()))), 409
    with database().transaction() as session:
        trials.add_step(session, trial.id, step, revision=_revision(), now=now())
    return _back(draft_id)


def _load(draft_id: str) -> tuple[list[Package], Trial, Package]:
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        trial = _trial_of(session, draft)
        others = scenarios.published_others(session, trials.scenario_of(trial.story))
        return others, trial, process_drafts.package_of(session, draft)


def _trial_of(session: Any, draft: Any) -> Trial:
    trial = trials.find_trial(session, draft, actor=actor())
    if trial is None:
        raise StaleRevision
    return trial


def _show(draft_id: str, asked: pages.Asked) -> str:
    with database().reading() as session:
        draft = find_draft(session, draft_id)
        bar = get_bar(session, draft, actor=actor())
        try:
            package = process_drafts.package_of(session, draft)
            trial = trials.find_trial(session, draft, actor=actor())
            if trial is None:
                page = pages.get_beginning(draft, package, now=now())
            elif not trial.story.get("is_started"):
                page = pages.get_start(session, package, trial, asked)
            else:
                page = _told(session, package, trial, asked)
        except PackageRefused:
            return render_template("studio/try.html", bar=bar, page=None)
    return render_template("studio/try.html", bar=bar, page=page)


def _told(session: Any, package: Package, trial: Trial, asked: pages.Asked) -> pages.TrialPage:
    try:
        return pages.get_told(session, package, trial, asked)
    except PackageRefused:
        raise
    except SafeconductError as error:
        return pages.get_broken(trial, package, pages.say_refusal(error, now=now()))


def _back(draft_id: str) -> ResponseReturnValue:
    return redirect(url_for("studio.try_draft", draft_id=draft_id), 303)


def _revision() -> int:
    return request.args.get("revision", type=int) or seen_revision() or 0


def _read_moment() -> datetime:
    try:
        return datetime.fromisoformat(request.form.get("now", "")).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadRequest from error
