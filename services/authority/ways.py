"""What holds now, in SQL: roles, delegations, absences and their substitutes.

What follows from it for tasks stands in `places` and `reaching`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, and_, bindparam, case, cast, exists, func, null, or_, select
from sqlalchemy.orm import aliased

from services.models.areas import AreaWithin
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.base import UtcDateTime
from services.models.cases import Task
from services.roles import NEVER_ROLES, OWN_ROLES

_NOTHING = cast(null(), String)
#: Who acts and when, as parameters: the statements are long, so each is built once and filled in at every call.
PERSON = bindparam("acting_person", type_=String)
NOW = bindparam("acting_now", type_=UtcDateTime)
TODAY = bindparam("acting_today", type_=Date)
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


def is_kept_out(person: Any, now: Any, role: Any = None) -> ColumnElement[bool]:
    """S9: administrators, process owners and auditors take no other role than that meanwhile; without a role, of any one."""
    never = aliased(RoleHolding)
    another = never.role.in_(NEVER_ROLES) if role is None else and_(never.role.in_(NEVER_ROLES), never.role != role)
    return exists().where(never.person == person, another, is_current(never, now)).correlate_except(never)


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


def substitutes_by_name(absence: Any, person: Any, now: Any, task: Any = Task) -> ColumnElement[bool]:
    """Say in SQL whether a person stands in for whom a task names. The steps of somebody's own request are nobody else's."""
    in_office = func.coalesce(task.role, "").not_in(OWN_ROLES)
    return and_(substitutes(absence, person, now, role=func.coalesce(task.role, ""), area=task.area), in_office)
