"""What a person's own pages bring together: requests with what they wait for, earlier acts, trainings, a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from services import audit, authority, cases, people, searching
from services.models.areas import Area, AreaWithin
from services.models.audit import Decision
from services.models.cases import DONE, OPEN, Case, Task
from services.models.clearances import Certificate
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.trainings import TrainingCourse, TrainingRecord
from services.people import Actor
from services.registers.areas import call_places
from services.roles import OWN_ROLES

MOST_OWN = 60
MOST_FOUND = 50
LONGEST_SEARCH = 80
LONGEST_CODE = 64
SYSTEM_CAPACITY = "SYSTEM"
#: In this language texts of processes have names, and names of registers are never missing.
ENGLISH = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnRequest:
    """A request of the reader with what it waits for.

    Attributes:
        yours: Its open tasks that are the reader's.
        others: Its open tasks that wait for somebody else.
        done: How many of its steps for people are done.
        certificate: The newest certificate, valid or not.
    """

    case: Case
    yours: list[Task]
    others: list[Task]
    done: int
    certificate: Certificate | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierAct:
    """What somebody did on the same matter before, perhaps in the place of somebody who was away."""

    decision: Decision
    name: str
    for_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldTraining:
    """A security course and until when the reader holds it; None as a date does not expire."""

    code: str
    name: str
    is_held: bool
    valid_to: date | None


def list_own_requests(session: Session, *, actor: Actor, now: datetime, limit: int = MOST_OWN) -> list[OwnRequest]:
    """Return the latest requests that the actor made or travels in. A constant number of queries."""
    own, _ = cases.list_cases(session, actor=actor, now=now, limit=limit)
    ids = [case.id for case in own]
    tasks = list(session.scalars(select(Task).where(Task.case_id.in_(ids)).order_by(Task.opened_at, Task.id))) if ids else []
    certificates = _newest_certificates(session, ids)
    return [
        _own_request(case, [task for task in tasks if task.case_id == case.id], certificates.get(case.id), actor) for case in own
    ]


def _own_request(case: Case, tasks: Sequence[Task], certificate: Certificate | None, actor: Actor) -> OwnRequest:
    waiting = [task for task in tasks if task.state == OPEN]
    yours = [task for task in waiting if task.assignee == actor.person or (task.assignee is None and task.role in OWN_ROLES)]
    return OwnRequest(
        case=case,
        yours=yours,
        others=[task for task in waiting if task not in yours],
        done=sum(task.state == DONE for task in tasks),
        certificate=certificate,
    )


def _newest_certificates(session: Session, case_ids: Sequence[str]) -> dict[str, Certificate]:
    if not case_ids:
        return {}
    found = select(Certificate).where(Certificate.case_id.in_(case_ids)).order_by(Certificate.case_id, Certificate.version)
    return {certificate.case_id: certificate for certificate in session.scalars(found)}


def list_earlier_acts(session: Session, task: Task) -> list[EarlierAct]:
    """Return what people did on the matter of a task before, the earliest first: on its own line, or on the case as a whole."""
    same = or_(Decision.line == task.line, Decision.line.is_(None)) if task.line else Decision.line.is_(None)
    found = select(Decision).where(
        Decision.case_id == task.case_id, same, Decision.capacity != SYSTEM_CAPACITY, audit.is_standing()
    )
    decisions = list(session.scalars(found.order_by(Decision.decided_at, Decision.id)))
    codes = {code for decision in decisions for code in (decision.actor_person, decision.acted_for) if code}
    names = people.names_of(session, codes)
    return [
        EarlierAct(decision=decision, name=names[decision.actor_person], for_name=names.get(decision.acted_for or ""))
        for decision in decisions
        if decision.task_id != task.id
    ]


def list_trainings(session: Session, *, actor: Actor, now: datetime) -> list[HeldTraining]:
    """Return the security courses that there are, and until when the actor holds each."""
    courses = session.scalars(select(TrainingCourse).order_by(TrainingCourse.code)).all()
    records = session.scalars(
        select(TrainingRecord).where(TrainingRecord.person == actor.person, TrainingRecord.revoked.is_(False))
    ).all()
    return [_held(course, [record for record in records if record.course == course.code], now.date()) for course in courses]


def _held(course: TrainingCourse, records: Sequence[TrainingRecord], today: date) -> HeldTraining:
    ends = [record.valid_to for record in records]
    lasts = None in ends
    latest = max((end for end in ends if end is not None), default=None)
    is_held = lasts or (latest is not None and latest >= today)
    return HeldTraining(code=course.code, name=course.name, is_held=is_held, valid_to=None if lasts else latest)


def find_cases(session: Session, text: str, *, actor: Actor, now: datetime, limit: int = MOST_FOUND) -> list[Case]:
    """Find cases by words, among those of which the actor may see something; the latest first. See services/searching.py."""
    return searching.find_cases(session, text[:LONGEST_SEARCH], actor=actor, now=now, limit=limit)


def name_codes(session: Session, codes: Iterable[str], *, locale: str) -> dict[str, str]:
    """Return the names of persons and areas by their codes; codes of neither are left out."""
    wanted = {code for code in codes if 0 < len(code) <= LONGEST_CODE}
    if not wanted:
        return {}
    persons = session.execute(select(Person.code, Person.name).where(Person.code.in_(wanted)))
    areas = session.execute(select(Area.code, Area.name).where(Area.code.in_(wanted)))
    named = {code: name for code, name in persons}  # noqa: C416  a result is no mapping
    return named | {code: str(name.get(locale) or name.get("en") or code) for code, name in areas}


def name_places(session: Session, codes: Iterable[str | None], *, locale: str) -> dict[str, dict[str, str]]:
    """Return by area what a text may call it and those around it, with their names in a language. One query."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    around = select(AreaWithin.area, Area.code, Area.parent, Area.name).join(Area, Area.code == AreaWithin.ancestor)
    rows = session.execute(around.where(AreaWithin.area.in_(wanted)).order_by(AreaWithin.area, Area.code)).all()
    lines = {area: [(row.code, row.parent, row.name) for row in group] for area, group in groupby(rows, key=itemgetter(0))}
    return {area: call_places(line, own=area, locale=locale) for area, line in lines.items()}


def name_organisations(session: Session, *, locale: str) -> dict[str, str]:
    """Return what organisations are called in a language by their English names. One query, none in English."""
    if locale == ENGLISH:
        return {}
    named = session.scalars(select(Organisation.name)).all()
    return {str(name[ENGLISH]): str(name[locale]) for name in named if name.get(ENGLISH) and name.get(locale)}


def zones_of(session: Session, areas: Iterable[str | None]) -> dict[str, ZoneInfo]:
    """Return the time zones of areas by their codes."""
    wanted = {area for area in areas if area}
    if not wanted:
        return {}
    return {code: ZoneInfo(zone) for code, zone in session.execute(select(Area.code, Area.zone).where(Area.code.in_(wanted)))}


def pick_wholly_visible(session: Session, listed: Iterable[Case], *, actor: Actor, now: datetime) -> set[str]:
    """Return the ids of those cases of which the actor may see everything. One query."""
    ids = [case.id for case in listed]
    asked = {"ids": ids, "acting_person": actor.person, "acting_now": now}
    return set(session.scalars(_wholly_visible(), asked)) if ids else set()


@cache
def _wholly_visible() -> Select[str]:
    among = Case.id.in_(bindparam("ids", expanding=True))
    return select(Case.id).where(among, Case.id.in_(authority.cases_wholly_in_sight()))
