"""What people have entered into registers of the demo world: dependants, and a lodging whose time was extended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services import people
from services.demo.reading import add_rows
from services.models.areas import Lodging
from services.models.base import new_id
from services.models.people import Dependant
from services.registry import editing
from services.registry.reading import find_register, read_entry


def load_dependants(session: Session, rows: list[list[Any]], beginning: datetime) -> None:
    """Add who is recognised as whose dependant."""
    dependants = (
        {
            "id": new_id(),
            "sponsor": sponsor,
            "person": person,
            "relation": relation,
            "birth_year": birth_year,
            "recognised_from": beginning.date(),
        }
        for sponsor, person, relation, birth_year in rows
    )
    add_rows(session, Dependant, dependants)


def extend_lodging(session: Session, *, person: str, code: str, to: date, reason: str, now: datetime) -> None:
    """Let an officer extend the clearance of a lodging, so that the history of an entry has something to show."""
    actor = people.actor_named(session, person)
    register, reader = find_register(session, "lodgings", actor=actor, now=now)
    shown = read_entry(session, register, code, reader=reader).fingerprint
    lodging = session.get_one(Lodging, code)
    typed = {"name": lodging.name, "address": lodging.address, "phone": lodging.phone or "", "cleared_to": to.isoformat()}
    editing.change_entry(session, "lodgings", code, {**typed, "reason": reason}, fingerprint=shown, actor=actor, now=now)
