"""Head counts: what a person is asked, and the list of everybody for those who look for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import headcounts, overview
from services.headcounts import Asked
from services.models.cases import Case
from services.models.headcounts import CALLED, SILENT, Headcount, HeadcountPerson
from services.models.people import Person
from services.people import Actor
from services.registers import headcounts as register
from services.registers.phones import phones_of
from webapp.i18n import language
from webapp.presenters.moments import show_moment
from webapp.presenters.words import Tone, Word, word
from webapp.speech import gettext

PROCESS = "head_count"
_STATES: dict[str, tuple[object, Tone]] = {
    "WAITING": (lazy_gettext("No answer yet"), "waiting"),
    "SAFE": (lazy_gettext("Safe"), "good"),
    "NEED_HELP": (lazy_gettext("Needs help"), "bad"),
    "UNREACHED": (lazy_gettext("Not reached"), "bad"),
    "OUT_OF_AREA": (lazy_gettext("Not in the area"), "closed"),
    "WRONG_RECORD": (lazy_gettext("The record is wrong"), "closed"),
}
_SOURCES: dict[str, object] = {
    "PERSON": lazy_gettext("the person"),
    "SPONSOR": lazy_gettext("a member of the family"),
    "CHECK_IN": lazy_gettext("a check-in"),
    "WDN": lazy_gettext("a warden"),
    "CSA": lazy_gettext("an adviser"),
}
_BECAUSE: dict[str, object] = {
    "TRAVELLER": lazy_gettext("is there on a journey"),
    "EXPECTED": lazy_gettext("should be there on a journey"),
    "RESIDENT": lazy_gettext("works or lives there"),
    "DEPENDANT": lazy_gettext("family of somebody there"),
    "NAMED": lazy_gettext("was named"),
}
#: Who is looked at first: calls for help, then the silent, then everybody else.
_ORDER = ("NEED_HELP", "WAITING", "UNREACHED")


@dataclass(frozen=True, kw_only=True)
class AskedRow:
    """One person for whom the reader is asked, in one head count.

    Attributes:
        reason: What has happened, where somebody wrote it down.
        answered: When it was answered last; empty while an answer is waited for.
    """

    id: str
    name: str
    is_self: bool
    area: str
    reason: str
    is_exercise: bool
    waits: bool
    word: Word
    asked: Markup
    answered: Markup
    place: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ListedRow:
    """One person on the list of a head count."""

    name: str
    phone: str
    word: Word
    is_calling: bool
    because: str
    place: str
    words: str
    source: str
    at: Markup


@dataclass(frozen=True, kw_only=True)
class HeadcountList:
    """The list of a head count with its totals: names of states and how many are in each."""

    is_exercise: bool
    totals: list[tuple[str, int]]
    rows: list[ListedRow]
    left: list[str]


@dataclass(frozen=True, kw_only=True)
class OpenLine:
    """A head count that goes on, in one line."""

    address: str
    number: str
    said: str
    is_exercise: bool


def list_open(session: Session, area: str, *, actor: Actor, now: datetime) -> list[OpenLine]:
    """List the head counts that go on in an area, for its board."""
    found = headcounts.list_open(session, area, actor=actor, now=now)
    return [_open_line(one, register.count_states(session, one.case_id)) for one in found]


def _open_line(headcount: Headcount, count: Mapping[str, int]) -> OpenLine:
    numbers = [(gettext("People counted"), count["listed"]), (str(_STATES["WAITING"][0]), count["waiting"])]
    numbers += [(str(_STATES[state][0]), count[state.lower()]) for state in ("NEED_HELP", "UNREACHED")]
    return OpenLine(
        address=url_for("cases.show", number=headcount.number),
        number=headcount.number,
        said=" · ".join(f"{name}: {number}" for name, number in numbers),
        is_exercise=headcount.exercise,
    )


def list_asked(session: Session, *, actor: Actor, now: datetime) -> list[AskedRow]:
    """List what the reader is asked, for themselves and their dependants."""
    asked = headcounts.list_asked(session, actor=actor, now=now)
    areas = overview.name_codes(session, {one.headcount.area for one in asked}, locale=language())
    return [_asked(one, areas, now) for one in asked]


def _asked(one: Asked, areas: Mapping[str, str], now: datetime) -> AskedRow:
    listed, headcount = one.listed, one.headcount
    waits = listed.state in SILENT
    return AskedRow(
        id=listed.id,
        name=one.name,
        is_self=one.is_self,
        area=areas.get(headcount.area, headcount.area),
        reason=headcount.reason if " " in headcount.reason else "",  # a word of a table says nothing to a person
        is_exercise=headcount.exercise,
        waits=waits,
        word=_say_state(listed.state),
        asked=show_moment(listed.asked_at, now=now),
        answered=Markup("") if waits else show_moment(listed.answered_at, now=now),
        place=listed.place or "",
        words=listed.words or "",
    )


def find_list(session: Session, case: Case, *, now: datetime) -> HeadcountList | None:
    """Read the list of a head count for its case page; None for other cases. Whoever sees the case sees all of it."""
    headcount = register.find_headcount(session, case.id) if case.process_key == PROCESS else None
    if headcount is None:
        return None
    listed = sorted(register.list_persons(session, case.id), key=lambda one: _rank(one[0]))
    count = register.count_states(session, case.id)
    names = {row.person: person.name for row, person in listed}
    phones = phones_of(session, names, now)
    return HeadcountList(
        is_exercise=headcount.exercise,
        totals=[
            (gettext("People counted"), count["listed"]),
            *((str(text), count[state.lower()]) for state, (text, _) in _STATES.items()),
        ],
        rows=[_listed(row, person, phones[row.person], now) for row, person in listed],
        left=[names.get(code, code) for code in headcount.left],
    )


def _listed(row: HeadcountPerson, person: Person, phone: str, now: datetime) -> ListedRow:
    return ListedRow(
        name=person.name,
        phone=phone,
        word=_say_state(row.state),
        is_calling=row.help == CALLED,
        because=str(_BECAUSE[row.because]),
        place=row.place or "",
        words=row.words or "",
        source=str(_SOURCES[row.source]) if row.source and row.state != "WAITING" else "",
        at=show_moment(row.answered_at, now=now) if row.state != "WAITING" else Markup(""),
    )


def _say_state(state: str) -> Word:
    text, tone = _STATES[state]
    return word(str(text), tone)


def _rank(row: HeadcountPerson) -> int:
    """Place somebody on the list: a call for help that nobody has taken up comes first, also after the person said "safe"."""
    if row.help == CALLED:
        return -1
    return _ORDER.index(row.state) if row.state in _ORDER else len(_ORDER)
