"""What belongs into a person's calendar: journeys with where their clearance stands, and steps that are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority
from services.models.areas import Area
from services.models.cases import Case, Task
from services.models.clearances import CLOSED_STATUSES, GRANTED_STATUSES, ClearanceLine
from services.people import Actor

#: A calendar shows what was lately, so that a journey does not vanish on the way home.
KEPT = timedelta(days=90)
MOST_ENTRIES = 200
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
_CERTAIN = frozenset({*GRANTED_STATUSES, "REGISTERED", "LEFT"})


@dataclass(frozen=True, kw_only=True, slots=True)
class TripStop:
    """One stop of a journey of the person: where, when, and where its clearance stands. Nothing of how and why.

    Attributes:
        key: The same for this stop and person as long as it exists.
        sequence: Grows with every change of the request.
        certainty: CONFIRMED, TENTATIVE or CANCELLED.
    """

    key: str
    number: str
    place: str
    area: dict[str, str]
    arrive_at: datetime
    depart_at: datetime
    status: str
    certainty: str
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DueStep:
    """A step that the person may take, with its deadline."""

    key: str
    task: Task
    number: str
    version_id: str
    due_at: datetime
    sequence: int


def list_trips(session: Session, *, actor: Actor, now: datetime, number: str | None = None) -> list[TripStop]:
    """Return the stops of the actor's journeys, the earliest first; of one request when its number is given. One query."""
    mine = (
        select(ClearanceLine, Case, Area.name)
        .join(Case, Case.id == ClearanceLine.case_id)
        .outerjoin(Area, Area.code == ClearanceLine.area)
        .where(ClearanceLine.person == actor.person, authority.is_open_to_actor(Case.id))
    )
    chosen = mine.where(ClearanceLine.depart_at > now - KEPT) if number is None else mine.where(Case.number == number)
    listed = chosen.order_by(ClearanceLine.arrive_at, ClearanceLine.stop_key).limit(MOST_ENTRIES)
    rows = session.execute(authority.as_asked_by(listed, actor, now))
    return [_trip_stop(line, case, name) for line, case, name in rows]


def _trip_stop(line: ClearanceLine, case: Case, name: dict[str, str] | None) -> TripStop:
    return TripStop(
        key=f"{line.stop_key}.{line.person}",
        number=case.number,
        place=line.place or "",
        area=name or {"en": line.area},
        arrive_at=line.arrive_at,
        depart_at=line.depart_at,
        status=line.status,
        certainty=_certainty(line.status),
        sequence=case.revision,
        changed_at=line.changed_at,
    )


def _certainty(status: str) -> str:
    if status in _CERTAIN:
        return CONFIRMED
    return CANCELLED if status in CLOSED_STATUSES else TENTATIVE


def list_due_steps(session: Session, *, actor: Actor, now: datetime) -> Sequence[DueStep]:
    """Return the open steps that the actor may take and that have a deadline, the earliest first. One query."""
    mine = authority.visible_tasks(actor, now).with_only_columns(Task.id)
    chosen = select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.id.in_(mine), Task.due_at.is_not(None))
    rows = session.execute(chosen.order_by(Task.due_at, Task.id).limit(MOST_ENTRIES))
    return [
        DueStep(
            key=task.id, task=task, number=case.number, version_id=case.version_id, due_at=task.due_at, sequence=case.revision
        )
        for task, case in rows
        if task.due_at is not None
    ]
