"""Journeys for tests: requests that are started, decided and moved through time in few words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services import cases, definitions, demo, invariants, people, tasks
from services.database import Database, upgrade
from services.models.cases import OPEN, Case, Task
from services.models.clearances import Certificate, ClearanceLine
from services.models.outbox import OutboxMessage

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PROCESSES = Path(__file__).resolve().parents[3] / "bpmn"


def fill_travel(url: str) -> None:
    """Load the world and publish the process."""
    fill_world(url, "travel_clearance")


def fill_world(url: str, *processes: str) -> None:
    """Load the world and publish some processes."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        for key in processes:
            definitions.publish(session, definitions.read_folder(PROCESSES / key), by="system", now=NOW)
    database.dispose()


def request_to(area: str, *, days: int = 19, nights: int = 4, **answers: Any) -> dict[str, Any]:
    """A filled-in request for one stop."""
    arrive = NOW + timedelta(days=days)
    stop = {
        "stop_type": "DESTINATION",
        "area": area,
        "place": area,
        "arrive_at": arrive.isoformat(),
        "depart_at": (arrive + timedelta(days=nights)).isoformat(),
        "transport_mode": "AIR",
        "operator": "MERIDIAN",
        "flight_number": "ME214",
        "lodging_kind": "HOTEL",
        "contact_name": "Duty officer",
        "contact_phone": "+15550100",
    }
    filled = {
        "travel_kind": "OFFICIAL",
        "purpose_code": "MISSION",
        "purpose_text": "Work with the partners of the office on site",
        "stops": [stop],
        "mobile": "+41795550100",
        "second_email": "traveller@example.org",
        "emergency_name": "Alex Doe",
        "emergency_relation": "SIBLING",
        "emergency_phone": "+41225550100",
        "advisory_ack": [f"{area} 1"],
        "declaration": True,
    }
    return filled | answers


class Journeys:
    """A database in which people travel."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def ask(self, person: str, area: str, **answers: Any) -> str:
        """Somebody asks for a clearance; the id of the case."""
        with self.database.transaction() as session:
            actor = people.actor_named(session, person)
            return cases.start_case(session, "travel_clearance", actor=actor, answers=request_to(area, **answers), now=NOW).id

    def do(self, case_id: str, person: str, element: str, now: datetime = NOW, **answers: Any) -> None:
        """Somebody completes a step."""
        with self.database.transaction() as session:
            case = session.get_one(Case, case_id)
            found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
            task = session.scalars(found).one()
            actor = people.actor_named(session, person)
            tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=case.revision, now=now)

    def send(self, case_id: str, name: str, payload: dict[str, Any], now: datetime = NOW) -> None:
        """A message arrives."""
        with self.database.transaction() as session:
            number = session.get_one(Case, case_id).number
            cases.send_message(session, name, number, payload, actor=people.SYSTEM, now=now)

    def case(self, case_id: str) -> Case:
        with self.database.reading() as session:
            return session.get_one(Case, case_id)

    def open_tasks(self, case_id: str) -> list[str]:
        with self.database.reading() as session:
            found = select(Task.element).where(Task.case_id == case_id, Task.state == OPEN)
            return sorted(session.scalars(found))

    def lines(self, case_id: str) -> list[ClearanceLine]:
        with self.database.reading() as session:
            found = select(ClearanceLine).where(ClearanceLine.case_id == case_id)
            return list(session.scalars(found.order_by(ClearanceLine.stop_no, ClearanceLine.person)))

    def certificates(self, case_id: str) -> list[Certificate]:
        with self.database.reading() as session:
            found = select(Certificate).where(Certificate.case_id == case_id)
            return list(session.scalars(found.order_by(Certificate.version)))

    def problems(self, *, now: datetime = NOW) -> list[str]:
        """Everything that must hold and does not, in any case."""
        with self.database.reading() as session:
            return [str(problem) for _, found in invariants.check_cases(session, now=now) for problem in found]

    def notices(self, case_id: str) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(OutboxMessage.code).where(OutboxMessage.case_id == case_id)))
