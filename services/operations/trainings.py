"""Certificates of trainings: handed in, checked, recorded; and the list of those who are overdue in an organisation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from services import mandatory_trainings, trainings
from services.errors import Declined, NotFound
from services.models.clearances import KpiEvent
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.models.trainings import TrainingCourse, TrainingRecord
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers.whereabouts import is_recognised
from workflows.forms.rules import MomentText

#: From so many days of delay on somebody is on the list of the focal point.
LISTED_AFTER = 30
#: So many days after a list was gone through comes the next.
LISTED_EVERY = timedelta(days=7)
MOST_LISTED = 100
_LISTED = "trn.listed"


class NotYours(Declined):
    """You can hand in your own certificates and those of your recognised family."""


class AlreadyRecorded(Declined):
    """{name} has a valid {course} on record already, and this certificate does not count for longer."""


class CertificateOver(Declined):
    """This certificate counted until {day}. A training that has expired has to be taken again."""


@operation("trainings.take_in")
def take_in(work: Work, *, person: str | None, course: str, issued_on: str, valid_to: str | None) -> dict[str, Any]:
    """Take in a certificate: whose it is, of which course, until when it counts, and by when it was asked for.

    Raises:
        NotYours: It is of neither the requester nor the requester's recognised family.
        NotYetHeld, CertificateOver, AlreadyRecorded: It would change nothing.
    """
    holder = work.session.get_one(Person, _holder(work, person))
    found = work.session.get(TrainingCourse, course)
    if found is None:
        raise NotFound
    last = _last_day(work, found, issued_on, valid_to)
    records = select(TrainingRecord.valid_to).where(
        TrainingRecord.person == holder.code, TrainingRecord.course == course, TrainingRecord.revoked.is_(False)
    )
    if any(kept is None or (last is not None and kept >= last) for kept in work.session.scalars(records)):
        raise AlreadyRecorded(name=holder.name, course=found.name)
    work.case.organisation = _organisation(work, holder)
    work.case.subject = f"{found.name}: {holder.name}"
    if holder.code != work.case.requester:
        work.party(holder.code, "TRAVELLER")
    work.set_status("VERIFYING")
    return {
        "holder": holder.code,
        "holder_name": holder.name,
        "course_name": found.name,
        "counts_to": last.isoformat() if last else None,
        "asked_by": _asked_by(work, holder.code, course),
        "organisation": work.case.organisation,
        "verdict": None,
    }


def _holder(work: Work, person: str | None) -> str:
    """Return whose certificate it is."""
    if person is None or person == work.case.requester:
        return work.case.requester
    family = select(Dependant.id).where(
        Dependant.sponsor == work.case.requester, Dependant.person == person, is_recognised(work.now.date())
    )
    if work.session.scalars(family.limit(1)).first() is None:
        raise NotYours
    return person


def _organisation(work: Work, holder: Person) -> str:
    """Return whose focal point checks it: of family that of the sponsor."""
    if holder.code == work.case.requester:
        return holder.organisation
    return work.session.get_one(Person, work.case.requester).organisation


def _last_day(work: Work, course: TrainingCourse, issued_on: str, valid_to: str | None) -> date | None:
    passed = date.fromisoformat(issued_on[:10])
    if passed > work.now.date():
        raise trainings.NotYetHeld
    last = date.fromisoformat(valid_to[:10]) if valid_to else trainings.last_day(course, passed)
    if last is not None and last < work.now.date():
        raise CertificateOver(day=MomentText(last.isoformat()))
    return last


def _asked_by(work: Work, holder: str, course: str) -> str | None:
    """Return by which day the course is asked for, if it is."""
    asked = mandatory_trainings.list_to_do(work.session, person=holder, now=work.now)
    return next((one.due_on.isoformat() for one in asked if one.course == course and not one.name), None)


@operation("trainings.record")
def record(work: Work, *, holder: str, course: str, issued_on: str, counts_to: str | None) -> dict[str, Any]:
    """Record a training whose certificate somebody checked; whoever waits for it hears of it."""
    last = date.fromisoformat(counts_to) if counts_to else None
    passed = date.fromisoformat(issued_on[:10])
    trainings.record_training(
        work.session, holder, course, issued_on=passed, valid_to=last, evidence=work.case.number, actor=work.actor, now=work.now
    )
    work.set_status("TRAINING_RECORDED")
    work.count("trn.recorded", course=course, organisation=work.case.organisation)
    return {"outcome": "TRAINING_RECORDED"}


@operation("trainings.lists_due")
def lists_due(work: Work) -> dict[str, Any]:
    """List the organisations in which people are a month late and no list of them was gone through within a week."""
    query = select(KpiEvent).where(KpiEvent.name == _LISTED, KpiEvent.at > work.now - LISTED_EVERY)
    listed = {event.facts["organisation"] for event in work.session.scalars(query)}
    late = mandatory_trainings.organisations_overdue(work.session, days=LISTED_AFTER, now=work.now)
    return {"due": [{"organisation": one} for one in late if one not in listed]}


@operation("trainings.list")
def list_late(work: Work, *, organisation: str) -> dict[str, Any]:
    """List who is a month late in an organisation, the oldest first, as far as one list goes."""
    found = work.session.get_one(Organisation, organisation)
    name = str(found.name.get("en", organisation))
    rows, total = mandatory_trainings.list_overdue(work.session, organisation, days=LISTED_AFTER, limit=MOST_LISTED, now=work.now)
    work.case.organisation = organisation
    work.case.subject = name
    work.set_status("OVERDUE")
    late = [
        {"name": person.name, "course": row.course, "due_on": row.due_on.isoformat(), "area": person.duty_area}
        for row, person in rows
    ]
    return {"organisation_name": name, "late": late, "late_count": total}


@operation("trainings.listed")
def note_listed(work: Work, *, organisation: str, late_count: int) -> dict[str, Any]:
    """Note that the list of an organisation was gone through; the next comes a week later, if anybody is still late."""
    work.count(_LISTED, organisation=organisation, listed=late_count)
    work.set_status("NOTED")
    return {"outcome": "NOTED"}
