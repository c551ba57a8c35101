"""The address of a residence: the one door to it, because few may know where somebody lives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services import authority
from services.errors import NotFound
from services.models.people import Person
from services.models.residences import Residence, ResidenceAddress
from services.people import Actor
from services.registers import residences

#: Roles of the area that have to find a residence, and of the organisation that checks its bills.
ADDRESS_ROLES = ("CSA", "SA", "FIN")


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


def _has_to_know(session: Session, residence: Residence, living: Sequence[Person], actor: Actor, now: datetime) -> bool:
    organisations = {person.organisation for person in living}
    for role in ADDRESS_ROLES:
        scopes = [{"organisation": one} for one in sorted(organisations)] if role == "FIN" else [{"area": residence.area}]
        if any(actor.person in authority.people_in_role(session, role=role, now=now, **scope) for scope in scopes):
            return True
    return False
