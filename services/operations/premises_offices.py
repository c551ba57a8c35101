"""Who answers for security in premises: who surveys, who heads the service, who is above, and who may act for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import authority
from services.models.premises import Premises
from services.registers import areas
from services.registers.premises import name_of

HEADQUARTERS = "HQ"
SURVEYOR, ADVISER, HEAD = "SA", "CSA", "HSSD"


def find_office(session: Session, premises: Premises, *, now: datetime) -> dict[str, Any]:
    """Say who answers for security in premises.

    `head` is the head of the service: of the first organisation that has one, else the adviser of the area. `surveyors` are the
    security advisers, or where there is none the Chief Security Adviser. `above` hears of what nobody does.
    """
    place = areas.get_area(session, premises.area)
    above = "DHSSS_DIR" if place.location_class == HEADQUARTERS else "DRO_DESK"
    having = (one for one in premises.organisations if _holders(session, HEAD, premises, one, now))
    organisation = next(having, None)
    surveyors = SURVEYOR if _holders(session, SURVEYOR, premises, None, now) else ADVISER
    head = HEAD if organisation else ADVISER
    return {
        "area": premises.area,
        "area_name": areas.name_of(place),
        "premises_name": f"{name_of(premises)} ({premises.code})",
        "surveyor": surveyors,
        "head": {"role": above if head == surveyors else head, "organisation": organisation},
        "above": above,
        "owners": [head, *(one for one in (SURVEYOR, ADVISER, "HOA") if one != head and _anybody(session, one, premises, now))],
    }


def is_in_office(session: Session, premises: Premises, person: str, roles: Iterable[str], *, now: datetime) -> bool:
    """Say whether somebody holds one of some roles for the area of premises or an organisation in them."""
    return any(person in _anybody(session, role, premises, now) for role in roles)


def _anybody(session: Session, role: str, premises: Premises, now: datetime) -> set[str]:
    every = (None, *premises.organisations)
    return {person for organisation in every for person in _holders(session, role, premises, organisation, now)}


def _holders(session: Session, role: str, premises: Premises, organisation: str | None, now: datetime) -> list[str]:
    return authority.people_in_role(session, role=role, area=premises.area, organisation=organisation, now=now)
