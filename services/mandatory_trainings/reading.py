"""What is still to be done: by a person and the person's family, and what is overdue in an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from services.mandatory_trainings.grounds import is_in_service
from services.models.duties import TrainingAssignment
from services.models.people import Dependant, Person
from services.models.trainings import TrainingCourse, TrainingRecord
from services.registers.whereabouts import is_recognised

MOST_OWN = 50
#: An assignment that is overdue, and whose.
Overdue = tuple[TrainingAssignment, Person]


@dataclass(frozen=True, kw_only=True, slots=True)
class ToDo:
    """A course that a person, or somebody of the person's family, is asked for.

    Attributes:
        name: Of whom in the family; empty for the person.
        binding: Whether it has to be passed; otherwise it is recommended.
    """

    course: str
    title: str
    name: str
    due_on: date
    is_overdue: bool
    binding: bool


def is_open(today: date) -> ColumnElement[bool]:
    """Say in SQL whether an assignment counts today and is not done: no training that counts lasts beyond its day."""
    record = aliased(TrainingRecord)
    done = exists().where(
        record.person == TrainingAssignment.person,
        record.course == TrainingAssignment.course,
        record.revoked.is_(False),
        record.issued_on <= today,
        or_(record.valid_to.is_(None), and_(record.valid_to >= today, record.valid_to > TrainingAssignment.due_on)),
    )
    withdrawn = TrainingAssignment.withdrawn_on
    return and_(or_(withdrawn.is_(None), withdrawn > today), ~done.correlate_except(record))


def list_to_do(session: Session, *, person: str, now: datetime) -> list[ToDo]:
    """Return the courses that a person and recognised family are asked for and have not passed, the most urgent first."""
    today = now.date()
    family = select(Dependant.person).where(Dependant.sponsor == person, is_recognised(today))
    query = (
        select(TrainingAssignment, TrainingCourse.name, Person.name)
        .join(TrainingCourse, TrainingCourse.code == TrainingAssignment.course)
        .join(Person, Person.code == TrainingAssignment.person)
        .where(or_(TrainingAssignment.person == person, TrainingAssignment.person.in_(family)), is_open(today))
        .order_by(TrainingAssignment.binding.desc(), TrainingAssignment.due_on, TrainingAssignment.id)
        .limit(MOST_OWN)
    )
    return [
        ToDo(
            course=row.course,
            title=title,
            name="" if row.person == person else name,
            due_on=row.due_on,
            is_overdue=row.due_on < today,
            binding=row.binding,
        )
        for row, title, name in session.execute(query)
    ]


def overdue(today: date, days: int) -> Select[TrainingAssignment, Person]:
    """Select what binds people in service and was due so many days ago or more: the assignment and its person, oldest first."""
    return (
        select(TrainingAssignment, Person)
        .join(Person, Person.code == TrainingAssignment.person)
        .where(
            TrainingAssignment.binding,
            TrainingAssignment.due_on <= today - timedelta(days=days),
            is_in_service(today),
            is_open(today),
        )
        .order_by(TrainingAssignment.due_on, TrainingAssignment.person, TrainingAssignment.id)
    )


def list_overdue(session: Session, organisation: str, *, days: int, limit: int, now: datetime) -> tuple[list[Overdue], int]:
    """Return what is overdue for so long in an organisation, the oldest first up to the limit, and how much there is."""
    found = overdue(now.date(), days).where(Person.organisation == organisation)
    counted = session.scalar(select(func.count()).select_from(found.order_by(None).subquery()))
    return [(row, person) for row, person in session.execute(found.limit(limit))], int(counted or 0)


def organisations_overdue(session: Session, *, days: int, now: datetime) -> list[str]:
    """Return the organisations in which something is overdue for so long."""
    found = overdue(now.date(), days).with_only_columns(Person.organisation).order_by(None).distinct()
    return sorted(session.scalars(found))
