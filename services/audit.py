"""The history that nobody can change unseen: decisions and audit entries, each chained to the one before by its hash.

There are two chains per case, so that no row is shared by all cases: decisions follow each other up to `Case.decision_head`,
audit entries up to `Case.audit_head`; every audit entry also names the head of the decisions at that moment, so that cutting
off the newest decisions shows as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypedDict, TypeVar, Unpack

from sqlalchemy import ColumnElement, String, and_, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from services.models.audit import AuditEntry, Decision
from services.models.base import new_id
from services.models.cases import Case
from services.prepared import Prepared, PreparedInsert
from workflows.errors import Problem

_Row = TypeVar("_Row", AuditEntry, Decision)
_ENTRIES = PreparedInsert(AuditEntry)


def canonical(value: Any) -> bytes:
    """Write a JSON value in the one way that hashes are taken of."""
    return _CANONICAL.encode(value).encode()


def digest(value: Any) -> str:
    """Take the hash of a JSON value."""
    return hashlib.sha256(canonical(value)).hexdigest()


def append(
    session: Session,
    case: Case,
    *,
    actor: str,
    act: str,
    at: datetime,
    payload: dict[str, Any] | None = None,
    task_id: str | None = None,
    idempotency_key: str | None = None,
    body_hash: str | None = None,
) -> None:
    """Write the entry for one act, and count the act: a case has no revision without its entry, and no entry without its own."""
    case.revision += 1
    case.audit_seq += 1
    entry = {
        "case_id": case.id,
        "seq": case.audit_seq,
        "at": at,
        "actor": actor,
        "act": act,
        "task_id": task_id,
        "payload": {**(payload or {}), "revision": case.revision, "decision_head": case.decision_head},
        "idempotency_key": idempotency_key,
        "body_hash": body_hash,
        "prev_hash": case.audit_head,
    }
    case.audit_head = _hash_of(entry)
    session.flush()  # the case's row first: it carries the check of the revision
    _ENTRIES.add(session, [{**entry, "hash": case.audit_head}])


#: Acts that answer what is asked of a line, of which one answer holds at a time.
ANSWERS = ("DECIDE", "GRANT", "DENY", "LAPSE")


#: The act that takes another back; it supersedes it and answers nothing itself.
TAKE_BACK = "TAKE_BACK"


def is_standing(decision: Any = Decision) -> ColumnElement[bool]:
    """Say in SQL whether a decision counts: it was not taken back, and does not itself take one back."""
    later = aliased(Decision)
    taken_back = exists().where(later.case_id == decision.case_id, later.supersedes_id == decision.id, later.act == TAKE_BACK)
    return and_(decision.act != TAKE_BACK, ~taken_back.correlate_except(later))


_OF_LINE = and_(
    Decision.case_id == bindparam("case_id", type_=String), Decision.line == bindparam("line", type_=String), is_standing()
)
_ANSWERS_TO = Prepared(lambda: select(Decision.id, Decision.supersedes_id).where(_OF_LINE, Decision.act.in_(ANSWERS)))
_NONE: frozenset[str] = frozenset()
_DECISIONS = frozenset({Decision.__tablename__})
_NEWEST = select(Decision).where(_OF_LINE, Decision.act == bindparam("act")).order_by(Decision.decided_at.desc()).limit(1)


class DecisionFacts(TypedDict, total=False):
    """What a decision record says besides who did what when; all of it may be absent."""

    outcome: str | None
    line: str | None
    task_id: str | None
    conditions: Sequence[Any]
    reason_code: str | None
    reason_text: str | None
    actor_role: str | None
    acted_for: str | None
    delegation_id: str | None
    area: str | None
    conflict_declared: bool
    valid_from: datetime | None
    valid_to: datetime | None
    tables_used: Sequence[dict[str, Any]]
    form_hash: str | None
    answers: dict[str, Any] | None
    supersedes_id: str | None


def record_decision(
    session: Session,
    case: Case,
    *,
    element: str,
    act: str,
    actor_person: str,
    capacity: str,
    decided_at: datetime,
    **facts: Unpack[DecisionFacts],
) -> Decision:
    """Add a decision record. It stands for ever; the next answer to the same line supersedes it, and both stay readable."""
    said: dict[str, Any] = dict.fromkeys(DecisionFacts.__annotations__) | dict(facts)
    said["conflict_declared"] = bool(said["conflict_declared"])
    for name, kind in (("conditions", list), ("tables_used", list), ("answers", dict)):
        said[name] = kind(said[name] or ())
    if act in ANSWERS:
        said["supersedes_id"] = _find_answer(session, case, said["line"])
    said |= {"id": new_id(), "case_id": case.id, "element": element, "act": act, "actor_person": actor_person}
    said |= {"capacity": capacity, "decided_at": decided_at, "prev_hash": case.decision_head}
    case.decision_head = _hash_of(said)
    decision = Decision(**said, hash=case.decision_head)
    session.add(decision)
    return decision


def find_decision(session: Session, case: Case, *, line: str, act: str) -> Decision | None:
    """Return the newest decision of an act on a line that counts; one that this act has just taken is the newest."""
    for row in reversed(list(session.new)):
        if isinstance(row, Decision) and (row.case_id, row.line, row.act) == (case.id, line, act):
            return row
    return session.scalars(_NEWEST, {"case_id": case.id, "line": line, "act": act}).first()


def _find_answer(session: Session, case: Case, line: str | None) -> str | None:
    """Find the answer to a line that holds until now: the one that no other supersedes."""
    if line is None:
        return None
    waiting = [row for row in session.new if isinstance(row, Decision) and row.case_id == case.id]
    is_touched = any(row.line == line or row.act == TAKE_BACK for row in waiting)
    rows = _ANSWERS_TO.recall(session, beside=_NONE if is_touched else _DECISIONS, case_id=case.id, line=line)
    superseded = {row.supersedes_id for row in rows}
    return next((row.id for row in rows if row.id not in superseded), None)


def find_replay(session: Session, *, actor: str, idempotency_key: str) -> AuditEntry | None:
    """Find what was done under this key before."""
    found = select(AuditEntry).where(AuditEntry.actor == actor, AuditEntry.idempotency_key == idempotency_key)
    return session.scalars(found).one_or_none()


def verify_case(session: Session, case: Case) -> list[Problem]:
    """Follow both chains of a case from the first row to the heads on the case; an empty list means intact."""
    entries = session.scalars(select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.seq)).all()
    decisions = in_chain_order(session.scalars(select(Decision).where(Decision.case_id == case.id)).all())
    problems = _verify_chain(case, entries, case.audit_head, "audit entry", lambda entry: str(entry.seq))
    problems += _verify_chain(case, decisions, case.decision_head, "decision", lambda decision: decision.id)
    if [entry.seq for entry in entries] != list(range(1, case.audit_seq + 1)):
        problems.append(Problem(where=case.number, sentence="The audit entries of this case are not numbered without a gap."))
    known = {"", *(decision.hash for decision in decisions)}
    if any(entry.payload.get("decision_head", "") not in known for entry in entries):
        problems.append(Problem(where=case.number, sentence="A decision that the audit names is no longer there."))
    return problems


def in_chain_order(decisions: Sequence[Decision]) -> list[Decision]:
    """Order decisions as their hashes chain them; those that hang in the air come last."""
    following = {decision.prev_hash: decision for decision in decisions}
    ordered: list[Decision] = []
    head = ""
    while (found := following.pop(head, None)) is not None:
        ordered.append(found)
        head = found.hash
    return ordered + [decision for decision in decisions if decision not in ordered]


def _verify_chain(case: Case, rows: Sequence[_Row], head: str, what: str, name: Callable[[_Row], str]) -> list[Problem]:
    problems = []
    expected = ""
    for row in rows:
        if row.hash != _row_hash(row):
            problems.append(_broken(case, what, name(row), "was changed after it was written"))
        if row.prev_hash != expected:
            problems.append(_broken(case, what, name(row), "does not follow the one before it"))
        expected = row.hash
    if expected != head:
        problems.append(_broken(case, what, name(rows[-1]) if rows else "-", "is not the newest one that the case knows of"))
    return problems


def _broken(case: Case, what: str, name: str, how: str) -> Problem:
    return Problem(where=case.number, sentence="The {what} {name} {how}.", facts={"what": what, "name": name, "how": how})


#: Columns that rows of before did not have. Where they say nothing they are left out of the hash, so that old rows still verify.
_ADDED_LATER = frozenset({"acted_for"})


def _row_hash(row: AuditEntry | Decision) -> str:
    return _hash_of({column.key: getattr(row, column.key) for column in type(row).__table__.columns if column.key != "hash"})


def _hash_of(values: dict[str, Any]) -> str:
    return digest({key: value for key, value in values.items() if value is not None or key not in _ADDED_LATER})


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    message = f"{type(value).__name__} has no canonical form"
    raise TypeError(message)


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
