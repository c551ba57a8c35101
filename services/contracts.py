"""Contracts as they change: requests that rest on one are looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.account_news import tell_moved
from services.models.people import Person
from services.people import Actor
from services.posting import post_event

UPDATED = "MSG_CONTRACT_UPDATED"
#: What of a person a request may rest on.
CONTRACT = ("contract_type", "contract_from", "contract_to", "organisation")


def update_person(session: Session, person: Person, changes: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Change what is known of somebody; a changed contract goes onto the bus, a changed address to both."""
    address = person.email
    for name, value in changes.items():
        setattr(person, name, value)
    if person.email.strip().lower() != address.strip().lower():
        tell_moved(session, person, address, now=now)
    if any(name in CONTRACT for name in changes):
        ends_on = person.contract_to
        payload = {"person": person.code, "to": ends_on.isoformat() if ends_on else None}
        post_event(session, UPDATED, area=None, payload=payload, by=actor.person, now=now)
