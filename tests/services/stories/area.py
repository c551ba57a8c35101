"""One area through an incident and back, in few words: everything that the processes around it tell each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services import jobs, people, tasks
from services.audit import ANSWERS
from services.database import Database
from services.demo.drafting import fill_draft
from services.mailers import MemoryMailer
from services.models.areas import AreaState
from services.models.audit import Decision
from services.models.cases import OPEN, Case, Task
from tests.services.incidents.security import JUDGED, Security
from tests.services.travel.journeys import NOW, fill_world

PUBLISHED = ("area_status", "incident", "risk_assessment", "security_plan", "travel_clearance")
AREA = "XA-CAP"
TEAM = (
    "bakari.thorne",
    "clara.jimenez",
    "fenna.aldous",
    "ilse.navarro",
    "omar.brightwell",
    "selma.okoye",
    "teun.maduro",
)
KEEP = dict.fromkeys(
    (
        "status",
        "ceiling_change",
        "requires_ssafe",
        "family_restricted",
        "accom_required",
        "internal_control",
        "checkin_required",
    ),
    "KEEP",
)
ATTACKED = "The road to the office was attacked this morning."
HOUR = timedelta(hours=1)


def fill_area(url: str) -> None:
    """Load the world and publish the processes that meet in an area."""
    fill_world(url, *PUBLISHED)


class AreaStory(Security):
    """A database in which time passes an hour at a time, and everything that is due happens."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.now = NOW
        self.mailer = MemoryMailer()

    def go_on(self) -> None:
        """An hour passes."""
        self.now += HOUR
        jobs.run_once(self.database, self.mailer, self.now)

    def act(self, case_id: str, person: str, element: str, line: str | None = None, **answers: Any) -> None:
        """Somebody completes a step, and an hour passes."""
        with self.database.transaction() as session:
            found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
            task = session.scalars(found if line is None else found.where(Task.line == line)).one()
            actor, revision = people.actor_named(session, person), session.get_one(Case, case_id).revision
            tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=revision, now=self.now)
        self.go_on()

    def report_major_incident(self) -> None:
        incident = self.report("amadou.keita", AREA)
        self.go_on()
        self.act(incident, "yusra.ben-halim", "inc_triage", **(JUDGED | {"severity": "MAJOR"}))

    def raise_level(self, level: int) -> None:
        """The adviser asks for a higher level and for decisions by people; the official approves."""
        wanted = KEEP | {"area": AREA, "reason": ATTACKED, "clearance_mode": "MANUAL", "security_level": level}
        change = self.start("area_status", "naledi.vanter", now=self.now, **wanted)
        self.act(change, "ingrid.sollerman", "are_decide", decision="APPROVE")

    def approve_assessment(self, case_id: str, *, level: int, mode: str) -> None:
        """An assessment goes its way in the area: draft, cell, team, official."""
        with self.database.transaction() as session:
            task = session.scalars(select(Task).where(Task.case_id == case_id, Task.element == "srm_draft")).one()
            author, wanted = people.actor_named(session, "naledi.vanter"), {"level": level, "clearance_mode": mode}
            answers = fill_draft(session, task.id, actor=author, now=self.now, changes={"proposals": wanted})
        self.act(case_id, "naledi.vanter", "srm_draft", **answers)
        for member in ("hal.orsini", "mina.tavares"):
            self.act(case_id, member, "srm_consult_cell", member, comment_kind="NONE")
        positions = [{"member": member, "position": "SUPPORT"} for member in TEAM]
        met = {"meeting_kind": "EXTRAORDINARY", "held_on": self.now.date().isoformat(), "present": list(TEAM)}
        self.act(case_id, "dara.quill", "srm_smt", **met, positions=positions)
        self.act(case_id, "ingrid.sollerman", "srm_do", decision="APPROVE", confirmed=True)

    def endorse_assessment(self, case_id: str) -> None:
        """An approved assessment goes its way at headquarters: desk, director."""
        passed = {"mandatory": {f"M{n}": "PASS" for n in range(1, 11)}, "minor": {f"m{n}": "PASS" for n in range(1, 7)}}
        self.act(case_id, "celeste.maron", "srm_desk", **passed)
        self.act(case_id, "viktor.amsel", "srm_dir", decision="ENDORSE")

    def state(self) -> tuple[int, str, str | None]:
        """The level, the mode and the assessment that hold now."""
        rows = self.rows(AreaState, area=AREA)
        held = max((row for row in rows if row.valid_from <= self.now), key=lambda row: (row.valid_from, row.created_at))
        return held.security_level, held.clearance_mode, held.assessment

    def opened(self, process: str) -> list[str]:
        """The open cases of a process in the area."""
        return [case.id for case in self.cases_of(process) if case.area == AREA and case.state == OPEN]

    def answers(self, case_id: str) -> list[Decision]:
        """The answers to the stop of a request, each followed by the one that supersedes it."""
        left = {row.supersedes_id: row for row in self.rows(Decision, case_id=case_id) if row.act in ANSWERS}
        ordered: list[Decision] = []
        while (following := left.pop(ordered[-1].id if ordered else None, None)) is not None:
            ordered.append(following)
        assert not left, "every answer but the first supersedes the one before it"
        return ordered

    def letters_to(self, person: str) -> list[str]:
        return [letter.code for letter in self.mailer.letters if letter.person == person]
