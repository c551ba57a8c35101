"""Owners at work on the small leave process, which is theirs here, with the process in which changes are reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services import definitions, demo, people, process_drafts, tasks
from services.database import Database, upgrade
from services.models.base import new_id
from services.models.cases import OPEN, Case, Task
from services.models.draft_evidence import DONE, REPLAY, SCENARIOS, DraftEvidence
from services.models.process_drafts import ProcessDraft
from services.operations import CATALOGUE
from services.people import Actor
from services.process_drafts import publishing
from services.roles import ROLES
from tests.services.leave import FOLDER, NOW
from webapp.preparing import PROCESSES
from workflows import packages

AUTHOR, SECOND, TRAVELLER = "pavel.eriksen", "rosa.whitmore", "lina.marchetti"
KEY = "leave_request"
CHANGED = b"# Leave\nWhat the owner has to know.\n"


def leave_package() -> packages.Package:
    """The leave process, looked after by process owners."""
    files = definitions.read_folder(FOLDER).files
    settings = files["process.toml"].replace(b'owner_role = "HR"', b'owner_role = "PRO"')
    return packages.read_package(KEY, {**files, "process.toml": settings})


def fill_studio(url: str) -> None:
    """Make a database with the people of the demo world and the two processes."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        definitions.publish(session, leave_package(), by="system", now=NOW)
        change = definitions.read_folder(PROCESSES / publishing.CHANGE)
        definitions.publish(session, change, by="system", now=NOW, operations=CATALOGUE, roles=ROLES)
    database.dispose()


@dataclass(frozen=True, kw_only=True)
class Studio:
    """A database with both processes, and short ways to work on drafts."""

    database: Database

    @contextmanager
    def acting(self, person: str) -> Iterator[tuple[Session, Actor]]:
        with self.database.transaction() as session:
            yield session, people.actor_named(session, person)

    def begin(self, *, by: str = AUTHOR, **more: Any) -> str:
        with self.acting(by) as (session, actor):
            return process_drafts.open_draft(session, KEY, actor=actor, now=NOW, **more).id

    def save(self, draft_id: str, name: str, content: bytes, *, revision: int | None = 1, by: str = AUTHOR) -> int:
        with self.acting(by) as (session, actor):
            return process_drafts.save_file(session, draft_id, name, content, revision=revision, actor=actor, now=NOW).revision

    def change(self, draft_id: str, *, days: int = 30) -> None:
        """Let the process ask something else: another longest leave."""
        with self.acting(AUTHOR) as (session, actor):
            draft = process_drafts.get_draft(session, draft_id, actor=actor, now=NOW)
            file = process_drafts.read_file(session, draft, "forms/leave.form")
            content = file.content.replace(b'"Reason"', f'"Reason for up to {days} days"'.encode())
            assert content != file.content
            process_drafts.save_file(session, draft_id, file.name, content, revision=file.revision, actor=actor, now=NOW)

    def prove(self, draft_id: str, *, failed: int = 0) -> None:
        """Put down that scenarios and finished cases were tried with the present files."""
        with self.database.transaction() as session:
            session.execute(delete(DraftEvidence).where(DraftEvidence.draft_id == draft_id))
            draft = session.get_one(ProcessDraft, draft_id)
            package = process_drafts.package_of(session, draft)
            for kind, total in ((SCENARIOS, len(package.scenarios)), (REPLAY, 0)):
                session.add(
                    DraftEvidence(
                        id=new_id(),
                        draft_id=draft_id,
                        kind=kind,
                        digest=package.digest,
                        state=DONE,
                        done=total,
                        total=total,
                        failed=failed if kind == SCENARIOS else 0,
                        report={},
                        started_by=AUTHOR,
                        started_at=NOW,
                        ended_at=NOW,
                    )
                )

    def send(self, draft_id: str, *, by: str = AUTHOR, at: datetime | None = None, now: datetime = NOW) -> str:
        with self.acting(by) as (session, actor):
            note = "Longer leave is allowed."
            return publishing.send_draft(session, draft_id, note=note, effective_from=at, actor=actor, now=now).id

    def task(self, case_id: str) -> Task:
        with self.database.reading() as session:
            return session.scalars(select(Task).where(Task.case_id == case_id, Task.state == OPEN)).one()

    def decide(self, case_id: str, *, by: str = SECOND, now: datetime = NOW, **answers: Any) -> None:
        task = self.task(case_id)
        with self.acting(by) as (session, actor):
            revision = session.get_one(Case, case_id).revision
            tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=revision, now=now)

    def case(self, case_id: str) -> Case:
        with self.database.reading() as session:
            return session.get_one(Case, case_id)

    def draft(self, draft_id: str) -> ProcessDraft:
        with self.database.reading() as session:
            return session.get_one(ProcessDraft, draft_id)

    def in_use(self) -> int:
        with self.database.reading() as session:
            return definitions.current_version(session, KEY).version
