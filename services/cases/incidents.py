"""What failed: kept so that somebody can repair it, and so that nothing else waits for it.

An act of a person that fails changes nothing; the case stays usable and the person may try again. What happens by itself is tried
again with growing pauses; when that does not help, the case is put aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services import audit, definitions
from services.cases.failing import Failure, conceal, read_failure
from services.cases.loading import look_into, take_case
from services.errors import NotFound, OperationFailed
from services.models.base import new_id
from services.models.cases import CLOSED, FAILED, INCIDENT, OPEN, RETRYING, STOPPED, Case, CaseIncident, Task
from services.people import SYSTEM, Actor

START = "start"
TIMER = "timer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What a person was doing when it failed.

    Attributes:
        act: complete, message or start.
        about: The message, or the draft of a request that could not be sent.
        typed: What was entered; none of it may show in the cause.
    """

    act: str
    actor: Actor
    case_id: str | None = None
    process_key: str = ""
    task_id: str | None = None
    about: str | None = None
    typed: Mapping[str, Any] | None = None


def reference_of(incident: CaseIncident) -> str:
    """The short code by which people speak of an incident."""
    return incident.id[:8].upper()


def note_failure(session: Session, error: Exception, attempt: Attempt, *, now: datetime) -> CaseIncident:
    """Keep that an act of a person failed, in a transaction of its own, after everything of the act was undone.

    The case stays as it was and open. The same act failing again is the same incident; when it succeeds, the incident is closed.
    """
    case_id = attempt.case_id or _case_of(session, attempt.task_id)
    case = take_case(session, case_id) if case_id else None
    version_id = case.version_id if case else definitions.current_version(session, attempt.process_key).id
    failure = read_failure(session, version_id, error)
    known = _find_open(session, case, attempt.act, attempt.about, task_id=attempt.task_id)
    incident = known or _new(session, case, version_id, act=attempt.act, state=FAILED, actor=attempt.actor, now=now)
    incident.task_id, incident.about = attempt.task_id, attempt.about
    incident.attempts = known.attempts + 1 if known else 1
    _describe(session, incident, case, failure, now=now, typed=attempt.typed)
    return incident


def note_attempt(
    session: Session, case_id: str, error: Exception, *, now: datetime, act: str = TIMER, about: str | None = None
) -> CaseIncident | None:
    """Keep that something which happens by itself failed, and say when it is tried again, or put the case aside.

    The incident that is answered is RETRYING with its `retry_at`, or STOPPED. A case that is over meanwhile needs none.
    """
    case = take_case(session, case_id)
    if case.ended_at is not None:
        return None
    failure = read_failure(session, case.version_id, error)
    known = _find_open(session, case, act, about)
    incident = known or _new(session, case, case.version_id, act=act, state=RETRYING, actor=SYSTEM, now=now)
    incident.about = about
    same = known is not None and known.place == failure.place
    incident.attempts = incident.attempts + 1 if same else 1
    _describe(session, incident, case, failure, now=now)
    incident.retry_at = failure.policy.next_after(incident.attempts, now) if case.state == OPEN else None
    if incident.retry_at is None:
        _put_aside(session, case, incident, now)
    else:
        incident.state = RETRYING
        if act == TIMER:
            case.retry_at = incident.retry_at
    return incident


def note_again(session: Session, incident_id: str, error: Exception, *, now: datetime) -> CaseIncident:
    """Keep that a repair failed as well; the incident stays as it was, with the newest cause."""
    incident = session.get_one(CaseIncident, incident_id)
    case = take_case(session, incident.case_id) if incident.case_id else None
    incident.attempts += 1
    version_id = case.version_id if case else incident.version_id
    _describe(session, incident, case, read_failure(session, version_id, error), now=now)
    return incident


def open_incident(
    session: Session, case_id: str, *, cause: str, now: datetime, element: str | None = None, detail: str = "", act: str = TIMER
) -> CaseIncident:
    """Put a case aside that cannot go on, without trying again."""
    case = take_case(session, case_id)
    incident = _new(session, case, case.version_id, act=act, state=STOPPED, actor=SYSTEM, now=now)
    incident.element, incident.detail = element, detail[:10_000]
    incident.cause = conceal(cause, _known_to(session, case, now))[:500]
    _put_aside(session, case, incident, now)
    return incident


def close_incident(session: Session, incident_id: str, *, actor: Actor, now: datetime, how: str = "REPAIRED") -> Case:
    """Let a repaired case go on, with all its incidents closed; what is due in it is tried again.

    Raises:
        NotFound: There is no such incident, or it was closed before.
    """
    incident = session.get(CaseIncident, incident_id)
    if incident is None or incident.closed_at is not None or incident.case_id is None:
        raise NotFound
    case = take_case(session, incident.case_id)
    before, case.state = case.state, OPEN if case.state == INCIDENT else case.state
    case.retry_at, case.failures = None, 0
    facts = {"incident": incident.id, "how": how, "state": [before, case.state]}
    audit.append(session, case, actor=actor.person, act="repair", at=now, payload=facts)
    rows = update(CaseIncident).where(CaseIncident.case_id == case.id, CaseIncident.closed_at.is_(None))
    closed = {"state": CLOSED, "closed_at": now, "closed_by": actor.person, "closed_how": how}
    session.execute(rows.values(**closed), execution_options={"synchronize_session": False})
    return case


def close_for_draft(session: Session, draft_id: str, *, now: datetime) -> None:
    """Close what failed when a draft was sent: it has been sent now, or was thrown away."""
    rows = update(CaseIncident).where(
        CaseIncident.about == draft_id, CaseIncident.case_id.is_(None), CaseIncident.closed_at.is_(None)
    )
    closed = {"state": CLOSED, "closed_at": now, "closed_by": SYSTEM.person, "closed_how": "MADE_GOOD"}
    session.execute(rows.values(**closed), execution_options={"synchronize_session": False})


def close_after(session: Session, case: Case, *, act: str, about: str, now: datetime) -> None:
    """Close what failed when something happened by itself: it has happened now, or is no longer needed."""
    incident = _find_open(session, case, act, about)
    if incident is not None:
        incident.state, incident.closed_at, incident.retry_at = CLOSED, now, None
        incident.closed_by, incident.closed_how = SYSTEM.person, "MADE_GOOD"
        case.failures = max(case.failures - 1, 0)


def _case_of(session: Session, task_id: str | None) -> str | None:
    task = session.get(Task, task_id) if task_id else None
    return task.case_id if task is not None else None


def _find_open(
    session: Session, case: Case | None, act: str, about: str | None, *, task_id: str | None = None
) -> CaseIncident | None:
    found = select(CaseIncident).where(CaseIncident.act == act, CaseIncident.closed_at.is_(None))
    for column, value in ((CaseIncident.case_id, case.id if case else None), (CaseIncident.about, about)):
        found = found.where(column.is_(None) if value is None else column == value)
    if task_id is not None:
        found = found.where(CaseIncident.task_id == task_id)
    if case is None and about is None:
        return None
    return session.scalars(found.order_by(CaseIncident.opened_at).limit(1)).first()


def _new(
    session: Session, case: Case | None, version_id: str, *, act: str, state: str, actor: Actor, now: datetime
) -> CaseIncident:
    key = case.process_key if case else definitions.get_package(session, version_id).key
    incident = CaseIncident(
        id=new_id(),
        case_id=case.id if case else None,
        process_key=key,
        version_id=version_id,
        state=state,
        act=act,
        actor=actor.person,
        cause="",
        detail="",
        attempts=1,
        opened_at=now,
        failed_at=now,
    )
    session.add(incident)
    if case is not None:
        case.failures += 1
    return incident


def _describe(
    session: Session,
    incident: CaseIncident,
    case: Case | None,
    failure: Failure,
    *,
    now: datetime,
    typed: Mapping[str, Any] | None = None,
) -> None:
    incident.element, incident.operation = failure.element, failure.operation
    incident.place = failure.place[:500] if failure.place else None
    incident.cause = conceal(failure.cause, [_known_to(session, case, now), dict(typed or {})])[:500]
    incident.detail = failure.detail
    incident.failed_at = now


def _put_aside(session: Session, case: Case, incident: CaseIncident, now: datetime) -> None:
    incident.state, incident.retry_at = STOPPED, None
    before, case.state, case.retry_at = case.state, INCIDENT, None
    facts = {
        "incident": incident.id,
        "element": incident.element,
        "attempts": incident.attempts,
        "cause": incident.cause,
        "state": [before, case.state],
    }
    audit.append(session, case, actor=SYSTEM.person, act="incident", at=now, payload=facts)


def _known_to(session: Session, case: Case | None, now: datetime) -> list[Any]:
    if case is None:
        return []
    try:
        return list(look_into(session, case, now=now).scopes.by_key.values())
    except OperationFailed:
        return []
