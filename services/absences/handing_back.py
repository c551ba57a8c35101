"""What comes back when an absence is over: tasks in hand, and a report of what happened meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import Session

from services import audit, authority, notices, people
from services.absences.reading import Absent, get_own, rows_of
from services.authority.reaching import ways
from services.authority.ways import NOW, PERSON
from services.models.audit import Decision
from services.models.authority import Absence
from services.models.cases import OPEN, Case, Task
from services.people import SYSTEM, Actor

RETURNED = "N-ALL-06"
MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One step of the report: a task of a case, and what was decided on it.

    Attributes:
        decision: None while it is open, or when it went without a decision.
        by: The name of who decided.
    """

    task: Task | None
    case: Case
    decision: Decision | None = None
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandBack:
    """What happened while somebody was away, as far as that person may know of it.

    Attributes:
        decided: What substitutes decided in the person's place, the earliest first.
        still_open: Steps that came meanwhile and still wait for the person.
        gone: Steps that came or lay there and were done by others, or fell away.
    """

    absence: Absent
    decided: list[Line]
    still_open: list[Line]
    gone: list[Line]


def report_of(session: Session, absence_id: str, *, actor: Actor, now: datetime) -> HandBack:
    """Report what happened during an absence of the actor, so far or until it ended. A constant number of queries.

    Raises:
        NotFound: There is no such absence of the actor.
    """
    absence = get_own(session, absence_id, actor=actor, now=now)
    begins_at, ends_at = absence.valid_from, min(absence.valid_to, now)
    decided = _decided(session, actor, begins_at, ends_at, now)
    seen = {line.task.id for line in decided if line.task is not None}
    gone = [line for line in _gone(session, actor, begins_at, ends_at, now) if line.task is None or line.task.id not in seen]
    names = people.names_of(session, {line.decision.actor_person for line in (*decided, *gone) if line.decision is not None})
    return HandBack(
        absence=absence,
        decided=_named(decided, names),
        still_open=_still_open(session, actor, begins_at, ends_at, now),
        gone=_named(gone, names),
    )


def _named(lines: Sequence[Line], names: dict[str, str]) -> list[Line]:
    return [
        Line(task=line.task, case=line.case, decision=line.decision, by=names[line.decision.actor_person])
        if line.decision is not None
        else line
        for line in lines
    ]


def _decided(session: Session, actor: Actor, begins_at: datetime, ends_at: datetime, now: datetime) -> list[Line]:
    query = (
        select(Decision, Case, Task)
        .join(Case, Case.id == Decision.case_id)
        .outerjoin(Task, Task.id == Decision.task_id)
        .where(
            Decision.acted_for == actor.person,
            Decision.decided_at >= begins_at,
            Decision.decided_at <= ends_at,
            authority.is_open_to_actor(Case.id),
        )
        .order_by(Decision.decided_at, Decision.id)
        .limit(MOST_LISTED)
    )
    return [
        Line(task=task, case=case, decision=decision)
        for decision, case, task in session.execute(authority.as_asked_by(query, actor, now))
    ]


def _still_open(session: Session, actor: Actor, begins_at: datetime, ends_at: datetime, now: datetime) -> list[Line]:
    mine = authority.visible_tasks(actor, now).with_only_columns(Task.id)
    query = select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.id.in_(mine))
    query = query.where(Task.opened_at >= begins_at, Task.opened_at <= ends_at)
    rows = session.execute(query.order_by(Task.due_at.is_(None), Task.due_at, Task.id).limit(MOST_LISTED))
    return [Line(task=task, case=case) for task, case in rows]


def _gone(session: Session, actor: Actor, begins_at: datetime, ends_at: datetime, now: datetime) -> list[Line]:
    """Return the steps that the person could have taken and that were closed meanwhile without anybody in their place."""
    closed = (Task.state != OPEN) & (Task.closed_at >= begins_at) & (Task.closed_at <= ends_at)
    reached = union_all(*(query.with_only_columns(Task.id) for query in ways(PERSON, NOW, only=closed))).subquery()
    query = (
        select(Task, Case, Decision)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Decision, Decision.task_id == Task.id)
        .where(
            Task.id.in_(select(reached)),
            or_(Decision.id.is_(None), Decision.actor_person != actor.person),
            authority.is_open_to_actor(Case.id),
        )
        .order_by(Task.closed_at, Task.id)
        .limit(MOST_LISTED)
    )
    rows = session.execute(query, {"acting_person": actor.person, "acting_now": now})
    return [Line(task=task, case=case, decision=decision) for task, case, decision in rows]


def list_ended(session: Session, now: datetime) -> list[str]:
    """Return the declared absences that are over and not handed back yet."""
    over = select(Absence.declaration).where(
        Absence.valid_to <= now, Absence.reported_at.is_(None), Absence.declaration.is_not(None)
    )
    return [key for key in session.scalars(over.distinct().order_by(Absence.declaration)) if key is not None]


def hand_back(session: Session, absence_id: str, *, now: datetime) -> None:
    """Free what substitutes still have in hand, and tell whoever was away what happened. Doing it twice changes nothing."""
    rows = [row for row in rows_of(session, absence_id) if row.reported_at is None]
    if not rows:
        return
    first = rows[0]
    release_lost(session, {row.substitute for row in rows if row.substitute}, now=now)
    actor = Actor(person=first.person, account="", name=first.person)
    report = report_of(session, absence_id, actor=actor, now=now)
    facts = {
        "from": first.valid_from.isoformat(),
        "to": first.valid_to.isoformat(),
        "decided": len(report.decided),
        "open": len(report.still_open),
        "gone": len(report.gone),
    }
    address = f"/absences/{absence_id}/report"
    notices.tell(
        session, [first.person], RETURNED, source=f"absence-{absence_id}-back", variables=facts, address=address, now=now
    )
    for row in rows:
        row.reported_at = now


def release_lost(session: Session, persons: Collection[str], *, now: datetime) -> None:
    """Free the open tasks that people have in hand and may no longer act on, each with an entry in its case."""
    taken = (
        select(Task).where(Task.state == OPEN, func.coalesce(Task.claimed_by, "").in_(persons)).order_by(Task.case_id, Task.id)
    )
    for task in session.scalars(taken).all() if persons else ():
        if not authority.find_ways(session, str(task.claimed_by), task, now):
            case = session.get_one(Case, task.case_id, with_for_update=True)
            task.claimed_by = task.claimed_at = None
            audit.append(session, case, actor=SYSTEM.person, act="release", at=now, task_id=task.id)
