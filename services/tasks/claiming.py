"""Working on a task before it is done: taking it, letting it go, keeping what was typed, stepping aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import audit, authority, people
from services.authority import Capacity
from services.errors import ClaimedByOther, NotAllowed
from services.models.audit import Decision
from services.models.cases import EVERYBODY, Case, Task, TaskDraft
from services.people import Actor
from services.tasks.completing import capacity_of, ensure_open, ensure_visible
from services.tasks.loading import Loaded, load_for_act, lock_case_of

DECLARED = "DECLARE_CONFLICT"
#: What a user task says of its draft when several authors work on it.
SHARED = "shared"


def claim_task(session: Session, task_id: str, *, actor: Actor, now: datetime) -> Task:
    """Take a task of a team, so that the others see that somebody is on it. Taking it twice is fine.

    Raises:
        NotFound, AlreadyDecided, TaskClosed, NotAllowed: As for completing it.
        ClaimedByOther: Somebody has it.
    """
    loaded = load_open(session, task_id, actor=actor, now=now)
    capacity = capacity_of(session, loaded, actor=actor, now=now)
    task, case = loaded.task, loaded.case
    if task.claimed_by == actor.person:
        return task
    _ensure_free(session, task, capacity, actor=actor)
    task.claimed_by, task.claimed_at = actor.person, now
    _note(session, case, "claim", task, actor=actor, now=now)
    return task


def release_task(session: Session, task_id: str, *, actor: Actor, now: datetime) -> Task:
    """Let a task go again; only whoever has it can.

    Raises:
        NotAllowed: Somebody else has it.
    """
    loaded = load_open(session, task_id, actor=actor, now=now)
    task, case = loaded.task, loaded.case
    if task.claimed_by is None:
        return task
    if task.claimed_by != actor.person:
        raise NotAllowed
    task.claimed_by = task.claimed_at = None
    _note(session, case, "release", task, actor=actor, now=now)
    return task


def save_draft(session: Session, task_id: str, *, actor: Actor, raw: Mapping[str, Any], now: datetime) -> TaskDraft:
    """Keep what the actor has typed so far, unchecked. Nobody else sees it, and it is no part of the case's history.

    A shared draft is seen by all who may act on the task. Whoever writes on it has the task in hand until letting it go, so that
    no two authors overwrite each other, and counts from then on as one of those who drafted.

    Raises:
        NotFound, AlreadyDecided, TaskClosed, NotAllowed: As for completing it.
        ClaimedByOther: Another author has the shared draft in hand.
    """
    loaded = load_open(session, task_id, actor=actor, now=now)
    capacity = capacity_of(session, loaded, actor=actor, now=now)
    shared = loaded.task.properties.get("draft") == SHARED
    if shared:
        _take_pen(session, loaded, capacity, actor=actor, now=now)
    draft = loaded.draft
    if draft is None:
        draft = TaskDraft(task_id=task_id, person=EVERYBODY if shared else actor.person, answers=dict(raw), saved_at=now)
        session.add(draft)
    draft.answers, draft.saved_at = dict(raw), now
    return draft


def keep_typed(session: Session, task_id: str, *, actor: Actor, raw: Mapping[str, Any], now: datetime) -> None:
    """Keep what the actor typed while somebody else was quicker, as the actor's own draft; it is there should the task come back.

    Raises:
        NotFound: There is no such task for this person.
    """
    loaded = load_for_act(session, task_id, actor=actor)
    ensure_visible(session, loaded, actor=actor, now=now)
    if not raw or loaded.task.properties.get("draft") == SHARED:
        return
    draft = session.get(TaskDraft, (task_id, actor.person))
    if draft is None:
        session.add(TaskDraft(task_id=task_id, person=actor.person, answers=dict(raw), saved_at=now))
    else:
        draft.answers, draft.saved_at = dict(raw), now


def _take_pen(session: Session, loaded: Loaded, capacity: Capacity, *, actor: Actor, now: datetime) -> None:
    """Take a shared draft in hand and note its author, once."""
    task, case = loaded.task, loaded.case
    _ensure_free(session, task, capacity, actor=actor)
    known = select(Decision.id).where(
        Decision.case_id == case.id, Decision.element == task.element, Decision.actor_person == actor.person
    )
    if session.scalar(known.limit(1)) is None:
        audit.record_decision(
            session,
            case,
            element=task.element,
            line=task.line,
            act=task.act or "DRAFT",
            outcome="CONTRIBUTED",
            actor_person=actor.person,
            actor_role=capacity.role,
            capacity=capacity.capacity,
            acted_for=capacity.acted_for,
            delegation_id=capacity.delegation_id,
            area=task.area,
            decided_at=now,
        )
    elif task.claimed_by == actor.person:
        return
    task.claimed_by, task.claimed_at = actor.person, now
    _note(session, case, "claim", task, actor=actor, now=now)


def _ensure_free(session: Session, task: Task, capacity: Capacity, *, actor: Actor) -> None:
    """What somebody who is away has in hand is free for whoever stands in."""
    if task.claimed_by not in {None, actor.person, capacity.acted_for}:
        by = people.names_of(session, [task.claimed_by or ""])[task.claimed_by or ""]
        raise ClaimedByOther(by=by, at=task.claimed_at)


def declare_conflict(session: Session, task_id: str, *, actor: Actor, now: datetime, reason: str = "") -> Decision:
    """Step aside for a conflict of interest: the case leaves the actor's inbox at once, and the record says so.

    When nobody else is left, the next role may act at once.

    Raises:
        NotFound, AlreadyDecided, TaskClosed, NotAllowed: As for completing it.
    """
    loaded = load_open(session, task_id, actor=actor, now=now)
    capacity = capacity_of(session, loaded, actor=actor, now=now)
    task, case = loaded.task, loaded.case
    if task.claimed_by == actor.person:
        task.claimed_by = task.claimed_at = None
    decision = audit.record_decision(
        session,
        case,
        element=task.element,
        line=task.line,
        act=DECLARED,
        reason_text=reason[:10_000] or None,
        actor_person=actor.person,
        actor_role=capacity.role,
        capacity=capacity.capacity,
        acted_for=capacity.acted_for,
        delegation_id=capacity.delegation_id,
        area=task.area,
        conflict_declared=True,
        decided_at=now,
    )
    if not authority.candidates(session, task, now):
        authority.pass_on(session, task, authority.asked_roles(session, task), now=now)
    _note(session, case, "declare_conflict", task, actor=actor, now=now)
    return decision


def load_open(session: Session, task_id: str, *, actor: Actor, now: datetime) -> Loaded:
    """Read an open task under the lock of its case, for an act that does not complete it.

    Raises:
        NotFound, AlreadyDecided, TaskClosed: As for completing it.
    """
    lock_case_of(session, task_id)
    loaded = load_for_act(session, task_id, actor=actor)
    ensure_visible(session, loaded, actor=actor, now=now)
    ensure_open(session, loaded)
    return loaded


def _note(session: Session, case: Case, act: str, task: Task, *, actor: Actor, now: datetime) -> None:
    audit.append(session, case, actor=actor.person, act=act, at=now, task_id=task.id)
