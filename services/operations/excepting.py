"""Exceptions from a suspension: who asked for one, and whether it was theirs to ask."""

from __future__ import annotations

from sqlalchemy import select

from services import authority
from services.models.cases import CaseParty
from services.operations.acts import newest_acts
from services.operations.work import Work
from services.registers.askers import EXCEPTING_ROLES

SUSPENSION = "SUSPENSION"
#: Whose own matter a trip is: nobody asks for an exception for themselves or their family.
CONCERNED = ("TRAVELLER", "FAMILY")
#: Whoever completes a request writes down such acts.
ANSWERING = "ANSWER"


def find_excepting(work: Work, area: str) -> tuple[str, str | None]:
    """Say who asked last for the exception of a request, and the role that lets them do so for an area; None for no role."""
    person = _find_asker(work)
    concerned = select(CaseParty.id).where(
        CaseParty.case_id == work.case.id, CaseParty.person == person, CaseParty.kind.in_(CONCERNED)
    )
    if work.session.scalar(concerned.limit(1)) is not None:
        return person, None
    organisation = work.case.organisation
    for role in EXCEPTING_ROLES:
        if person in authority.people_in_role(work.session, role=role, area=area, organisation=organisation, now=work.now):
            return person, role
    return person, None


def _find_asker(work: Work) -> str:
    """Return who answered with an exception last, or made the request with it."""
    for act in newest_acts(work):
        if act.act == ANSWERING and any(row.get("code") == SUSPENSION for row in act.answers.get("waivers") or []):
            return act.actor_person
    return work.case.requester
