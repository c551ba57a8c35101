"""Why a task comes to the person who looks at it: by which role, where, in whose place, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services import people
from services.authority import Capacity
from services.authority.capacity import find_ways
from services.authority.holdings import list_held
from services.models.cases import Task
from services.people import Actor
from services.separation import Way


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """The way that leads a person to a task.

    Attributes:
        via: ROLE, CANDIDATE, ASSIGNEE, PERSON or OWN, as in `services.separation.Way`.
        area, organisation: For what the role is held; None for all of them.
        holder_name: In whose place the person acts; empty for the person's own role.
        since: Since when the role is held.
    """

    via: str
    role: str | None
    capacity: str
    delegation_id: str | None
    area: str | None
    organisation: str | None
    holder_name: str
    since: datetime | None


def find_ground(session: Session, task: Task, capacity: Capacity, *, actor: Actor, now: datetime) -> Ground | None:
    """Say why the actor may act on a task in this capacity. Four queries at most."""
    same = (capacity.role, capacity.capacity, capacity.delegation_id)
    ways = find_ways(session, actor.person, task, now)
    way = next(
        (way for way in ways if (way.role, way.capacity, way.delegation_id) == same and _is_for(way, capacity, actor)), None
    )
    if way is None:
        return None
    by_role = way.via in {"ROLE", "CANDIDATE"} and way.role is not None
    held = list_held(session, actor.person, task, roles=[way.role or ""], now=now) if by_role else []
    one = next((one for one in held if one.counts and one.holder == way.holder), None)
    other = way.delegator or (way.holder if way.holder != actor.person else None)
    return Ground(
        via=way.via,
        role=way.role,
        capacity=way.capacity,
        delegation_id=way.delegation_id,
        area=one.area if one is not None else None,
        organisation=one.organisation if one is not None else None,
        holder_name=people.names_of(session, [other])[other] if other is not None else "",
        since=one.valid_from if one is not None else None,
    )


def _is_for(way: Way, capacity: Capacity, actor: Actor) -> bool:
    """Say whether a way leads through whom the actor acts for: one may stand in for several persons of one role."""
    return way.holder == (capacity.acted_for or actor.person) or (capacity.acted_for is None and way.via == "OWN")
