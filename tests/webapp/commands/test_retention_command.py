"""The command that says what is forgotten soon and what stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from services import people, retention
from services.database import Database
from tests.services.leave import NOW, Leave, fill_leave
from tests.services.retention.trips import snapshot
from webapp.cli import main


def test_it_says_what_goes_and_what_stays_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'safeconduct.db'}"
    monkeypatch.setenv("SAFECONDUCT_DATABASE_URL", url)
    monkeypatch.setenv("SAFECONDUCT_SECRET_KEY", "for tests only")
    fill_leave(url)
    leave = Leave(database=Database(url))
    case_id = leave.start()
    leave.review(case_id)
    leave.approve(case_id)
    number = leave.case(case_id).number
    with leave.database.transaction() as session:
        actor = people.actor_named(session, "amina.sorel")
        retention.hold_case(session, number, reason="A claim.", actor=actor, now=NOW)
    before = snapshot(leave.database)

    result = CliRunner().invoke(main, ["retention", "--days", "3650"])

    assert result.exit_code == 0
    assert "leave_request            content 365 days, record 3650 days:" in result.output
    assert "0 to be emptied, 0 to be removed, 1 held, 0 removed so far" in result.output
    assert f"{number} leave_request, ended 2026-12-01, stays: Somebody holds it." in result.output
    assert snapshot(leave.database) == before
    assert CliRunner().invoke(main, ["retention", "--days", "-1"]).exit_code == 2
    leave.database.dispose()
