"""Changes of register entries that belong to a case, for the history of that case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, false, or_, select
from sqlalchemy.orm import Session

from services import people
from services.authority import Sight
from services.models.cases import Case
from services.models.register_changes import RegisterChange
from services.people import Actor
from services.registry.declared import registers
from services.registry.rights import may_open, place_of, reader_of
from services.registry.shape import Register

MOST_CHANGES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeOfCase:
    """One act on an entry that belongs to a case, with the name of whoever did it."""

    register: Register
    change: RegisterChange
    by_name: str


def list_changes_of_case(session: Session, case: Case, sight: Sight, *, actor: Actor, now: datetime) -> list[ChangeOfCase]:
    """Return what was changed by hand in entries of a case, the earliest first. Three queries.

    Only registers that the actor may open count; of those who see a part of the case, only entries in their areas.
    """
    reader = reader_of(session, actor, now)
    known = {register.key: register for register in registers().values() if may_open(register, reader)}
    found = _changes(tuple(known), of_part=sight.areas is not None)
    asked = {"case": case.id} if sight.areas is None else {"case": case.id, "areas": sorted(sight.areas)}
    changes: Sequence[RegisterChange] = session.scalars(found, asked).all()
    names = people.names_of(session, {change.by for change in changes})
    return [ChangeOfCase(register=known[change.register], change=change, by_name=names[change.by]) for change in changes]


@cache
def _changes(keys: tuple[str, ...], *, of_part: bool) -> Select[RegisterChange]:
    """Select the changes in some registers that belong to the case `case`, or to its parts in `areas`."""
    of_case = [condition for key in keys if (condition := _of_case(registers()[key], of_part=of_part)) is not None]
    return select(RegisterChange).where(or_(false(), *of_case)).order_by(RegisterChange.number).limit(MOST_CHANGES)


def _of_case(register: Register, *, of_part: bool) -> ColumnElement[bool] | None:
    if register.case is None or len(register.identity) != 1 or (of_part and register.part_of_case is None):
        return None
    named = cast(getattr(register.model, register.identity[0]), String)
    rows = select(named).where(place_of(register, register.case) == bindparam("case", type_=String))
    if of_part:
        rows = rows.where(place_of(register, register.part_of_case).in_(bindparam("areas", expanding=True)))
    return and_(RegisterChange.register == register.key, RegisterChange.entry.in_(rows))
