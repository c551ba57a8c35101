"""Head counts: listing who is in an area, asking everybody, tasking people with those who are silent, and the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services import authority, notices
from services.errors import NotYourRole
from services.models.bus import BusEvent
from services.models.headcounts import ANSWERS, CALLED, SILENT, TAKEN, WAITING, Headcount, HeadcountPerson
from services.models.people import Person
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import areas, headcounts
from services.registers.phones import phones_of
from services.registers.whereabouts import Present, list_present, sponsors_of

#: So long after somebody was asked a person looks for whoever is silent.
WARDENS_AFTER = timedelta(minutes=30)
#: So many people are on one list; the others are on the next.
MOST_ON_LIST = 100
NAMED = "NAMED"
EVERYBODY, ONE = "ALL", "ONE"
PAGE = "/safe"
#: Texts by which people are asked about themselves, and about their dependants.
_ASKS = ("N-HC-01", "N-HC-02")
_ASKS_IN_EXERCISE = ("N-HC-03", "N-HC-04")
_CALL_ONE = "MSG_HEADCOUNT_ONE"
_CALLS = ("MSG_HEADCOUNT", "SIG_CRISIS_ACTIVATED", "SIG_EVACUATION", _CALL_ONE)


@operation("headcount.list")
def list_people(
    work: Work,
    *,
    area: str,
    reason: str | None,
    scope: str | None,
    persons: list[str] | None,
    exercise: bool | None,
    acting_as: str | None,
) -> dict[str, Any]:
    """Begin a head count and enter everybody who is in the area or should be there; with the scope ONE those named alone.

    Raises:
        NotYourRole: A person began it who holds no such office in the area.
    """
    if work.case.requester != SYSTEM.person and acting_as is None:
        raise NotYourRole
    called = _also_called(work, area)
    headcount = Headcount(
        case_id=work.case.id,
        number=work.case.number,
        area=area,
        reason=(reason or "")[:2000],
        exercise=bool(exercise) and not called,
        started_at=work.now,
        left=[],
    )
    work.session.add(headcount)
    work.session.flush()
    everybody = scope != ONE or any(event.kind != _CALL_ONE for event in called)
    _enter(
        work, headcount, everybody=everybody, persons=[*(persons or []), *(code for event in called for code in _named(event))]
    )
    work.case.subject = areas.name_of(areas.get_area(work.session, area))
    work.set_status("RUNNING")
    facts = _describe(work)
    work.count("hc.started", area=area, listed=facts["count"]["listed"], exercise=headcount.exercise)
    return {**facts, "begun": {"at": write_moment(work.now), "exercise": headcount.exercise}}


@operation("headcount.add")
def add_people(work: Work, *, scope: str | None, persons: list[str] | None) -> dict[str, Any]:
    """Add who is not counted yet, because something more happened in the area.

    When that finds an exercise, it is one no longer: everybody is asked anew, and what was answered in the exercise stays kept.
    """
    headcount = _headcount_of(work)
    if headcount.exercise:
        headcount.exercise = False
        for row in _rows(work):
            row.state, row.help, row.asked_at = WAITING, None, None
    _enter(work, headcount, everybody=scope != ONE, persons=persons or [])
    return {**_describe(work), "begun": {"at": write_moment(headcount.started_at), "exercise": False}}


def _also_called(work: Work, area: str) -> list[BusEvent]:
    """Return what calls for a head count of the area and waits on the bus: a case is not told of what was there before it."""
    query = select(BusEvent).where(
        BusEvent.kind.in_(_CALLS), BusEvent.area == area, BusEvent.handled_at.is_(None), BusEvent.effective_at <= work.now
    )
    return list(work.session.scalars(query.order_by(BusEvent.id)))


def _named(event: BusEvent) -> list[str]:
    one, several = event.payload.get("person"), event.payload.get("persons")
    return [str(code) for code in [one, *(several if isinstance(several, list) else [])] if code]


def _enter(work: Work, headcount: Headcount, *, everybody: bool, persons: Iterable[str]) -> None:
    found = list_present(work.session, headcount.area, work.now) if everybody else []
    known = set(work.session.scalars(select(Person.code).where(Person.code.in_(set(persons)))))
    named = [Present(person=code, area=headcount.area, because=NAMED) for code in known - {one.person for one in found}]
    headcounts.add_persons(work.session, headcount, [*found, *sorted(named, key=lambda one: one.person)])


@operation("headcount.ask")
def ask(work: Work) -> dict[str, Any]:
    """Ask everybody who was not asked yet whether they are safe; dependants also through the staff member."""
    headcount = _headcount_of(work)
    rows = [row for row in _rows(work) if row.asked_at is None]
    for row in rows:
        row.asked_at = work.now
    own, family = _ASKS_IN_EXERCISE if headcount.exercise else _ASKS
    about: dict[str, list[str]] = {}
    for person, sponsors in sponsors_of(work.session, [row.person for row in rows], work.now.date()).items():
        for sponsor in sponsors:
            about.setdefault(sponsor, []).append(person)
    _tell(work, headcount, own, [row.person for row in rows], {})
    for sponsor, persons in sorted(about.items()):
        _tell(work, headcount, family, [sponsor], {"persons": persons})
    return _describe(work)


def _tell(work: Work, headcount: Headcount, code: str, receivers: list[str], further: dict[str, Any]) -> None:
    source = f"{headcount.number}|{code}|{write_moment(work.now)}"
    facts = {"area": headcount.area, "reason": headcount.reason, **further}
    notices.tell(work.session, receivers, code, source=source, variables=facts, address=PAGE, now=work.now)


@operation("headcount.look")
def look(work: Work) -> dict[str, Any]:
    """Say who has been silent for half an hour, when to look again, and which role of the area goes through the list."""
    waiting = [row for row in _rows(work) if row.state == WAITING]
    moments = [(row.asked_at or work.now) + WARDENS_AFTER for row in waiting]
    due = sum(moment <= work.now for moment in moments)
    wardens = authority.people_in_role(work.session, role="WDN", area=_headcount_of(work).area, now=work.now)
    next_at = min(moments, default=work.now + WARDENS_AFTER)
    facts = {"due": due, "next_at": write_moment(_whole_second_after(next_at)), "asks": "WDN" if wardens else "DSSO"}
    return {**_describe(work), "round": facts}


def _whole_second_after(moment: datetime) -> datetime:
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)


@operation("headcount.hear")
def hear(work: Work) -> dict[str, Any]:
    """Count anew, because somebody answered."""
    return _describe(work)


@operation("headcount.note")
def note(work: Work, *, rows: list[dict[str, Any]] | None, source: str) -> dict[str, Any]:
    """Keep what a warden or adviser found out about people who were silent; whoever answered meanwhile stays as answered."""
    found = {row.no: row for row in _rows(work)}
    said = {int(row["no"]): row for row in rows or [] if row.get("state") in ANSWERS and int(row["no"]) in found}
    for no in sorted(said, key=lambda no: found[no].id):
        answer = headcounts.Said(
            state=said[no]["state"], source=source, by=work.actor.person, words=said[no].get("words"), place=said[no].get("place")
        )
        headcounts.note_answer(work.session, found[no].id, answer, now=work.now)
    return _describe(work)


@operation("headcount.take_up")
def take_up(work: Work, *, no: int, state: str, words: str) -> dict[str, Any]:
    """Note who does what for somebody who called for help, and how the person is by then."""
    row = next(row for row in _rows(work) if row.no == no)
    said = headcounts.Said(state=state, source="CSA", by=work.actor.person, words=words, on_call=True)
    row = headcounts.note_answer(work.session, row.id, said, now=work.now)
    row.help = TAKEN if row.help == CALLED else row.help
    minutes = round((work.now - (row.asked_at or work.now)).total_seconds() / 60)
    work.count("hc.help_taken_up", area=row.area, minutes=minutes)
    return _describe(work)


@operation("headcount.close")
def close(work: Work, *, decision: str | None, reason: str | None) -> dict[str, Any]:
    """End a head count: everybody is accounted for, or somebody answers for ending it with people left; their names are kept."""
    headcount = _headcount_of(work)
    count = headcounts.count_states(work.session, work.case.id)
    signed = decision == "SIGN_OFF" and count["silent"] > 0
    headcount.closed_at = work.now
    headcount.outcome = "EXERCISE" if headcount.exercise else ("SIGNED_OFF" if signed else "ALL_ACCOUNTED")
    if signed:
        headcount.left = sorted(row.person for row in _rows(work) if row.state in SILENT)
        headcount.signed_by, headcount.sign_reason = work.actor.person, (reason or "")[:2000]
    work.set_status(headcount.outcome)
    reached = count["listed"] - count["silent"]
    work.count(
        "hc.closed",
        area=headcount.area,
        outcome=headcount.outcome,
        exercise=headcount.exercise,
        listed=count["listed"],
        reached=reached,
        share=round(100 * reached / count["listed"], 1) if count["listed"] else None,
        minutes=round((work.now - headcount.started_at).total_seconds() / 60),
    )
    return {"outcome": headcount.outcome, "count": count, "left": headcount.left}


def _headcount_of(work: Work) -> Headcount:
    return work.session.get_one(Headcount, work.case.id)


def _rows(work: Work) -> list[HeadcountPerson]:
    query = select(HeadcountPerson).where(HeadcountPerson.case_id == work.case.id).order_by(HeadcountPerson.no)
    return list(work.session.scalars(query))


def _describe(work: Work) -> dict[str, Any]:
    """Say what the diagram, its cards and its forms need: the totals, and who is silent as far as one list goes."""
    work.session.flush()
    count = headcounts.count_states(work.session, work.case.id)
    listed = headcounts.list_persons(work.session, work.case.id) if count["silent"] else []
    waiting = [one for one in listed if one[0].state == WAITING][:MOST_ON_LIST]
    silent = [one for one in listed if one[0].state in SILENT][:MOST_ON_LIST]
    phones = phones_of(work.session, {row.person for row, _ in (*waiting, *silent)}, work.now)
    return {
        "count": count,
        "waiting": [_line(row, person, phones) for row, person in waiting],
        "silent": [_line(row, person, phones) for row, person in silent],
    }


def _line(row: HeadcountPerson, person: Person, phones: Mapping[str, str]) -> dict[str, Any]:
    return {"no": row.no, "name": person.name, "phone": phones[row.person] or None, "place": row.place}
