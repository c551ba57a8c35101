"""The queues of a person: the places in which tasks wait for the roles that the person acts in, and who is away meanwhile.

They are read once for a page. Where to look follows from them, and `pick_visible` takes them over into the ways to each task.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, false, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from services.authority.places import places
from services.authority.ways import NOW, PERSON, is_substitution_current
from services.models.authority import Absence
from services.prepared import Prepared

_NAMED = "*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """Tasks that wait for a role in one area, or everywhere.

    Attributes:
        role: The role that the tasks name.
        held: The area for which the role is held; None is everywhere.
        area: Where the tasks are: one area; None stands for tasks without one unless `everywhere`.
        everywhere: Tasks of all areas and of none.
        organisation: Only tasks of this organisation; None means all.
        holder: Whose role it is; another person's when the person stands in.
        delegator: Who gave the role by a delegation.
    """

    role: str
    held: str | None
    area: str | None
    everywhere: bool
    organisation: str | None
    holder: str
    delegator: str | None

    @property
    def nowhere(self) -> bool:
        """Whether these are the tasks without an area."""
        return self.area is None and not self.everywhere


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Where a person has to look for tasks: queues of roles, and the persons for whom they stand in by name."""

    queues: list[Queue]
    absent: list[str]


def reach_of(session: Session, person: str, now: datetime) -> Reach:
    """Read the queues of a person. One query."""
    rows = _REACH.rows(session, acting_person=person, acting_now=now)
    found = sorted((queue for row in rows if row.role != _NAMED for queue in _queues(row)), key=_order)
    return Reach(queues=list(dict.fromkeys(found)), absent=sorted({row.holder for row in rows if row.role == _NAMED}))


def _reach_query() -> Select[Any]:
    absence = aliased(Absence)
    held = places(NOW, lambda acting: acting == PERSON).subquery().c
    nothing = cast(null(), String)
    columns = (held.role, held.held, held.area, held.everywhere, held.nowhere, held.organisation, held.holder, held.delegator)
    named = select(literal(_NAMED), nothing, nothing, false(), false(), nothing, absence.person, nothing)
    named = named.where(absence.substitute == PERSON, is_substitution_current(absence, NOW))
    return select(union_all(select(*columns), named).subquery())


_REACH = Prepared(_reach_query)


def _queues(row: Any) -> Iterator[Queue]:
    place = {
        "role": row.role,
        "held": row.held,
        "organisation": row.organisation,
        "holder": row.holder,
        "delegator": row.delegator,
    }
    yield Queue(area=row.area, everywhere=bool(row.everywhere), **place)
    if row.nowhere:
        yield Queue(area=None, everywhere=False, **place)


def _order(queue: Queue) -> tuple[str, ...]:
    return (queue.role, queue.held or "", queue.area or "", queue.organisation or "", queue.holder, queue.delegator or "")
