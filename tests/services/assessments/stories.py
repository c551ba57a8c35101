"""Assessments for tests: started, drafted, decided and moved through time in few words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services import cases, definitions, demo, jobs, people, tasks
from services.database import Database, upgrade
from services.demo.drafting import fill_draft
from services.mailers import MemoryMailer
from services.models.assessments import Assessment
from services.models.cases import OPEN, Case, Task
from services.people import Actor
from services.registers import assessments as register

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PROCESSES = Path(__file__).resolve().parents[3] / "bpmn"
MANDATORY = {f"M{number}": "PASS" for number in range(1, 11)}
MINOR = {f"m{number}": "PASS" for number in range(1, 7)}
PASSED = {"mandatory": MANDATORY, "minor": MINOR}


def fill_assessments(url: str) -> None:
    """Load the world and publish the process."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        definitions.publish(session, definitions.read_folder(PROCESSES / "risk_assessment"), by="system", now=NOW)
    database.dispose()


class Stories:
    """Cases of one database, and where the clock stands."""

    def __init__(self, database: Database) -> None:
        """Begin on the day of the world."""
        self.database = database
        self.now = NOW
        self.mailer = MemoryMailer()

    def ask(self, person: str, area: str, trigger: str = "ANNUAL", **answers: Any) -> str:
        """Ask for an assessment; answers the id of the case."""
        filled = {"area": area, "trigger": trigger, "title": "An assessment", "reason": "It is needed, as the policy says."}
        with self.database.transaction() as session:
            case = cases.start_case(session, "risk_assessment", actor=self.actor(person), answers=filled | answers, now=self.now)
            return case.id

    def actor(self, person: str) -> Actor:
        with self.database.reading() as session:
            return people.actor_named(session, person)

    def do(self, case_id: str, person: str, element: str, line: str | None = None, **answers: Any) -> None:
        """Complete an open task."""
        with self.database.transaction() as session:
            task = self.task(session, case_id, element, line)
            case = session.get_one(Case, case_id)
            actor = people.actor_named(session, person)
            tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=case.revision, now=self.now)

    def draft(self, case_id: str, person: str, element: str = "srm_draft", **changes: Any) -> None:
        """Fill in the draft from the last version, with changes, and send it."""
        with self.database.transaction() as session:
            task = self.task(session, case_id, element)
            case = session.get_one(Case, case_id)
            actor = people.actor_named(session, person)
            answers = fill_draft(session, task.id, actor=actor, now=self.now, changes=changes)
            tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=case.revision, now=self.now)

    def task(self, session: Any, case_id: str, element: str, line: str | None = None) -> Task:
        query = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
        if line is not None:
            query = query.where(Task.line == line)
        return session.scalars(query).one()

    def open_steps(self, case_id: str) -> list[str]:
        with self.database.reading() as session:
            return sorted(session.scalars(select(Task.element).where(Task.case_id == case_id, Task.state == OPEN)))

    def case(self, case_id: str) -> Case:
        with self.database.reading() as session:
            return session.get_one(Case, case_id)

    def version(self, case_id: str) -> Assessment:
        with self.database.reading() as session:
            found = register.find_by_case(session, case_id)
            assert found is not None
            return found

    def send(self, case_id: str, name: str, person: str | None = None, **payload: Any) -> None:
        """Send a message to a case."""
        actor = people.SYSTEM if person is None else self.actor(person)
        with self.database.transaction() as session:
            cases.send_message(session, name, session.get_one(Case, case_id).number, payload, actor=actor, now=self.now)

    def work(self, later: timedelta = timedelta()) -> None:
        """Let everything happen that is due, that much later."""
        self.now += later
        jobs.run_once(self.database, self.mailer, self.now)

    def to_desk(self, area_case: str) -> None:
        """Take an assessment of Belmora's capital to the desk."""
        self.draft(area_case, "emeka.strand")
        self.do(area_case, "rune.castellane", "srm_consult_cell", comment_kind="NONE")
        meeting = {"meeting_kind": "REGULAR", "held_on": "2026-12-01", "present": ["janek.oduya", "celia.norgaard"]}
        self.do(area_case, "tove.marchand", "srm_smt", **meeting)
        self.do(area_case, "sofia.lindqvist-rao", "srm_do", decision="APPROVE", confirmed=True)

    def endorse(self, area_case: str) -> None:
        """Take it from the desk to the publication."""
        self.do(area_case, "celeste.maron", "srm_desk", **PASSED)
        self.do(area_case, "viktor.amsel", "srm_dir", decision="ENDORSE")
