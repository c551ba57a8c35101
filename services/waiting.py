"""What cases wait for: rows beside their state, so that a message or signal finds its cases without reading any state."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select
from sqlalchemy.orm import Session

from services.models.bus import CaseWait
from services.models.cases import COMPLETED, INCIDENT, OPEN, Case
from services.posting import ring
from services.prepared import PreparedInsert
from workflows import engine

MESSAGE, SIGNAL = "message", "signal"
#: A case in one of these states is not over.
NOT_OVER = (OPEN, INCIDENT)
_LONGEST = 120
_ROWS: Any = CaseWait.__table__
_NO_LONGER = delete(_ROWS).where(_ROWS.c.case_id == bindparam("case_id"))
_WAITING = PreparedInsert(CaseWait)

Wait = tuple[str, str, str]


def is_open() -> ColumnElement[bool]:
    """Say in a query that a case is not over; one that is put aside counts as open."""
    return Case.state.in_(NOT_OVER)


def changed_waits(case: Case, run: engine.Run) -> list[Wait] | None:
    """Note on the row of a case what it waits for now; answers None when that is what it waited for before."""
    waits = [] if case.state == COMPLETED else waits_of(run)
    digest = digest_of(waits)
    if case.waits == digest:
        return None
    case.waits = digest
    return waits


def write_waits(session: Session, case: Case, waits: list[Wait], *, had_some: bool = True) -> None:
    """Write the rows of what a case waits for, in the place of those that it had."""
    if had_some:
        session.execute(_NO_LONGER, {"case_id": case.id})
    if waits:
        rows = [{"case_id": case.id, "kind": kind, "name": name, "key": key} for kind, name, key in waits]
        _WAITING.add(session, rows)
        ring(session)  # a message may be there already


def waits_of(run: engine.Run) -> list[Wait]:
    """List the messages and signals that a run waits for; a message without a correlation key has an empty one."""
    waits = (wait for _, wait in run.waiting() if wait["kind"] in {MESSAGE, SIGNAL})
    return sorted({(wait["kind"], _short(wait["name"]), _short(wait.get("key"))) for wait in waits})


def digest_of(waits: list[Wait]) -> str:
    """Return what stands for a list of waits in the row of its case: the same for the same, and nothing for none."""
    return hashlib.sha256(json.dumps(waits).encode()).hexdigest() if waits else ""


def find_waiting(session: Session, name: str, key: str) -> str | None:
    """Find the open case that waits for a message: one that names this key first, then the one that began first."""
    found = (
        select(Case.id)
        .join(CaseWait, CaseWait.case_id == Case.id)
        .where(CaseWait.kind == MESSAGE, CaseWait.name == _short(name), CaseWait.key.in_({_short(key), ""}), is_open())
        .order_by(CaseWait.key.desc(), Case.started_at, Case.id)
    )
    return session.scalars(found.limit(1)).first()


def _short(text: str | None) -> str:
    return (text or "")[:_LONGEST]
