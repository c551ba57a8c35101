"""The queues of a person: the places in which tasks wait for the roles that the person acts in.

They only narrow where to look. Who may act is said by `ways` and by separation of duties, and `pick_visible` asks both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from services.authority.ways import NOW, PERSON, held_by, is_kept_out, is_substitution_current
from services.models.areas import AreaWithin
from services.models.authority import Absence, RoleHolding
from services.prepared import Prepared
from services.roles import AREA_ROLES, ORGANISATION_ROLES

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
        of_none: Tasks that name no organisation as well.
        holder: Whose role it is; another person's when the person stands in.
    """

    role: str
    held: str | None
    area: str | None
    everywhere: bool
    organisation: str | None
    of_none: bool
    holder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Where a person has to look for tasks: queues of roles, and the persons for whom they stand in by name."""

    queues: list[Queue]
    absent: list[str]

    @property
    def is_beyond_areas(self) -> bool:
        """Whether some role is held for all areas, or for what has none."""
        return any(queue.area is None for queue in self.queues)


def reach_of(session: Session, person: str, now: datetime) -> Reach:
    """Read the queues of a person. One query."""
    rows = _REACH.rows(session, acting_person=person, acting_now=now)
    queues = [queue for row in rows if row.role != _NAMED for queue in _queues(row, person)]
    return Reach(queues=list(dict.fromkeys(queues)), absent=sorted({row.holder for row in rows if row.role == _NAMED}))


def _reach_query() -> Select[Any]:
    holding, absence = aliased(RoleHolding), aliased(Absence)
    held = (
        select(holding.role, holding.area.label("held"), AreaWithin.area, holding.organisation, holding.person.label("holder"))
        .outerjoin(AreaWithin, AreaWithin.ancestor == holding.area)
        .where(held_by(holding, PERSON, NOW, somewhere=True), ~is_kept_out(PERSON, NOW, holding.role))
    )
    nothing = cast(null(), String)
    named = select(literal(_NAMED), nothing, nothing, nothing, absence.person)
    rows = union_all(held, named.where(absence.substitute == PERSON, is_substitution_current(absence, NOW))).subquery()
    return select(rows).order_by(rows.c.role, rows.c.held, rows.c.area, rows.c.organisation, rows.c.holder)


_REACH = Prepared(_reach_query)


def _queues(row: Any, person: str) -> list[Queue]:
    """Say of one held role in which places it makes its holder look. A substitute of the official is official ad interim."""
    names = [row.role, "DOAI"] if row.role == "DO" and row.holder != person else [row.role]
    of_none = row.role not in ORGANISATION_ROLES
    found = []
    for role in names:
        shared = {"role": role, "held": row.held, "organisation": row.organisation, "of_none": of_none, "holder": row.holder}
        found.append(Queue(area=row.area, everywhere=row.held is None, **shared))
        if row.held is not None and row.role not in AREA_ROLES:
            found.append(Queue(area=None, everywhere=False, **shared))
    return found
