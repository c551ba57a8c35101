"""The history: chained, append-only, and telling of every change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services import audit
from services.models import AuditEntry, Decision
from services.models.audit import APPEND_ONLY
from tests.services.leave import Leave


def change_behind_the_back(leave: Leave, statement: str) -> None:
    """Do what only somebody with the keys of the database can: switch the protection off, and change a row."""
    with leave.database.transaction() as session:
        if leave.database.dialect == "sqlite":
            for table in APPEND_ONLY:
                for act in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
        else:
            for table in APPEND_ONLY:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(text(statement))


def verify(leave: Leave, case_id: str) -> list[str]:
    with leave.database.reading() as session:
        case = session.get_one(type(leave.case(case_id)), case_id)
        return [str(problem) for problem in audit.verify_case(session, case)]


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET hash = 'x'", "DELETE FROM {table}"])
def test_the_database_itself_refuses_to_change_the_history(leave: Leave, table: str, statement: str) -> None:
    leave.review(leave.start())

    with pytest.raises(DBAPIError, match="append-only"), leave.database.transaction() as session:
        session.execute(text(statement.format(table=table)))


def test_postgresql_refuses_to_empty_the_history(leave: Leave) -> None:
    leave.review(leave.start())
    emptying = "TRUNCATE decisions" if leave.database.dialect == "postgresql" else "DELETE FROM decisions WHERE 1 = 1"

    with pytest.raises(DBAPIError, match="append-only"), leave.database.transaction() as session:
        session.execute(text(emptying))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'somebody.else' WHERE seq = 1",
        "UPDATE audit SET at = '2026-12-01 09:00:01' WHERE seq = 2",
        "UPDATE decisions SET outcome = 'NOT_RECOMMEND'",
        "UPDATE decisions SET reason_text = 'x'",
        "DELETE FROM audit WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM decisions",
        "UPDATE cases SET audit_head = ''",
        "UPDATE cases SET audit_seq = 7",
    ],
)
def test_any_change_behind_its_back_is_noticed(leave: Leave, statement: str) -> None:
    case_id = leave.start()
    leave.review(case_id)
    assert verify(leave, case_id) == []

    change_behind_the_back(leave, statement)

    assert verify(leave, case_id)


def test_cutting_off_the_newest_decision_and_its_entry_is_noticed(leave: Leave) -> None:
    case_id = leave.start()
    leave.review(case_id)
    leave.approve(case_id)
    with leave.database.reading() as session:
        newest = session.get_one(AuditEntry, (case_id, 3))
        head = session.get_one(AuditEntry, (case_id, 2)).hash

    change_behind_the_back(leave, f"DELETE FROM audit WHERE hash = '{newest.hash}'")
    change_behind_the_back(leave, f"UPDATE cases SET audit_seq = 2, audit_head = '{head}'")

    assert leave.problems(), "the decision is still there, and the task is done without an entry"


def test_an_entry_says_what_was_passed_opened_and_cancelled(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start()
    done = embedded_leave.review(case_id)

    with embedded_leave.database.reading() as session:
        entry = session.get_one(AuditEntry, (case_id, 2))
        decision = session.get_one(Decision, done.decision.id)

    assert entry.payload["trail"][0] == ["left", "review"]
    assert ["entered", "approve"] in entry.payload["trail"]
    assert entry.payload["opened"] == [done.next_tasks[0].id]
    assert (entry.payload["revision"], entry.payload["state"]) == (2, ["OPEN", "OPEN"])
    assert entry.payload["decision_head"] == decision.hash
    assert decision.form_hash is not None


def test_the_same_content_has_the_same_hash_and_other_content_another() -> None:
    def digest(value: Any) -> str:
        return audit.digest(value)

    assert digest({"a": 1, "b": [1.5, None]}) == digest({"b": [1.5, None], "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})
    with pytest.raises(TypeError):
        digest({"a": object()})
