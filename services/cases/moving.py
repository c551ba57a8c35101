"""What moves a case besides its tasks: messages, withdrawal, timers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import attachments, audit, authority, definitions, timers
from services.cases import officials
from services.cases.amending import DIFFERENCES
from services.cases.filling import read_payload
from services.cases.loading import find_case_by_key, get_case, is_party, restore_run, take_case
from services.cases.renewing import renew_cards
from services.cases.telling import Notice, tell
from services.errors import IdempotencyMismatch, MessageNotExpected, NotAllowed, NotFound, OperationFailed
from services.faults import fault
from services.models.cases import Case
from services.people import SYSTEM, Actor
from services.progress import Act, store_run
from services.waiting import find_waiting
from workflows import engine

WITHDRAW = "MSG_WITHDRAW"


def send_message(
    session: Session,
    name: str,
    key: str,
    payload: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    idempotency_key: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Case:
    """Deliver a message to the case that waits for it; what a person sends is read by the form of the message.

    Args:
        key: What the case is waiting under: its number, a key below it such as that of a stop, or any other.
        facts: What the audit keeps besides, such as what the message changes in the request.

    Raises:
        NotFound: No case waits under this key or has it as its number, or it is not the actor's.
        NotAllowed: It is for others to send, or for officials of other places.
        AnswersInvalid: It is not what its form asks for, or an operation that follows says that this cannot be done.
        MessageNotExpected: Nothing in the case waits for this message under this key.
        OperationFailed: A step that follows could not be carried out.
    """
    waiting = find_waiting(session, name, key)
    found = find_case_by_key(session, key) if waiting is None else get_case(session, waiting)
    if found is None:
        raise NotFound
    event = officials.find_official_event(definitions.get_package(session, found.version_id), name)
    if event is None:
        ensure_may_send(session, found, actor=actor, now=now)
    body = {"message": name, "key": key, "payload": payload}
    if idempotency_key and is_repeated(session, actor, idempotency_key, body):
        return found
    case = take_case(session, found.id)
    signature = officials.sign(session, case, event, payload, actor=actor, now=now) if event is not None else {}
    if waiting is not None and actor != SYSTEM:
        payload = read_payload(session, case, name, payload, actor=actor, now=now)
    files = attachments.attach(session, case, payload, now=now)
    kept = {**(facts or {}), **({"attachments": files} if files else {})}
    act = Act(name="message", actor=actor, now=now, idempotency_key=idempotency_key, body=body, facts=kept)
    payload = {**payload, **signature}
    if not tell(session, case, Notice(name=name, key=key, payload=payload), act):
        raise MessageNotExpected
    if DIFFERENCES in kept:
        renew_cards(session, case, now=now)
    return case


def ensure_may_send(session: Session, case: Case, *, actor: Actor, now: datetime) -> None:
    """Raise unless the actor is a party of the case, or the system; who may not even see the case learns nothing of it."""
    if actor.person == SYSTEM.person:
        return
    if is_party(session, case, actor.person) and authority.may_know(session, actor.person, case, now):
        return
    authority.may_see_case(session, actor, case, now)
    raise NotAllowed


def withdraw(
    session: Session, case_id: str, *, actor: Actor, reason: str, now: datetime, idempotency_key: str | None = None
) -> Case:
    """Take a request back. Its requester, preparer and travellers may, as long as the process waits for it.

    Raises:
        NotFound, NotAllowed: It is not the actor's request.
        MessageNotExpected: It is too late for that.
    """
    case = get_case(session, case_id)
    return send_message(session, WITHDRAW, case.number, {"reason": reason}, actor=actor, now=now, idempotency_key=idempotency_key)


def fire_timers(session: Session, case_id: str, now: datetime) -> Case | None:
    """Let everything happen in a case that is due by now; answers None when nothing was.

    Raises:
        OperationFailed: A step that follows could not be carried out; the caller keeps it as an incident.
    """
    due = session.scalars(select(Case.id).where(Case.id == case_id, timers.is_due(now))).first()
    if due is None:
        return None
    case = take_case(session, case_id)
    if not timers.is_due_in(case, now):  # another worker was quicker while this one waited for the lock
        session.expunge(case)
        return None
    run = restore_run(session, case, actor=SYSTEM, now=now)
    fault("timer.before_tick")
    try:
        fired = run.tick()
    except engine.StepFailed as error:
        raise OperationFailed(cause=str(error)) from error
    if not fired and run.wake_at is not None and run.wake_at <= now:
        raise OperationFailed(cause="A timer is due and does not fire.")
    store_run(session, case, run, Act(name="timer", actor=SYSTEM, now=now))
    return case


def is_repeated(session: Session, actor: Actor, idempotency_key: str, body: Any) -> bool:
    """Say whether this was done under this key before.

    Raises:
        IdempotencyMismatch: Something else was done under it.
    """
    entry = audit.find_replay(session, actor=actor.person, idempotency_key=idempotency_key)
    if entry is not None and entry.body_hash != audit.digest(body):
        raise IdempotencyMismatch
    return entry is not None
