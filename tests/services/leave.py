"""The small process that the machinery is tried with: a review, an approval, a reminder, a deadline, a withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import cases, definitions, demo, invariants, people, tasks
from services.database import Database, upgrade
from services.models.cases import OPEN, Case, Task
from services.people import Actor

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
FOLDER = Path(__file__).parent / "processes" / "leave_request"
ANSWERS: dict[str, Any] = {"days": 3, "reason": "Rest", "area": "XA-NOR"}
REQUESTER = "lina.marchetti"
REVIEWER = "yusra.ben-halim"
APPROVER = "naledi.vanter"
STRANGER = "dario.velasco"


@dataclass(frozen=True, kw_only=True)
class Leave:
    """A database in which the process is published, and short ways to act in it."""

    database: Database

    def actor(self, person: str) -> Actor:
        with self.database.reading() as session:
            return people.actor_named(session, person)

    def start(self, *, by: str = REQUESTER, now: datetime = NOW, **more: Any) -> str:
        """Start a case and answer its id."""
        actor = self.actor(by)
        with self.database.transaction() as session:
            return cases.start_case(session, "leave_request", actor=actor, answers=ANSWERS, now=now, **more).id

    def open_task(self, case_id: str) -> Task:
        """The one open task of a case."""
        with self.database.reading() as session:
            return session.scalars(select(Task).where(Task.case_id == case_id, Task.state == OPEN)).one()

    def case(self, case_id: str) -> Case:
        with self.database.reading() as session:
            return session.get_one(Case, case_id)

    def complete(
        self, task_id: str, *, by: str, answers: dict[str, Any], revision: int = 1, now: datetime = NOW, **more: Any
    ) -> Any:
        actor = self.actor(by)
        with self.database.transaction() as session:
            return tasks.complete_task(session, task_id, actor=actor, answers=answers, revision=revision, now=now, **more)

    def review(self, case_id: str, **more: Any) -> Any:
        return self.complete(self.open_task(case_id).id, by=REVIEWER, answers={"advice": "RECOMMEND"}, **more)

    def approve(self, case_id: str, **more: Any) -> Any:
        revision = self.case(case_id).revision
        return self.complete(self.open_task(case_id).id, by=APPROVER, answers={"decision": "GRANT"}, revision=revision, **more)

    def problems(self, *, now: datetime = NOW) -> list[str]:
        """Everything that must hold and does not, in any case."""
        with self.database.reading() as session:
            return [str(problem) for _, found in invariants.check_cases(session, now=now) for problem in found]


def publish(database: Database) -> Leave:
    """Publish the process in a database."""
    with database.transaction() as session:
        definitions.publish(session, definitions.read_folder(FOLDER), by="system", now=NOW)
    return Leave(database=database)


def fill_leave(url: str) -> None:
    """Make a database with the people of the demo world, none of its cases, and the process published."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
    publish(database)
    database.dispose()


def count_rows(session: Session, *tables: Any) -> tuple[int, ...]:
    """How many rows each table has."""
    return tuple(len(session.execute(select(table)).all()) for table in tables)
