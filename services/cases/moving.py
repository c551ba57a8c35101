"""What moves a case besides its tasks: messages, withdrawal, timers, and repair after an incident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services import audit, authority
from services.cases.loading import find_case_by_key, get_case, is_party, restore_run, take_case
from services.errors import IdempotencyMismatch, MessageNotExpected, NotAllowed, NotFound, OperationFailed
from services.faults import fault
from services.models.base import new_id
from services.models.cases import INCIDENT, OPEN, Case, CaseIncident
from services.people import SYSTEM, Actor
from services.progress import Act, store_run
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
) -> Case:
    """Deliver a message to the case that waits for it.

    Args:
        key: The number of a case, or a key below it such as that of a stop.

    Raises:
        NotFound: No case has this key, or it is not the actor's.
        MessageNotExpected: Nothing in the case waits for this message under this key.
        OperationFailed: A step that follows could not be carried out.
    """
    found = find_case_by_key(session, key)
    if found is None:
        raise NotFound
    ensure_may_send(session, found, actor=actor, now=now)
    body = {"message": name, "key": key, "payload": payload}
    if idempotency_key and is_repeated(session, actor, idempotency_key, body):
        return found
    case = take_case(session, found.id)
    run = restore_run(session, case, actor=actor, now=now)
    _deliver(run, name, key, payload)
    facts = {"message": name, "key": key, "payload": dict(payload)}
    act = Act(name="message", actor=actor, now=now, facts=facts, idempotency_key=idempotency_key, body=body)
    store_run(session, case, run, act)
    forward_messages(session, run, now=now)
    return case


def forward_messages(session: Session, run: engine.Run, *, now: datetime) -> None:
    """Take the messages that an act of one case has thrown to the cases that wait for them, in the same transaction.

    One that nobody waits for stays in the audit entry of its sender, as caught by none.
    """
    for out in run.changes.thrown:
        if out.kind == "message" and not out.caught and out.key:
            try:
                send_message(session, out.name, out.key, out.payload, actor=SYSTEM, now=now)
            except (NotFound, MessageNotExpected):
                continue


def ensure_may_send(session: Session, case: Case, *, actor: Actor, now: datetime) -> None:
    """Raise unless the actor is a party of the case, or the system; who may not even see the case learns nothing of it."""
    if actor.person == SYSTEM.person or is_party(session, case, actor.person):
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
    payload = {"reason": reason, "withdrawn_by": actor.person}
    return send_message(session, WITHDRAW, case.number, payload, actor=actor, now=now, idempotency_key=idempotency_key)


def fire_timers(session: Session, case_id: str, now: datetime) -> Case | None:
    """Let everything happen in a case that is due by now; answers None when nothing was.

    Raises:
        OperationFailed: A step that follows could not be carried out; the caller opens an incident.
    """
    due = session.scalars(select(Case.id).where(Case.id == case_id, Case.state == OPEN, Case.wake_at <= now)).first()
    if due is None:
        return None
    case = take_case(session, case_id)
    if case.wake_at is None or case.wake_at > now:  # another worker was quicker while this one waited for the lock
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
    forward_messages(session, run, now=now)
    return case


def open_incident(
    session: Session, case_id: str, *, cause: str, now: datetime, element: str | None = None, detail: str = ""
) -> CaseIncident:
    """Put a case aside that cannot go on, so that somebody repairs it and nothing else waits for it."""
    case = take_case(session, case_id)
    incident = CaseIncident(
        id=new_id(), case_id=case.id, element=element, token=None, cause=cause[:500], detail=detail[:10_000], opened_at=now
    )
    session.add(incident)
    before, case.state = case.state, INCIDENT
    facts = {"incident": incident.id, "cause": incident.cause, "state": [before, case.state]}
    audit.append(session, case, actor=SYSTEM.person, act="incident", at=now, payload=facts)
    session.flush()
    return incident


def close_incident(session: Session, incident_id: str, *, actor: Actor, now: datetime) -> Case:
    """Let a repaired case go on; what is due in it is tried again.

    Raises:
        NotFound: There is no such incident, or it was closed before.
    """
    incident = session.get(CaseIncident, incident_id)
    if incident is None or incident.closed_at is not None:
        raise NotFound
    case = take_case(session, incident.case_id)
    rows = update(CaseIncident).where(CaseIncident.case_id == case.id, CaseIncident.closed_at.is_(None))
    before, case.state = case.state, OPEN
    facts = {"incident": incident.id, "state": [before, case.state]}
    audit.append(session, case, actor=actor.person, act="repair", at=now, payload=facts)
    session.flush()
    session.execute(rows.values(closed_at=now), execution_options={"synchronize_session": False})
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


def _deliver(run: engine.Run, name: str, key: str, payload: Mapping[str, Any]) -> None:
    try:
        receivers = run.send(name, key, dict(payload))
    except engine.StepFailed as error:
        raise OperationFailed(cause=str(error)) from error
    if not receivers:
        raise MessageNotExpected
