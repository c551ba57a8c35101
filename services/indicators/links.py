"""Which entries of a list somebody may open in their register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.indicators.shape import Member
from services.people import Actor
from services.registry.declared import registers
from services.registry.reading import is_entry, key_of
from services.registry.rights import is_readable, may_open, reader_of


def readable_entries(session: Session, members: Iterable[Member], *, actor: Actor, now: datetime) -> set[tuple[str, str]]:
    """Return those of the entries that somebody may open, by register and name. One query for each register among them."""
    wanted: dict[str, set[str]] = {}
    for member in members:
        if member.entry and not member.is_secret:
            wanted.setdefault(member.register, set()).add(member.entry)
    known = registers()
    reader = reader_of(session, actor, now)
    found: set[tuple[str, str]] = set()
    for key, entries in wanted.items():
        register = known.get(key)
        if register is None or not may_open(register, reader):
            continue
        named = or_(*(is_entry(register, entry) for entry in sorted(entries)))
        identity = select(*(getattr(register.model, name) for name in register.identity))
        rows = session.execute(identity.where(named, is_readable(register, reader)), reader.values)
        found |= {(key, key_of(register, row)) for row in rows}
    return found
