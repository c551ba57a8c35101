"""Policies for tests, in few words: prepared, put to the organisations, approved, published and read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services import definitions, demo, jobs, people, policies, tasks
from services.database import Database, upgrade
from services.mailers import MemoryMailer
from services.models.cases import OPEN, Case, Task
from services.models.notices import Notice
from services.models.policies import PolicyReader, PolicyVersion
from services.policies import Reading
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW, PROCESSES

KEY = "policy"
AUTHOR, COORDINATOR, HEAD = "jonas.keel", "mirela.castellan", "per.vane"
OFFICE, USG = "marco.delgado", "gabriel.noor"
TEXT = "Visitors give their badge back at the gate, and whoever invited them sees to it on the same day."
ROUND = timedelta(days=20)


def fill_policies(url: str) -> None:
    """Load the world and publish the process."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        definitions.publish(session, definitions.read_folder(PROCESSES / KEY), by="system", now=NOW)
    database.dispose()


class Promulgating(Security):
    """A database in which policies are made and read."""

    def begin(self, author: str = AUTHOR, now: datetime = NOW, **answers: Any) -> str:
        """Somebody begins a policy of the own organisation, or what `answers` say."""
        asked = {"kind": "NEW", "scope": "ORGANISATION", "title": "Keys and badges", "why": "Two badges were not returned."}
        return self.start(KEY, author, now, **(asked | answers))

    def draft(self, case_id: str, author: str = AUTHOR, now: datetime = NOW, **answers: Any) -> None:
        """The author writes the text."""
        self.do(case_id, author, "pol_draft", now, **written(**answers))

    def answer(self, case_id: str, person: str, organisation: str, now: datetime = NOW, **answers: Any) -> None:
        """Somebody answers for an organisation."""
        with self.database.transaction() as session:
            case = session.get_one(Case, case_id)
            found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.line == organisation)
            task = session.scalars(found).one()
            actor = people.actor_named(session, person)
            tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=case.revision, now=now)

    def settle(self, case_id: str, author: str = AUTHOR, now: datetime = NOW, **answers: Any) -> None:
        """The author settles the text and sends it to approval."""
        self.do(case_id, author, "pol_revise", now, **({"next": "SUBMIT"} | written(**answers)))

    def publish(self, now: datetime = NOW, begun: dict[str, Any] | None = None, **answers: Any) -> str:
        """A policy of WIPO goes all its way; the id of the case."""
        case_id = self.begin(now=now, **(begun or {}))
        self.draft(case_id, now=now, **answers)
        self.do(case_id, COORDINATOR, "pol_comment", now, answer="AGREE")
        self.settle(case_id, now=now, **answers)
        self.do(case_id, HEAD, "pol_approve", now, decision="APPROVE")
        return case_id

    def publish_for_all(
        self, *said: dict[str, Any], now: datetime = NOW, begun: dict[str, Any] | None = None, **answers: Any
    ) -> str:
        """A policy of the system goes all its way; `said` are answers with `by` and `for`, others say nothing."""
        case_id = self.begin(OFFICE, now, **({"scope": "SYSTEM", "title": "Roads after dark"} | (begun or {})))
        self.draft(case_id, OFFICE, now, **answers)
        for one in said:
            said_of = {key: value for key, value in one.items() if key not in {"by", "for"}}
            self.answer(case_id, one["by"], one["for"], now, **said_of)
        later = now + ROUND
        self.wait(case_id, later)
        self.settle(case_id, OFFICE, later, **answers)
        self.do(case_id, USG, "pol_approve", later, decision="APPROVE", iasmn_item="Session 41, item 6")
        return case_id

    def code(self, case_id: str) -> str:
        return self.rows(PolicyVersion, case_id=case_id)[0].policy

    def versions(self) -> list[PolicyVersion]:
        return sorted(self.rows(PolicyVersion), key=lambda row: row.version)

    def waiting(self) -> set[str]:
        """Whose confirmation is waited for, for the versions in force."""
        with self.database.reading() as session:
            asked = {row.person for row in session.query(PolicyReader).all()}
            return {code for code in asked if policies.count_waiting(session, actor=people.actor_named(session, code))}

    def read(self, person: str, code: str, now: datetime = NOW) -> Reading:
        with self.database.reading() as session:
            return policies.read_policy(session, code, actor=people.actor_named(session, person), now=now)

    def confirm(self, person: str, code: str, now: datetime = NOW, *, digest: str | None = None, read: bool = True) -> None:
        """Somebody confirms what is before them."""
        shown = digest or self.read(person, code, now).digest
        with self.database.transaction() as session:
            actor = people.actor_named(session, person)
            policies.acknowledge(session, code, digest=shown, read=read, actor=actor, now=now)

    def told(self, code: str) -> dict[str, Notice]:
        return {row.person: row for row in self.rows(Notice, code=code)}

    def rows_of(self, code: str, person: str) -> list[Notice]:
        """What a person was told under a code."""
        return self.rows(Notice, code=code, person=person)

    def day(self, now: datetime) -> list[Case]:
        """A day's questions are asked and what they bring is done; the cases that there are then."""
        jobs.run_once(self.database, MemoryMailer(), now)
        self.dispatch(now)
        return self.cases_of(KEY)


def written(**answers: Any) -> dict[str, Any]:
    return {"text": TEXT, "language": "en", "audience_kind": "EVERYBODY"} | answers
