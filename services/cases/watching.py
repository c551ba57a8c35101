"""Where the running cases of a process stand, in figures: for those who look after it, who see no case by that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.cases.usual import UsualTime, list_usual_times
from services.models.cases import OPEN, Case, Task


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A step at which cases wait for somebody.

    Attributes:
        waiting: How many tasks are open there, `overdue` of them past their time.
        oldest: When the first of them was opened.
        usual: How long the step took in the last twelve months; None where too few cases tell.
    """

    element: str
    name: str
    waiting: int
    overdue: int
    oldest: datetime
    usual: UsualTime | None


def list_standing(session: Session, key: str, version_id: str, *, now: datetime) -> list[Standing]:
    """Return the steps of a version at which running cases wait, the fullest first. Two queries."""
    late = func.sum(case((Task.due_at < now, 1), else_=0))
    counted = (
        select(Task.element, func.max(Task.name), func.count(), late, func.min(Task.opened_at))
        .join(Case, Case.id == Task.case_id)
        .where(Case.process_key == key, Case.version_id == version_id, Task.state == OPEN)
        .group_by(Task.element)
        .order_by(func.count().desc(), Task.element)
    )
    rows = session.execute(counted).all()
    usual = list_usual_times(session, [key], [row[0] for row in rows], now=now)
    return [
        Standing(element=element, name=name, waiting=count, overdue=overdue, oldest=oldest, usual=usual.get((key, element)))
        for element, name, count, overdue, oldest in rows
    ]
