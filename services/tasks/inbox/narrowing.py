"""What a list of tasks is narrowed to, as conditions beside a row of `tasks`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from services.models.areas import AreaWithin
from services.models.cases import Case, Task
from services.models.clearances import ClearanceLine
from services.models.inbox import PutOff
from services.models.people import Person
from services.models.words import has_words
from services.registers.areas import areas_called


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrow:
    """What a list is narrowed to; nothing is left out as long as nothing is said.

    Attributes:
        role: Tasks that wait for this role.
        area: Tasks in this area and in those inside it.
        process: Tasks of this process, by its key.
        risk_rank: Tasks whose risk is at least this high; 1 is the highest.
        due_before: Tasks that are due before this moment.
        unclaimed: Tasks that nobody has in hand.
        flagged: Tasks whose card warns.
        words: Each has to begin a word of the subject, the step, the number, or a name of the area, requester or traveller.
        opened_after: Tasks that came after this moment.
    """

    role: str | None = None
    area: str | None = None
    process: str | None = None
    risk_rank: int | None = None
    due_before: datetime | None = None
    unclaimed: bool = False
    flagged: bool = False
    words: tuple[str, ...] = ()
    opened_after: datetime | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything is left out."""
        return any(getattr(self, field.name) for field in fields(self))

    def conditions(self, dialect: str) -> Iterator[ColumnElement[bool]]:
        """Give the conditions, in SQL."""
        if self.role is not None:
            yield Task.role == self.role
        if self.area is not None:
            yield Task.area.in_(select(AreaWithin.area).where(AreaWithin.ancestor == self.area))
        if self.process is not None:
            yield exists().where(Case.id == Task.case_id, Case.process_key == self.process)
        if self.risk_rank is not None:
            yield Task.risk_rank <= self.risk_rank
        if self.due_before is not None:
            yield Task.due_at < self.due_before
        if self.unclaimed:
            yield Task.claimed_by.is_(None)
        if self.flagged:
            yield Task.flagged.is_(True)
        if self.opened_after is not None:
            yield Task.opened_at > self.opened_after
        for word in self.words:
            yield _says(word, dialect)


def _says(word: str, dialect: str) -> ColumnElement[bool]:
    """Whether a task is found by a word. Whoever may act on it sees its subject, its requester, and who travels to its area."""
    case, line = aliased(Case), aliased(ClearanceLine)
    called = select(Person.code).where(Person.words.like(f"% {word}%"))
    here = or_(Task.area.is_(None), line.area == Task.area)
    return or_(
        has_words(Task.words, [word], dialect=dialect),
        Task.area.in_(areas_called(word)),
        exists().where(case.id == Task.case_id, or_(case.number.icontains(word, autoescape=True), case.requester.in_(called))),
        exists().where(line.case_id == Task.case_id, here, line.person.in_(called)),
    )


def still_put_off(task: Any, now: Any, soon: Any) -> ColumnElement[bool]:
    """Say in SQL, beside rows of both tables, whether a task stays away: not yet its moment, in the same hands, not due soon."""
    return and_(
        PutOff.until > now,
        PutOff.assignee.is_not_distinct_from(task.assignee),
        PutOff.claimed_by.is_not_distinct_from(task.claimed_by),
        or_(task.due_at.is_(None), task.due_at > soon),
    )
