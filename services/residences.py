"""The address of a residence: the one door to it, because few may know where somebody lives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import audit, authority
from services.errors import NotFound
from services.models.cases import OPEN, Case, Task
from services.models.people import Person
from services.models.residences import ClaimLine, Residence, ResidenceAddress
from services.people import Actor
from services.registers import residences

#: Roles of the area that have to find a residence, and of the organisation that checks its bills.
ADDRESS_ROLES = ("CSA", "SA", "FIN")
#: What the diagram says in the property `shows` of a step that somebody takes by going there.
SHOWN = "residence_address"
READ = "read_address"


def read_address(session: Session, code: str, *, actor: Actor, now: datetime) -> str:
    """Return where a residence is, to those who have to know: who lives there, CSA and SA of the area, and finance of theirs.

    Raises:
        NotFound: There is no such residence, or the actor may not know its address; both look alike.
    """
    residence = residences.get_residence(session, code)
    living = residences.occupants_on(session, code, now.date())
    if actor.person not in {person.code for person in living} and not _has_to_know(session, residence, living, actor, now):
        raise NotFound
    found = session.get(ResidenceAddress, code)
    if found is None:
        raise NotFound
    return found.address


def read_address_for_task(session: Session, task_id: str, *, actor: Actor, now: datetime) -> str:
    """Return where the residence is that an open step is about, to whoever may take that step, and enter who read it.

    Raises:
        NotFound: There is no such step, it is about no residence, or the actor may not know the address; all look alike.
    """
    found = session.execute(select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.id == task_id)).one_or_none()
    if found is None or not asks_for_address(session, found[0], actor=actor, now=now):
        raise NotFound
    task, case = found
    code = _residence_of(session, case.id)
    address = read_address(session, code, actor=actor, now=now)
    audit.append(session, case, actor=actor.person, act=READ, at=now, task_id=task.id, payload={"residence": code})
    return address


def asks_for_address(session: Session, task: Task, *, actor: Actor, now: datetime) -> bool:
    """Say whether an open step sends somebody to a residence: survey and verification of a claim, for those who take it."""
    if task.state != OPEN or task.properties.get("shows") != SHOWN:
        return False
    return bool(authority.find_ways(session, actor.person, task, now)) and bool(_residence_of(session, task.case_id))


def _residence_of(session: Session, case_id: str) -> str:
    return session.scalar(select(ClaimLine.residence).where(ClaimLine.case_id == case_id).limit(1)) or ""


def _has_to_know(session: Session, residence: Residence, living: Sequence[Person], actor: Actor, now: datetime) -> bool:
    organisations = {person.organisation for person in living}
    for role in ADDRESS_ROLES:
        scopes = [{"organisation": one} for one in sorted(organisations)] if role == "FIN" else [{"area": residence.area}]
        if any(actor.person in authority.people_in_role(session, role=role, now=now, **scope) for scope in scopes):
            return True
    return False
