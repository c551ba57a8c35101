"""A small process whose steps fail as long as a test wants them to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services import cases, definitions
from services.cases import Attempt, incidents
from services.errors import OperationFailed
from services.models import AuditEntry, CaseIncident
from services.operations.catalogue import CATALOGUE, Operation
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave
from workflows.errors import SafeconductError

FOLDER = Path(__file__).parent / "processes" / "booking"
OWNER, OTHER_OWNER, ADMINISTRATOR = "greta.holm", "milan.horak", "mika.tarn"
ROOM = "Lake View 12"


class NoRoom(SafeconductError):
    """There is no room {room}."""


@dataclass(frozen=True, kw_only=True)
class Booking(Leave):
    """The process, and what its operations do at the moment: fail with an error, or answer."""

    does: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)

    def enter_operations(self, catalogue: Any) -> None:
        """Enter the operations with `catalogue(mapping, key, value)`, which undoes it afterwards."""
        for name in ("try.remind", "try.book", "try.move"):
            catalogue(CATALOGUE, name, Operation(name=name, function=self._operation(name), inputs=("room",), about=""))

    def _operation(self, name: str) -> Any:
        def carry_out(work: Any, *, room: Any) -> dict[str, Any]:
            self.calls.append((name, room))
            outcome = self.does.get(name, {})
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return carry_out

    def fail(self, name: str, error: Exception | None = None) -> None:
        self.does[name] = error or NoRoom(room=ROOM)

    def mend(self, name: str, **answer: Any) -> None:
        self.does[name] = answer

    def start_booking(self, *, by: str = REQUESTER, room: str = ROOM, **more: Any) -> str:
        actor = self.actor(by)
        answers = {"room": room, "area": "XA-NOR"}
        with self.database.transaction() as session:
            return cases.start_case(session, "booking", actor=actor, answers=answers, now=NOW, **more).id

    def ask(self, case_id: str, *, now: datetime = NOW, remarks: str = "") -> Any:
        task = self.open_task(case_id)
        revision = self.case(case_id).revision
        return self.complete(task.id, by=REVIEWER, answers={"remarks": remarks}, revision=revision, now=now)

    def ask_in_vain(self, case_id: str, *, now: datetime = NOW, remarks: str = "") -> CaseIncident:
        """Complete the task while the step behind it fails, and keep that, as the page does."""
        task = self.open_task(case_id)
        try:
            self.ask(case_id, now=now, remarks=remarks)
        except OperationFailed as error:
            attempt = Attempt(
                act="complete", actor=self.actor(REVIEWER), case_id=case_id, task_id=task.id, typed={"remarks": remarks}
            )
            with self.database.transaction() as session:
                return incidents.note_failure(session, error, attempt, now=now)
        raise AssertionError("It went through.")

    def incident(self, case_id: str | None) -> CaseIncident:
        with self.database.reading() as session:
            return session.scalars(select(CaseIncident).where(CaseIncident.case_id == case_id)).one()

    def entries(self, case_id: str, act: str) -> list[AuditEntry]:
        with self.database.reading() as session:
            chosen = select(AuditEntry).where(AuditEntry.case_id == case_id, AuditEntry.act == act)
            return list(session.scalars(chosen.order_by(AuditEntry.seq)))


def publish_booking(leave: Leave) -> Booking:
    """Publish the process beside the others."""
    with leave.database.transaction() as session:
        definitions.publish(session, definitions.read_folder(FOLDER), by="system", now=NOW)
    return Booking(database=leave.database)
