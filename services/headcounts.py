"""Head counts for those who are asked: what waits for a person, and the answer, also for the own dependants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from services import authority
from services.errors import Conflict, NotFound
from services.models.areas import AreaWithin
from services.models.headcounts import NEED_HELP, OUT_OF_AREA, SAFE, SILENT, Headcount, HeadcountPerson
from services.models.people import Dependant, Person
from services.people import Actor
from services.registers.headcounts import (
    BY_PERSON,
    BY_SPONSOR,
    LONGEST_PLACE,
    LONGEST_WORDS,
    Said,
    note_answer,
    open_rows_of,
)
from services.registers.whereabouts import is_recognised
from workflows.errors import SafeconductError

#: What a person may answer.
CHOICES = (SAFE, NEED_HELP, OUT_OF_AREA)
#: What holds of a person wherever the person is asked; not being there is said of one place.
_EVERYWHERE = (SAFE, NEED_HELP)


class AnswerUnknown(SafeconductError):
    """Say that you are safe, that you need help, or that you are not there."""


class AnswerTooLong(SafeconductError):
    """Write at most {place} characters for where you are, and {words} for anything else."""


class HeadcountOver(Conflict):
    """This head count is over. If you need help, report it as a security incident or call the security desk of the area."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A head count that asks about somebody for whom the reader answers: the reader or a dependant."""

    listed: HeadcountPerson
    headcount: Headcount
    name: str
    is_self: bool


def list_open(session: Session, area: str, *, actor: Actor, now: datetime) -> Sequence[Headcount]:
    """Return the head counts that go on in an area, or in one that it is part of, as far as the actor may open them."""
    around = select(AreaWithin.ancestor).where(AreaWithin.area == area)
    known = authority.is_open_to_actor(Headcount.case_id)
    query = select(Headcount).where(Headcount.closed_at.is_(None), Headcount.area.in_(around), known)
    listed = query.order_by(Headcount.started_at, Headcount.number)
    return session.scalars(authority.as_asked_by(listed, actor, now)).all()


def list_asked(session: Session, *, actor: Actor, now: datetime) -> Sequence[Asked]:
    """Return what the actor is asked in head counts that are not over, what waits first. One query."""
    query = (
        select(HeadcountPerson, Headcount, Person.name)
        .join(Headcount, Headcount.case_id == HeadcountPerson.case_id)
        .join(Person, Person.code == HeadcountPerson.person)
        .where(Headcount.closed_at.is_(None), _is_answered_by(actor, now))
        .order_by(Headcount.started_at, Headcount.number, Person.name)
    )
    found = [
        Asked(listed=listed, headcount=headcount, name=name, is_self=listed.person == actor.person)
        for listed, headcount, name in session.execute(query)
    ]
    return sorted(found, key=lambda one: (one.listed.state not in SILENT, not one.is_self))


def count_waiting(session: Session, *, actor: Actor, now: datetime) -> int:
    """Say how many answers of the actor are waited for. One query."""
    query = (
        select(func.count())
        .select_from(HeadcountPerson)
        .join(Headcount, Headcount.case_id == HeadcountPerson.case_id)
        .where(Headcount.closed_at.is_(None), HeadcountPerson.state.in_(SILENT), _is_answered_by(actor, now))
    )
    return int(session.scalar(query) or 0)


def answer(
    session: Session, listed: str, state: str, *, place: str = "", words: str = "", actor: Actor, now: datetime
) -> HeadcountPerson:
    """Answer a head count for oneself or a dependant; it may be answered again, and every answer is kept.

    That somebody is safe or needs help is said in every open head count that asks about the person.

    Raises:
        NotFound: There is nothing of the kind, or it is somebody else's to answer.
        AnswerUnknown, AnswerTooLong: It is none of the answers, or its words are too long.
        HeadcountOver: It is over.
    """
    mine = select(HeadcountPerson, Headcount).join(Headcount, Headcount.case_id == HeadcountPerson.case_id)
    found = session.execute(mine.where(HeadcountPerson.id == listed, _is_answered_by(actor, now))).one_or_none()
    if found is None:
        raise NotFound
    row, headcount = found
    if state not in CHOICES:
        raise AnswerUnknown
    if len(place.strip()) > LONGEST_PLACE or len(words.strip()) > LONGEST_WORDS:
        raise AnswerTooLong(place=LONGEST_PLACE, words=LONGEST_WORDS)
    if headcount.closed_at is not None:
        raise HeadcountOver
    source = BY_PERSON if row.person == actor.person else BY_SPONSOR
    said = Said(state=state, source=source, by=actor.person, place=place, words=words)
    rows: Sequence[HeadcountPerson] = session.scalars(open_rows_of([row.person])).all() if state in _EVERYWHERE else [row]
    for each in rows:
        note_answer(session, each.id, said, now=now)
    return row


def _is_answered_by(actor: Actor, now: datetime) -> ColumnElement[bool]:
    own = select(Dependant.person).where(Dependant.sponsor == actor.person, is_recognised(now.date()))
    return or_(HeadcountPerson.person == actor.person, HeadcountPerson.person.in_(own))
