"""Cases of every security process for tests, in few words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from sqlalchemy import select

from services import bus, cases, definitions, people, tasks
from services.models import Base
from services.models.cases import OPEN, Case, Task
from tests.services.travel.journeys import NOW, PROCESSES, Journeys, fill_world

PUBLISHED = ("area_status", "crisis_activation", "delegation", "incident", "security_plan", "travel_clearance")
REPORT = {
    "safe": "SAFE",
    "kind": "CRIME",
    "what": "Two men on a motorcycle took the bag of a colleague.",
    "place": "Harbour road",
    "happened_at": "2026-12-01T08:00:00Z",
}
JUDGED = {"classification": "INCIDENT", "category": "CRIME", "severity": "MINOR"}
RECORD = {"account": "Two men took a bag; nobody was hurt.", "actions_taken": "Police informed."}


def fill_security(url: str) -> None:
    """Load the world and publish the security processes beside travel clearance."""
    fill_world(url, *PUBLISHED)


class Security(Journeys):
    """A database in which things happen."""

    def publish(self, *processes: str) -> Self:
        """Publish further processes; itself."""
        with self.database.transaction() as session:
            for key in processes:
                definitions.publish(session, definitions.read_folder(PROCESSES / key), by="system", now=NOW)
        return self

    def start(self, process: str, person: str, now: datetime = NOW, **answers: Any) -> str:
        """Somebody starts a case; its id."""
        with self.database.transaction() as session:
            actor = people.actor_named(session, person)
            return cases.start_case(session, process, actor=actor, answers=answers, now=now).id

    def report(self, person: str, area: str, **answers: Any) -> str:
        """Somebody reports an incident."""
        return self.start("incident", person, area=area, **(REPORT | answers))

    def record(self, case_id: str, officer: str = "yusra.ben-halim", adviser: str = "naledi.vanter") -> None:
        """An incident is judged, recorded and endorsed."""
        self.do(case_id, officer, "inc_triage", **JUDGED)
        self.do(case_id, officer, "inc_record", **RECORD)
        self.do(case_id, adviser, "inc_endorse", decision="ENDORSE")

    def dispatch(self, now: datetime = NOW) -> None:
        """The bus tells whom it concerns, until nothing is left to tell."""
        for _ in range(5):
            bus.dispatch(self.database, now)

    def wait(self, case_id: str, until: datetime) -> None:
        """Time passes in a case: its timers fire, each at its moment."""
        while True:
            with self.database.transaction() as session:
                due = session.scalar(select(Case.wake_at).where(Case.id == case_id, Case.state == OPEN))
                if due is None or due > until:
                    return
                cases.fire_timers(session, case_id, due)

    def claim(self, case_id: str, person: str, element: str, now: datetime = NOW) -> None:
        """Somebody takes a step."""
        with self.database.transaction() as session:
            found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
            tasks.claim_task(session, session.scalars(found).one().id, actor=people.actor_named(session, person), now=now)

    def do_first(self, case_id: str, person: str, element: str, now: datetime = NOW, **answers: Any) -> None:
        """Somebody completes the first of several such steps."""
        with self.database.transaction() as session:
            found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
            task, case = session.scalars(found.order_by(Task.line)).all()[0], session.get_one(Case, case_id)
            actor = people.actor_named(session, person)
            tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=case.revision, now=now)

    def task(self, case_id: str, element: str) -> Task:
        with self.database.reading() as session:
            found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
            return session.scalars(found).one()

    def cases_of(self, process: str) -> list[Case]:
        with self.database.reading() as session:
            return list(session.scalars(select(Case).where(Case.process_key == process).order_by(Case.number)))

    def rows(self, model: type[Base], **where: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(model).filter_by(**where)))

    def add(self, *rows: Base) -> None:
        with self.database.transaction() as session:
            session.add_all(rows)

    def sees(self, person: str, case_id: str) -> bool:
        """Whether somebody knows of a case."""
        with self.database.reading() as session:
            actor = people.actor_named(session, person)
            found, _ = cases.list_cases(session, actor=actor, now=NOW, own=False)
            return any(row.id == case_id for row in found)
