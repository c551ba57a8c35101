"""The inbox: what a person may act on now, and what the person has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import Session

from services import authority, people
from services.models.audit import Decision
from services.models.cases import Case, Task, TaskCandidate
from services.people import Actor
from services.roles import OWN_ROLES

MINE = "mine"
TEAM = "team"
DONE = "done"
VIEWS = (MINE, TEAM, DONE)
ORDERS = ("due", "priority", "opened")


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxRow:
    """One line of the inbox.

    Attributes:
        said: The subject in other languages, beside question and card, by locale.
        claimed_by: The code of whoever is working on it, with the name beside it.
        outcome: What the actor decided, in the view of what is done.
        at: When that was.
    """

    task_id: str
    case_id: str
    number: str
    process_key: str
    status: str | None
    requester: str
    requester_name: str
    element: str
    name: str
    subject: str
    said: dict[str, dict[str, Any]]
    role: str | None
    area: str | None
    organisation: str | None
    line: str | None
    act: str | None
    priority: int
    due_at: datetime | None
    opened_at: datetime
    state: str
    claimed_by: str | None
    claimed_name: str | None
    claimed_at: datetime | None
    outcome: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxPage:
    """One page of the inbox.

    Attributes:
        total: How many rows the view has under its role, on all pages.
        mine, team: How many tasks are the actor's own, and how many wait for a role of the actor.
        roles: How many of the team's tasks wait for each role.
    """

    rows: list[InboxRow]
    total: int
    mine: int
    team: int
    roles: dict[str, int]


def list_inbox(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    role: str | None = None,
    view: str = MINE,
    order: str = "due",
    limit: int = 50,
    offset: int = 0,
) -> InboxPage:
    """Return a page of the actor's inbox. Three queries, whatever its size.

    Args:
        role: Only tasks of this role.
        view: "mine": named for or claimed by the actor; "team": for a role of the actor; "done": acts of the actor.
        order: "due", "priority" or "opened"; what is done comes latest first.
    """
    visible = authority.visible_tasks(actor, now).with_only_columns(Task.id).subquery()
    counts = _count(session, actor, visible)
    if view == DONE:
        rows, total = _done(session, actor, role, limit, offset, now)
    else:
        wanted = _is_mine(actor) if view == MINE else not_(_is_mine(actor))
        chosen = _rows().where(Task.id.in_(select(visible.c.id)), wanted)
        if role is not None:
            chosen = chosen.where(Task.role == role)
        rows = list(session.execute(chosen.order_by(*_order(order)).limit(limit).offset(offset)).all())
        total = _total(counts, view, role)
    return InboxPage(
        rows=_with_names(session, rows),
        total=total,
        mine=sum(counts[0].values()),
        team=sum(counts[1].values()),
        roles={name: number for name, number in sorted(counts[1].items()) if name},
    )


def count_inbox(session: Session, actor: Actor, *, now: datetime) -> int:
    """Return how many tasks the actor may act on now."""
    visible = authority.visible_tasks(actor, now).with_only_columns(Task.id).subquery()
    return session.scalar(select(func.count()).select_from(visible)) or 0


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    """Whether a task is for this person by name: assigned, claimed, named as one of several, or a step of the own case."""
    named = select(TaskCandidate.task_id).where(TaskCandidate.person == actor.person)
    return or_(
        func.coalesce(Task.assignee, "") == actor.person,
        func.coalesce(Task.claimed_by, "") == actor.person,
        func.coalesce(Task.role, "").in_(OWN_ROLES),
        Task.id.in_(named),
    )


def _count(session: Session, actor: Actor, visible: Any) -> tuple[dict[str, int], dict[str, int]]:
    """Count by role: the actor's own tasks, and those of the team."""
    mine = case((_is_mine(actor), literal(1)), else_=literal(0)).label("mine")
    each = select(Task.role.label("role"), mine).where(Task.id.in_(select(visible.c.id))).subquery()
    rows = session.execute(select(each.c.role, each.c.mine, func.count()).group_by(each.c.role, each.c.mine)).all()
    own, team = ({name or "": number for name, is_mine, number in rows if is_mine == kind} for kind in (1, 0))
    return own, team


def _total(counts: tuple[dict[str, int], dict[str, int]], view: str, role: str | None) -> int:
    counted = counts[0] if view == MINE else counts[1]
    return sum(counted.values()) if role is None else counted.get(role, 0)


def _rows() -> Any:
    return select(Task, Case.number, Case.process_key, Case.status, Case.requester).join(Case, Case.id == Task.case_id)


def _order(order: str) -> Sequence[Any]:
    due = (Task.due_at.is_(None), Task.due_at)
    last = (Case.number, Task.id)
    orders: dict[str, Sequence[Any]] = {
        "due": (*due, Task.priority.desc(), Task.opened_at, *last),
        "priority": (Task.priority.desc(), *due, *last),
        "opened": (Task.opened_at, *last),
    }
    return orders[order if order in ORDERS else "due"]


def _done(session: Session, actor: Actor, role: str | None, limit: int, offset: int, now: datetime) -> tuple[list[Any], int]:
    mine = and_(Decision.task_id == Task.id, Decision.actor_person == actor.person)
    chosen = _rows().join(Decision, mine).add_columns(Decision.outcome, Decision.decided_at, func.count().over())
    chosen = chosen.where(authority.is_open_to(actor.person, now, Case.id))
    if role is not None:
        chosen = chosen.where(Task.role == role)
    latest = (Decision.decided_at.desc(), Decision.id)
    rows = list(session.execute(chosen.order_by(*latest).limit(limit).offset(offset)).all())
    return rows, rows[0][-1] if rows else 0


def _with_names(session: Session, rows: Sequence[Any]) -> list[InboxRow]:
    codes = {code for row in rows for code in (row.requester, row[0].claimed_by) if code}
    names = people.names_of(session, codes)
    return [_as_row(row, names) for row in rows]


def _as_row(row: Any, names: dict[str, str]) -> InboxRow:
    task: Task = row[0]
    return InboxRow(
        task_id=task.id,
        case_id=task.case_id,
        number=row.number,
        process_key=row.process_key,
        status=row.status,
        requester=row.requester,
        requester_name=names[row.requester],
        element=task.element,
        name=task.name,
        subject=task.subject,
        said=task.properties.get("said") or {},
        role=task.role,
        area=task.area,
        organisation=task.organisation,
        line=task.line,
        act=task.act,
        priority=task.priority,
        due_at=task.due_at,
        opened_at=task.opened_at,
        state=task.state,
        claimed_by=task.claimed_by,
        claimed_name=names.get(task.claimed_by or ""),
        claimed_at=task.claimed_at,
        outcome=getattr(row, "outcome", None),
        at=getattr(row, "decided_at", None),
    )
