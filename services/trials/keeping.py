"""The rows of walks: one per draft and person. A step is added only after it was told, so that what is kept can be told again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.errors import NotFound, StaleRevision
from services.models.base import new_id
from services.models.process_drafts import ProcessDraft
from services.models.trials import Trial
from services.people import Actor
from workflows.packages import Package

WORLD = "demo"


def find_trial(session: Session, draft: ProcessDraft, *, actor: Actor) -> Trial | None:
    """Return the walk of the actor through a draft."""
    return session.scalars(select(Trial).where(Trial.draft_id == draft.id, Trial.person == actor.person)).one_or_none()


def begin_trial(session: Session, draft: ProcessDraft, *, as_: str, moment: datetime, actor: Actor, now: datetime) -> Trial:
    """Begin a walk with whoever starts the case, at a moment; the form of the start comes next."""
    story = {"process": draft.process_key, "world": WORLD, "now": moment.isoformat(), "start": {"as": as_}, "steps": []}
    return _keep(session, draft, {**story, "is_started": False}, actor=actor, now=now)


def take_scenario(session: Session, draft: ProcessDraft, package: Package, name: str, *, actor: Actor, now: datetime) -> Trial:
    """Begin a walk like a scenario of the draft: with what it gives, and its start.

    Raises:
        NotFound: There is no such scenario.
    """
    if name not in package.scenarios:
        raise NotFound
    return _keep(session, draft, read_beginning(package.scenarios[name], draft), actor=actor, now=now)


def read_beginning(scenario: Mapping[str, Any], draft: ProcessDraft) -> dict[str, Any]:
    """Take what comes before the first step of a scenario."""
    kept = {name: scenario[name] for name in ("world", "now", "also", "given", "start") if name in scenario}
    return {"process": draft.process_key, **kept, "steps": [], "is_started": True}


def start_trial(session: Session, trial_id: str, answers: Mapping[str, Any], *, revision: int, now: datetime) -> Trial:
    """Give the answers that the case starts with. Raises: NotFound, StaleRevision."""
    trial = _load(session, trial_id, revision)
    start = {**trial.story["start"], "answers": dict(answers)}
    return _change(trial, {**trial.story, "start": start, "is_started": True}, now)


def add_step(session: Session, trial_id: str, step: Mapping[str, Any], *, revision: int, now: datetime) -> Trial:
    """Add a step that was told. Raises: NotFound, StaleRevision."""
    trial = _load(session, trial_id, revision)
    return _change(trial, {**trial.story, "steps": [*trial.story["steps"], dict(step)]}, now)


def drop_last(session: Session, trial_id: str, *, revision: int, now: datetime) -> Trial:
    """Take the last step back; before the first one, the start. Raises: NotFound, StaleRevision."""
    trial = _load(session, trial_id, revision)
    steps = trial.story["steps"]
    if steps:
        return _change(trial, {**trial.story, "steps": steps[:-1]}, now)
    start = {name: value for name, value in trial.story["start"].items() if name != "answers"}
    return _change(trial, {**trial.story, "start": start, "is_started": "as" not in start}, now)


def forget_trial(session: Session, draft: ProcessDraft, *, actor: Actor) -> None:
    """Forget the walk of the actor through a draft."""
    trial = find_trial(session, draft, actor=actor)
    if trial is not None:
        session.delete(trial)


def _keep(session: Session, draft: ProcessDraft, story: dict[str, Any], *, actor: Actor, now: datetime) -> Trial:
    trial = find_trial(session, draft, actor=actor)
    if trial is None:
        trial = Trial(id=new_id(), draft_id=draft.id, person=actor.person, story=story, updated_at=now)
        session.add(trial)
    trial.story, trial.updated_at = story, now
    session.flush()  # the write counts its revision, which the page names
    return trial


def _load(session: Session, trial_id: str, revision: int) -> Trial:
    trial = session.get(Trial, trial_id)
    if trial is None:
        raise NotFound
    if trial.revision != revision:
        raise StaleRevision
    return trial


def _change(trial: Trial, story: dict[str, Any], now: datetime) -> Trial:
    trial.story, trial.updated_at = story, now
    return trial
