"""Opening a request: who travels, who is concerned, and who has to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, or_, select, union_all

from services import authority
from services.errors import NotAllowed
from services.given import hand_over_texts, is_given
from services.models.areas import Area
from services.models.people import Dependant, FamilyLink, Person
from services.operations.catalogue import operation
from services.operations.moments import not_before_least, read_moment
from services.operations.routing import priority_of
from services.operations.stops import say_journey
from services.operations.work import Work
from services.people import SYSTEM
from services.prepared import Prepared
from services.registers.askers import list_representable
from services.registers.travellers import find_organisation, people_by_code

CONFIRM_WITHIN = timedelta(hours=72)
DAY = timedelta(hours=24)


class NotRepresented(NotAllowed):
    """You cannot make this request for {names}: it is for themselves, their unit, or whoever prepares travel for them."""


@operation("clearance.open")
def open_request(
    work: Work,
    *,
    requester: str,
    on_behalf_of: str | None,
    travellers: list[Any] | None,
    stops: list[dict[str, Any]],
    travel_kind: str | None = None,
) -> dict[str, Any]:
    """Find out who travels and whom the request concerns, and enter all of them as parties of the case."""
    codes = traveller_codes(travellers) or [on_behalf_of or requester]
    people = people_by_code(work.session, codes)
    codes = [code for code in codes if code in people] or [requester]
    _ensure_represents(work, requester, codes, travel_kind)
    first = work.session.get_one(Person, codes[0])
    organisation = find_organisation(work.session, first.organisation)
    on_behalf = requester not in codes
    _enter_parties(work, codes, requester, [people[code].supervisor for code in codes if code in people], on_behalf=on_behalf)
    arrival = min((read_moment(stop["arrive_at"]) for stop in stops), default=work.now)
    work.case.organisation = first.organisation
    if work.case.area is None and stops:
        work.case.area = stops[0]["area"]
    work.case.subject = _subject(work, people.values(), stops) or work.case.subject
    work.set_status("AWAITING_TRAVELLER" if on_behalf else "SUBMITTED")
    late = arrival - work.now < timedelta(days=7)
    work.count("tsc.submitted", area=work.case.area, late=late, priority=priority_of(work, arrival), travellers=len(codes))
    return {
        "people": list(dict.fromkeys([*codes, requester])),
        "traveller_codes": codes,
        "on_behalf": on_behalf,
        "supervisor": first.supervisor,
        "organisation": first.organisation,
        "is_head_of_org": is_head(work, people.values(), {stop["area"] for stop in stops}),
        "supervisor_step": organisation is not None and organisation.supervisor_step and first.supervisor is not None,
        "confirm_until": _confirm_until(arrival, work.now),
        "changes": [],
        "queued_changes": [],
        "endorsed_by": [],
        "dropped": [],
    }


def _ensure_represents(work: Work, requester: str, codes: list[str], travel_kind: str | None) -> None:
    """Raise when somebody makes a request for a person whom it is not theirs to make one for.

    A version of the process that does not say what kind of travel it is lets officials enter what they may enter for some kind.
    """
    others = [code for code in codes if code != requester]
    if not others or work.actor.person == SYSTEM.person:
        return
    asker = authority.asker_of(work.session, requester, work.now)
    kinds = {person.code: person.only for person in list_representable(work.session, asker, now=work.now, codes=others)}
    strangers = [code for code in others if code not in kinds or (travel_kind and kinds[code] not in {None, travel_kind})]
    if strangers:
        raise NotRepresented(names=", ".join(strangers))


def traveller_codes(travellers: list[Any] | None) -> list[str]:
    """Return the person codes of a list of travellers, without doubles."""
    named = (row.get("person") if isinstance(row, dict) else row for row in travellers or [])
    return list(dict.fromkeys(code for code in named if code))


def _confirm_until(arrival: datetime, now: datetime) -> str:
    return not_before_least(min(now + CONFIRM_WITHIN, arrival - DAY), now)


def _enter_parties(work: Work, codes: list[str], requester: str, supervisors: Iterable[str | None], *, on_behalf: bool) -> None:
    work.party(requester, "REQUESTER")
    if on_behalf:
        work.party(requester, "PREPARER")
    for code in codes:
        work.party(code, "TRAVELLER")
    for relative in sorted(_family_of(work, codes) - set(codes)):
        work.party(relative, "FAMILY")
    for supervisor in sorted({code for code in supervisors if code} - set(codes)):
        work.party(supervisor, "SUPERVISOR")


def _family_of(work: Work, codes: list[str]) -> set[str]:
    dialect = work.session.get_bind().dialect.name
    ties = _family(dialect).rows(work.session, **hand_over_texts("codes", codes, dialect))
    return {code for tie in ties for code in (tie.one, tie.other)}


@cache
def _family(dialect: str) -> Prepared:
    return Prepared(lambda: select(union_all(*_ties(dialect)).subquery()))


def _ties(dialect: str) -> Iterator[Select[*tuple[Any, ...]]]:
    for one, other in ((FamilyLink.person_a, FamilyLink.person_b), (Dependant.sponsor, Dependant.person)):
        is_theirs = or_(is_given(one, "codes", dialect), is_given(other, "codes", dialect))
        yield select(one.label("one"), other.label("other")).where(is_theirs)


def is_head(work: Work, people: Iterable[Person], areas: set[str]) -> bool:
    """Say whether somebody heads an organisation in the designated area of one of the stops."""
    heads = {person.duty_area for person in people if person.head_of_organisation and person.duty_area}
    if not heads:
        return False
    rows = work.session.scalars(select(Area).where(Area.code.in_(areas | heads))).all()
    domain = {area.code: area.designated_area or area.code for area in rows}
    return bool({domain.get(code) for code in heads} & {domain.get(code) for code in areas})


def _subject(work: Work, people: Iterable[Person], stops: list[dict[str, Any]]) -> str:
    """Say in a line who goes where and when, as lists show it."""
    names = [person.name for person in people]
    if not names or not stops:
        return ""
    query = select(Area).where(Area.code.in_({stop["area"] for stop in stops}))
    areas = {area.code: str(area.name["en"]) for area in work.session.scalars(query)}
    visited = [stop for stop in stops if stop.get("stop_type") != "RETURN"] or stops
    where = [areas.get(stop["area"], stop["area"]) for stop in visited]
    return say_journey(names, where, read_moment(visited[0]["arrive_at"]), read_moment(visited[-1]["depart_at"]))
