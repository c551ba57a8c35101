"""Assigning what the rules ask of people, and withdrawing what they no longer ask. Done again, it changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.mandatory_trainings.grounds import Ground, grounds_of
from services.mandatory_trainings.rules import Rule
from services.models.base import new_id
from services.models.duties import TrainingAssignment
from services.models.people import Person
from services.models.trainings import TrainingRecord

#: So long before a training expires the next one is assigned.
AHEAD = timedelta(days=60)
#: Nobody has less time than this from the day on which a course is assigned. Our reading.
LEAST = timedelta(days=14)
_Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    rule: Rule
    ground: str
    due_on: date


def assign(
    session: Session, people: Sequence[Person], rules: Mapping[str, tuple[Rule, ...]], now: datetime
) -> list[TrainingAssignment]:
    """Assign to some people what they are asked for and do not hold for long enough; answers what is new."""
    today = now.date()
    wanted = _wanted(grounds_of(session, people, now), rules, today)
    held = _held(session, people, today)
    known = _known(session, people)
    for key in known.keys() - wanted.keys():
        for row in known[key]:
            if row.withdrawn_on is None and row.ground is not None:
                _end(row, today)
    made = [_assign(key, wanted[key], held.get(key), known[key], today) for key in sorted(wanted)]
    new = [row for row in made if row is not None]
    session.add_all(new)
    session.flush()
    return new


def _wanted(grounds: Mapping[str, list[Ground]], rules: Mapping[str, tuple[Rule, ...]], today: date) -> dict[_Key, _Wanted]:
    """Say what is asked of whom; of several rules for a course what binds, and then what is due first."""
    found: dict[_Key, list[_Wanted]] = defaultdict(list)
    for person, each in grounds.items():
        for ground in each:
            for rule in rules.get(ground.name, ()):
                due_on = max((ground.since or today) + timedelta(days=rule.days), today + LEAST)
                found[person, rule.course].append(_Wanted(rule=rule, ground=ground.name, due_on=due_on))
    return {key: min(several, key=lambda one: (not one.rule.binding, one.due_on)) for key, several in found.items()}


def _assign(
    key: _Key, wanted: _Wanted, held_to: date | None, known: Sequence[TrainingAssignment], today: date
) -> TrainingAssignment | None:
    live = [row for row in known if row.withdrawn_on is None]
    waiting = [row for row in live if held_to is None or held_to <= row.due_on]
    for row in waiting:  # who becomes staff has to do what was recommended before
        row.binding = row.binding or wanted.rule.binding
    exempted = any(row.withdrawn_on and not row.ended_by_rule and row.ground == wanted.ground for row in known)
    if waiting or exempted or (held_to is not None and held_to > today + AHEAD):
        return None
    due_on = wanted.due_on if held_to is None else max(held_to, today + LEAST)
    while due_on in {row.due_on for row in known}:
        due_on += timedelta(days=1)
    for row in live:
        _end(row, due_on)
    return TrainingAssignment(
        id=new_id(),
        person=key[0],
        course=key[1],
        audience=wanted.rule.audience,
        assigned_on=today,
        due_on=due_on,
        ground=wanted.ground,
        binding=wanted.rule.binding,
        told_days=0,
        ended_by_rule=False,
    )


def _end(row: TrainingAssignment, on: date) -> None:
    row.withdrawn_on, row.ended_by_rule = on, True


def _held(session: Session, people: Sequence[Person], today: date) -> dict[_Key, date]:
    """Return until when each course is held that somebody holds today."""
    record = TrainingRecord
    query = select(record.person, record.course, record.valid_to).where(
        record.person.in_([person.code for person in people]), record.revoked.is_(False), record.issued_on <= today
    )
    found: dict[_Key, date] = {}
    for person, course, valid_to in session.execute(query):
        last = valid_to or date.max
        if last >= today:
            found[person, course] = max(found.get((person, course), last), last)
    return found


def _known(session: Session, people: Sequence[Person]) -> dict[_Key, list[TrainingAssignment]]:
    query = select(TrainingAssignment).where(TrainingAssignment.person.in_([person.code for person in people]))
    found: dict[_Key, list[TrainingAssignment]] = defaultdict(list)
    for row in session.scalars(query.order_by(TrainingAssignment.due_on, TrainingAssignment.id)):
        found[row.person, row.course].append(row)
    return found
