"""The commands around processes, cases and jobs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from services.database import Database
from tests.services.leave import FOLDER, Leave, fill_leave
from webapp.cli import main


@pytest.fixture
def leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Leave]:
    """The database that the environment names, with the leave process published."""
    url = f"sqlite:///{tmp_path / 'safeconduct.db'}"
    monkeypatch.setenv("SAFECONDUCT_DATABASE_URL", url)
    monkeypatch.setenv("SAFECONDUCT_SECRET_KEY", "for tests only")
    fill_leave(url)
    database = Database(url)
    yield Leave(database=database)
    database.dispose()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_stories_of_a_folder_are_told_one_by_one() -> None:
    result = run("scenario", "run", str(FOLDER))

    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["passed", "passed"]


def test_a_story_that_goes_wrong_says_where_and_fails(tmp_path: Path) -> None:
    folder = tmp_path / "leave_request"
    shutil.copytree(FOLDER, folder)
    story = folder / "scenarios" / "withdrawn.yaml"
    story.write_text(story.read_text(encoding="utf-8").replace("MSG_WITHDRAW", "MSG_COFFEE"), encoding="utf-8")

    result = run("scenario", "run", str(story))

    assert result.exit_code == 1
    assert "step 1 (send MSG_COFFEE): MessageNotExpected" in result.stdout
    assert "1 failed." in result.stderr


def test_a_story_that_is_badly_written_fails_too(tmp_path: Path) -> None:
    folder = tmp_path / "leave_request"
    shutil.copytree(FOLDER, folder)
    (folder / "scenarios" / "withdrawn.yaml").write_text("process: leave_request\nnou: x\n", encoding="utf-8")

    result = run("scenario", "run", str(folder / "scenarios" / "withdrawn.yaml"))

    assert result.exit_code == 1
    assert "nou" in result.stdout


def test_a_folder_is_checked_and_published_as_the_next_version(leave: Leave, tmp_path: Path) -> None:
    folder = tmp_path / "leave_request"
    shutil.copytree(FOLDER, folder)
    manifest = folder / "process.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("Leave request", "Holiday"), encoding="utf-8")

    checked = run("process", "check", str(folder))
    published = run("process", "publish", str(folder), "--note", "Another name")
    listed = run("process", "list")

    assert (checked.exit_code, checked.stdout.splitlines()[0]) == (0, "leave_request: no problems")
    assert "to look at: i18n: The process has no texts in: fr, es, ru, zh, ar." in checked.stdout
    assert published.stdout == "leave_request is version 2.\n"
    assert listed.stdout.split() == ["leave_request", "2", listed.stdout.split()[2], "Holiday"]


def test_what_keeps_a_folder_from_being_published_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "leave_request"
    shutil.copytree(FOLDER, folder)
    diagram = folder / "leave_main.bpmn"
    diagram.write_text(diagram.read_text(encoding="utf-8").replace("notify.send", "coffee.make"), encoding="utf-8")

    result = run("process", "check", str(folder))

    assert result.exit_code == 1
    assert "coffee.make" in result.stdout


def test_an_intact_history_is_verified_and_a_changed_one_is_named(leave: Leave) -> None:
    case_id = leave.start()
    leave.review(case_id)
    intact = run("audit", "verify")
    with leave.database.transaction() as session:
        session.execute(text("DROP TRIGGER decisions_no_update"))
        session.execute(text("UPDATE decisions SET outcome = 'NOT_RECOMMEND'"))

    changed = run("audit", "verify", "LV-2026-000001")

    assert (intact.exit_code, intact.stdout) == (0, "1 cases verified, 0 with problems.\n")
    assert changed.exit_code == 1
    assert "LV-2026-000001: " in changed.stdout


def test_a_worker_does_what_is_due_and_says_how_much(leave: Leave) -> None:
    leave.start()

    result = run("worker", "--once")

    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(" notices.\n")
