"""What must hold for every case at every moment: checked after tests that try to break it, and in production on request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from services import audit
from services.cases.loading import look_into
from services.errors import OperationFailed
from services.models.audit import AuditEntry, Decision
from services.models.bus import CaseWait
from services.models.cases import COMPLETED, INCIDENT, OPEN, Case, CaseIncident, Task
from services.waiting import digest_of, waits_of
from workflows import engine
from workflows.errors import Problem


def check_cases(session: Session, *, now: datetime, numbers: Sequence[str] = ()) -> Iterator[tuple[Case, list[Problem]]]:
    """Check all cases, or those of the given numbers, one after the other."""
    chosen = select(Case).options(undefer(Case.engine_state), undefer(Case.undo)).order_by(Case.number)
    if numbers:
        chosen = chosen.where(Case.number.in_(numbers))
    for case in session.scalars(chosen.execution_options(yield_per=50)):
        yield case, check_case(session, case, now=now)


def check_case(session: Session, case: Case, *, now: datetime) -> list[Problem]:
    """Check one case against everything that must hold."""
    tasks = list(session.scalars(select(Task).where(Task.case_id == case.id)))
    problems = [
        *check_decisions(session, case, tasks),
        *check_revision(session, case),
        *audit.verify_case(session, case),
    ]
    if case.emptied_at is not None:
        return [*problems, *check_emptied(case)]
    try:
        run = look_into(session, case, now=now)
    except OperationFailed as error:
        known = case.state == INCIDENT
        return problems if known else [*problems, _problem(case, "The state cannot be read: {cause}", cause=str(error))]
    return [
        *problems,
        *check_tasks(case, tasks, run),
        *check_alive(session, case, run),
        *check_end(case, run),
        *check_waits(session, case, run),
    ]


def check_emptied(case: Case) -> Iterator[Problem]:
    """A case whose time was over keeps its record and nothing that it knew."""
    if case.ended_at is None or case.engine_state is not None or case.undo is not None or case.subject or case.words:
        yield _problem(case, "The case was emptied and still knows something.")


def check_decisions(session: Session, case: Case, tasks: Sequence[Task]) -> Iterator[Problem]:
    """I1: a task that is done has exactly one decision and one audit entry; one that is not done has no decision."""
    decided = _count_by_task(session, Decision, case)
    completed = _count_by_task(session, AuditEntry, case, AuditEntry.act == "complete")
    for task in tasks:
        wanted = 1 if task.state == "DONE" else 0
        if decided.get(task.id, 0) != wanted or completed.get(task.id, 0) != wanted:
            yield _problem(
                case,
                "The task {task} is {state} and has {decisions} decisions and {entries} audit entries.",
                task=task.id,
                state=task.state,
                decisions=decided.get(task.id, 0),
                entries=completed.get(task.id, 0),
            )


def check_tasks(case: Case, tasks: Sequence[Task], run: engine.Run) -> Iterator[Problem]:
    """I2: the open tasks of the database are those of the engine, in both directions."""
    stored = {task.id for task in tasks if task.state == OPEN}
    held = set(run.open_tokens)
    for token in stored ^ held:
        where = "the database" if token in stored else "the engine"
        yield _problem(case, "The task {task} is open only in {where}.", task=token, where=where)


def check_alive(session: Session, case: Case, run: engine.Run) -> Iterator[Problem]:
    """I3: a case that is not over waits for a person, a timer, a message, or repair."""
    if case.ended_at is None and not run.open_tokens and not list(run.waiting()) and not _has_incident(session, case):
        yield _problem(case, "The case waits for nothing and is not over.")
    if case.state == INCIDENT and not _has_incident(session, case):
        yield _problem(case, "The case is put aside without an incident.")
    if case.state == OPEN and case.wake_at != run.wake_at:
        yield _problem(case, "The next timer is at {held}, but noted for {stored}.", held=run.wake_at, stored=case.wake_at)


def check_end(case: Case, run: engine.Run) -> Iterator[Problem]:
    """I4: a case is completed exactly when the engine has nothing left to do."""
    if (case.state == COMPLETED) != (run.status == "completed") or (case.state == COMPLETED) != (case.ended_at is not None):
        yield _problem(case, "The case is {state}, and the engine says {status}.", state=case.state, status=run.status)


def check_waits(session: Session, case: Case, run: engine.Run) -> Iterator[Problem]:
    """I3, I29: what is written down of the messages and signals that a case waits for is what it waits for."""
    if case.waits is None:
        return  # not written down yet; the bus does that before it looks for anybody
    rows = session.scalars(select(CaseWait).where(CaseWait.case_id == case.id))
    stored = sorted((row.kind, row.name, row.key) for row in rows)
    held = [] if case.state == COMPLETED else waits_of(run)
    if stored != held or case.waits != digest_of(held):
        yield _problem(case, "The case waits for {held}, but noted is {stored}.", held=held, stored=stored)


def check_revision(session: Session, case: Case) -> Iterator[Problem]:
    """I7, I23: every change has its audit entry and every audit entry its change, each counted by one."""
    entries = session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.case_id == case.id)) or 0
    if not entries == case.audit_seq == case.revision:
        yield _problem(
            case,
            "The case is at revision {revision} with {entries} audit entries, numbered to {seq}.",
            revision=case.revision,
            entries=entries,
            seq=case.audit_seq,
        )


def _count_by_task(session: Session, table: Any, case: Case, *conditions: Any) -> dict[str, int]:
    counted = select(table.task_id, func.count()).where(table.case_id == case.id, table.task_id.is_not(None), *conditions)
    return {row[0]: row[1] for row in session.execute(counted.group_by(table.task_id))}


def _has_incident(session: Session, case: Case) -> bool:
    found = select(CaseIncident.id).where(CaseIncident.case_id == case.id, CaseIncident.closed_at.is_(None))
    return session.scalars(found.limit(1)).first() is not None


def _problem(case: Case, sentence: str, **facts: Any) -> Problem:
    return Problem(where=case.number, sentence=sentence, facts=facts)
