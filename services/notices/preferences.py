"""How people want to be told: read, and set."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.models.notices import NoticePreference
from services.models.people import Person
from services.notices.planning import AT_ONCE, DAILY, DIGEST, WAYS, Habits, is_digest_due
from services.people import Actor
from services.registers.calendars import COMMON, calendar_of
from workflows.calendars import Calendar
from workflows.errors import AnswersInvalid, Problem
from workflows.packages import KINDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """How and where somebody reads."""

    habits: Habits
    calendar: Calendar


_CHOSEN = (
    select(NoticePreference, Person.duty_area)
    .join(Person, Person.code == NoticePreference.person)
    .where(NoticePreference.person.in_(bindparam("persons", expanding=True)))
)
NOBODY_IN_PARTICULAR = Reader(habits=Habits(), calendar=COMMON)


def readers(session: Session, persons: Collection[str]) -> dict[str, Reader]:
    """Return how people want to be told. One query, and those of the calendars of whoever has chosen anything."""
    calendars: dict[str | None, Calendar] = {}
    found = {}
    for row, area in session.execute(_CHOSEN, {"persons": list(persons)}) if persons else ():
        if area not in calendars:
            calendars[area] = calendar_of(session, area)
        found[row.person] = Reader(habits=habits_of(row), calendar=calendars[area])
    return {person: found.get(person, NOBODY_IN_PARTICULAR) for person in persons}


def habits_of(row: NoticePreference | None) -> Habits:
    """Read what somebody has chosen; nothing chosen is told at once."""
    if row is None:
        return Habits()
    kinds = {kind: way for kind, way in row.kinds.items() if kind in KINDS and way in WAYS}
    return Habits(
        kinds=kinds,
        quiet_from=read_clock(row.quiet_from),
        quiet_to=read_clock(row.quiet_to),
        working_time=row.working_time,
    )


def get_habits(session: Session, person: str) -> Habits:
    """Return what a person has chosen."""
    return habits_of(session.get(NoticePreference, person))


def choose_habits(
    session: Session, *, actor: Actor, kinds: Mapping[str, str], quiet_from: str, quiet_to: str, working_time: bool, now: datetime
) -> Habits:
    """Remember how the actor wants to be told.

    Raises:
        AnswersInvalid: A kind or way is not known, or an hour is missing or none.
    """
    problems = [
        Problem(where=f"kinds.{kind}", sentence="Choose one of the ways that are offered.")
        for kind, way in kinds.items()
        if kind not in KINDS or way not in WAYS or (kind == DIGEST and way == AT_ONCE)
    ]
    problems += _check_hours(quiet_from.strip(), quiet_to.strip())
    if problems:
        raise AnswersInvalid(problems)
    row = session.get(NoticePreference, actor.person)
    if row is None:
        row = NoticePreference(person=actor.person, changed_at=now)
        session.add(row)
    if DAILY not in (row.kinds or {}).values():
        # The first digest is the next one: what was chosen after this morning's hour waits for tomorrow's.
        person = session.get_one(Person, actor.person)
        row.digested_on = is_digest_due(Habits(), calendar_of(session, person.duty_area), sent_on=None, now=now)
    row.kinds, row.working_time, row.changed_at = dict(kinds), working_time, now
    row.quiet_from, row.quiet_to = quiet_from.strip() or None, quiet_to.strip() or None
    return habits_of(row)


def _check_hours(begins: str, ends: str) -> list[Problem]:
    if not begins and not ends:
        return []
    return [
        Problem(where=where, sentence="Enter an hour such as 22:00, or leave both hours empty.")
        for where, typed in (("quiet_from", begins), ("quiet_to", ends))
        if read_clock(typed) is None
    ]


def read_clock(text: str | None) -> time | None:
    """Read an hour as "22:00"; None when it is none."""
    try:
        return (
            time.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0) if text and len(text) == len("00:00") else None
        )
    except ValueError:
        return None
