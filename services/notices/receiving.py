"""Who receives a notice of the outbox, and what each of them may read in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services import authority
from services.models.areas import Area, AreaWithin
from services.models.audit import Decision
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.cases import OPEN, Case, CaseParty, Task, TaskCandidate
from services.models.confinements import CaseConfinement
from services.models.outbox import OutboxMessage
from services.models.people import Account, Dependant, FamilyLink, Person
from services.pending import flush_tables
from services.prepared import Prepared
from services.recall import recall_said

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
#: The tables that say what a circle is.
TOLD_BY = frozenset(
    model.__tablename__
    for model in (
        *(Case, CaseParty, Task, TaskCandidate, Decision, CaseConfinement),
        *(Person, Dependant, FamilyLink, RoleHolding, Absence, Delegation, Area, AreaWithin),
    )
)
_KNOWN = (
    select(Person, Account.locale)
    .outerjoin(Account, Account.person == Person.code)
    .where(Person.code.in_(bindparam("codes", expanding=True)))
    .order_by(Person.code)
)
_PARTIES = Prepared(lambda: select(CaseParty.person, CaseParty.kind).where(CaseParty.case_id == bindparam("case_id")))
_OPEN_TASKS = (
    select(Task)
    .where(Task.case_id == bindparam("case_id"), Task.state == OPEN)
    .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
    .limit(_MOST_TASKS)
)


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
    rows = session.execute(_KNOWN, {"codes": sorted(codes)}) if codes else ()
    return [(person, locale or FALLBACK_LOCALE) for person, locale in rows]


def circle_of(session: Session, case_id: str, *, area: str | None, with_tasks: bool, now: datetime) -> Circle:
    """Return what the receivers of a notice may know of its case; of several notices of a round it is found out once.

    Args:
        area: Where the notice is about, so that of several steps the one there is meant.
        with_tasks: Whether the notice asks somebody to act.
    """

    def find() -> Circle:
        return _find_circle(session, case_id, area, with_tasks=with_tasks, now=now)

    flush_tables(session, TOLD_BY)
    return recall_said(session, TOLD_BY, (circle_of, case_id, area, with_tasks, now), find)


def _find_circle(session: Session, case_id: str, area: str | None, *, with_tasks: bool, now: datetime) -> Circle:
    parties = _PARTIES.rows(session, case_id=case_id)
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
    found = session.scalars(_OPEN_TASKS, {"case_id": case_id})
    return sorted(found, key=lambda task: area is not None and task.area != area)
