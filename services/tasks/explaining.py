"""Who may ask why somebody may act on a task, and about whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from services import authority, people
from services.authority import Explanation
from services.authority.ways import held_by
from services.errors import NotFound
from services.models.areas import AreaWithin
from services.models.authority import RoleHolding
from services.models.cases import Case, Task
from services.models.people import Person
from services.people import Actor
from services.roles import ORGANISATION_SIGHT_ROLES, PROCESS_SIDE_ROLES

LONGEST = 120
_NAMING = ("by", "holder", "delegator", "assignee")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """An answer to "may this person act on this task?".

    Attributes:
        person: Who is asked about, or None when nobody is known by what was typed.
        may_ask_others: Whether the reader may ask about other persons.
        may_read_names: Whether the reader may read who else may act; others read only how many.
        names: Names of all persons that the explanation speaks of, by code.
    """

    task: Task
    case: Case
    person: Person | None
    explanation: Explanation | None
    may_ask_others: bool
    may_read_names: bool
    names: dict[str, str]


def explain_task(session: Session, task_id: str, *, actor: Actor, now: datetime, about: str | None = None) -> Asked:
    """Explain who may act on a task: the reader, or another person for those who oversee who decides there.

    Args:
        about: Code, e-mail address or full name of another person.

    Raises:
        NotFound: There is no such task for this reader, or the reader may not ask about others.
    """
    row = session.execute(select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.id == task_id)).one_or_none()
    if row is None:
        raise NotFound
    task, case = row
    leads_there = bool(authority.find_ways(session, actor.person, task, now))
    if not leads_there and not authority.may_see_case(session, actor, case, now).sees_area(task.area):
        raise NotFound
    may_ask = may_ask_about_others(session, actor, task, now)
    if about and about != actor.person and not may_ask:
        raise NotFound
    person = _find_person(session, about or actor.person)
    found = authority.explain(session, person.code, task, case, now) if person is not None else None
    named = _people_in(found) if found is not None else set()
    return Asked(
        task=task,
        case=case,
        person=person,
        explanation=found,
        may_ask_others=may_ask,
        may_read_names=may_ask or leads_there,
        names=people.names_of(session, named),
    )


def may_ask_about_others(session: Session, actor: Actor, task: Task, now: datetime) -> bool:
    """Say whether the actor oversees who decides there: on the side of the process in the area, for the organisation, or all."""
    holding, within = aliased(RoleHolding), aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == task.area)
    in_area = and_(holding.role.in_(PROCESS_SIDE_ROLES), or_(holding.area.is_(None), holding.area.in_(above)))
    of_organisation = and_(
        holding.role.in_(ORGANISATION_SIGHT_ROLES[1:]),
        or_(holding.organisation.is_(None), holding.organisation == task.organisation),
    )
    overseeing = select(holding.id).where(
        held_by(holding, actor.person, now), or_(in_area, of_organisation, holding.role == "AUD")
    )
    return session.scalar(overseeing.limit(1)) is not None


def _find_person(session: Session, asked: str) -> Person | None:
    """Find a person by code, address or full name; a name that several persons have finds nobody."""
    wanted = asked.strip()[:LONGEST].lower()
    same = or_(func.lower(Person.code) == wanted, func.lower(Person.email) == wanted, func.lower(Person.name) == wanted)
    found = session.scalars(select(Person).where(same).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _people_in(found: Explanation) -> set[str]:
    named = {value for finding in found.findings for name, value in finding.facts.items() if name in _NAMING and value}
    return named | {one.holder for one in found.held} | {one.person for one in found.eligible} | {found.person}
