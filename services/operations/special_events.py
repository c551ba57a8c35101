"""Special events: who knows of one, what holds where it takes place, and how it came out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.errors import NotYourRole
from services.models.assessments import FAILED_STATUSES, Assessment
from services.models.people import Dependant, Person
from services.models.special_events import SpecialEvent
from services.operations.catalogue import operation
from services.operations.confining import confine
from services.operations.moments import read_moment, write_moment
from services.operations.special_events_office import DIRECTOR, HEAD, find_office, is_at_headquarters, tell
from services.operations.work import Work
from services.registers import areas
from services.registers import special_events as register

CONFINED_SENTENCE = "Who comes to an event is known to those who secure it."
#: Who knows of the event and of who comes to it, and who of those at headquarters.
THERE = ("CSA", "SA", "DSSO", "DO", "DOAI", "HGL", "AUD")
HEADQUARTERS = (HEAD, DIRECTOR)
#: What is told when an event may take place, and when it does not.
AUTHORISED, REGISTERED, UNDECIDED, SUSPENDED = "N-SEV-01", "N-SEV-02", "N-SEV-03", "N-SEV-04"
ENDED = {"BARRED": "N-SEV-05", "REFUSED": "N-SEV-06", "NOT_AUTHORISED": "N-SEV-07", "CANCELLED": "N-SEV-08"}
#: So long before the last moment it is said that nobody has decided, and so often it is looked for what is late.
WARNED, LOOKED = timedelta(days=3), timedelta(hours=12)
_SAID_LATER = (
    *("assessment", "host_done", "host_words", "advice", "advice_reasons", "conditions", "decision", "decision_reasons"),
    *("returned", "authorised_level", "more", "people", "pasted", "refused"),
    *("held_words", "lessons", "incidents", "security_words", "security_lessons"),
)


@operation("special_event.open")
def open_event(
    work: Work,
    *,
    area: str,
    title: str,
    venue: str,
    kind: str,
    starts_at: str,
    ends_at: str,
    participants: int,
    vips: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """Enter an event into the register, and let only those know of it who have to do with it.

    Raises:
        NotYourRole: Whoever began it is no staff member.
    """
    organiser = work.case.requester
    person = work.session.get(Person, organiser)
    is_dependant = work.session.scalar(select(Dependant.person).where(Dependant.person == organiser).limit(1))
    if person is None or is_dependant:
        raise NotYourRole
    place = areas.get_area(work.session, area)
    work.session.add(
        SpecialEvent(
            number=work.case.number,
            case_id=work.case.id,
            area=area,
            organisation=person.organisation,
            organiser=organiser,
            title=title,
            venue=venue,
            kind=kind,
            starts_at=read_moment(starts_at),
            ends_at=read_moment(ends_at),
            participants=int(participants),
            vips=len(vips or ()),
            requested_at=work.now,
        )
    )
    work.session.flush()  # names on its list refer to it
    work.case.organisation, work.case.subject = person.organisation, title
    roles = [*THERE, *(HEADQUARTERS if is_at_headquarters(place) else ())]
    confine(work, roles=roles, persons=[organiser], area=area, why=CONFINED_SENTENCE)
    work.set_status("REQUESTED")
    return {
        "area_name": areas.name_of(place),
        "assessment_title": _assessment_title(work, title),
        "prepared": False,
        "listed": 0,
        "barred_names": 0,
        "pending": [],
        **dict.fromkeys(_SAID_LATER),
    }


@operation("special_event.look")
def look(work: Work, *, vips: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Read anew the level up to the end of the event, who decides on it, which guests have a notice, and how long there is."""
    event = register.get_event(work.session, work.case.number)
    event.level = register.highest_level(work.session, event.area, now=work.now, until=event.ends_at)
    until = event.starts_at if work.now < event.starts_at else event.ends_at
    left = max(until - work.now, timedelta())
    every = max(min(LOOKED, left / 20), timedelta(minutes=5))
    return {
        "there": {
            "area": event.area,
            "level": event.level,
            "office": find_office(work.session, event, now=work.now),
            "vips": [_protected(work, event, vip) for vip in vips or ()],
            "until": write_moment(until),
            "warn_at": write_moment(until - min(WARNED, left / 4)),
            "every": f"PT{int(every.total_seconds())}S",
        }
    }


@operation("special_event.stand")
def stand(work: Work, *, authorised: bool) -> dict[str, Any]:
    """Write that an event may take place, and tell everybody concerned: authorised, or too small to need it."""
    event = register.get_event(work.session, work.case.number)
    event.authorised_at = work.now if authorised else None
    work.set_status("AUTHORISED" if authorised else "REGISTERED")
    tell(work, event, AUTHORISED if authorised else REGISTERED)
    return {"outcome": None if authorised else _settle(event, "REGISTERED")}


@operation("special_event.warn")
def warn(work: Work) -> dict[str, Any]:
    """Tell everybody concerned that the event begins soon and nobody has decided; nothing is decided by it."""
    tell(work, register.get_event(work.session, work.case.number), UNDECIDED, urgent=True)
    return {}


@operation("special_event.suspend")
def suspend(work: Work) -> dict[str, Any]:
    """Take back for now that an event may take place, because the level rose, and tell everybody concerned."""
    event = register.get_event(work.session, work.case.number)
    event.authorised_at = event.outcome = None
    work.set_status("SUSPENDED")
    tell(work, event, SUSPENDED, urgent=True)
    return {"decision": None}


@operation("special_event.end")
def end(work: Work, *, outcome: str, said: str | None) -> dict[str, Any]:
    """Write how an event ended that does not take place, and tell everybody concerned why."""
    event = register.get_event(work.session, work.case.number)
    event.authorised_at = None
    work.set_status(_settle(event, outcome))
    tell(work, event, ENDED[outcome], urgent=outcome != "CANCELLED", reasons=said or "-")
    return {"outcome": outcome}


@operation("special_event.close")
def close(work: Work, *, lessons: str | None, security_lessons: str | None, incidents: str | None) -> dict[str, Any]:
    """Keep what was learned at an event; a report that nobody wrote stays missing."""
    event = register.get_event(work.session, work.case.number)
    event.incident = None if incidents is None else incidents == "YES"
    event.lessons = "\n\n".join(text for text in (lessons, security_lessons) if text) or None
    _settle(event, "HELD")
    work.set_status("EVENT_HELD")
    return {"outcome": "HELD"}


@operation("special_event.assessment_told")
def tell_assessment(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Tell an event that the assessment it asked for is in force, or will not be."""
    found = register.get_event(work.session, work.case.number)
    row = work.session.get(Assessment, str(event["payload"].get("assessment")))
    if row is None or row.title != _assessment_title(work, found.title):
        return {"told": []}
    payload = {"number": row.number, "state": "NOT_IN_FORCE" if row.status in FAILED_STATUSES else "IN_FORCE"}
    return {"told": [{"message": "MSG_EVENT_ASSESSED", "key": work.case.number, "payload": payload}]}


def _assessment_title(work: Work, title: str) -> str:
    """Name the assessment of an event so that it is found again."""
    return f"{work.case.number}: {title}"[:120]


def _settle(event: SpecialEvent, outcome: str) -> str:
    event.outcome = outcome
    return outcome


def _protected(work: Work, event: SpecialEvent, vip: dict[str, Any]) -> dict[str, Any]:
    notice = register.find_notice(work.session, vip["person"], event) if vip.get("person") else None
    return {
        "name": vip["name"],
        "notice": notice.number if notice else None,
        "coordinated": notice is not None and notice.coordinated_at is not None,
    }
