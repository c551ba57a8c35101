"""The ways in which a person comes to act on tasks: own role, another's role, later candidacy, a name on the task, the own case.

Everything is SQL from the role holdings to the tasks, so that one query answers, and a new substitute or a revoked role counts at
once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, case, cast, exists, func, literal, null, or_, select, true
from sqlalchemy.orm import aliased

from services.models.areas import AreaWithin
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.base import UtcDateTime
from services.models.cases import CaseParty, Task, TaskCandidate
from services.roles import AREA_ROLES, NEVER_ROLES, ORGANISATION_ROLES, OWN_ROLES

_NOTHING = cast(null(), String)
#: Who acts and when, as parameters: the statements are long, so each is built once and filled in at every call.
PERSON = bindparam("acting_person", type_=String)
NOW = bindparam("acting_now", type_=UtcDateTime)
#: Standing authorities that the Chief Security Adviser gives; all others are the Designated Official's.
GIVEN_BY_ADVISER = ("CLAIM_VERIFY",)


def is_current(row: Any, now: Any) -> ColumnElement[bool]:
    """Say in SQL whether a row with `valid_from` and `valid_to` holds now."""
    return and_(row.valid_from <= now, or_(row.valid_to.is_(None), row.valid_to > now))


def is_delegation_current(delegation: Any, now: Any) -> ColumnElement[bool]:
    """Say in SQL whether a delegation was accepted, is not revoked and is inside its dates."""
    return and_(
        is_current(delegation, now),
        delegation.accepted_at <= now,
        or_(delegation.revoked_at.is_(None), delegation.revoked_at > now),
    )


def is_standing(delegation: Any, now: Any) -> ColumnElement[bool]:
    """Say in SQL whether a delegation to a role counts now: it is current, and whoever gave it still holds the office there."""
    own, below = aliased(RoleHolding), aliased(AreaWithin)
    office = case((delegation.authority.in_(GIVEN_BY_ADVISER), "CSA"), else_="DO")
    within = select(below.area).where(below.ancestor == own.area).correlate_except(below)
    in_post = exists().where(
        own.person == delegation.delegator,
        own.role == office,
        own.delegation_id.is_(None),
        is_current(own, now),
        or_(own.area.is_(None), delegation.area.in_(within)),
    )
    return and_(is_delegation_current(delegation, now), in_post)


def is_holding_current(holding: Any, now: Any) -> ColumnElement[bool]:
    """Say in SQL whether a role is held now.

    A delegated role counts only while its delegation does, while the delegator holds the same role, and no further than the
    delegator's own.
    """
    given, own = aliased(Delegation), aliased(RoleHolding)
    below = aliased(AreaWithin)
    within = select(below.area).where(below.ancestor == own.area).correlate_except(below)
    of_given = aliased(AreaWithin)
    delegated = exists().where(
        given.number == holding.delegation_id,
        given.delegate == holding.person,
        is_delegation_current(given, now),
        own.person == given.delegator,
        own.role == holding.role,
        own.delegation_id.is_(None),
        is_current(own, now),
        or_(own.area.is_(None), holding.area.in_(within)),
        or_(own.organisation.is_(None), holding.organisation == own.organisation),
        or_(
            given.area.is_(None),
            holding.area.in_(select(of_given.area).where(of_given.ancestor == given.area).correlate_except(of_given)),
        ),
    )
    return and_(is_current(holding, now), or_(holding.delegation_id.is_(None), delegated))


def absent_of(person: Any, now: Any, *, role: Any = None, area: Any = None) -> Select[Any]:
    """Select the persons whom this person stands in for now, in a role and an area.

    Args:
        role, area: Columns. Without them only those count whom the person stands in for in every role, or everywhere.
    """
    absence = aliased(Absence)
    return select(absence.person).where(substitutes(absence, person, now, role=role, area=area)).correlate_except(absence)


def substitutes(absence: Any, person: Any, now: Any, *, role: Any = None, area: Any = None) -> ColumnElement[bool]:
    """Say in SQL whether a person acts under an absence now, in a role and an area; see `absent_of`."""
    within = aliased(AreaWithin)
    roles = absence.role.is_(None) if role is None else or_(absence.role.is_(None), absence.role == role)
    areas: ColumnElement[bool] = absence.area.is_(None)
    if area is not None:
        above = select(within.ancestor).where(within.area == area).correlate_except(within)
        areas = or_(areas, absence.area.in_(above))
    return and_(absence.substitute == person, is_substitution_current(absence, now), roles, areas)


def is_substitution_current(absence: Any, now: Any) -> ColumnElement[bool]:
    """Say in SQL whether somebody acts under an absence now: it is its time, and the substitute has not declined."""
    declined = and_(absence.declined_at.is_not(None), absence.declined_at <= now)
    return and_(is_current(absence, now), absence.substitute.is_not(None), ~declined)


def is_absent(absent: Any, person: Any, now: Any, *, role: Any, area: Any = None) -> ColumnElement[bool]:
    """Say in SQL whether a person stands in for another one, in a role and an area.

    First it asks whether the person stands in for that one at all: that is the same for all rows, and found out once.
    """
    absence = aliased(Absence)
    anybody = select(absence.person).where(absence.substitute == person, is_current(absence, now)).correlate_except(absence)
    return and_(absent.in_(anybody), absent.in_(absent_of(person, now, role=role, area=area)))


def is_kept_out(person: Any, now: Any, role: Any) -> ColumnElement[bool]:
    """S9: administrators, process owners and auditors take no other role than that meanwhile."""
    never = aliased(RoleHolding)
    another = and_(never.role.in_(NEVER_ROLES), never.role != role)
    return exists().where(never.person == person, another, is_current(never, now)).correlate_except(never)


def ways(person: Any, now: Any, *, only: ColumnElement[bool]) -> list[Select[Any]]:
    """Build the selects, to be united, of every way to every task that meets `only`.

    Columns: task_id, role, via, holder, capacity, delegation_id, delegator.
    """
    return [
        *(_by_role(person, now, only, by_area=by_area) for by_area in (True, False)),
        _by_candidacy(person, now, only),
        _by_name(person, now, only),
        _by_absent_name(person, now, only),
        _by_later_name(person, now, only),
        _by_absent_later_name(person, now, only),
        _by_own_case(person, only),
    ]


def _columns(
    role: Any, via: str, holder: Any, capacity: Any, delegation_id: Any = _NOTHING, delegator: Any = _NOTHING
) -> tuple[Any, ...]:
    return (
        Task.id.label("task_id"),
        cast(role, String).label("role"),
        literal(via).label("via"),
        cast(holder, String).label("holder"),
        cast(capacity, String).label("capacity"),
        cast(delegation_id, String).label("delegation_id"),
        cast(delegator, String).label("delegator"),
    )


def held_by(holding: Any, person: Any, now: Any, *, area: Any = None, somewhere: bool = False) -> ColumnElement[bool]:
    """Say in SQL whether a holding lets the person act: it is the person's own, or of somebody who is away. No sub-delegation.

    Args:
        area: The column of the area acted for; without it a substitute for some areas only does not count.
        somewhere: Whether a substitute for some areas only counts, wherever that is: to find out where to look.
    """
    absence = aliased(Absence)
    anywhere = select(absence.person).where(
        absence.substitute == person,
        is_substitution_current(absence, now),
        or_(absence.role.is_(None), absence.role == holding.role),
    )
    covered = (
        holding.person.in_(anywhere.correlate_except(absence))
        if somewhere
        else is_absent(holding.person, person, now, role=holding.role, area=area)
    )
    stands_in = and_(covered, holding.delegation_id.is_(None), holding.role.not_in(NEVER_ROLES))
    return and_(or_(holding.person == person, stands_in), is_holding_current(holding, now))


def fits_organisation(holding: Any) -> ColumnElement[bool]:
    """Say in SQL whether a holding covers the organisation of a task."""
    return or_(
        holding.organisation.is_(None),
        holding.organisation == Task.organisation,
        and_(Task.organisation.is_(None), holding.role.not_in(ORGANISATION_ROLES)),
    )


def fits_role(holding: Any, role: Any, person: Any) -> ColumnElement[bool]:
    """Say in SQL whether a holding is of the role; whoever stands in for an absent Designated Official is DO ad interim."""
    return or_(holding.role == role, and_(role == "DOAI", holding.role == "DO", holding.person != person))


def _by_role(person: Any, now: Any, only: ColumnElement[bool], *, by_area: bool) -> Select[Any]:
    """By the role of the task: first over the areas of the holding, then for holdings or tasks without an area."""
    holding = aliased(RoleHolding)
    columns = _columns(Task.role, "ROLE", holding.person, holding.capacity, holding.delegation_id, _delegator(holding))
    query = select(*columns).select_from(holding)
    role = fits_role(holding, Task.role, person)
    if by_area:
        query = query.join(AreaWithin, AreaWithin.ancestor == holding.area).join(Task, Task.area == AreaWithin.area)
    else:
        nowhere = and_(Task.area.is_(None), holding.role.not_in(AREA_ROLES))
        query = query.join(Task, or_(holding.area.is_(None), nowhere))
    # The person may be a column of another table, which PostgreSQL does not let a join look at.
    return query.where(
        only,
        role,
        Task.assignee.is_(None),
        fits_organisation(holding),
        held_by(holding, person, now, area=Task.area),
        ~is_kept_out(person, now, holding.role),
    )


def _by_candidacy(person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """By a further role of the task: named from the beginning, or added later by escalation."""
    holding = aliased(RoleHolding)
    substitutes = (holding.person != person, "AD_INTERIM")
    capacity = case((TaskCandidate.why != "", "ESCALATED"), substitutes, else_=holding.capacity)
    within = aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == Task.area).correlate_except(within)
    fits_area = or_(holding.area.is_(None), holding.area.in_(above), and_(Task.area.is_(None), holding.role.not_in(AREA_ROLES)))
    return (
        select(*_columns(TaskCandidate.role, "CANDIDATE", holding.person, capacity, holding.delegation_id, _delegator(holding)))
        .select_from(TaskCandidate)
        .join(Task, Task.id == TaskCandidate.task_id)
        .join(holding, true())
        .where(
            only,
            fits_role(holding, TaskCandidate.role, person),
            fits_area,
            fits_organisation(holding),
            held_by(holding, person, now, area=Task.area),
            ~is_kept_out(person, now, TaskCandidate.role),
        )
    )


def _by_name(person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """By the name on the task."""
    return select(*_columns(Task.role, "ASSIGNEE", Task.assignee, literal("OWN"))).where(
        only, Task.assignee == person, _open_to(person, now)
    )


def _by_absent_name(person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """As the substitute of the name on the task."""
    absence = aliased(Absence)
    kept_out = is_kept_out(person, now, func.coalesce(Task.role, ""))
    query = select(*_columns(Task.role, "ASSIGNEE", Task.assignee, literal("OWN"))).select_from(absence)
    query = query.join(Task, Task.assignee == absence.person)
    return query.where(only, substitutes_by_name(absence, person, now), ~kept_out)


def substitutes_by_name(absence: Any, person: Any, now: Any) -> ColumnElement[bool]:
    """Say in SQL whether a person stands in for whom a task names. The steps of somebody's own request are nobody else's."""
    in_office = func.coalesce(Task.role, "").not_in(OWN_ROLES)
    return and_(substitutes(absence, person, now, role=func.coalesce(Task.role, ""), area=Task.area), in_office)


def _later_name() -> Select[Any]:
    capacity = case((TaskCandidate.since > Task.opened_at, "ESCALATED"), else_="OWN")
    query = select(*_columns(Task.role, "PERSON", TaskCandidate.person, capacity)).select_from(TaskCandidate)
    return query.join(Task, Task.id == TaskCandidate.task_id)


def _by_later_name(person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """As one of several persons named for the task, or named later."""
    return _later_name().where(only, TaskCandidate.person == person, _open_to(person, now))


def _by_absent_later_name(person: Any, now: Any, only: ColumnElement[bool]) -> Select[Any]:
    """As the substitute of one of several persons named for the task, or named later."""
    absence = aliased(Absence)
    kept_out = is_kept_out(person, now, func.coalesce(Task.role, ""))
    query = _later_name().join(absence, absence.person == TaskCandidate.person)
    return query.where(only, substitutes_by_name(absence, person, now), ~kept_out)


def _by_own_case(person: Any, only: ColumnElement[bool]) -> Select[Any]:
    """As the traveller or the preparer of the case, when the task names nobody."""
    traveller = and_(Task.role == "TRV", CaseParty.kind.in_(("TRAVELLER", "REQUESTER")))
    preparer = and_(Task.role == "PREP", CaseParty.kind.in_(("PREPARER", "REQUESTER")))
    query = select(*_columns(Task.role, "OWN", person, literal("OWN"))).select_from(CaseParty)
    return query.join(Task, Task.case_id == CaseParty.case_id).where(
        only, Task.assignee.is_(None), CaseParty.person == person, or_(traveller, preparer)
    )


def _open_to(person: Any, now: Any) -> ColumnElement[bool]:
    return or_(Task.role.is_(None), Task.role.in_(OWN_ROLES), ~is_kept_out(person, now, Task.role))


def _delegator(holding: Any) -> Any:
    given = aliased(Delegation)
    return select(given.delegator).where(given.number == holding.delegation_id).correlate_except(given).scalar_subquery()
