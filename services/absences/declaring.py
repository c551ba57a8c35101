"""Saying that one will be away and who stands in; changing it, ending it, declining it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority, notices
from services.absences.handing_back import release_lost
from services.absences.reading import overlapping, rows_of
from services.absences.suitability import REASON_SENTENCES, UNKNOWN, find_person, offices_of, why_not
from services.errors import Conflict, NotFound
from services.models.areas import Area, AreaWithin
from services.models.authority import Absence, RoleHolding
from services.models.base import new_id
from services.models.people import Person
from services.models.register_changes import ADDED, CHANGED, RegisterChange
from services.people import Actor
from workflows.errors import AnswersInvalid, Problem

STANDS_IN, NO_LONGER, DECLINED = "N-ALL-05", "N-ALL-08", "N-ALL-09"
LONGEST_NOTE = 500
MOST_ROWS = 60


class AlreadyBegun(Conflict):
    """This absence has begun. You can end it now, and declare another one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instead:
    """Somebody who is to stand in, and for what; no roles or areas means all.

    Attributes:
        person: As it was typed: a code, an e-mail address or a full name.
    """

    person: str
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody declares."""

    begins_at: datetime | None
    ends_at: datetime | None
    instead: tuple[Instead, ...] = ()
    note: str = ""


def declare_absence(session: Session, wish: Wish, *, actor: Actor, now: datetime) -> str:
    """Declare that the actor will be away, and tell whoever stands in. Answers what names the absence.

    Raises:
        AnswersInvalid: The dates do not fit, somebody who was named cannot stand in, or a role or area is not the actor's.
    """
    absent = session.get_one(Person, actor.person, with_for_update=True)
    named = _check(session, absent, wish, now=now)
    key = new_id()
    rows = _rows(key, absent, wish, named, now)
    session.add_all(rows)
    for row in rows:
        _note(session, row, ADDED, actor=actor, now=now)
    _tell_substitutes(session, key, absent, wish, named, now=now)
    return key


def change_absence(session: Session, absence_id: str, wish: Wish, *, actor: Actor, now: datetime) -> None:
    """Change an absence that has not begun; whoever stands in is told anew, and who does no longer as well.

    Raises:
        NotFound: The actor has declared no such absence.
        AlreadyBegun: It can only be ended.
        AnswersInvalid: As for declaring it.
    """
    absent = session.get_one(Person, actor.person, with_for_update=True)
    before = _own(session, absence_id, actor)
    if before[0].valid_from <= now:
        raise AlreadyBegun
    named = _check(session, absent, wish, now=now, but=absence_id)
    gone = _substitutes(before) - {person.code for person, _ in named}
    _tell_gone(session, absence_id, absent, before, gone, now=now)
    for row in before:
        _note(session, row, CHANGED, actor=actor, now=now, ended=True)
        session.delete(row)
    rows = _rows(absence_id, absent, wish, named, now)
    session.add_all(rows)
    for row in rows:
        _note(session, row, ADDED, actor=actor, now=now)
    _tell_substitutes(session, absence_id, absent, wish, named, now=now)


def end_absence(session: Session, absence_id: str, *, actor: Actor, now: datetime) -> None:
    """End an absence now: its substitutes lose everything at once. One that has not begun never counts.

    Raises:
        NotFound: The actor has declared no such absence.
    """
    absent = session.get_one(Person, actor.person, with_for_update=True)
    rows = _own(session, absence_id, actor)
    if rows[0].valid_to <= now:
        return
    _tell_gone(session, absence_id, absent, rows, _substitutes(rows), now=now)
    for row in rows:
        _note(session, row, CHANGED, actor=actor, now=now, ended=True)
        if row.valid_from >= now:
            session.delete(row)
        else:
            row.valid_to = now
    release_lost(session, _substitutes(rows), now=now)


def decline_substitution(session: Session, absence_id: str, *, actor: Actor, reason: str, now: datetime) -> None:
    """Say that the actor does not stand in; whoever is away and the colleagues in the same roles are told.

    Raises:
        NotFound: The actor stands in for nobody there, or it is over.
    """
    rows = [row for row in rows_of(session, absence_id) if row.substitute == actor.person and row.declined_at is None]
    rows = [row for row in rows if row.valid_to > now]
    if not rows:
        raise NotFound
    for row in rows:
        row.declined_at = now
        _note(session, row, CHANGED, actor=actor, now=now)
    absent = session.get_one(Person, rows[0].person)
    told = {absent.code, *_colleagues(session, absent, rows, now)} - {actor.person}
    facts = {**_facts_of_rows(absent, rows), "substitute": actor.name, "reason": reason.strip()[:LONGEST_NOTE] or None}
    source = f"absence-{absence_id}-declined-{actor.person}"[:120]
    notices.tell(session, told, DECLINED, source=source, variables=facts, address="/absences", now=now)
    release_lost(session, {actor.person}, now=now)


def _own(session: Session, absence_id: str, actor: Actor) -> list[Absence]:
    rows = rows_of(session, absence_id)
    if not rows or rows[0].person != actor.person or rows[0].declaration is None:
        raise NotFound
    return rows


def _check(session: Session, absent: Person, wish: Wish, *, now: datetime, but: str = "") -> list[tuple[Person, Instead]]:
    """Find everybody who is named, and say everything that stands against the wish."""
    problems = _check_dates(session, absent, wish, now, but)
    found = [(find_person(session, each.person), each) for each in wish.instead]
    named = [(person, each) for person, each in found if person is not None]
    reasons: dict[str, str] = {}
    if wish.begins_at and wish.ends_at:
        reasons = why_not(session, absent, [person for person, _ in named], begins_at=wish.begins_at, ends_at=wish.ends_at)
    for number, (person, each) in enumerate(found):
        where = f"substitutes.{number}.person"
        reason = UNKNOWN if person is None else reasons.get(person.code)
        if reason is not None:
            facts = {"name": person.name if person is not None else each.person}
            problems.append(Problem(where=where, sentence=REASON_SENTENCES[reason], facts=facts))
    problems += _check_scopes(session, absent, wish, now)
    if not problems and sum(1 for _ in _scopes(named)) > MOST_ROWS:
        problems.append(Problem(where="substitutes", sentence="This is too much at once. Name fewer roles and areas."))
    if problems:
        raise AnswersInvalid(problems)
    return named


def _check_dates(session: Session, absent: Person, wish: Wish, now: datetime, but: str) -> list[Problem]:
    if wish.begins_at is None or wish.ends_at is None:
        named = (("begins_at", wish.begins_at), ("ends_at", wish.ends_at))
        return [Problem(where=where, sentence="Enter a day and an hour.") for where, moment in named if moment is None]
    if wish.ends_at <= max(wish.begins_at, now):
        return [Problem(where="ends_at", sentence="The end must be after the beginning, and still to come.")]
    clash = select(Absence).where(Absence.person == absent.code, overlapping(wish.begins_at, wish.ends_at))
    others = [row for row in session.scalars(clash) if (row.declaration or row.id) != but]
    if others:
        sentence = "You have declared another absence that overlaps with this time. Change or end that one first."
        return [Problem(where="begins_at", sentence=sentence)]
    return []


def _check_scopes(session: Session, absent: Person, wish: Wish, now: datetime) -> list[Problem]:
    """A substitute gets roles of the absent person, in areas where the absent person holds them."""
    held = offices_of(session, absent.code, at=now)
    problems = []
    for number, each in enumerate(wish.instead):
        if set(each.roles) - {row.role for row in held}:
            problems.append(Problem(where=f"substitutes.{number}.roles", sentence="Choose among the roles that you hold."))
        elif outside := [area for area in each.areas if not _is_inside(session, area, _in_roles(held, each.roles))]:
            sentence = "You hold none of these roles in {areas}."
            place = f"substitutes.{number}.areas"
            problems.append(Problem(where=place, sentence=sentence, facts={"areas": ", ".join(outside)}))
    return problems


def _in_roles(held: Sequence[RoleHolding], roles: Sequence[str]) -> list[RoleHolding]:
    return [row for row in held if not roles or row.role in roles]


def _is_inside(session: Session, area: str, held: Sequence[RoleHolding]) -> bool:
    if session.get(Area, area) is None:
        return False
    above = set(session.scalars(select(AreaWithin.ancestor).where(AreaWithin.area == area)))
    return any(row.area is None or row.area in above for row in held)


def _scopes(named: Iterable[tuple[Person, Instead]]) -> Iterable[tuple[str, str | None, str | None]]:
    for person, each in named:
        for role, area in product(each.roles or (None,), each.areas or (None,)):
            yield person.code, role, area


def _rows(key: str, absent: Person, wish: Wish, named: Sequence[tuple[Person, Instead]], now: datetime) -> list[Absence]:
    """Make one row for each substitute, role and area; one without a substitute when nobody is named."""
    shared: dict[str, Any] = {
        "person": absent.code,
        "valid_from": wish.begins_at,
        "valid_to": wish.ends_at,
        "declaration": key,
        "note": wish.note.strip()[:LONGEST_NOTE],
        "declared_at": now,
    }
    scopes: list[tuple[str | None, str | None, str | None]] = list(dict.fromkeys(_scopes(named)))
    return [
        Absence(id=new_id(), substitute=person, role=role, area=area, **shared)
        for person, role, area in scopes or [(None, None, None)]
    ]


def _note(session: Session, row: Absence, act: str, *, actor: Actor, now: datetime, ended: bool = False) -> None:
    """Keep the act beside the register of absences."""
    after = {
        "person": row.person,
        "substitute": row.substitute,
        "role": row.role,
        "area": row.area,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": (min(now, row.valid_to) if ended else row.valid_to).isoformat(),
        "declined_at": row.declined_at.isoformat() if row.declined_at else None,
    }
    said = RegisterChange(register="absences", entry=row.id, act=act, by=actor.person, at=now, reason=row.note, after=after)
    session.add(said)


def _substitutes(rows: Iterable[Absence]) -> set[str]:
    return {row.substitute for row in rows if row.substitute and row.declined_at is None}


def _tell_substitutes(
    session: Session, key: str, absent: Person, wish: Wish, named: Sequence[tuple[Person, Instead]], *, now: datetime
) -> None:
    for person, _ in named:
        facts = _facts(absent, wish.begins_at, wish.ends_at) | {"note": wish.note.strip()[:LONGEST_NOTE] or None}
        source = f"absence-{key}-named-{now:%Y%m%d%H%M%S%f}"
        notices.tell(session, [person.code], STANDS_IN, source=source, variables=facts, address="/absences", now=now)


def _tell_gone(session: Session, key: str, absent: Person, rows: Sequence[Absence], gone: set[str], *, now: datetime) -> None:
    source = f"absence-{key}-gone-{now:%Y%m%d%H%M%S%f}"
    notices.tell(session, gone, NO_LONGER, source=source, variables=_facts_of_rows(absent, rows), address="/absences", now=now)


def _facts_of_rows(absent: Person, rows: Sequence[Absence]) -> dict[str, Any]:
    return _facts(absent, rows[0].valid_from, rows[0].valid_to)


def _facts(absent: Person, begins_at: datetime | None, ends_at: datetime | None) -> dict[str, Any]:
    return {
        "absent": absent.name,
        "from": begins_at.isoformat() if begins_at else None,
        "to": ends_at.isoformat() if ends_at else None,
    }


def _colleagues(session: Session, absent: Person, rows: Sequence[Absence], now: datetime) -> set[str]:
    """Return who else holds the roles for which nobody stands in any more."""
    roles = {row.role for row in rows if row.role} if all(row.role for row in rows) else None
    found: set[str] = set()
    for held in offices_of(session, absent.code, at=now):
        if roles is None or held.role in roles:
            found.update(
                authority.people_in_role(session, role=held.role, area=held.area, organisation=held.organisation, now=now)
            )
    return found
