"""What waits: overdue steps by role, and steps that one person alone could take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from services import authority
from services.authority.ways import NOW
from services.models.cases import OPEN, Case, Task
from services.oversight.offices import Office, Offices
from services.oversight.sight import Extent, Reach
from services.people import Actor
from services.roles import ORGANISATION_ROLES, OWN_ROLES

MOST_LISTED = 200
#: The one role of an organisation that is held for an area.
HEAD_THERE = "HOA"


@dataclass(frozen=True, kw_only=True, slots=True)
class Overdue:
    """The steps of one role that are overdue."""

    role: str
    count: int
    oldest_due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Strained:
    """Open steps for which there is one holder of the role, or none.

    Attributes:
        holder: The only one; None when there is nobody.
    """

    role: str
    area: str | None
    organisation: str | None
    waiting: int
    holder: Office | None


def read_waiting(
    session: Session, offices: Offices, reach: Reach, *, actor: Actor, now: datetime
) -> tuple[list[Overdue], list[Strained]]:
    """Read what waits inside a reach. One query; cases that are kept from the reader do not count."""
    rows = session.execute(_grouped(reach.extent), reach.values(acting_person=actor.person, acting_now=now)).all()
    overdue: dict[str, list[Any]] = {}
    for row in rows:
        if row[4]:
            overdue.setdefault(row.role, []).append(row)
    return (
        [
            Overdue(role=role, count=sum(int(row[4]) for row in each), oldest_due_at=min(row[5] for row in each))
            for role, each in sorted(overdue.items(), key=lambda pair: (-sum(int(row[4]) for row in pair[1]), pair[0]))
        ],
        sorted(_strained(offices, reach, rows), key=lambda one: (one.holder is not None, -one.waiting, one.role, one.area or "")),
    )


@cache
def _grouped(extent: Extent) -> Any:
    late = case((Task.due_at < NOW, 1), else_=0)
    return (
        select(Task.role, Task.area, Task.organisation, func.count(), func.sum(late), func.min(Task.due_at))
        .where(*_inside(extent))
        .group_by(Task.role, Task.area, Task.organisation)
    )


def _strained(offices: Offices, reach: Reach, rows: Sequence[Any]) -> list[Strained]:
    found: dict[tuple[Any, ...], Strained] = {}
    for row in rows:
        holders = {one.person: one for one in offices.holders(row.role, row.area, row.organisation)}
        if len(holders) < 2 and _knows(offices, reach, row):
            one = _strain(row, next(iter(holders.values()), None))
            key = (one.role, one.area, one.organisation, one.holder)
            known = found.get(key)
            found[key] = replace(one, waiting=one.waiting + known.waiting) if known else one
    return list(found.values())


def _knows(offices: Offices, reach: Reach, row: Any) -> bool:
    """Whoever oversees an area does not know the offices of organisations elsewhere, nor the other way round."""
    if reach.everywhere:
        return True
    inside = bool(offices.within.get(row.area or "", frozenset()) & set(reach.areas))
    if row.role in ORGANISATION_ROLES:
        return row.organisation in reach.organisations or (inside and row.role == HEAD_THERE)
    return inside


def _strain(row: Any, holder: Office | None) -> Strained:
    """Say it of the office where there is one, else of the place where the steps wait."""
    organisation = row.organisation if row.role in ORGANISATION_ROLES else None
    scope = (
        {"area": row.area, "organisation": organisation}
        if holder is None
        else {"area": holder.area, "organisation": holder.organisation}
    )
    return Strained(role=row.role, waiting=row[3], holder=holder, **scope)


def list_overdue_tasks(session: Session, reach: Reach, role: str, *, actor: Actor, now: datetime) -> tuple[list[Any], int]:
    """Return the overdue steps of a role that the reader may see, the oldest first, and how many more there are."""
    number, oldest = _overdue(reach.extent)
    values = reach.values(acting_person=actor.person, acting_now=now, role=role)
    rows = session.execute(oldest, values).all()
    return list(rows), (session.scalar(number, values) or 0) - len(rows)


@cache
def _overdue(extent: Extent) -> tuple[Select[int], Select[Task, Case]]:
    """Select how many steps of a role are overdue, and the oldest of those that the reader may see."""
    late = and_(*_inside(extent), Task.role == bindparam("role", type_=String), Task.due_at < NOW)
    seen = select(Task, Case).join(Case, Case.id == Task.case_id).where(late, Case.id.in_(authority.cases_in_sight()))
    return select(func.count()).select_from(Task).where(late), seen.order_by(Task.due_at, Task.id).limit(MOST_LISTED)


def _inside(extent: Extent) -> list[ColumnElement[bool]]:
    """Say in SQL which steps wait for a role inside a reach, of cases that the reader may know of."""
    return [
        Task.state == OPEN,
        Task.assignee.is_(None),
        Task.role.is_not(None),
        Task.role.not_in(OWN_ROLES),
        extent.covers(Task.area, Task.organisation),
        authority.is_open_to_actor(Task.case_id),
    ]
