"""Rows of cases made by hand, for tests of who may act and see: no engine, no process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services import audit
from services.models.audit import Decision
from services.models.base import new_id
from services.models.cases import Case, CaseParty, Task, TaskCandidate
from services.models.clearances import ClearanceLine
from services.models.definitions import ProcessVersion
from services.people import Actor

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def actor(person: str) -> Actor:
    """Somebody who acts."""
    return Actor(person=person, account=person, name=person)


def add_case(session: Session, *, requester: str = "lina.marchetti", organisation: str = "WIPO", number: int = 1) -> Case:
    """A case of a process that has no diagram, with its requester as a party."""
    version = session.get(ProcessVersion, "v" * 32)
    if version is None:
        version = ProcessVersion(
            id="v" * 32,
            key="bare",
            version=1,
            digest="0" * 64,
            title="Bare",
            manifest={},
            bundle=b"",
            published_at=NOW,
            published_by="system",
        )
        session.add(version)
        session.flush()
    case = Case(
        id=new_id(),
        number=f"TRY-2026-{number:06}",
        process_key="bare",
        version_id=version.id,
        organisation=organisation,
        requester=requester,
        started_by=requester,
        started_at=NOW,
        decision_head="",
        audit_head="",
        audit_seq=0,
        subject="A journey",
    )
    session.add(case)
    session.flush()
    add_party(session, case, requester, "REQUESTER")
    return case


def add_party(session: Session, case: Case, person: str, kind: str) -> None:
    """Somebody whom the case concerns."""
    session.add(CaseParty(case_id=case.id, person=person, kind=kind, line=None))
    session.flush()


def add_task(session: Session, case: Case, role: str | None, **columns: Any) -> Task:
    """An open task of the case."""
    values: dict[str, Any] = {
        "id": new_id(),
        "element": "stop_decide",
        "name": "Decide",
        "kind": "userTask",
        "area": "XA-NOR",
        "organisation": case.organisation,
        "line": f"{case.number}-S1",
        "act": "DECIDE",
        "opened_at": NOW,
    }
    task = Task(case_id=case.id, role=role, **(values | columns))
    session.add(task)
    session.flush()
    return task


def add_candidate(session: Session, task: Task, *, role: str | None = None, person: str | None = None) -> None:
    """Somebody who may act on the task besides."""
    session.add(TaskCandidate(task_id=task.id, role=role, person=person, since=NOW, why="Overdue"))
    session.flush()


def add_decision(session: Session, case: Case, person: str, act: str, role: str | None, **columns: Any) -> Decision:
    """An act that somebody took on the case."""
    values: dict[str, Any] = {"element": "stop_recommend", "line": f"{case.number}-S1", "capacity": "OWN", "decided_at": NOW}
    decision = audit.record_decision(session, case, actor_person=person, act=act, actor_role=role, **(values | columns))
    session.flush()
    return decision


def add_line(
    session: Session, case: Case, *, person: str = "lina.marchetti", area: str = "XA-NOR", stop: int = 1, **columns: Any
) -> ClearanceLine:
    """A person at a stop."""
    key = f"{case.number}-S{stop}"
    values: dict[str, Any] = {
        "unit_key": key,
        "organisation": case.organisation,
        "arrive_at": NOW + timedelta(days=9 * stop),
        "depart_at": NOW + timedelta(days=9 * stop + 4),
        "travel_kind": "OFFICIAL",
        "stop_type": "DESTINATION",
        "created_at": NOW,
        "changed_at": NOW,
    }
    line = ClearanceLine(case_id=case.id, stop_key=key, stop_no=stop, person=person, area=area, **(values | columns))
    session.add(line)
    session.flush()
    return line
