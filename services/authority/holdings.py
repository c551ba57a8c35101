"""What somebody holds that might lead to a task, and what each holding lacks: the role, the place, the time, the delegation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from services.authority.ways import NOW, PERSON, held_by, is_holding_current, is_substitution_current
from services.models.areas import AreaWithin
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.cases import Task, TaskCandidate
from services.prepared import Prepared, PreparedRow
from services.registers.askers import Asker
from services.roles import ADMINISTRATOR, AREA_ROLES, NEVER_ROLES, ORGANISATION_ROLES


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A holding of a role that the task asks for, held against the task.

    Attributes:
        holder: Whose it is; another person's when a substitute would act in it.
        fits: Whether area and organisation cover the task.
        period: CURRENT, OVER or LATER.
        delegation: What keeps its delegation from counting (UNACCEPTED, REVOKED, OVER, LATER, NOT_IN_POST, OUT_OF_SCOPE), OK, or
            None when it is no delegated role.
    """

    role: str
    holder: str
    area: str | None
    organisation: str | None
    valid_from: datetime
    valid_to: datetime | None
    capacity: str
    source: str | None
    delegation_id: str | None
    delegator: str | None
    fits: bool
    period: str
    delegation: str | None

    @property
    def counts(self) -> bool:
        """Whether it leads to the task."""
        return self.fits and self.period == "CURRENT" and self.delegation in {None, "OK"}


_ROLES = Prepared(
    lambda: select(RoleHolding.role, RoleHolding.area, RoleHolding.organisation).where(held_by(RoleHolding, PERSON, NOW))
)


def roles_held(session: Session, person: str, now: datetime) -> list[PreparedRow]:
    """Return role, area and organisation of all that a person holds now, or everywhere for somebody who is away.

    One query, asked once in a transaction.
    """
    return _ROLES.recall(session, acting_person=person, acting_now=now)


def asker_of(session: Session, person: str, now: datetime) -> Asker:
    """Say who fills in a form. Administrators, process owners and auditors ask in no other role (S9)."""

    def read_held() -> list[PreparedRow]:
        held = roles_held(session, person, now)
        return [row for row in held if row.role in NEVER_ROLES] or held

    return Asker(person=person, read_held=read_held)


def looks_after(session: Session, person: str, owner_role: str | None, now: datetime) -> bool:
    """Say whether a person owns processes by this role, everywhere, or administers the system."""
    return any(
        held.role == ADMINISTRATOR or (held.role == owner_role and held.area is None and held.organisation is None)
        for held in roles_held(session, person, now)
    )


def asked_roles(session: Session, task: Task) -> list[str]:
    """Return the roles that a task asks for: its own, those named beside it, those that an escalation added."""
    further = select(TaskCandidate.role).where(TaskCandidate.task_id == task.id, TaskCandidate.role.is_not(None))
    found = [task.role, *session.scalars(further.order_by(TaskCandidate.since, TaskCandidate.role))]
    return list(dict.fromkeys(role for role in found if role is not None))


def list_held(session: Session, person: str, task: Task, *, roles: list[str], now: datetime) -> list[Held]:
    """Return what a person holds, or holds for somebody who is away, of the roles that a task asks for. Three queries.

    Somebody who stands in for some areas only holds the role for no other: the place then is that of the absence.
    """
    above = set(session.scalars(select(AreaWithin.ancestor).where(AreaWithin.area == task.area))) if task.area else set()
    wanted: ColumnElement[bool] = RoleHolding.role.in_(roles)
    if "DOAI" in roles:
        wanted = or_(wanted, (RoleHolding.role == "DO") & (RoleHolding.person != person))
    away = session.scalars(select(Absence).where(Absence.substitute == person, is_substitution_current(Absence, now))).all()
    mine = or_(
        RoleHolding.person == person,
        RoleHolding.person.in_({one.person for one in away}) & RoleHolding.delegation_id.is_(None),
    )
    query = _held_with_standing().where(wanted, mine).order_by(RoleHolding.valid_from, RoleHolding.role, RoleHolding.id)
    found = []
    for row, given, current in session.execute(query.params({NOW.key: now})):
        held = _held(row, given, bool(current), task, above, now)
        found += [held] if row.person == person else _stood_in(held, away, above)
    return list(dict.fromkeys(found))


@cache
def _held_with_standing() -> Select[RoleHolding, Delegation, bool]:
    """Select holdings, each with its delegation and whether it counts at the moment `NOW`."""
    of_delegation = Delegation.number == RoleHolding.delegation_id
    return select(RoleHolding, Delegation, is_holding_current(RoleHolding, NOW)).outerjoin(Delegation, of_delegation)


def _stood_in(held: Held, away: Sequence[Absence], above: set[str]) -> list[Held]:
    """Hold the role of somebody who is away against what the substitute was named for; nothing for another role."""
    mine = [one for one in away if one.person == held.holder and one.role in {None, held.role}]
    if any(one.area is None or one.area in above for one in mine):
        return [held]
    return [replace(held, area=one.area, fits=False) for one in mine]


def _held(row: RoleHolding, given: Delegation | None, current: bool, task: Task, above: set[str], now: datetime) -> Held:  # noqa: FBT001 - what the query says
    return Held(
        role=row.role,
        holder=row.person,
        area=row.area,
        organisation=row.organisation,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        capacity=row.capacity,
        source=row.source,
        delegation_id=row.delegation_id,
        delegator=given.delegator if given else None,
        fits=_fits_area(row, task, above) and _fits_organisation(row, task),
        period=_period(row, now),
        delegation=_fault_of(given, current=current, now=now) if given else None,
    )


def _fits_area(row: RoleHolding, task: Task, above: set[str]) -> bool:
    return row.area is None or row.area in above or (task.area is None and row.role not in AREA_ROLES)


def _fits_organisation(row: RoleHolding, task: Task) -> bool:
    if task.organisation is None and row.role not in ORGANISATION_ROLES:
        return True
    return row.organisation in {None, task.organisation}


def _period(row: Any, now: datetime) -> str:
    if row.valid_from > now:
        return "LATER"
    return "OVER" if row.valid_to is not None and row.valid_to <= now else "CURRENT"


def _fault_of(given: Delegation, *, current: bool, now: datetime) -> str:
    if given.accepted_at is None or given.accepted_at > now:
        return "UNACCEPTED"
    if given.revoked_at is not None and given.revoked_at <= now:
        return "REVOKED"
    if (period := _period(given, now)) != "CURRENT":
        return period
    return "OK" if current else "NOT_IN_POST"
