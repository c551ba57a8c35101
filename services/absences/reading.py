"""Absences as a person reads them: those of one declaration together, substitute by substitute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from services import people
from services.errors import NotFound
from services.models.authority import Absence
from services.people import Actor

PLANNED, CURRENT, OVER = "PLANNED", "CURRENT", "OVER"
MOST = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """Somebody who stands in, and for what; no roles or areas means all.

    Attributes:
        declined_at: When the substitute declined; nobody stands in by this any more.
    """

    person: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    declined_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Absent:
    """An absence with everybody who stands in.

    Attributes:
        state: PLANNED, CURRENT or OVER.
        is_declared: The person declared it here; others were entered by the process for delegations and end there.
    """

    id: str
    person: str
    name: str
    valid_from: datetime
    valid_to: datetime
    note: str
    state: str
    is_declared: bool
    stands: tuple[Stand, ...]

    @property
    def acting(self) -> tuple[Stand, ...]:
        """Those who have not declined."""
        return tuple(stand for stand in self.stands if stand.declined_at is None)


def rows_of(session: Session, absence_id: str) -> list[Absence]:
    """Return the rows of one declaration, or the one row that was entered otherwise."""
    key = func.coalesce(Absence.declaration, Absence.id)
    return list(session.scalars(select(Absence).where(key == absence_id).order_by(Absence.id)))


def current_of(session: Session, person: str, now: datetime) -> Absent | None:
    """Return the absence of a person who is away now; None for one who is here. One query, or two with the names."""
    here = select(Absence).where(Absence.person == person, Absence.valid_from <= now, Absence.valid_to > now)
    found = _grouped(session, here, now)
    return found[0] if found else None


def list_own(session: Session, person: str, now: datetime) -> list[Absent]:
    """Return the absences of a person, the latest first. Two queries."""
    return _grouped(session, select(Absence).where(Absence.person == person).limit(MOST * 10), now)[:MOST]


def list_standing_in(session: Session, person: str, now: datetime) -> list[Absent]:
    """Return the absences that are not over in which a person is a substitute, as far as that person is concerned."""
    mine = select(Absence).where(Absence.substitute == person, Absence.valid_to > now, Absence.declined_at.is_(None))
    return _grouped(session, mine, now)


def get_own(session: Session, absence_id: str, *, actor: Actor, now: datetime) -> Absent:
    """Return one absence of the actor.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    found = _group(session, rows_of(session, absence_id), now)
    if not found or found[0].person != actor.person:
        raise NotFound
    return found[0]


def overlapping(begins_at: datetime, ends_at: datetime) -> ColumnElement[bool]:
    """Say in SQL whether an absence touches a period."""
    return (Absence.valid_from < ends_at) & (Absence.valid_to > begins_at)


def _grouped(session: Session, query: Select[Absence], now: datetime) -> list[Absent]:
    return _group(session, session.scalars(query.order_by(Absence.valid_from.desc(), Absence.id)), now)


def _group(session: Session, rows: Iterable[Absence], now: datetime) -> list[Absent]:
    kept: dict[str, list[Absence]] = {}
    for row in rows:
        kept.setdefault(row.declaration or row.id, []).append(row)
    codes = {code for each in kept.values() for row in each for code in (row.person, row.substitute) if code}
    names = people.names_of(session, codes) if codes else {}
    return [_absent(key, each, names, now) for key, each in kept.items()]


def _absent(key: str, rows: Sequence[Absence], names: dict[str, str], now: datetime) -> Absent:
    first = rows[0]
    persons = dict.fromkeys(row.substitute for row in rows if row.substitute)
    state = PLANNED if first.valid_from > now else CURRENT if first.valid_to > now else OVER
    return Absent(
        id=key,
        person=first.person,
        name=names[first.person],
        valid_from=first.valid_from,
        valid_to=first.valid_to,
        note=first.note,
        state=state,
        is_declared=first.declaration is not None,
        stands=tuple(_stand([row for row in rows if row.substitute == person], names) for person in persons),
    )


def _stand(rows: Sequence[Absence], names: dict[str, str]) -> Stand:
    person = rows[0].substitute or ""
    return Stand(
        person=person,
        name=names[person],
        roles=tuple(sorted({row.role for row in rows if row.role})),
        areas=tuple(sorted({row.area for row in rows if row.area})),
        declined_at=max((row.declined_at for row in rows if row.declined_at), default=None),
    )
