"""The places in which a person acts by role: each role held now, over each of its areas; one's own, and those of the absent.

It is said here once. The ways to a task join these rows; the inbox reads them and hands them on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, String, and_, bindparam, false, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from services.authority.ways import is_current, is_holding_current, is_kept_out, is_substitution_current
from services.models.areas import AreaWithin
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.cases import Task
from services.roles import AREA_ROLES, NEVER_ROLES, ORGANISATION_ROLES

#: The columns of a place, beside `acting`, the person who acts there.
PLACE: dict[str, Any] = {
    "role": String,
    "held": String,
    "area": String,
    "everywhere": Boolean,
    "nowhere": Boolean,
    "organisation": String,
    "holder": String,
    "capacity": String,
    "delegation_id": String,
    "delegator": String,
}


def places(now: Any, acts: Callable[[Any], ColumnElement[bool]]) -> Any:
    """Select the places of all persons of whom `acts` says so.

    Columns: acting, the person; role, as the tasks name it; held, the area of the role, null for everywhere; area, one in which
    the person acts; everywhere, all areas and tasks of none; nowhere, tasks without an area; organisation, null for all; holder,
    whose role it is; capacity, delegation_id and delegator.
    """
    return union_all(_own(now, acts), _of_absent(now, acts))


def _own(now: Any, acts: Callable[[Any], ColumnElement[bool]]) -> Select[Any]:
    holding, within = aliased(RoleHolding), aliased(AreaWithin)
    columns = _columns(holding, holding.person, holding.role, within.area, everywhere=holding.area.is_(None))
    query = select(*columns).select_from(holding).outerjoin(within, within.ancestor == holding.area)
    return query.where(acts(holding.person), is_holding_current(holding, now), _is_free(holding.person, now, holding.role))


def _of_absent(now: Any, acts: Callable[[Any], ColumnElement[bool]]) -> Select[Any]:
    """Of those who are away: in the roles and areas of the absence, no sub-delegation. In the official's place, ad interim."""
    absence, holding = aliased(Absence), aliased(RoleHolding)
    within, narrowed = aliased(AreaWithin), aliased(AreaWithin)
    named = (select(literal("DO").label("held"), literal(name).label("named")) for name in ("DO", "DOAI"))
    interim = union_all(*named).subquery()
    columns = _columns(
        holding,
        absence.substitute,
        func.coalesce(interim.c.named, holding.role),
        func.coalesce(narrowed.area, within.area),
        everywhere=and_(holding.area.is_(None), absence.area.is_(None)),
        somewhere=absence.area.is_not(None),
    )
    inside = and_(narrowed.ancestor == absence.area, or_(holding.area.is_(None), narrowed.area == within.area))
    query = (
        select(*columns)
        .select_from(absence)
        .join(holding, holding.person == absence.person)
        .outerjoin(interim, interim.c.held == holding.role)
        .outerjoin(within, within.ancestor == holding.area)
        .outerjoin(narrowed, inside)
    )
    return query.where(
        acts(absence.substitute),
        is_substitution_current(absence, now),
        or_(absence.role.is_(None), absence.role == holding.role),
        or_(absence.area.is_(None), narrowed.area.is_not(None)),
        holding.delegation_id.is_(None),
        holding.role.not_in(NEVER_ROLES),
        is_holding_current(holding, now),
        _is_free(absence.substitute, now, holding.role),
    )


def _is_free(person: Any, now: Any, role: Any) -> ColumnElement[bool]:
    """S9. The few who are kept out of anything are found once; only of them it is asked of which role."""
    never = aliased(RoleHolding)
    # Written into the statement: of parameters PostgreSQL would think that they are as common as any role.
    fixed: Any = bindparam("never_roles", NEVER_ROLES, expanding=True, literal_execute=True)
    some = select(never.person).where(never.role.in_(fixed), is_current(never, now))
    return or_(person.not_in(some), ~is_kept_out(person, now, role))


def _columns(
    holding: Any, acting: Any, role: Any, area: Any, *, everywhere: ColumnElement[bool], somewhere: Any = None
) -> tuple[Any, ...]:
    given = aliased(Delegation)
    delegator = select(given.delegator).where(given.number == holding.delegation_id).correlate_except(given).scalar_subquery()
    # Of the rows of one holding one speaks for tasks without an area.
    own_area = and_(area == holding.area, holding.role.not_in(AREA_ROLES))
    nowhere = own_area if somewhere is None else and_(own_area, ~somewhere)
    return (
        acting.label("acting"),
        role.label("role"),
        holding.area.label("held"),
        area.label("area"),
        everywhere.label("everywhere"),
        func.coalesce(nowhere, false(), type_=Boolean).label("nowhere"),
        holding.organisation.label("organisation"),
        holding.person.label("holder"),
        holding.capacity.label("capacity"),
        holding.delegation_id.label("delegation_id"),
        delegator.label("delegator"),
    )


def covers_area(place: Any, task: Any) -> ColumnElement[bool]:
    """Say in SQL whether a place has the area of a task."""
    return or_(place.c.area == task.area, covers_beyond(place, task))


def covers_beyond(place: Any, task: Any) -> ColumnElement[bool]:
    """Say in SQL whether a place has a task for another reason than its area: it is everywhere, or the task has none."""
    return or_(place.c.everywhere, and_(task.area.is_(None), place.c.nowhere))


def covers_organisation(place: Any, organisation: Any = Task.organisation) -> ColumnElement[bool]:
    """Say in SQL whether a place has the organisation of a task."""
    return or_(
        place.c.organisation.is_(None),
        organisation == place.c.organisation,
        and_(organisation.is_(None), place.c.role.not_in(ORGANISATION_ROLES)),
    )
