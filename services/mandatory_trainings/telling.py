"""Telling people of courses that are asked of them, and whoever answers for them of a delay; of each thing once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority, notices
from services.mandatory_trainings.reading import Overdue, overdue
from services.models.duties import TrainingAssignment
from services.models.trainings import TrainingCourse
from services.registers.whereabouts import sponsors_of

#: After so many days of delay the person and the supervisor hear of it, and after so many the head of the organisation there.
LATE, VERY_LATE = 14, 60
#: So many people are named in one notice; of the others it gives the number.
MOST_NAMED = 50
ASKED, FAMILY_ASKED, LATE_SELF, LATE_STAFF, LATE_THERE = "N-TRN-11", "N-TRN-12", "N-TRN-13", "N-TRN-14", "N-TRN-15"
HOME, REGISTER = "/", "/registers/training-assignments"


def tell_asked(session: Session, new: Sequence[TrainingAssignment], now: datetime) -> None:
    """Tell people what was assigned to them, and sponsors what is recommended to their family."""
    names = _courses(session, {row.course for row in new})
    sponsors = sponsors_of(session, {row.person for row in new if not row.binding}, now.date())
    own: dict[str, list[TrainingAssignment]] = defaultdict(list)
    family: dict[str, list[TrainingAssignment]] = defaultdict(list)
    for row in new:
        for receiver in sponsors.get(row.person, ()):
            family[receiver].append(row)
        own[row.person].append(row)
    for code, by_receiver in ((ASKED, own), (FAMILY_ASKED, family)):
        for receiver, rows in by_receiver.items():
            facts: dict[str, Any] = {"courses": sorted({names[row.course] for row in rows})}
            facts |= {"due_on": min(row.due_on for row in rows).isoformat(), "persons": sorted({row.person for row in rows})}
            _tell(session, code, receiver, [row.id for row in rows], facts, HOME, now)


def tell_late(session: Session, now: datetime, *, limit: int) -> int:
    """Tell people, and their supervisors, of what is two weeks late; answers of how much."""
    rows = _untold(session, LATE, now, limit)
    names = _courses(session, {row.course for row, _ in rows})
    staff: dict[str, list[Overdue]] = defaultdict(list)
    for row, person in rows:
        facts = {"course": names[row.course], "due_on": row.due_on.isoformat()}
        _tell(session, LATE_SELF, person.code, [row.id], facts, HOME, now)
        if person.supervisor:
            staff[person.supervisor].append((row, person))
    for supervisor, late in staff.items():
        _tell(session, LATE_STAFF, supervisor, [row.id for row, _ in late], _named(late), HOME, now)
    return _note(rows, LATE)


def tell_very_late(session: Session, now: datetime, *, limit: int) -> int:
    """Give heads of organisations the list of what is two months late where they are; answers of how much."""
    rows = _untold(session, VERY_LATE, now, limit)
    groups: dict[tuple[str, str | None], list[Overdue]] = defaultdict(list)
    for row, person in rows:
        groups[person.organisation, person.duty_area].append((row, person))
    for (organisation, area), late in groups.items():
        facts = {**_named(late), "organisation": organisation, "area": area or "-"}
        for head in _heads(session, organisation, area, now):
            _tell(session, LATE_THERE, head, [row.id for row, _ in late], facts, REGISTER, now)
    return _note(rows, VERY_LATE)


def _untold(session: Session, days: int, now: datetime, limit: int) -> Sequence[Overdue]:
    found = overdue(now.date(), days).where(TrainingAssignment.told_days < days).limit(limit)
    return [(row, person) for row, person in session.execute(found)]


def _note(rows: Sequence[Overdue], days: int) -> int:
    for row, _ in rows:
        row.told_days = days
    return len(rows)


def _named(late: Sequence[Overdue]) -> dict[str, Any]:
    """Name the people, the most overdue first, and say how many there are."""
    persons = list(dict.fromkeys(person.code for _, person in late))
    return {"persons": persons[:MOST_NAMED], "count": len(persons)}


def _heads(session: Session, organisation: str, area: str | None, now: datetime) -> Sequence[str]:
    """Return who answers for the people of an organisation in an area: its head there, else its own head or coordinator."""
    here = (("HOA", area),) if area else ()
    for role, where in (*here, ("EXH", None), ("SECCO", None)):
        found = authority.people_in_role(session, role=role, area=where, organisation=organisation, now=now)
        if found:
            return found
    return []


def _courses(session: Session, codes: Collection[str]) -> dict[str, str]:
    query = select(TrainingCourse.code, TrainingCourse.name).where(TrainingCourse.code.in_(codes))
    return {code: name for code, name in session.execute(query)}  # noqa: C416  a result is no mapping


def _tell(
    session: Session, code: str, receiver: str, about: Sequence[str], facts: dict[str, Any], address: str, now: datetime
) -> None:
    source = f"{code}|{min(about)}|{now.date().isoformat()}"
    notices.tell(session, [receiver], code, source=source, variables=facts, address=address, now=now)
