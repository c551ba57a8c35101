"""Repairing what failed: trying again, leaving a step out, changing what it reads; and looking at what it read.

Whoever repairs looks after the process or the system and may not see the case. They read which step failed and why; what the case
knows they see only by breaking the glass, and the case says so for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import audit, definitions
from services.cases.caretaking import ensure_may_repair
from services.cases.loading import get_case, look_into, take_case
from services.cases.moving import fire_timers
from services.errors import IncidentClosed, NotFound, OperationFailed, ReasonMissing, RepairRefused
from services.models.cases import CLOSED, FAILED, INCIDENT, OPEN, RETRYING, STOPPED, Case, CaseIncident, Task
from services.people import Actor
from workflows import engine

RETRY, SKIP, CHANGE, DISMISS = "retry", "skip", "change", "dismiss"
TIMER = "timer"
LONGEST_REASON = 500
UNKNOWN_SENTENCE = "It is not known which step of the case it was, so none can be left out."


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What was behind the glass.

    Attributes:
        values: The variables that the failed step reads, as it would see them now; those that are not there are missing.
        detail: The cause in full.
    """

    values: dict[str, Any]
    detail: str


def retry_step(session: Session, incident_id: str, *, actor: Actor, now: datetime) -> CaseIncident:
    """Let what failed by itself happen again, now.

    Raises:
        NotFound, NotAllowed: There is no such incident for the actor.
        IncidentClosed: It is over.
        RepairRefused: A person's act failed; only that person can do it again.
        OperationFailed: It failed again. The caller keeps that with `note_again`.
    """
    incident = take_incident(session, incident_id, actor=actor, now=now)
    if incident.state == FAILED:
        raise RepairRefused("What failed was done by a person. Only that person can do it again.")
    return _go_on(session, incident, actor=actor, how=RETRY, reason="", now=now)


def skip_step(session: Session, incident_id: str, *, actor: Actor, reason: str, now: datetime) -> CaseIncident:
    """Leave the failed step out, as if it were done without a result.

    What failed by itself happens again at once without the step; what a person did waits until they do it again.

    Raises:
        NotFound, NotAllowed: There is no such incident for the actor.
        IncidentClosed: It is over.
        ReasonMissing: No reason is given.
        RepairRefused: The step may not be left out: a person, a decision or the way of the case depends on it.
        OperationFailed: It failed again. The caller keeps that with `note_again`.
    """
    incident = take_incident(session, incident_id, actor=actor, now=now)
    why_not = why_not_skipped(session, incident)
    if why_not:
        raise RepairRefused(why_not)
    _order(incident, skip=True)
    return _go_on(session, incident, actor=actor, how=SKIP, reason=_reason(reason), now=now)


def change_variables(
    session: Session, incident_id: str, *, actor: Actor, values: Mapping[str, Any], reason: str, now: datetime
) -> CaseIncident:
    """Change variables that the failed step reads, right before it, and let it happen again.

    Raises:
        NotFound, NotAllowed: There is no such incident for the actor.
        IncidentClosed: It is over.
        ReasonMissing: No reason is given.
        RepairRefused: A variable is not one that the step reads, or nothing is changed.
        OperationFailed: It failed again. The caller keeps that with `note_again`.
    """
    incident = take_incident(session, incident_id, actor=actor, now=now)
    strange = sorted(set(values) - set(names_of(session, incident)))
    if strange:
        raise RepairRefused("The step does not read {names}.", names=", ".join(strange))
    if not values:
        raise RepairRefused("Choose at least one variable and say its new value.")
    _order(incident, values=dict(values))
    return _go_on(session, incident, actor=actor, how=CHANGE, reason=_reason(reason), now=now, changed=sorted(values))


def dismiss_incident(session: Session, incident_id: str, *, actor: Actor, reason: str, now: datetime) -> CaseIncident:
    """Close what failed for a person without doing anything to the case: it was mended elsewhere, or came to nothing.

    Raises:
        NotFound, NotAllowed: There is no such incident for the actor.
        IncidentClosed: It is over.
        ReasonMissing: No reason is given.
        RepairRefused: Something waits for the repair.
    """
    incident = take_incident(session, incident_id, actor=actor, now=now)
    if incident.state != FAILED:
        raise RepairRefused("The case waits for this repair; it cannot be set aside.")
    said = _reason(reason)
    case = take_case(session, incident.case_id) if incident.case_id else None
    if case is not None:
        _write_down(session, case, incident, actor=actor, how=DISMISS, reason=said, now=now)
    else:
        incident.detail = f"{said}\n\n{incident.detail}"[:10_000]  # there is no history that could keep it
    _close(case, incident, actor=actor, how=DISMISS, now=now)
    return incident


def break_glass(session: Session, incident_id: str, *, actor: Actor, reason: str, now: datetime) -> Seen:
    """Show what the failed step reads, to somebody who may not see the case; the case says for ever who looked and why.

    Raises:
        NotFound, NotAllowed: There is no such incident for the actor.
        IncidentClosed: It is over.
        ReasonMissing: No reason is given.
    """
    incident = take_incident(session, incident_id, actor=actor, now=now)
    if incident.case_id is None:
        raise RepairRefused("There is no case yet whose content could be seen.")
    said = _reason(reason)
    case = take_case(session, incident.case_id)
    names = names_of(session, incident)
    facts = {"incident": incident.id, "element": incident.element, "variables": names, "reason": said}
    audit.append(session, case, actor=actor.person, act="break_glass", at=now, payload=facts)
    return Seen(values=_values_of(session, case, incident, names, now), detail=incident.detail)


def take_incident(session: Session, incident_id: str, *, actor: Actor, now: datetime) -> CaseIncident:
    """Return an open incident that the actor may repair, with its case under lock.

    Raises:
        NotFound: There is no such incident for the actor.
        OwnMatter: It is the actor's own case.
        IncidentClosed: It is over.
    """
    found = session.get(CaseIncident, incident_id)
    if found is None:
        raise NotFound
    if found.case_id is not None:
        take_case(session, found.case_id)
    incident: CaseIncident = session.get_one(CaseIncident, incident_id, populate_existing=True)
    ensure_may_repair(session, incident, actor=actor, now=now)
    if incident.closed_at is not None:
        raise IncidentClosed
    return incident


def names_of(session: Session, incident: CaseIncident) -> list[str]:
    """The names of the variables that the failed step reads."""
    if incident.element is None:
        return []
    return engine.names_read(definitions.get_program(session, _version_of(session, incident)), incident.element)


def element_of_task(session: Session, incident: CaseIncident) -> str | None:
    """The element of the task that was being completed."""
    task = session.get(Task, incident.task_id) if incident.task_id else None
    return task.element if task is not None else None


def why_not_skipped(session: Session, incident: CaseIncident) -> str:
    """Say in a sentence why the failed step may not be left out; empty when it may."""
    element = None
    if incident.element is not None:
        element = engine.find_element(definitions.get_program(session, _version_of(session, incident)), incident.element)
    if element is None or incident.case_id is None or incident.place is None:
        return UNKNOWN_SENTENCE
    return engine.why_not_left_out(element)


def _go_on(
    session: Session,
    incident: CaseIncident,
    *,
    actor: Actor,
    how: str,
    reason: str,
    now: datetime,
    changed: list[str] | None = None,
) -> CaseIncident:
    if incident.case_id is None:
        raise RepairRefused("There is no case yet. The person can send the request again.")
    case = take_case(session, incident.case_id)
    _write_down(session, case, incident, actor=actor, how=how, reason=reason, now=now, changed=changed or [])
    if incident.state == FAILED:
        return incident
    if incident.act != TIMER:
        # Whoever brings it tries again soon; an order must be there then.
        incident.state, incident.retry_at = RETRYING, now
        if not incident.orders:
            _close(case, incident, actor=actor, how=how, now=now)
        return incident
    incident.state, incident.retry_at = RETRYING, None
    fire_timers(session, case.id, now)
    if incident.closed_at is None:
        _close(case, incident, actor=actor, how=how, now=now)
    incident.closed_by, incident.closed_how = actor.person, how
    return incident


def _write_down(
    session: Session,
    case: Case,
    incident: CaseIncident,
    *,
    actor: Actor,
    how: str,
    reason: str,
    now: datetime,
    changed: list[str] | None = None,
) -> None:
    before = case.state
    if how != DISMISS and incident.state in {STOPPED, RETRYING}:
        case.state = OPEN if case.state == INCIDENT else case.state
        case.retry_at = None
    facts: dict[str, Any] = {"incident": incident.id, "how": how, "element": incident.element, "state": [before, case.state]}
    facts |= {"reason": reason} if reason else {}
    facts |= {"variables": changed} if changed else {}
    audit.append(session, case, actor=actor.person, act="repair", at=now, payload=facts)


def _close(case: Case | None, incident: CaseIncident, *, actor: Actor, how: str, now: datetime) -> None:
    incident.state, incident.closed_at, incident.retry_at = CLOSED, now, None
    incident.closed_by, incident.closed_how = actor.person, how
    if case is not None:
        case.failures = max(case.failures - 1, 0)


def _order(incident: CaseIncident, *, skip: bool = False, values: dict[str, Any] | None = None) -> None:
    """Add to what is to be done differently at the place that failed; a new list, because values of rows are never changed."""
    place = incident.place or incident.element or ""
    before = (incident.orders or {}).get(place, {"skip": False, "values": {}})
    order = {"skip": skip or before["skip"], "values": {**before["values"], **(values or {})}}
    incident.orders = {**(incident.orders or {}), place: order}


def _values_of(session: Session, case: Case, incident: CaseIncident, names: list[str], now: datetime) -> dict[str, Any]:
    try:
        run = look_into(session, case, now=now)
    except OperationFailed:
        return {}
    seen = engine.look_at(run, incident.place or "")
    return {name: seen[name] for name in names if name in seen}


def _version_of(session: Session, incident: CaseIncident) -> str:
    """The version that counts: the case may have been moved to another one since."""
    return get_case(session, incident.case_id).version_id if incident.case_id else incident.version_id


def _reason(text: str) -> str:
    said = text.strip()
    if not said:
        raise ReasonMissing
    return said[:LONGEST_REASON]
