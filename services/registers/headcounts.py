"""The register of head counts: who is counted, what was answered, and what is known of each by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.models.base import new_id
from services.models.headcounts import (
    CALLED,
    NEED_HELP,
    SILENT,
    UNREACHED,
    WAITING,
    Headcount,
    HeadcountAnswer,
    HeadcountPerson,
)
from services.models.people import Person
from services.posting import post_event
from services.registers.phones import phones_of
from services.registers.whereabouts import Present

#: What the case of a head count is told of an answer.
ANSWERED = "MSG_HC_ANSWER"
#: Who may speak for a person: the person, the staff member whose dependant it is, a check-in of the journey.
BY_PERSON, BY_SPONSOR, BY_CHECK_IN = "PERSON", "SPONSOR", "CHECK_IN"
_OWN_SOURCES = (BY_PERSON, BY_SPONSOR, BY_CHECK_IN)
LONGEST_PLACE, LONGEST_WORDS = 120, 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What somebody says of a person who is counted.

    Attributes:
        source: PERSON, SPONSOR or CHECK_IN, or the role of an official: WDN or CSA.
        on_call: It is said of a call for help that was taken up, by whoever took it up.
    """

    state: str
    source: str
    by: str
    place: str | None = None
    words: str | None = None
    on_call: bool = False


def find_headcount(session: Session, case_id: str) -> Headcount | None:
    """Return the head count that a case is about."""
    return session.get(Headcount, case_id)


def list_persons(session: Session, case_id: str) -> Sequence[tuple[HeadcountPerson, Person]]:
    """Return who is counted, by name."""
    query = select(HeadcountPerson, Person).join(Person, Person.code == HeadcountPerson.person)
    rows = session.execute(query.where(HeadcountPerson.case_id == case_id).order_by(Person.name, Person.code)).all()
    return [(row[0], row[1]) for row in rows]


def count_states(session: Session, case_id: str) -> dict[str, int]:
    """Say how many are counted, in which state, and how many calls for help nobody has taken up; `open` is what is left to do."""
    columns = (HeadcountPerson.state, HeadcountPerson.help, func.count())
    query = select(*columns).where(HeadcountPerson.case_id == case_id)
    states: Counter[str] = Counter()
    calls = 0
    for state, call, number in session.execute(query.group_by(HeadcountPerson.state, HeadcountPerson.help)):
        states[state] += number
        calls += number if call == CALLED else 0
    silent = sum(states[state] for state in SILENT)
    return {
        "listed": states.total(),
        "safe": states["SAFE"],
        "need_help": states[NEED_HELP],
        "waiting": states[WAITING],
        "unreached": states[UNREACHED],
        "out_of_area": states["OUT_OF_AREA"],
        "wrong_record": states["WRONG_RECORD"],
        "calls": calls,
        "silent": silent,
        "open": silent + calls,
    }


def add_persons(session: Session, headcount: Headcount, found: Collection[Present]) -> list[HeadcountPerson]:
    """Add those who are not counted yet; they are not asked by that."""
    mine = select(HeadcountPerson.person, HeadcountPerson.no).where(HeadcountPerson.case_id == headcount.case_id)
    known: dict[str, int] = {row.person: row.no for row in session.execute(mine)}
    first = max(known.values(), default=0) + 1
    new = [one for one in found if one.person not in known]
    rows = [
        HeadcountPerson(
            id=new_id(),
            case_id=headcount.case_id,
            no=number,
            person=one.person,
            area=one.area,
            because=one.because,
            state=WAITING,
        )
        for number, one in enumerate(new, start=first)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def open_rows_of(persons: Collection[str]) -> Select[Any]:
    """Select the rows of some persons in head counts that are not over, in the order in which they are locked."""
    query = select(HeadcountPerson).join(Headcount, Headcount.case_id == HeadcountPerson.case_id)
    return query.where(HeadcountPerson.person.in_(persons), Headcount.closed_at.is_(None)).order_by(HeadcountPerson.id)


def note_answer(session: Session, listed: str, said: Said, *, now: datetime) -> HeadcountPerson:
    """Keep what was said of a person; what the person says counts always, what an official says only of somebody silent.

    A warden may hand in a list that is older than an answer: the answer stands, and what the warden wrote is kept beside it.
    """
    session.flush()  # what is read anew below would otherwise lose what this act has changed
    query = select(HeadcountPerson).where(HeadcountPerson.id == listed).with_for_update()
    row: HeadcountPerson = session.scalars(query.execution_options(populate_existing=True)).one()
    counted = said.source in _OWN_SOURCES or row.state in SILENT or (said.on_call and row.state == NEED_HELP)
    place, words = _short(said.place, LONGEST_PLACE), _short(said.words, LONGEST_WORDS)
    session.add(
        HeadcountAnswer(
            id=new_id(),
            listed=row.id,
            state=said.state,
            source=said.source,
            counted=counted,
            by=said.by,
            at=now,
            place=place,
            words=words,
        )
    )
    if not counted:
        return row
    is_new_call = said.state == NEED_HELP and row.help != CALLED and not said.on_call
    row.state, row.source, row.answered_by, row.answered_at = said.state, said.source, said.by, now
    row.place, row.words = place or row.place, words or row.words
    row.help = CALLED if is_new_call else row.help
    if said.source in _OWN_SOURCES or is_new_call:
        _tell_case(session, row, said, is_new_call=is_new_call, now=now)
    return row


def note_sign_of_life(
    session: Session, person: str, state: str, *, place: str | None, by: str, at: datetime, now: datetime
) -> None:
    """Let a check-in that says safe or help count as an answer in every open head count that began before it."""
    for row in session.scalars(open_rows_of([person])).all():
        if row.asked_at is not None and row.asked_at <= at:
            note_answer(session, row.id, Said(state=state, source=BY_CHECK_IN, by=by, place=place), now=now)


def _short(text: str | None, longest: int) -> str | None:
    return (text or "").strip()[:longest] or None


def _tell_case(session: Session, row: HeadcountPerson, said: Said, *, is_new_call: bool, now: datetime) -> None:
    headcount = session.get_one(Headcount, row.case_id)
    phone = phones_of(session, [row.person], now)[row.person] or None
    payload: dict[str, Any] = {
        "number": headcount.number,
        "no": row.no,
        "person": row.person,
        "state": said.state,
        "place": row.place,
        "words": row.words,
        "phone": phone,
        "call": is_new_call,
        "at": now.isoformat(),
    }
    post_event(session, ANSWERED, area=headcount.area, payload=payload, by=said.by, now=now)
