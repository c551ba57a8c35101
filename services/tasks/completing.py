"""Completing a task: from the click to everything that one commit makes true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services import attachments, audit, authority, journal, people
from services.cases.loading import restore_run
from services.errors import (
    AlreadyDecided,
    ClaimedByOther,
    IdempotencyMismatch,
    NotAllowed,
    StaleRevision,
    TaskClosed,
    told_of,
)
from services.faults import fault
from services.models.audit import AuditEntry, Decision
from services.models.cases import DONE, OPEN, Case, Task
from services.people import Actor
from services.progress import Act, store_run
from services.proof import ensure_proved
from services.tasks.loading import Loaded, load_for_act, opened_by
from services.tasks.records import form_of, read_answers, record_of
from workflows import engine


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """What came of an act on a task.

    Attributes:
        decision: The record of it.
        next_tasks: The tasks that it opened.
        repeated: The same was sent before under the same key, and this is the answer from then.
    """

    case: Case
    decision: Decision
    next_tasks: list[Task]
    repeated: bool = False


def complete_task(
    session: Session,
    task_id: str,
    *,
    actor: Actor,
    answers: Mapping[str, Any],
    revision: int,
    now: datetime,
    idempotency_key: str | None = None,
    held: timedelta = timedelta(0),
) -> Completion:
    """Complete a task with its answers and move its case on.

    Checks come in the order in which they make sense to a person: does it exist, is it still open, is it yours, is it filled in.

    Args:
        answers: What the form brought, raw; a field that the form does not declare is refused.
        revision: The revision of the case that the person saw.
        idempotency_key: Under the same key the same answer is given, however often it is sent.
        held: So long nothing that the act says leaves the case: no notice, no event. It can be taken back unheard meanwhile.

    Raises:
        NotFound: There is no such task for this person.
        AlreadyDecided: Somebody decided first; carries who, when and what.
        TaskClosed: The case has moved on without this task.
        StaleRevision: The task is not the one that the person saw.
        NotAllowed: The actor may not decide: not the role, an own matter, or acted before.
        ClaimedByOther: Somebody else is working on it.
        AnswersInvalid: The form is not filled in as asked, or an operation that follows says that this cannot be done.
        OperationFailed: A step that follows could not be carried out.
        IdempotencyMismatch: Something else was sent under this key before.
    """
    body = {"task": task_id, "answers": answers}
    loaded = load_for_act(session, task_id, actor=actor, idempotency_key=idempotency_key)
    if loaded.replay is not None:
        return _repeat(session, loaded, loaded.replay, body)
    fault("complete.after_load")
    capacity = ensure_may_complete(session, loaded, actor=actor, revision=revision, now=now)
    asked: dict[str, Any] = {"task_id": task_id, "idempotency_key": idempotency_key, "body": body, "held": held}
    try:
        with journal.watching(session) as changes:
            act = Act(name="complete", actor=actor, now=now, journal=changes, **asked)
            return _complete(session, loaded, act, answers, capacity)
    except engine.NotOpen:
        # PostgreSQL: whoever held the lock before us has closed the task, and our statement saw its row from before.
        again = load_for_act(session, task_id, actor=actor, idempotency_key=idempotency_key)
        if again.replay is not None:
            return _repeat(session, again, again.replay, body)
        ensure_open(session, again)
        raise


def ensure_may_complete(session: Session, loaded: Loaded, *, actor: Actor, revision: int, now: datetime) -> authority.Capacity:
    """Raise unless the task is open as the person saw it and is the actor's to do; answer in which capacity."""
    task, case = loaded.task, loaded.case
    if task.state != OPEN:
        ensure_visible(session, loaded, actor=actor, now=now)
        ensure_open(session, loaded)
    capacity = capacity_of(session, loaded, actor=actor, now=now)
    ensure_proved(actor, task.properties or {}, now=now)
    if not task.revision <= revision <= case.revision:
        raise StaleRevision
    if task.claimed_by not in {None, actor.person, capacity.acted_for}:
        by = people.names_of(session, [task.claimed_by or ""])
        raise ClaimedByOther(by=by[task.claimed_by or ""], at=task.claimed_at)
    return capacity


def capacity_of(session: Session, loaded: Loaded, *, actor: Actor, now: datetime) -> authority.Capacity:
    """Say in which capacity the actor may act on the task; a stranger learns nothing, not even that it exists."""
    try:
        return authority.capacity_for(session, actor, loaded.task, now)
    except NotAllowed:
        ensure_visible(session, loaded, actor=actor, now=now)
        raise


def ensure_visible(session: Session, loaded: Loaded, *, actor: Actor, now: datetime) -> None:
    """Raise NotFound unless the actor may know of the task."""
    if authority.find_ways(session, actor.person, loaded.task, now):
        return
    authority.may_see_case(session, actor, loaded.case, now)


def ensure_open(session: Session, loaded: Loaded) -> None:
    """Raise who was quicker, when and with what, when the task is over."""
    if loaded.task.state == OPEN:
        return
    decision = loaded.decision
    if decision is None:
        raise TaskClosed
    by = people.names_of(session, [decision.actor_person])[decision.actor_person]
    raise AlreadyDecided(by=by, at=decision.decided_at, outcome=decision.outcome or decision.act)


def _complete(session: Session, loaded: Loaded, act: Act, answers: Mapping[str, Any], capacity: authority.Capacity) -> Completion:
    task, case = loaded.task, loaded.case
    run = restore_run(session, case, actor=act.actor, now=act.now)
    form = form_of(session, case, task)
    values = read_answers(session, form, answers, run.visible_to(task.id).gathered(), case=case, actor=act.actor, now=act.now)
    facts: dict[str, Any] = {}
    if new := attachments.attach(session, case, values, now=act.now):
        facts["attachments"] = new
    task.state, task.closed_at = DONE, act.now
    decision = record_of(session, case, task, run=run, values=values, actor=act.actor, capacity=capacity, now=act.now)
    if rank := run.rank_of(task.id):  # of several that are open beside each other
        facts["rank"] = rank
    fault("complete.after_decision")
    try:
        run.complete(task.id, values)
    except engine.StepFailed as error:
        raise told_of(error, to_person=True) from error
    fault("complete.after_engine")
    if loaded.draft is not None:
        session.delete(loaded.draft)
    opened = store_run(session, case, run, replace(act, decision=decision.id, facts=facts))
    fault("complete.after_store")
    return Completion(case=case, decision=decision, next_tasks=opened)


def _repeat(session: Session, loaded: Loaded, entry: AuditEntry, body: Any) -> Completion:
    """Give the answer from the first time."""
    if entry.body_hash != audit.digest(body) or loaded.decision is None:
        raise IdempotencyMismatch
    return Completion(case=loaded.case, decision=loaded.decision, next_tasks=opened_by(session, entry), repeated=True)
