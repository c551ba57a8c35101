"""Meetings of the security bodies at headquarters: who belongs to them, whose turn the chair is, what was recommended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority
from services.errors import Declined, NotYourRole
from services.models.areas import Area, AreaWithin
from services.models.clearances import KpiEvent
from services.models.organisations import Organisation
from services.models.people import Person
from services.operations.catalogue import operation
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import areas

#: The Security Advisory Group (coordinators) and the Security Management Group (heads) of a headquarters duty station.
SAG, SMG = "SAG", "SMG"
#: At least so often each of them meets; the chair is asked for an agenda so long before.
EVERY = {SAG: timedelta(days=91), SMG: timedelta(days=365)}
PLANNED_BEFORE = timedelta(days=28)
MET, PUT_OFF, DEFERRED = "bod.met", "bod.put_off", "DEFER"


class OnlyAtHeadquarters(Declined):
    """{area} has a Security Management Team instead. These bodies are those of headquarters duty stations."""


class NoMembers(Declined):
    """No organisation with people in {area} has named anybody for this body."""


@operation("bodies.meetings_due")
def meetings_due(work: Work) -> dict[str, Any]:
    """List the bodies at headquarters that have to meet within four weeks; one that never met has to meet now."""
    query = select(Area.code).where(Area.kind == "DESIGNATED", Area.location_class == "HQ").order_by(Area.code)
    latest = work.now.date() + PLANNED_BEFORE
    found = []
    for area in work.session.scalars(query):
        for body in (SAG, SMG):
            last = _last_met(work.session, area, body)
            due_on = work.now.date() if last is None else date.fromisoformat(last.facts["held_on"]) + EVERY[body]
            if due_on <= latest and _is_group(_members(work, area, SAG)) and _members(work, area, body):
                found.append({"area": area, "body": body, "due_on": due_on.isoformat()})
    return {"due": found}


@operation("bodies.open")
def open_meeting(work: Work, *, area: str, body: str) -> dict[str, Any]:
    """Say who belongs to a body, who chairs its next meeting, and what the Designated Official put off at the last.

    Raises:
        NotYourRole: A person called it who neither belongs to it nor advises or directs the area.
        OnlyAtHeadquarters: The area is one of the field.
        NoMembers: There is nobody to meet.
    """
    station = areas.get_area(work.session, area)
    there = areas.name_of(station)
    if station.location_class != "HQ":
        raise OnlyAtHeadquarters(area=there)
    members = _members(work, area, body)
    if not members:
        raise NoMembers(area=there)
    if work.case.requester != SYSTEM.person and work.case.requester not in _callers(work, area, members):
        raise NotYourRole
    work.case.subject = f"{body}: {there}"
    work.set_status("PLANNED")
    return {
        "area_name": there,
        "members": members,
        "chair": _next_chair(work.session, area, members) if body == SAG else None,
        "smg_members": _members(work, area, SMG),
        "deferred": _put_off(work.session, area),
    }


@operation("bodies.record")
def record_meeting(work: Work, *, area: str, body: str, held_on: str, chair: str | None) -> dict[str, Any]:
    """Note that a body met: its clock begins anew, and the chair goes on to the next member."""
    work.count(MET, area=area, body=body, held_on=held_on[:10], chair=chair)
    work.set_status("MET")
    return {"outcome": "MET"}


@operation("bodies.conclude")
def conclude(work: Work, *, area: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Say what became of the recommendations together: put off or taken back only when nothing was decided."""
    for row in results:
        if row["decision"] == DEFERRED:
            work.count(PUT_OFF, area=area, text=row["text"], until=row.get("until"))
    said = {row["decision"] for row in results}
    outcome = "DECIDED" if said & {"ADOPT", "REJECT"} else "DEFERRED" if DEFERRED in said else "WITHDRAWN"
    work.set_status(outcome)
    return {"outcome": outcome}


def _members(work: Work, area: str, body: str) -> list[dict[str, str]]:
    """List who speaks for each organisation with people in an area: its coordinator, or its head there or altogether."""
    below = select(AreaWithin.area).where(AreaWithin.ancestor == area)
    present = select(Person.organisation).join(Organisation, Organisation.code == Person.organisation)
    present = present.where(Person.duty_area.in_(below), Organisation.unsms_member).distinct()
    found: list[dict[str, str]] = []
    for organisation in sorted(work.session.scalars(present)):
        holders = (_holders(work, role, area, organisation) for role in (("SECCO",) if body == SAG else ("HOA", "EXH")))
        codes = next((codes for codes in holders if codes), [])
        names = select(Person.code, Person.name).where(Person.code.in_(codes)).order_by(Person.code)
        found += [{"person": code, "name": name, "organisation": organisation} for code, name in work.session.execute(names)]
    return found


def _is_group(members: Sequence[dict[str, str]]) -> bool:
    """Say whether coordinators of several organisations are there to meet; where there is one alone no clock runs."""
    return len({row["organisation"] for row in members}) > 1


def _holders(work: Work, role: str, area: str, organisation: str) -> list[str]:
    return authority.people_in_role(work.session, role=role, area=area, organisation=organisation, now=work.now)


def _callers(work: Work, area: str, members: Sequence[dict[str, str]]) -> set[str]:
    offices = (authority.people_in_role(work.session, role=role, area=area, now=work.now) for role in ("DO", "DOAI", "CSA"))
    return {row["person"] for row in members} | {person for people in offices for person in people}


def _last_met(session: Session, area: str, body: str) -> KpiEvent | None:
    query = select(KpiEvent).where(KpiEvent.name == MET, KpiEvent.area == area).order_by(KpiEvent.at.desc(), KpiEvent.id)
    return next((event for event in session.scalars(query) if event.facts["body"] == body), None)


def _next_chair(session: Session, area: str, members: Sequence[dict[str, str]]) -> str:
    """Return whose turn it is: the member after whoever chaired last, in the order of organisations; the first after the last."""
    last = _last_met(session, area, SAG)
    order = [row["person"] for row in members]
    chaired = last.facts.get("chair") if last is not None else None
    return order[(order.index(chaired) + 1) % len(order)] if chaired in order else order[0]


def _put_off(session: Session, area: str) -> list[str]:
    """Return the recommendations that were put off since the Security Management Group last met."""
    query = select(KpiEvent).where(KpiEvent.name == PUT_OFF, KpiEvent.area == area).order_by(KpiEvent.at, KpiEvent.id)
    last = _last_met(session, area, SMG)
    return [event.facts["text"] for event in session.scalars(query) if last is None or event.at >= last.at]
