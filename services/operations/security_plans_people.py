"""Security plans whose officials and wardens are largely other people by now: the plan has to be drafted anew."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.authority import RoleHolding
from services.models.incidents import SecurityPlan
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import security_plans

#: Who is named in a plan; a share of them that changed beyond this makes it a plan of other people.
NAMED_ROLES = ("DO", "CSA", "WDN")
MOST_CHANGED = 0.2


@operation("security_plans.people_due")
def find_changed(work: Work) -> dict[str, Any]:
    """Find the areas of whose officials, advisers and wardens more than a fifth left or joined since the plan came into force.

    Where the official changed the new one signs or has the plan revised (`security_plans.signatures_due`); that comes first.
    """
    due = []
    for plan in security_plans.all_in_force(work.session, work.now.date()):
        then = _named(work.session, plan, datetime.combine(plan.valid_from or work.now.date(), time(), UTC))
        now = _named(work.session, plan, work.now)
        officials_stay = {person for person, role in then if role == "DO"} == {person for person, role in now if role == "DO"}
        if then and officials_stay and len(then ^ now) > MOST_CHANGED * len(then):
            due.append({"area": plan.area, "plan": plan.number, "kind": "PEOPLE_CHANGED"})
    return {"due": due}


def _named(session: Session, plan: SecurityPlan, at: datetime) -> set[tuple[str, str]]:
    """Return who held the roles at a moment, for the area of a plan, around it or inside it."""
    inside = select(AreaWithin.area).where(AreaWithin.ancestor == plan.area)
    around = select(AreaWithin.ancestor).where(AreaWithin.area == plan.area)
    query = select(RoleHolding.person, RoleHolding.role).where(
        RoleHolding.role.in_(NAMED_ROLES),
        or_(RoleHolding.area.in_(inside), RoleHolding.area.in_(around)),
        RoleHolding.valid_from <= at,
        or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to > at),
        RoleHolding.capacity == "OWN",
    )
    return {(row.person, row.role) for row in session.execute(query)}
