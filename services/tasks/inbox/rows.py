"""Rows of the inbox: everything that one line of the list shows, read in one query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from services import authority
from services.given import hand_over_texts, is_given
from services.models.areas import Area
from services.models.audit import Decision
from services.models.cases import Case, Task
from services.models.inbox import PutOff
from services.models.people import Person
from services.people import SYSTEM, Actor
from services.tasks.quick_answers import quick_answers_of

_REQUESTER, _CLAIMER = aliased(Person), aliased(Person)


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxRow:
    """One line of the inbox.

    Attributes:
        revision: Of the case as it is now, to be sent back with an act.
        said: The subject in other languages, beside question and card, by locale.
        claimed_by: The code of whoever is working on it, with the name beside it.
        zone: The time zone of its area.
        risk_rank: From 1, the highest, to 5; None where nothing is known.
        flagged: Its card warns of something.
        quick: It may be approved from the list.
        put_off_until: When it comes back to the actor's own lists.
        outcome: What the actor decided, in the view of what is done.
        at: When that was.
        holder: In whose place the actor acts or acted, by code; None in their own right.
    """

    task_id: str
    case_id: str
    number: str
    process_key: str
    version_id: str
    revision: int
    status: str | None
    requester: str
    requester_name: str
    element: str
    name: str
    subject: str
    said: dict[str, dict[str, Any]]
    role: str | None
    area: str | None
    zone: str | None
    organisation: str | None
    line: str | None
    act: str | None
    priority: int
    due_at: datetime | None
    departs_at: datetime | None
    risk_rank: int | None
    flagged: bool
    quick: bool
    opened_at: datetime
    state: str
    claimed_by: str | None
    claimed_name: str | None
    claimed_at: datetime | None
    put_off_until: datetime | None = None
    outcome: str | None = None
    at: datetime | None = None
    holder: str | None = None


def read_rows(session: Session, actor: Actor, task_ids: Sequence[str]) -> list[InboxRow]:
    """Return the rows of these tasks, in this order. One query."""
    if not task_ids:
        return []
    dialect = session.get_bind().dialect.name
    mine = and_(PutOff.task_id == Task.id, PutOff.person == actor.person)
    query = _rows().outerjoin(PutOff, mine).add_columns(PutOff.until).where(is_given(Task.id, "asked_tasks", dialect))
    rows = {row[0].id: _as_row(row) for row in session.execute(query, hand_over_texts("asked_tasks", task_ids, dialect))}
    return [rows[task_id] for task_id in task_ids if task_id in rows]


def read_tasks(session: Session, task_ids: Collection[str]) -> list[Task]:
    """Return tasks by their ids, in any order. One query."""
    return list(session.scalars(select(Task).where(Task.id.in_(task_ids)))) if task_ids else []


def read_done(
    session: Session, actor: Actor, only: Collection[Any], *, now: datetime, limit: int, offset: int
) -> tuple[list[InboxRow], int]:
    """Return what the actor has done, the latest first, and how much there is. One query."""
    mine = and_(Decision.task_id == Task.id, Decision.actor_person == actor.person)
    chosen = (
        _rows()
        .join(Decision, mine)
        .add_columns(Decision.outcome, Decision.decided_at, Decision.acted_for, func.count().over().label("total"))
    )
    chosen = chosen.where(authority.is_open_to_actor(Case.id), *only)
    latest = (Decision.decided_at.desc(), Decision.id)
    page = chosen.order_by(*latest).limit(limit).offset(offset)
    rows = session.execute(authority.as_asked_by(page, actor, now)).all()
    return [_as_row(row) for row in rows], rows[0].total if rows else 0


def _rows() -> Select[Any]:
    of_case = (Case.number, Case.process_key, Case.version_id, Case.revision, Case.status, Case.requester)
    columns: tuple[Any, ...] = (
        Task,
        *of_case,
        _REQUESTER.name.label("requester_name"),
        _CLAIMER.name.label("claimed_name"),
        Area.zone,
    )
    return (
        select(*columns)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(_REQUESTER, _REQUESTER.code == Case.requester)
        .outerjoin(_CLAIMER, _CLAIMER.code == Task.claimed_by)
        .outerjoin(Area, Area.code == Task.area)
    )


def _as_row(row: Any) -> InboxRow:
    task: Task = row[0]
    copied = ("area", "organisation", "line", "act", "priority", "due_at", "departs_at", "risk_rank", "flagged", "opened_at")
    return InboxRow(
        task_id=task.id,
        case_id=task.case_id,
        number=row.number,
        process_key=row.process_key,
        version_id=row.version_id,
        revision=row.revision,
        status=row.status,
        requester=row.requester,
        requester_name=row.requester_name or (SYSTEM.name if row.requester == SYSTEM.person else row.requester),
        element=task.element,
        name=task.name,
        subject=task.subject,
        said=task.properties.get("said") or {},
        role=task.role,
        zone=row.zone,
        quick=quick_answers_of(task.properties, task.card) is not None,
        state=task.state,
        claimed_by=task.claimed_by,
        claimed_name=row.claimed_name or task.claimed_by,
        claimed_at=task.claimed_at,
        put_off_until=getattr(row, "until", None),
        outcome=getattr(row, "outcome", None),
        at=getattr(row, "decided_at", None),
        holder=getattr(row, "acted_for", None),
        **{name: getattr(task, name) for name in copied},
    )
