"""May this person act on this task now, and in which capacity."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from services.authority.confinement import is_open_to
from services.authority.places import places
from services.authority.reaching import ways
from services.authority.ways import NOW, PERSON, is_standing
from services.barring import barred
from services.errors import NotAllowed, NotYourRole
from services.given import hand_over_texts, is_given
from services.models.areas import AreaWithin
from services.models.authority import Delegation
from services.models.cases import OPEN, Task
from services.models.people import Person
from services.people import Actor
from services.prepared import Prepared, PreparedRow
from services.roles import OWN_ROLES
from services.separation import AUTHOR_ACTS, Way, objection, read_facts

_ORDER = ("OWN", "AD_INTERIM", "DELEGATED", "ESCALATED")


@dataclass(frozen=True, kw_only=True, slots=True)
class Capacity:
    """In which role and capacity somebody acts, and in whose place; what the decision record keeps."""

    role: str | None
    capacity: str
    delegation_id: str | None = None
    acted_for: str | None = None

    @classmethod
    def of(cls, way: Way, person: str) -> Capacity:
        """Say in which capacity a person acts who comes this way."""
        acted_for = way.holder if way.holder != person else None
        return cls(role=way.role, capacity=way.capacity, delegation_id=way.delegation_id, acted_for=acted_for)


def capacity_for(session: Session, actor: Actor, task: Task, now: datetime) -> Capacity:
    """Say in which capacity the actor may act on the task now. Two queries: the ways to the task, and what stands in them.

    Raises:
        NotYourRole: No role, name or substitution leads to this task.
        OwnMatter: The actor, a relative, or the one in whose place the actor would decide, is concerned.
        AlreadyActed: The actor recommended, endorsed or acted in another capacity before.
    """
    found = find_ways(session, actor.person, task, now)
    if not found:
        raise NotYourRole
    facts = read_facts(session, case_id=task.case_id, area=task.area, now=now)
    refusals: list[NotAllowed] = []
    for way in found:
        refusal = objection(actor.person, way=way, task=task, facts=facts)
        if refusal is None:
            return Capacity.of(way, actor.person)
        refusals.append(refusal)
    raise refusals[0]


def find_ways(session: Session, person: str, task: Task, now: datetime) -> list[Way]:
    """Return every way in which a person comes to act on a task, the most natural first, without asking about separation."""
    rows = _WAYS.recall(session, acting_person=person, acting_now=now, asked_task=task.id)
    found = {_way(row, person, task) for row in rows}
    return sorted(found, key=_naturalness)


def find_ways_of(session: Session, persons: Collection[str], task: Task, now: datetime) -> dict[str, list[Way]]:
    """Return the ways of several persons to a task, each as `find_ways` does; persons without any are left out. One query."""
    dialect = session.get_bind().dialect.name
    asked = {"acting_now": now, "asked_task": task.id, **hand_over_texts("asked_people", sorted(persons), dialect)}
    found: dict[str, set[Way]] = {}
    for row in _crowd(dialect).rows(session, **asked) if persons else ():
        found.setdefault(row.person, set()).add(_way(row, row.person, task))
    return {person: sorted(each, key=_naturalness) for person, each in sorted(found.items())}


def _naturalness(way: Way) -> tuple[int, str, str, str]:
    return (_ORDER.index(way.capacity), way.via, way.role or "", way.delegation_id or "")


@cache
def _crowd(dialect: str) -> Prepared:
    return Prepared(lambda: _crowd_query(dialect))


def _crowd_query(dialect: str) -> Select[Any]:
    asked = bindparam("asked_task", type_=String)
    among = is_given(Person.code, "asked_people", dialect)
    held = places(NOW, lambda acting: is_given(acting, "asked_people", dialect)).cte()
    every = ways(Person.code, NOW, only=Task.id == asked, held=held)
    rows = union_all(*(query.add_columns(Person.code.label("person")).where(among) for query in every)).subquery()
    return _with_standing(rows, rows.c.person)


def _ways_query() -> Select[Any]:
    asked = bindparam("asked_task", type_=String)
    return _with_standing(union_all(*ways(PERSON, NOW, only=Task.id == asked)).subquery(), PERSON)


def _with_standing(rows: Any, person: Any) -> Select[Any]:
    """Add to rows of ways the number of the standing delegation under which the role acts on the task.

    The diagram says in the property `authority` of a task which authorities a step carries out; a decision under one names it.
    """
    within = aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == Task.area).correlate_except(within)
    codes = func.replace(func.coalesce(Task.properties["authority"].as_string(), ""), " ", "")
    standing = select(func.min(Delegation.number)).where(
        Delegation.delegate_role == rows.c.role,
        (literal(",") + codes + literal(",")).like(literal("%,") + Delegation.authority + literal(",%")),
        is_standing(Delegation, NOW),
        or_(Delegation.area.is_(None), Delegation.area.in_(above)),
    )
    number = standing.correlate_except(Delegation).scalar_subquery().label("standing")
    return select(rows, number).join(Task, Task.id == rows.c.task_id).where(is_open_to(person, NOW, Task.case_id))


_WAYS = Prepared(_ways_query)


def _way(row: PreparedRow, person: str, task: Task) -> Way:
    capacity, number = row.capacity, row.delegation_id
    if (row.via in {"ROLE", "ASSIGNEE", "PERSON"} and row.holder != person) or (
        row.via == "ROLE" and capacity == "OWN" and row.role == "DOAI"
    ):
        capacity = "AD_INTERIM"
    elif row.via in {"ROLE", "CANDIDATE"} and capacity == "OWN" and row.standing:
        capacity, number = "DELEGATED", row.standing
    return Way(role=row.role, via=row.via, holder=row.holder, capacity=capacity, delegation_id=number, delegator=row.delegator)


def visible_tasks(actor: Actor, now: datetime) -> Select[Task]:
    """Select the open tasks that the actor may act on now: reached in some way that no rule of separation bars."""
    return _visible_query().params(acting_person=actor.person, acting_now=now)


@cache
def _visible_query() -> Select[Task]:
    reached = union_all(*ways(PERSON, NOW, only=Task.state == OPEN)).subquery()
    unbarred = select(Task.id).join(reached, reached.c.task_id == Task.id).where(is_unbarred(reached)).subquery()
    return select(Task).where(Task.state == OPEN, Task.id.in_(select(unbarred.c.id)), is_open_to(PERSON, NOW, Task.case_id))


def is_unbarred(way: Any, task: Any = Task, **parts: Any) -> ColumnElement[bool]:
    """Say in SQL, beside a row of `tasks` and one of `ways`, whether separation lets the person act; see `objection`.

    Args:
        parts: Of what else is looked at, parts of the tables; see `barred`.
    """
    wall = barred(PERSON, role=way.c.role, holder=way.c.holder, delegator=way.c.delegator, now=NOW, task=task, **parts)
    own_draft = func.coalesce(task.act, "").in_(AUTHOR_ACTS)
    by_name = and_(task.role.is_(None), way.c.via.in_(("ASSIGNEE", "PERSON")))
    personal = or_(way.c.via == "OWN", func.coalesce(task.role, "").in_(OWN_ROLES), own_draft, by_name)
    return or_(personal, not_(wall))
