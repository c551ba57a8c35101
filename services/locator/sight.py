"""Whose the board of an area is to read: theirs who answer for security there, and the auditor's; nobody else's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from services.authority.places import places
from services.authority.ways import NOW, PERSON
from services.errors import NotFound
from services.people import Actor
from services.prepared import Prepared

#: Roles with a function in the area: they read how people there are reached.
BOARD_ROLES = ("DSSO", "SA", "ASC", "CSA", "DO", "DOAI", "WDN")
#: Who reads without a function there.
READING_ROLES = ("AUD",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """A role that somebody acts in: where, and for which organisation; without one everywhere, or for all of them."""

    area: str | None
    organisation: str | None
    has_function: bool

    def is_in(self, area: str) -> bool:
        """Say whether it is for an area."""
        return self.area in {None, area}


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardSight:
    """What somebody reads of boards, from the roles that they act in now."""

    stands: tuple[Stand, ...]

    @property
    def is_any(self) -> bool:
        """Whether there is any board for the person."""
        return bool(self.stands)

    @property
    def areas(self) -> frozenset[str] | None:
        """The areas whose boards are there; None for all."""
        if any(stand.area is None for stand in self.stands):
            return None
        return frozenset(str(stand.area) for stand in self.stands)

    def sees(self, area: str) -> bool:
        """Say whether the board of an area is there for the person."""
        return any(stand.is_in(area) for stand in self.stands)

    def organisations(self, area: str) -> frozenset[str] | None:
        """Return whose people the person reads of in an area; None for everybody's."""
        held = {stand.organisation for stand in self.stands if stand.is_in(area)}
        return None if None in held else frozenset(str(one) for one in held)

    def has_function(self, area: str) -> bool:
        """Say whether the person has a function in an area, and so has to reach people there."""
        return any(stand.has_function and stand.is_in(area) for stand in self.stands)


def _stands() -> Select[Any]:
    held = places(NOW, lambda acting: acting == PERSON).subquery()
    columns = (held.c.role, held.c.area, held.c.everywhere, held.c.organisation)
    return select(*columns).where(held.c.role.in_((*BOARD_ROLES, *READING_ROLES))).distinct()


_STANDS = Prepared(_stands)


def sight_of(session: Session, actor: Actor, now: datetime) -> BoardSight:
    """Say which boards somebody reads. One query, asked once in a transaction."""
    rows = _STANDS.recall(session, acting_person=actor.person, acting_now=now)
    stands = [
        Stand(
            area=None if row.everywhere else row.area, organisation=row.organisation, has_function=row.role not in READING_ROLES
        )
        for row in rows
        if row.everywhere or row.area is not None
    ]
    return BoardSight(stands=tuple(dict.fromkeys(stands)))


def ensure_sees(session: Session, area: str, actor: Actor, now: datetime) -> BoardSight:
    """Return what the actor reads of boards.

    Raises:
        NotFound: The board of this area is not there for the actor.
    """
    sight = sight_of(session, actor, now)
    if not sight.sees(area):
        raise NotFound
    return sight


def of_organisations(column: Any, organisations: Collection[str] | None) -> ColumnElement[bool]:
    """Say in SQL whether a row is of organisations that may be read of."""
    return true() if organisations is None else column.in_(sorted(organisations))
