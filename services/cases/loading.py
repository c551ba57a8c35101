"""Getting hold of a case: to look at, or to change under its lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from services import definitions
from services.cases.hosting import OperationHost
from services.errors import CaseEmptied, NotFound, OperationFailed
from services.models.cases import Case, CaseIncident, CaseParty
from services.people import SYSTEM, Actor
from workflows import engine

OWN_KINDS = ("TRAVELLER", "REQUESTER", "PREPARER", "INITIATOR")


def get_case(session: Session, case_id: str) -> Case:
    """Return a case as it stands.

    Raises:
        NotFound: There is no such case.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound
    return case


def find_case_by_key(session: Session, key: str) -> Case | None:
    """Find the case that a message key belongs to: its number, or a key below its number."""
    parts = key.split("-")
    numbers = ["-".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return session.scalars(select(Case).where(Case.number.in_(numbers)).order_by(Case.number.desc()).limit(1)).first()


def take_case(session: Session, case_id: str) -> Case:
    """Return a case with its engine state, locked for one act.

    Raises:
        NotFound: There is no such case.
    """
    case: Case | None = session.scalars(locked(select(Case).where(Case.id == case_id))).one_or_none()
    if case is None:
        raise NotFound
    return case


def locked(statement: Any) -> Any:
    """Let a select read cases with their engine state, fresh and under their lock (on SQLite the transaction is the lock)."""
    return (
        statement.options(undefer(Case.engine_state))
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )


def restore_run(session: Session, case: Case, *, actor: Actor, now: datetime) -> engine.Run:
    """Bring the stored state of a case back to life.

    Raises:
        CaseEmptied: Its state was removed when its time was over.
        OperationFailed: The state cannot be read.
    """
    if case.emptied_at is not None:
        raise CaseEmptied
    published = definitions.get_published(session, case.version_id)
    host = OperationHost(session, case, actor=actor, now=now)
    try:
        run = engine.restore(published.program, case.engine_state or b"", host=host, now=now)
    except engine.StateRefused as error:
        raise OperationFailed(cause=str(error)) from error
    if case.failures:
        run.orders = read_orders(session, case)
    return run


def read_orders(session: Session, case: Case) -> dict[str, engine.Order]:
    """Read what repairs want done differently in a case when the act that failed is tried again."""
    rows = select(CaseIncident.orders).where(CaseIncident.case_id == case.id, CaseIncident.closed_at.is_(None))
    orders = [row for row in session.scalars(rows) if row]
    return {place: engine.Order(**order) for row in orders for place, order in row.items()}


def look_into(session: Session, case: Case, *, now: datetime) -> engine.Run:
    """Restore a case only to read its variables; the caller must not act on it."""
    return restore_run(session, case, actor=SYSTEM, now=now)


def is_party(session: Session, case: Case, person: str) -> bool:
    """Say whether a case concerns this person as its traveller, requester or preparer."""
    if person in {case.requester, case.started_by}:
        return True
    found = select(CaseParty.id).where(
        CaseParty.case_id == case.id,
        CaseParty.person == person,
        CaseParty.kind.in_(OWN_KINDS),
    )
    return session.scalars(found.limit(1)).first() is not None


def root_variables(case: Case, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Say what a new case knows from its first moment on."""
    about = {"number": case.number, "id": case.id, "started_at": case.started_at.isoformat(), "process": case.process_key}
    return {**answers, "case": about, "requester": case.requester}
