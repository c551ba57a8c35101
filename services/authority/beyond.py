"""S8: where a step goes when nobody of its role is left. Up, through the next alternate, to the director, to the top."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.authority.candidates import acting
from services.models.areas import Area
from services.models.base import new_id
from services.models.cases import Task, TaskCandidate
from services.roles import NEXT, OWN_ROLES
from services.separation import Fact, objection, read_facts

#: Why a candidate was added when nobody else was left.
NOBODY_LEFT = "Nobody left"
_LAST = "USG"


@dataclass(frozen=True, kw_only=True, slots=True)
class Beyond:
    """A role that comes next, and how many persons could act in it now."""

    role: str
    able: int


def roles_beyond(session: Session, task: Task, roles: Sequence[str]) -> list[str]:
    """Return the roles to which a step goes up, in order; at headquarters through the director of their own division."""
    if task.assignee is not None or not roles or roles[0] in OWN_ROLES:
        return []
    kind = session.scalar(select(Area.location_class).where(Area.code == task.area)) if task.area else None
    director = "DHSSS_DIR" if kind == "HQ" else "DRO_DIR"
    role: str | None = NEXT.get(roles[-1], director if roles[-1] != _LAST else None)
    found: list[str] = []
    while role is not None:
        role = director if role == "DRO_DIR" else role
        if role not in (*roles, *found):
            found.append(role)
        role = NEXT.get(role)
    return found


def list_beyond(session: Session, task: Task, roles: Sequence[str], *, facts: Collection[Fact], now: datetime) -> list[Beyond]:
    """Say for each role that comes next how many persons without a stake act in it. One query per role, three at most."""
    return [
        Beyond(role=role, able=len(_able(session, task, role, facts=facts, now=now)))
        for role in roles_beyond(session, task, roles)
    ]


def _able(session: Session, task: Task, role: str, *, facts: Collection[Fact], now: datetime) -> set[str]:
    found = acting(session, role=role, area=task.area, organisation=task.organisation, now=now)
    return {person for person, way in found if objection(person, way=way, task=task, facts=facts) is None}


def pass_on(session: Session, task: Task, roles: Sequence[str], *, now: datetime) -> str | None:
    """Let the next role act on a step for which nobody is left, beside whoever could before; answers which, if any."""
    facts = read_facts(session, case_id=task.case_id, area=task.area, now=now)
    role = next((one.role for one in list_beyond(session, task, roles, facts=facts, now=now) if one.able), None)
    if role is not None:
        session.add(TaskCandidate(id=new_id(), task_id=task.id, role=role, person=None, since=now, why=NOBODY_LEFT))
    return role
