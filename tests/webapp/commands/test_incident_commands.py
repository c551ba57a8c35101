"""The commands that list and repair what failed, and that move cases to another version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from services import cases, definitions, jobs
from services.database import Database
from tests.services.booking import ADMINISTRATOR, FOLDER, OWNER, Booking, publish_booking
from tests.services.leave import NOW, REVIEWER, Leave, fill_leave
from webapp.cli import main
from workflows import packages

HOUR = timedelta(hours=1)


@pytest.fixture
def booking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    """The database that the environment names, with the leave and the booking process published."""
    url = f"sqlite:///{tmp_path / 'safeconduct.db'}"
    monkeypatch.setenv("SAFECONDUCT_DATABASE_URL", url)
    monkeypatch.setenv("SAFECONDUCT_SECRET_KEY", "for tests only")
    fill_leave(url)
    database = Database(url)
    made = publish_booking(Leave(database=database))
    made.enter_operations(monkeypatch.setitem)
    yield made
    database.dispose()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def stop(booking: Booking) -> str:
    booking.fail("try.remind")
    case_id = booking.start_booking()
    for hours in (1, 2, 3):
        jobs.fire_due_timers(booking.database, NOW + hours * HOUR)
    return case_id


def reference(booking: Booking, case_id: str) -> str:
    return cases.reference_of(booking.incident(case_id))


def test_what_failed_is_listed_with_its_code_step_and_cause(booking: Booking) -> None:
    assert run("incident", "list").stdout == "0 failed steps.\n"
    case_id = stop(booking)

    result = run("incident", "list", "--process", "booking")

    line = result.stdout.splitlines()[0]
    assert line.split()[:2] == [reference(booking, case_id), "STOPPED"]
    for said in ("BK-2026-000001", "booking 1", "remind (try.remind) x3", "There is no room …."):
        assert said in line
    assert run("incident", "list", "--process", "leave_request").stdout == "0 failed steps.\n"


def test_a_step_is_tried_again_by_its_code(booking: Booking) -> None:
    case_id = stop(booking)
    code = reference(booking, case_id)
    with booking.database.transaction() as session:  # the command asks the real clock, which is before the moments of this test
        session.execute(text("UPDATE cases SET wake_at = '2020-01-01 00:00:00'"))

    booking.mend("try.remind")
    assert run("incident", "retry", code, "--by", REVIEWER).exit_code == 1
    assert run("incident", "retry", code.lower(), "--by", OWNER).stdout == "The case goes on.\n"

    assert booking.case(case_id).state == "OPEN"
    assert run("incident", "retry", code).exit_code == 1
    assert code in run("incident", "list", "--closed").stdout


def publish_second(booking: Booking) -> None:
    files = dict(definitions.read_folder(FOLDER).files)
    files["booking_main.bpmn"] = files["booking_main.bpmn"].replace(b'"ask"', b'"look"').replace(b">ask<", b">look<")
    files["booking_main.bpmn"] = files["booking_main.bpmn"].replace(b'formId="look"', b'formId="ask"')
    with booking.database.transaction() as session:
        definitions.publish(session, packages.read_package("booking", files), by="system", now=NOW)


def test_a_dry_run_says_of_every_case_what_would_become_of_it(booking: Booking) -> None:
    case_id = booking.start_booking()
    publish_second(booking)

    bad = run("process", "migrate", "booking", "--from", "1", "--to", "2", "--dry-run")
    good = run("process", "migrate", "booking", "--from", "1", "--to", "2", "--map", "ask=look", "--dry-run")

    assert bad.exit_code == 1
    assert "BK-2026-000001: stays where it is" in bad.stdout
    assert "! ask: The case stands at Look at the request, which is not there in the new version." in bad.stdout
    assert good.exit_code == 0
    assert "BK-2026-000001: would be moved" in good.stdout
    assert "look: The task Look at the request stays open." in good.stdout
    assert good.stdout.endswith("1 of 1 cases would be moved, 0 would not. Nothing was changed.\n")
    assert booking.open_task(case_id).element == "ask"


def test_cases_are_moved_and_counted(booking: Booking) -> None:
    case_id = booking.start_booking()
    publish_second(booking)
    arguments = ("process", "migrate", "booking", "--from", "1", "--to", "2", "--map", "ask=look", "--by", ADMINISTRATOR)

    moved, again = run(*arguments), run(*arguments)

    assert moved.stdout == "1 cases moved, 0 not, 0 were over or there already.\n"
    assert again.stdout == "0 cases moved, 0 not, 0 were over or there already.\n"
    assert booking.open_task(case_id).element == "look"
    assert booking.problems() == []
    [entry] = booking.entries(case_id, "migrate")
    assert entry.actor == ADMINISTRATOR


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--map", "ask"), "Write OLD=NEW."),
        (("--map", "nobody=look"), "The old version has no element of this id."),
        (("--by", REVIEWER), "This is for another role"),
    ],
)
def test_what_cannot_be_asked_for_is_said(booking: Booking, more: tuple[str, ...], said: str) -> None:
    publish_second(booking)

    result = run("process", "migrate", "booking", "--from", "1", "--to", "2", *more)

    assert result.exit_code != 0
    assert said in result.output
