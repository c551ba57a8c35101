"""From the audit of a finished case to the acts that it can be run again with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from services.cases.loading import root_variables
from services.models.audit import AuditEntry, Decision
from services.models.cases import Case
from workflows.engine import Order
from workflows.replaying import BEGIN, COMPLETE, MESSAGE, MOVED, SIGNAL, TIMER, Act

#: So far back finished cases are looked at, and so many of them at most.
PERIOD = timedelta(days=180)
MOST_CASES = 2_000
#: Why a case cannot be run again: its record says too little; it began in one version and ended in another.
UNRECORDED, MOVED_AWAY = "UNRECORDED", "MOVED"
#: Repairs after which a step does something else than its process says.
_CHANGING = frozenset({"skip", "change"})


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A finished case.

    Attributes:
        case_id: Told to nobody.
        acts: None when it cannot be run again.
        path: The elements that it entered.
        why: Why it cannot be run again.
    """

    case_id: str
    version_id: str
    path: list[str]
    acts: list[Act] | None = None
    why: str | None = None


def list_finished(
    session: Session, key: str, *, now: datetime, after: tuple[datetime, str] | None = None, limit: int = MOST_CASES
) -> list[tuple[datetime, str]]:
    """Return the cases of a process that ended in the last months, the newest first, each as its end and id.

    Args:
        after: The last one that is known already.
    """
    ended: Any = select(Case.ended_at, Case.id).where(
        Case.process_key == key, Case.ended_at >= now - PERIOD, Case.ended_at <= now
    )
    if after is not None:
        ended = ended.where(or_(Case.ended_at < after[0], and_(Case.ended_at == after[0], Case.id < after[1])))
    rows = session.execute(ended.order_by(Case.ended_at.desc(), Case.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def count_finished(session: Session, key: str, *, now: datetime) -> int:
    """Count them, up to as many as are run again."""
    ended = select(Case.id).where(Case.process_key == key, Case.ended_at >= now - PERIOD, Case.ended_at <= now)
    return session.scalar(select(func.count()).select_from(ended.limit(MOST_CASES).subquery())) or 0


def read_histories(session: Session, case_ids: Sequence[str]) -> list[History]:
    """Read finished cases with all their acts. Three queries."""
    cases = session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)).all()
    entries: dict[str, list[Any]] = {}
    columns: Any = (AuditEntry.case_id, AuditEntry.at, AuditEntry.act, AuditEntry.task_id, AuditEntry.payload)
    chosen = select(*columns).where(AuditEntry.case_id.in_(case_ids)).order_by(AuditEntry.case_id, AuditEntry.seq)
    for entry in session.execute(chosen):
        entries.setdefault(entry.case_id, []).append(entry)
    given: Any = (Decision.task_id, Decision.element, Decision.line, Decision.answers)
    decided = select(*given).where(Decision.case_id.in_(case_ids), Decision.task_id.is_not(None))
    decisions = {row.task_id: row for row in session.execute(decided)}
    return [_history(case, entries.get(case.id, []), decisions) for case in cases]


def _history(case: Case, entries: Iterable[Any], decisions: Mapping[str, Any]) -> History:
    kept: list[Any] = []
    moved = repairs = False
    for entry in entries:
        if entry.act == "take_back":
            kept = _without(kept, entry.payload.get("tasks", {}))
        elif "trail" in entry.payload:
            kept.append(entry)
        moved = moved or entry.act == "migrate"
        repairs = repairs or (entry.act == "repair" and entry.payload.get("how") in _CHANGING)
    path = [element for entry in kept for kind, element in entry.payload["trail"] if kind == "entered"]
    acts = None
    if not moved and (not repairs or any("orders" in entry.payload for entry in kept)):
        acts = _read_acts(case, kept, decisions)
    why = None if acts else MOVED_AWAY if moved else UNRECORDED
    return History(case_id=case.id, version_id=case.version_id, path=path, acts=acts, why=why)


def _without(kept: list[Any], taken_back: Mapping[str, str]) -> list[Any]:
    """Leave out the completion that was taken back: the case went on as if it had not been."""
    return [entry for entry in kept if entry.act != "complete" or entry.task_id not in taken_back]


def _read_acts(case: Case, entries: Iterable[Any], decisions: Mapping[str, Any]) -> list[Act] | None:
    """Read the acts of a case; None when one of them cannot be done again."""
    acts: list[Act] = []
    wake: datetime | None = None
    for entry in entries:
        overdue = wake if wake is not None and wake <= entry.at else None
        act = _read_act(case, entry, decisions, overdue) if "performed" in entry.payload else None
        if act is None:
            return None
        acts.append(act)
        wake = datetime.fromisoformat(entry.payload["wake"]) if "wake" in entry.payload else None
    return acts if acts and acts[0].kind == BEGIN else None


def _read_act(case: Case, entry: Any, decisions: Mapping[str, Any], overdue: datetime | None) -> Act | None:
    payload = entry.payload
    facts: dict[str, Any] = {"at": entry.at, "performed": payload["performed"], "moved": payload.get("moved", ())}
    facts["counted"] = payload.get("counted", ())
    facts |= {"overdue": overdue, "orders": {place: Order(**each) for place, each in payload.get("orders", {}).items()}}
    if entry.act in {"start", "open"}:
        if "answers" not in payload:
            return None
        return Act(kind=BEGIN, name=payload.get("entry"), brought=root_variables(case, payload["answers"]), **facts)
    if entry.act == "complete":
        made = decisions.get(entry.task_id)
        facts["rank"] = payload.get("rank", 0)
        return None if made is None else Act(kind=COMPLETE, name=made.element, line=made.line, brought=made.answers, **facts)
    brought = payload.get("payload", {})
    if "message" in payload:
        return Act(kind=MESSAGE, name=payload["message"], line=payload.get("key"), brought=brought, **facts)
    if "signal" in payload:
        return Act(kind=SIGNAL, name=payload["signal"], brought=brought, **facts)
    return Act(kind=TIMER if entry.act == "timer" else MOVED, **facts)
