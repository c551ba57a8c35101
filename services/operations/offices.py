"""Acting in an office: whoever starts a matter as its decider, and others who may act when a step is overdue."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select

from services import authority
from services.authority.ways import is_holding_current
from services.models.areas import AreaWithin
from services.models.authority import RoleHolding
from services.models.cases import CaseParty
from services.models.people import Person
from services.operations.catalogue import operation
from services.operations.work import Work

#: A person who started a case in office: nothing in it is the person's own matter.
INITIATOR = "INITIATOR"
REQUESTER = "REQUESTER"


@operation("case.ex_officio")
def act_in_office(work: Work, *, roles: list[str] | None, area: str | None, organisation: str | None = None) -> dict[str, Any]:
    """Note that whoever started the case did so in office, when the person acts in one of the roles for the area.

    With an organisation, its own offices count as well.

    An order that the Designated Official gives is not a request of the official's own, so the official may decide on it. Anybody
    else who starts the case stays its requester, whom separation of duties keeps from deciding it.
    """
    office = next((role for role in roles or () if work.case.requester in _holders(work, role, area, organisation)), None)
    if office is not None:
        mine = select(CaseParty).where(
            CaseParty.case_id == work.case.id, CaseParty.person == work.case.requester, CaseParty.kind == REQUESTER
        )
        for party in work.session.scalars(mine):
            party.kind = INITIATOR
    return {"acting_as": office}


def _holders(work: Work, role: str, area: str | None, organisation: str | None) -> list[str]:
    where = area or work.case.area
    return authority.people_in_role(work.session, role=role, area=where, organisation=organisation, now=work.now)


@operation("task.escalate")
def escalate(
    work: Work,
    *,
    element: str,
    role: str | None,
    person: str | None,
    code: str | None,
    to: str | list[str] | None,
    facts: dict[str, Any] | None,
    area: str | None,
) -> dict[str, Any]:
    """Let a further role or person act on an overdue step beside those who can, and tell them; nobody loses the step by it."""
    open_still = True
    if role or person:
        open_still = work.add_candidate([element], None, role=role, person=None if role else person, why="Overdue")
    receivers = [to] if isinstance(to, str) else list(to or [one for one in (role or person,) if one])
    if code and open_still:
        work.notify(code, receivers, facts=facts or {}, area=area, organisation=work.case.organisation)
    return {}


@operation("area.contacts")
def find_contacts(work: Work, *, area: str) -> dict[str, Any]:
    """Find whom the organisations in an area hear through: their heads there, and the focal points of all posted there."""
    above = select(AreaWithin.ancestor).where(AreaWithin.area == area)
    below = select(AreaWithin.area).where(AreaWithin.ancestor == area)
    posted = select(Person.organisation).where(Person.duty_area.in_(below))
    heads = and_(RoleHolding.role == "HOA", RoleHolding.area.in_(above))
    focal_points = and_(RoleHolding.role == "SFP", RoleHolding.organisation.in_(posted))
    query = select(RoleHolding.person).where(or_(heads, focal_points), is_holding_current(RoleHolding, work.now))
    return {"contacts": sorted(set(work.session.scalars(query)))}


@operation("case.conclude")
def conclude(work: Work, *, status: str) -> dict[str, Any]:
    """Say in one word how a case came out."""
    work.set_status(status)
    return {"outcome": status}
