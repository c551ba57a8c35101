"""Homes for tests: claims and schedules that are started, decided and moved through time in few words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from services import cases, definitions, demo, jobs, people, tasks
from services.database import Database, upgrade
from services.mailers import MemoryMailer
from services.models.cases import OPEN, Case, Task
from services.models.residences import Invoice, Payment, Schedule
from tests.databases import NOW

PROCESSES = Path(__file__).resolve().parents[3] / "bpmn"
KEYS = ("residential_measures", "residence_claim")
#: What was paid long ago in the demo world, and would make a door a second installation.
OLD_PAYMENT = "RMC-OLD-0001"
LONG_AGO = date(2023, 10, 12)

VERIFIED = {"verification": "CONFIRM", "seen_installed": True, "plausible": True}
CERTIFIED = {"certification": "CERTIFY", "budget_line": "SEC-2026-17", "order_ref": "PO-3391"}
TEAM = ["bakari.thorne", "clara.jimenez", "fenna.aldous", "ilse.navarro", "omar.brightwell", "selma.okoye", "teun.maduro"]
MEETING = {"meeting_on": "2026-12-10", "meeting_kind": "MEETING", "present": TEAM[:5], "recommendation": "SUPPORT"}
COMPLETE = {"check_risk": True, "check_caps": True, "check_comments": True, "check_period": True, "desk_decision": "PASS"}
JUSTIFICATION = (
    "Burglaries at residences rose in two quarters; the measures answer the risks of the assessment one after the other."
)


def fill_homes(url: str) -> None:
    """Load the world, publish the two processes."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        session.get_one(Payment, OLD_PAYMENT).installed_on = LONG_AGO
        for key in KEYS:
            definitions.publish(session, definitions.read_folder(PROCESSES / key), by="system", now=NOW)
    database.dispose()


def claimed(**changes: Any) -> dict[str, Any]:
    """A line of a claim: a door."""
    line = {
        "measure": "RS05",
        "cost_kind": "ONE_OFF",
        "amount": 700,
        "invoice_no": "INV-1",
        "invoice_on": "2026-11-11",
        "has_receipt": True,
    }
    return line | changes


def measure(code: str = "RS05", **changes: Any) -> dict[str, Any]:
    """A measure of a schedule."""
    row = {
        "code": code,
        "risk_ref": "Burglary",
        "cost_kind": "ONE_OFF",
        "cap": 800,
        "share_rule": "PER_RESIDENCE",
        "covers": "INTL",
    }
    return row | changes


class Homes:
    """A database in which people live."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def start(self, key: str, person: str, answers: dict[str, Any], now: datetime = NOW) -> str:
        """Somebody starts a case; its id."""
        with self.database.transaction() as session:
            actor = people.actor_named(session, person)
            return cases.start_case(session, key, actor=actor, answers=answers, now=now).id

    def claim(self, person: str, residence: str, *lines: dict[str, Any], now: datetime = NOW, **answers: Any) -> str:
        """Somebody claims measures at a residence; the id of the case."""
        filled = {"kind": "CLAIM", "residence": residence, "lines": list(lines) or [claimed()], "declaration": True}
        return self.start("residence_claim", person, filled | answers, now)

    def draft(self, person: str = "naledi.vanter", area: str = "XA-CAP", now: datetime = NOW, **changes: Any) -> str:
        """Somebody drafts a schedule up to the comments; the id of the case."""
        case_id = self.start(
            "residential_measures", person, {"area": area, "trigger": "RENEWAL", "reason": "It runs out soon."}, now
        )
        self.do(case_id, person, "rsm_draft", now, **drafted(**changes))
        return case_id

    def do(self, case_id: str, person: str, element: str, now: datetime = NOW, **answers: Any) -> None:
        """Somebody completes a step."""
        with self.database.transaction() as session:
            case = session.get_one(Case, case_id)
            found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
            task = self._mine(session.scalars(found).all(), person, session, now)
            actor = people.actor_named(session, person)
            tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=case.revision, now=now)

    def _mine(self, found: Any, person: str, session: Any, now: datetime) -> Task:
        if len(found) == 1:
            return found[0]
        actor = people.actor_named(session, person)
        able = [task for task in found if tasks.get_task(session, task.id, actor=actor, now=now).may_act]
        assert len(able) == 1, f"{person} has {len(able)} tasks of {len(found)}"
        return able[0]

    def pass_time(self, until: datetime) -> None:
        """Let everything happen that is due by then."""
        while True:
            with self.database.reading() as session:
                due = session.scalar(select(func.min(Case.wake_at)).where(Case.state == OPEN))
            if due is None or due > until:
                break
            jobs.run_once(self.database, MemoryMailer(), due)
        jobs.run_once(self.database, MemoryMailer(), until)

    def case(self, case_id: str) -> Case:
        with self.database.reading() as session:
            return session.get_one(Case, case_id)

    def cases(self, key: str) -> list[Case]:
        with self.database.reading() as session:
            return list(session.scalars(select(Case).where(Case.process_key == key).order_by(Case.number)))

    def open_tasks(self, case_id: str) -> list[str]:
        with self.database.reading() as session:
            return sorted(session.scalars(select(Task.element).where(Task.case_id == case_id, Task.state == OPEN)))

    def payments(self, measure_code: str) -> list[Payment]:
        with self.database.reading() as session:
            found = select(Payment).where(Payment.measure == measure_code, Payment.number != OLD_PAYMENT)
            return list(session.scalars(found.order_by(Payment.number)))

    def invoice(self, residence: str, measure_code: str, number: str) -> Invoice:
        with self.database.reading() as session:
            return session.get_one(Invoice, (residence, measure_code, number))

    def schedules(self, area: str) -> dict[str, Schedule]:
        with self.database.reading() as session:
            return {row.number: row for row in session.scalars(select(Schedule).where(Schedule.area == area))}


def drafted(**changes: Any) -> dict[str, Any]:
    """A filled-in draft of a schedule."""
    filled = {
        "valid_from": "2027-01-01",
        "valid_to": "2027-04-30",
        "measures": [measure(), measure("RS01", cost_kind="RECURRING", cap=900)],
        "residences": 40,
        "yearly_total": 105000,
        "last_total": 100000,
        "justification": JUSTIFICATION,
    }
    return filled | changes


def at(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    """A moment in few words."""
    return datetime(year, month, day, hour, tzinfo=UTC)
