"""Support for somebody after an incident: whom it is about, and on which days a counsellor had contact. No content is kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services import people
from services.models.base import new_id
from services.models.support import SupportContact
from services.operations.catalogue import operation
from services.operations.work import Work
from services.support import DECLINED, REACHED

#: Somebody whom a case is about; neither decides in it nor sees it by that.
AFFECTED = "AFFECTED"


@operation("support.open")
def open_support(work: Work, *, person: str | None, name: str | None) -> dict[str, Any]:
    """Note who is to be supported: the person named, somebody without an account by name, or whoever asked."""
    work.set_status("ASKED")
    if person:
        work.party(person, AFFECTED)
        return {"support": {"person": person, "name": people.names_of(work.session, [person])[person]}}
    if name:
        return {"support": {"person": None, "name": name}}
    asked = work.case.requester
    return {"support": {"person": asked, "name": people.names_of(work.session, [asked])[asked]}}


@operation("support.note")
def note(work: Work, *, person: str | None, incident: str | None, outcome: str) -> dict[str, Any]:
    """Keep the day on which a person was reached or declined, for the indicator; what is noted already stays.

    Support that nobody reported an incident for is counted nowhere.
    """
    work.set_status(outcome)
    if outcome not in {REACHED, DECLINED} or not person or not incident:
        return {}
    known = select(SupportContact).where(SupportContact.incident == incident, SupportContact.person == person)
    contact = work.session.scalar(known.with_for_update())
    if contact is None:
        contact = SupportContact(id=new_id(), incident=incident, person=person)
        work.session.add(contact)
    elif contact.reached_at is not None or (outcome == DECLINED and contact.declined_at is not None):
        return {}
    if outcome == REACHED:
        contact.reached_at = work.now
    else:
        contact.declined_at = work.now
    contact.noted_by, contact.noted_at = work.actor.person, work.now
    return {}
