"""The ways in which a person comes to act on tasks: own role, another's role, later candidacy, a name on the task, the own case.

Everything is SQL from the places of the person to the tasks, so that one query answers, and a new substitute or a revoked role
counts at once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from services.authority.places import covers_area, covers_beyond, covers_organisation, places
from services.authority.ways import is_kept_out, substitutes_by_name
from services.models.authority import Absence
from services.models.cases import CaseParty, Task, TaskCandidate
from services.roles import OWN_ROLES

_NOTHING = cast(null(), String)


def ways(
    person: Any, now: Any, *, only: ColumnElement[bool], held: Any = None, stands_in: bool = True, task: Any = Task
) -> list[Select[Any]]:
    """Build the selects, to be united, of every way to every task that meets `only`.

    Columns: task_id, role, via, holder, capacity, delegation_id, delegator.

    Args:
        person: A parameter, or a column of another table; that needs `held`.
        held: The places of the person, as `places` has them, when they were read before or are those of many; with `acting`.
        task: The table of tasks, or a part of it.
        stands_in: Whether the person stands in for anybody; where it is known that not, two ways need no look.
    """
    held = places(now, lambda acting: acting == person).cte() if held is None else held
    absent = [_by_absent_name, _by_absent_later_name] if stands_in else []
    return [
        _by_role(task, held, person, task.area == held.c.area, only),
        _by_role(task, held, person, covers_beyond(held, task), only),
        _by_candidacy(task, held, person, only),
        _by_name(task, person, now, only),
        _by_later_name(task, person, now, only),
        *(way(task, person, now, only) for way in absent),
        _by_own_case(task, person, only),
    ]


def _columns(task: Any, role: Any, via: str, holder: Any, capacity: Any, held: Any = None) -> tuple[Any, ...]:
    return (
        task.id.label("task_id"),
        cast(role, String).label("role"),
        literal(via).label("via"),
        cast(holder, String).label("holder"),
        cast(capacity, String).label("capacity"),
        cast(_NOTHING if held is None else held.c.delegation_id, String).label("delegation_id"),
        cast(_NOTHING if held is None else held.c.delegator, String).label("delegator"),
    )


def _by_role(task: Any, held: Any, person: Any, covers: ColumnElement[bool], only: ColumnElement[bool]) -> Select[Any]:
    """By the role of the task, over an area or beyond areas: each has its own index."""
    query = select(*_columns(task, task.role, "ROLE", held.c.holder, held.c.capacity, held)).select_from(held)
    query = query.join(task, and_(task.role == held.c.role, covers))
    return query.where(only, held.c.acting == person, task.assignee.is_(None), covers_organisation(held, task.organisation))


def _by_candidacy(task: Any, held: Any, person: Any, only: ColumnElement[bool]) -> Select[Any]:
    """By a further role of the task: named from the beginning, or added later by escalation."""
    substitutes = (held.c.holder != person, "AD_INTERIM")
    capacity = case((TaskCandidate.why != "", "ESCALATED"), substitutes, else_=held.c.capacity)
    return (
        select(*_columns(task, TaskCandidate.role, "CANDIDATE", held.c.holder, capacity, held))
        .select_from(TaskCandidate)
        .join(task, task.id == TaskCandidate.task_id)
        .join(held, held.c.role == TaskCandidate.role)
        .where(only, task.widened, held.c.acting == person, covers_area(held, task), covers_organisation(held, task.organisation))
    )


def _by_name(task: Any, person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """By the name on the task."""
    return select(*_columns(task, task.role, "ASSIGNEE", task.assignee, literal("OWN"))).where(
        only, task.assignee == person, _open_to(task, person, now)
    )


def _by_absent_name(task: Any, person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """As the substitute of the name on the task."""
    absence = aliased(Absence)
    kept_out = is_kept_out(person, now, func.coalesce(task.role, ""))
    query = select(*_columns(task, task.role, "ASSIGNEE", task.assignee, literal("OWN"))).select_from(absence)
    query = query.join(task, task.assignee == absence.person)
    return query.where(only, substitutes_by_name(absence, person, now, task), ~kept_out)


def _later_name(task: Any) -> Select[Any]:
    capacity = case((TaskCandidate.since > task.opened_at, "ESCALATED"), else_="OWN")
    query = select(*_columns(task, task.role, "PERSON", TaskCandidate.person, capacity)).select_from(TaskCandidate)
    return query.join(task, and_(task.id == TaskCandidate.task_id, task.widened))


def _by_later_name(task: Any, person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """As one of several persons named for the task, or named later."""
    return _later_name(task).where(only, TaskCandidate.person == person, _open_to(task, person, now))


def _by_absent_later_name(task: Any, person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """As the substitute of one of several persons named for the task, or named later."""
    absence = aliased(Absence)
    kept_out = is_kept_out(person, now, func.coalesce(task.role, ""))
    query = _later_name(task).join(absence, absence.person == TaskCandidate.person)
    return query.where(only, substitutes_by_name(absence, person, now, task), ~kept_out)


def _by_own_case(task: Any, person: Any, only: ColumnElement[bool]) -> Select[Any]:
    """As the traveller or the preparer of the case, when the task names nobody."""
    traveller = and_(task.role == "TRV", CaseParty.kind.in_(("TRAVELLER", "REQUESTER")))
    preparer = and_(task.role == "PREP", CaseParty.kind.in_(("PREPARER", "REQUESTER")))
    query = select(*_columns(task, task.role, "OWN", person, literal("OWN"))).select_from(CaseParty)
    return query.join(task, task.case_id == CaseParty.case_id).where(
        only, task.assignee.is_(None), CaseParty.person == person, or_(traveller, preparer)
    )


def _open_to(task: Any, person: Any, now: Any) -> ColumnElement[bool]:
    """Most people hold no role that keeps them out of any: that is found out once, and spares a look for each task."""
    return or_(task.role.is_(None), task.role.in_(OWN_ROLES), ~is_kept_out(person, now), ~is_kept_out(person, now, task.role))
