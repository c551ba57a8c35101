"""Who could act: the holders of a role, and the candidates of a task."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, cast, literal, null, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import String

from services.authority.capacity import find_ways_of
from services.authority.ways import NOW, is_holding_current, is_kept_out, is_substitution_current
from services.given import hand_over_texts, is_given
from services.models.areas import AreaWithin
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.cases import CaseParty, Task, TaskCandidate
from services.models.people import Person
from services.prepared import Prepared
from services.roles import AREA_ROLES, ORGANISATION_ROLES, OWN_ROLES
from services.separation import Way, objection, read_facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody who may act on a task now, in which role and capacity, and in whose place."""

    person: str
    name: str
    role: str | None
    capacity: str
    acted_for: str | None = None


def acting(
    session: Session, *, role: str, area: str | None = None, organisation: str | None = None, now: datetime
) -> list[tuple[str, Way]]:
    """Return persons who act in a role for an area and organisation now, each with the way that leads there, in order of code."""
    query = _prepared(
        interim=role == "DOAI",
        area=_part(area, role in AREA_ROLES),
        organisation=_part(organisation, role in ORGANISATION_ROLES),
    )
    rows = query.recall(session, asked_role=role, asked_area=area, asked_organisation=organisation, acting_now=now)
    return [(row.person, _way(role, row)) for row in rows]


@cache
def _prepared(*, interim: bool, area: str, organisation: str) -> Prepared:
    return Prepared(lambda: _acting_query(interim=interim, area=area, organisation=organisation))


def _acting_query(*, interim: bool, area: str, organisation: str) -> Select[Any]:
    """Build the query behind `acting`, one for each shape of what is asked."""
    holding, absence, given = aliased(RoleHolding), aliased(Absence), aliased(Delegation)
    role = bindparam("asked_role", type_=String)
    scope = and_(is_holding_current(holding, NOW), *_scope(holding, area, organisation))
    delegator = select(given.delegator).where(given.number == holding.delegation_id).correlate_except(given).scalar_subquery()
    nothing = cast(null(), String)
    own = select(
        holding.person, holding.person.label("holder"), holding.capacity, holding.delegation_id, delegator.label("delegator")
    )
    away = select(absence.substitute, holding.person, literal("AD_INTERIM"), nothing, nothing)
    away = away.join(holding, holding.person == absence.person)
    stand_in = and_(
        is_substitution_current(absence, NOW),
        holding.delegation_id.is_(None),
        or_(absence.role.is_(None), absence.role == holding.role),
        _covers(absence, area),
    )
    as_role = or_(holding.role == role, holding.role == "DO") if interim else holding.role == role
    query = own.where(holding.role == role, scope).union_all(away.where(as_role, stand_in, scope)).subquery()
    return select(query).where(~is_kept_out(query.c.person, NOW, role)).order_by(query.c.person)


def people_in_role(
    session: Session, *, role: str, area: str | None = None, organisation: str | None = None, now: datetime
) -> list[str]:
    """Return the codes of the persons who act in a role for an area and organisation now."""
    return list(dict.fromkeys(person for person, _ in acting(session, role=role, area=area, organisation=organisation, now=now)))


def _part(asked: str | None, everywhere: bool) -> str:  # noqa: FBT001 - said by its name
    """How one part of the scope is asked: for a place, for holders of all places, or not at all."""
    return "given" if asked is not None else ("all" if everywhere else "any")


def _scope(holding: Any, area: str, organisation: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if area == "given":
        within = aliased(AreaWithin)
        asked = bindparam("asked_area", type_=String)
        above = select(within.ancestor).where(within.area == asked).correlate_except(within)
        conditions.append(or_(holding.area.is_(None), holding.area.in_(above)))
    elif area == "all":
        conditions.append(holding.area.is_(None))
    if organisation == "given":
        conditions.append(
            or_(holding.organisation.is_(None), holding.organisation == bindparam("asked_organisation", type_=String))
        )
    elif organisation == "all":
        conditions.append(holding.organisation.is_(None))
    return conditions


def _covers(absence: Any, area: str) -> ColumnElement[bool]:
    """Say in SQL whether an absence that is for one area only has a substitute for the one that is asked about."""
    everywhere: ColumnElement[bool] = absence.area.is_(None)
    if area != "given":
        return everywhere
    within = aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == bindparam("asked_area", type_=String)).correlate_except(within)
    return or_(everywhere, absence.area.in_(above))


def _way(role: str, row: Any) -> Way:
    interim = row.person != row.holder or role == "DOAI"
    return Way(
        role=role,
        via="ROLE",
        holder=row.holder,
        capacity="AD_INTERIM" if interim else row.capacity,
        delegation_id=row.delegation_id,
        delegator=row.delegator,
    )


def candidates(session: Session, task: Task, now: datetime) -> list[Candidate]:
    """Return who may act on a task now, without those whom separation of duties keeps from it."""
    facts = read_facts(session, case_id=task.case_id, area=task.area, now=now)
    able: dict[str, Way] = {}
    for person, found in find_ways_of(session, _reaching(session, task, now), task, now).items():
        for way in found:
            if objection(person, way=way, task=task, facts=facts) is None:
                able.setdefault(person, way)
    names = _name(session, able)
    return [
        Candidate(
            person=person,
            name=names.get(person, person),
            role=way.role,
            capacity=way.capacity,
            acted_for=way.holder if way.holder != person else None,
        )
        for person, way in able.items()
    ]


def _name(session: Session, persons: Collection[str]) -> dict[str, str]:
    dialect = session.get_bind().dialect.name
    rows = _names(dialect).rows(session, **hand_over_texts("codes", sorted(persons), dialect)) if persons else ()
    return {row.code: row.name for row in rows}


@cache
def _names(dialect: str) -> Prepared:
    return Prepared(lambda: select(Person.code, Person.name).where(is_given(Person.code, "codes", dialect)))


def _reaching(session: Session, task: Task, now: datetime) -> Collection[str]:
    """Return the persons whom a role, a name or a substitution may lead to the task."""
    later = _FURTHER.rows(session, task_id=task.id)
    roles = {row.role for row in later if row.role is not None}
    names = {row.person for row in later if row.person is not None}
    if task.assignee is not None:
        names.add(task.assignee)
    elif task.role in OWN_ROLES:
        names.update(row.person for row in _PARTIES.rows(session, case_id=task.case_id))
    elif task.role is not None:
        roles.add(task.role)
    if names:
        dialect = session.get_bind().dialect.name
        given = hand_over_texts("absent", sorted(names), dialect)
        names.update(row.substitute for row in _substitutes(dialect).rows(session, acting_now=now, **given))
    for role in roles:
        names.update(people_in_role(session, role=role, area=task.area, organisation=task.organisation, now=now))
    return names


_FURTHER = Prepared(lambda: select(TaskCandidate.role, TaskCandidate.person).where(TaskCandidate.task_id == bindparam("task_id")))
_PARTIES = Prepared(lambda: select(CaseParty.person).where(CaseParty.case_id == bindparam("case_id")))


@cache
def _substitutes(dialect: str) -> Prepared:
    """Return the question who stands in for some people; `is_substitution_current` leaves out absences without a substitute."""
    is_theirs = is_given(Absence.person, "absent", dialect)
    return Prepared(lambda: select(Absence.substitute).where(is_theirs, is_substitution_current(Absence, NOW)))
