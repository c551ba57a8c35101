"""Who receives a notice of the outbox, and what each of them may read in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority
from services.models.cases import OPEN, CaseParty, Task
from services.models.outbox import OutboxMessage
from services.models.people import Account, Person

FALLBACK_LOCALE = "en"
_TRAVELLING = ("TRAVELLER",)
_MOST_TASKS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Circle:
    """What a case lets the receivers of a notice know.

    Attributes:
        tasks: The open task that a person may act on, by person.
        parties: Whose own matter it is.
        travels: Somebody travels in it, so its places are a secret.
    """

    tasks: dict[str, Task]
    parties: frozenset[str]
    travels: bool

    def may_read_places(self, person: str, kind: str) -> bool:
        """Say whether a mail to a person may name places: to the traveller and to those who decide."""
        return not self.travels or person in self.parties or person in self.tasks or kind in {"task", "reminder"}


NO_CIRCLE = Circle(tasks={}, parties=frozenset(), travels=False)


def receivers_of(session: Session, message: OutboxMessage, *, now: datetime) -> list[tuple[Person, str]]:
    """Return everybody who is to receive a notice now, each with the language; nobody, when no one holds the role."""
    codes: Sequence[str] = [message.to_person] if message.to_person else []
    if message.to_role:
        codes = authority.people_in_role(
            session, role=message.to_role, area=message.area, organisation=message.organisation, now=now
        )
    return known_people(session, authority.who_may_know(session, message.case_id, codes, now))


def known_people(session: Session, codes: Collection[str]) -> list[tuple[Person, str]]:
    """Return people with the language that they read, in the order of their codes."""
    known = select(Person, Account.locale).outerjoin(Account, Account.person == Person.code)
    rows = session.execute(known.where(Person.code.in_(sorted(codes))).order_by(Person.code)) if codes else ()
    return [(person, locale or FALLBACK_LOCALE) for person, locale in rows]


def circle_of(session: Session, case_id: str, *, area: str | None, with_tasks: bool, now: datetime) -> Circle:
    """Return what the receivers of a notice may know of its case.

    Args:
        area: Where the notice is about, so that of several steps the one there is meant.
        with_tasks: Whether the notice asks somebody to act.
    """
    parties = session.execute(select(CaseParty.person, CaseParty.kind).where(CaseParty.case_id == case_id)).all()
    tasks: dict[str, Task] = {}
    for task in _open_tasks(session, case_id, area) if with_tasks else ():
        for candidate in authority.candidates(session, task, now):
            tasks.setdefault(candidate.person, task)
    return Circle(
        tasks=tasks,
        parties=frozenset(row.person for row in parties),
        travels=any(row.kind in _TRAVELLING for row in parties),
    )


def _open_tasks(session: Session, case_id: str, area: str | None) -> list[Task]:
    query = select(Task).where(Task.case_id == case_id, Task.state == OPEN)
    found = session.scalars(query.order_by(Task.due_at.is_(None), Task.due_at, Task.id).limit(_MOST_TASKS))
    return sorted(found, key=lambda task: area is not None and task.area != area)
