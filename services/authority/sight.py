"""Who may see a case, and how much of it: an itinerary is a secret that travels with the traveller."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import String

from services.authority.confinement import is_named, is_open_to
from services.authority.ways import (
    NOW,
    PERSON,
    held_by,
    is_holding_current,
    is_substitution_current,
    substitutes_by_name,
)
from services.errors import NotFound
from services.models.areas import AreaWithin
from services.models.audit import Decision
from services.models.authority import Absence, RoleHolding
from services.models.cases import OPEN, Case, CaseParty, Task, TaskCandidate
from services.models.clearances import ClearanceLine
from services.models.confinements import CaseConfinement
from services.people import Actor
from services.prepared import Prepared
from services.roles import AREA_SIGHT_ROLES, NEVER_ROLES, ORGANISATION_SIGHT_ROLES

_SEEING_PARTIES = (
    *("TRAVELLER", "REQUESTER", "INITIATOR", "PREPARER", "SUPERVISOR", "CLAIMANT", "SPONSOR", "ENDORSER", "SENT"),
    "NOMINEE",  # Of a case that is confined until it is decided in their favour.
)
_NOTHING = cast(null(), String)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """How much of a case somebody may see.

    Attributes:
        areas: Only stops in these areas; None means the whole case.
        why: What gives the sight: PARTY, ROLE, ORGANISATION, ACT, TASK, CONFINED or AUDIT.
        acts: A step of it is or was theirs.
    """

    areas: frozenset[str] | None
    why: str
    acts: bool = False

    def sees_area(self, area: str | None) -> bool:
        """Say whether something in an area may be shown."""
        return self.areas is None or (area is not None and area in self.areas)


def may_see_case(session: Session, actor: Actor, case: Case, now: datetime) -> Sight:
    """Say how much of a case the actor may see. One query.

    Raises:
        NotFound: Nothing of it; a stranger's case answers like a missing one.
    """
    asked = {"acting_person": actor.person, "acting_now": now, "asked_case": case.id}
    rows = _CASE.rows(session, **asked)
    whole = next((row.why for row in rows if row.area is None), None)
    acts = any(row.why in {"ACT", "TASK"} for row in rows)
    if whole is not None:
        return Sight(areas=None, why=whole, acts=acts)
    if not rows:
        raise NotFound
    return Sight(areas=frozenset(row.area for row in rows), why=rows[0].why, acts=acts)


def _case_query() -> Select[Any]:
    grounds = _grounds(Case.id == bindparam("asked_case", type_=String)).subquery()
    return select(grounds).where(is_open_to(PERSON, NOW, grounds.c.case_id))


_CASE = Prepared(_case_query)


def pick_seen(session: Session, ids: Collection[str], *, actor: Actor, now: datetime) -> dict[str, str]:
    """Return the numbers of those of some cases of which the actor may see something, by id. One query."""
    asked = {"ids": sorted(ids), "acting_person": actor.person, "acting_now": now}
    return {row.id: row.number for row in session.execute(_seen_query(), asked)} if ids else {}


@cache
def _seen_query() -> Select[str, str]:
    among = Case.id.in_(bindparam("ids", expanding=True))
    return select(Case.id, Case.number).where(among, Case.id.in_(cases_in_sight()))


@cache
def cases_in_sight() -> Select[Any]:
    """Select the ids of all cases of which the actor may see something; who and when are the parameters `PERSON` and `NOW`."""
    grounds = _grounds(true()).subquery()
    return select(grounds.c.case_id).where(is_open_to(PERSON, NOW, grounds.c.case_id)).distinct()


@cache
def parts_in_sight() -> Select[Any]:
    """Select the parts of cases that the actor may see: rows of a case's id and an area, which is null for the whole case."""
    grounds = _grounds(true()).subquery()
    return select(grounds.c.case_id, grounds.c.area).where(is_open_to(PERSON, NOW, grounds.c.case_id))


@cache
def cases_wholly_in_sight() -> Select[Any]:
    """Select the ids of the cases of which the actor may see everything, the subject with its whole itinerary included."""
    grounds = _grounds(true()).subquery()
    seen = and_(grounds.c.area.is_(None), is_open_to(PERSON, NOW, grounds.c.case_id))
    return select(grounds.c.case_id).where(seen).distinct()


def _grounds(only: Any) -> Any:
    """Unite what gives sight of cases: rows of case_id, area (null for the whole) and why."""
    held = _held(PERSON, NOW)
    return union_all(
        _as_party(PERSON, only),
        _as_organisation(held, only),
        _as_auditor(PERSON, held, only),
        _by_area(held, only),
        _by_act(PERSON, only),
        _by_task(held, only),
        _by_name(PERSON, only),
        _by_absent_name(PERSON, only),
        _by_confinement(PERSON, NOW, only),
        _by_confinement_there(PERSON, NOW, only),
    )


def _by_confinement(person: Any, now: Any, only: Any) -> Select[Any]:
    """By being among the few whom a standing confinement names: they know of it together."""
    together = is_named(person, now, Case.id, counts=lambda row: or_(row.area.is_(None), Case.area.is_not(None)))
    return select(*_row(Case.area, "CONFINED")).where(only, together)


def _by_confinement_there(person: Any, now: Any, only: Any) -> Select[Any]:
    """By a role that is named for an area, in a case that lies in several: only what lies in that area."""
    row = aliased(CaseConfinement)
    named = is_named(person, now, Case.id, counts=lambda other: other.id == row.id)
    query = select(*_row(row.area, "CONFINED")).join(row, and_(row.case_id == Case.id, row.area.is_not(None)))
    return query.where(only, Case.area.is_(None), named)


def _row(area: Any, why: str) -> tuple[Any, ...]:
    return (Case.id.label("case_id"), cast(area, String).label("area"), literal(why).label("why"))


def _as_party(person: Any, only: Any) -> Select[Any]:
    party = aliased(CaseParty)
    mine = and_(party.case_id == Case.id, party.person == person, party.kind.in_(_SEEING_PARTIES))
    return select(*_row(_NOTHING, "PARTY")).join(party, mine).where(only)


def _held(person: Any, now: Any) -> Any:
    """The few roles that the person acts in, found once: beside all lines or tasks they would be sought anew for each.

    Whoever stands in for some areas only holds the role for those: for the area of the absence, or for what lies in it.
    """
    holding, absence = aliased(RoleHolding), aliased(Absence)
    columns = (holding.person, holding.role, holding.area, holding.organisation)
    narrowed = case((_lies_in(absence.area, holding.area), absence.area), else_=holding.area)
    partly = (
        select(holding.person, holding.role, narrowed, holding.organisation)
        .join(absence, absence.person == holding.person)
        .where(
            absence.substitute == person,
            is_substitution_current(absence, now),
            absence.area.is_not(None),
            or_(absence.role.is_(None), absence.role == holding.role),
            or_(_lies_in(absence.area, holding.area), _lies_in(holding.area, absence.area)),
            holding.delegation_id.is_(None),
            holding.role.not_in(NEVER_ROLES),
            is_holding_current(holding, now),
        )
    )
    both = select(*columns).where(held_by(holding, person, now)).union_all(partly)
    return both.cte().prefix_with("MATERIALIZED")


def _lies_in(area: Any, other: Any) -> ColumnElement[bool]:
    """Say in SQL whether an area is inside another one, or the other is everywhere."""
    within = aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == area).correlate_except(within)
    return or_(other.is_(None), other.in_(above))


def _as_organisation(held: Any, only: Any) -> Select[Any]:
    own = or_(held.c.organisation.is_(None), held.c.organisation == Case.organisation)
    mine = and_(held.c.role.in_(ORGANISATION_SIGHT_ROLES), own)
    return select(*_row(_NOTHING, "ORGANISATION")).join(held, mine).where(only)


def _as_auditor(person: Any, held: Any, only: Any) -> Select[Any]:
    mine = and_(held.c.person == person, held.c.role == "AUD")
    return select(*_row(_NOTHING, "AUDIT")).join(held, mine).where(only)


def _by_area(held: Any, only: Any) -> Select[Any]:
    """By a role in the area of a stop: that area's stops and no others."""
    within = aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == ClearanceLine.area).correlate_except(within)
    covered = or_(held.c.area.is_(None), held.c.area.in_(above))
    own = or_(held.c.organisation.is_(None), held.c.organisation == Case.organisation)
    mine = and_(held.c.role.in_(AREA_SIGHT_ROLES), covered, own)
    query = select(*_row(ClearanceLine.area, "ROLE")).join(ClearanceLine, ClearanceLine.case_id == Case.id)
    return query.join(held, mine).where(only)


def _part(area: Any) -> ColumnElement[Any]:
    """Say which part of a case a step in an area shows: the stops of an itinerary there, or all of a case about that area.

    Of a case that was emptied nobody knows any more whether it was an itinerary.
    """
    travels = or_(exists().where(ClearanceLine.case_id == Case.id), Case.emptied_at.is_not(None))
    return case((and_(area == Case.area, not_(travels)), null()), else_=area)


def _by_act(person: Any, only: Any) -> Select[Any]:
    acted = and_(Decision.case_id == Case.id, Decision.actor_person == person)
    return select(*_row(_part(Decision.area), "ACT")).join(Decision, acted).where(only)


def _by_task(held: Any, only: Any) -> Select[Any]:
    """By a role in which a step of the case is or was open."""
    within = aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == Task.area).correlate_except(within)
    covered = or_(held.c.area.is_(None), held.c.area.in_(above), Task.area.is_(None))
    own = or_(held.c.organisation.is_(None), held.c.organisation == Task.organisation, Task.organisation.is_(None))
    named = select(TaskCandidate.role).where(TaskCandidate.task_id == Task.id).correlate(Task)
    role = or_(held.c.role == Task.role, held.c.role.in_(named))
    query = select(*_row(_part(Task.area), "TASK")).join(Task, Task.case_id == Case.id)
    return query.join(held, and_(role, covered, own)).where(only, Task.assignee.is_(None))


def _by_name(person: Any, only: Any) -> Select[Any]:
    """By one's name on a step of the case."""
    named = select(TaskCandidate.task_id).where(TaskCandidate.person == person)
    mine = and_(Task.case_id == Case.id, or_(Task.assignee == person, Task.id.in_(named)))
    return select(*_row(_part(Task.area), "TASK")).join(Task, mine).where(only)


def _by_absent_name(person: Any, only: Any) -> Select[Any]:
    """By standing in for whom an open step of the case names."""
    absence, named = aliased(Absence), aliased(TaskCandidate)
    listed = exists().where(named.task_id == Task.id, named.person == absence.person)
    query = select(*_row(_part(Task.area), "TASK")).join(Task, Task.case_id == Case.id)
    query = query.join(absence, or_(Task.assignee == absence.person, listed))
    return query.where(only, Task.state == OPEN, substitutes_by_name(absence, person, NOW))
