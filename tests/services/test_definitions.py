"""Publishing: versions that never change, and cases that keep theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from services import definitions
from services.errors import NotPublished
from services.models import ProcessVersion
from tests.services.leave import FOLDER, NOW, Leave
from workflows.errors import PackageRefused
from workflows.packages import read_package


def changed(old: bytes, new: bytes):
    files = dict(definitions.read_folder(FOLDER).files)
    files["leave_main.bpmn"] = files["leave_main.bpmn"].replace(old, new)
    return read_package("leave_request", files)


def test_the_same_content_published_again_is_the_same_version(leave: Leave) -> None:
    with leave.database.transaction() as session:
        again = definitions.publish(session, definitions.read_folder(FOLDER), by="pavel.eriksen", now=NOW)

        assert (again.version, again.published_by) == (1, "system")
        assert len(session.scalars(select(ProcessVersion).where(ProcessVersion.key == "leave_request")).all()) == 1


def test_a_running_case_keeps_its_version_when_another_is_published(leave: Leave) -> None:
    case_id = leave.start()
    with leave.database.transaction() as session:
        newer = definitions.publish(session, changed(b"Approve the request", b"Decide the request"), by="pavel.eriksen", now=NOW)
        assert newer.version == 2

    old, new = leave.review(case_id), leave.review(leave.start())

    assert [task.name for task in old.next_tasks] == ["Approve the request"]
    assert [task.name for task in new.next_tasks] == ["Decide the request"]
    assert leave.problems() == []


def test_a_process_that_cannot_run_is_not_published(embedded_leave: Leave) -> None:
    with pytest.raises(PackageRefused), embedded_leave.database.transaction() as session:
        definitions.publish(session, changed(b'formId="review"', b'formId="no_such_form"'), by="pavel.eriksen", now=NOW)
    with pytest.raises(PackageRefused), embedded_leave.database.transaction() as session:
        package = changed(b"Approve", b"Decide")
        definitions.publish(session, package, by="pavel.eriksen", now=NOW, operations=["another"])


def test_at_start_up_only_unknown_folders_are_published(embedded_leave: Leave) -> None:
    with embedded_leave.database.transaction() as session:
        published = [version.key for version in definitions.publish_folders(session, FOLDER.parent, now=NOW)]
        others = sorted(folder.name for folder in definitions.process_folders(FOLDER.parent) if folder != FOLDER)
        assert (published, "leave_notice" in others) == (others, True)
        assert definitions.publish_folders(session, FOLDER.parent, now=NOW) == []
        assert {version.key for version in definitions.list_current_versions(session)} == {"leave_request", *others}


def test_a_process_that_nobody_published_is_not_there(embedded_leave: Leave) -> None:
    with pytest.raises(NotPublished), embedded_leave.database.reading() as session:
        definitions.current_version(session, "coffee")


def test_a_bundle_is_the_same_bytes_whenever_it_is_made() -> None:
    files = {"b.txt": b"2", "a/c.txt": b"1"}

    assert definitions.pack(files) == definitions.pack(dict(reversed(files.items())))
    assert definitions.unpack(definitions.pack(files)) == {"a/c.txt": b"1", "b.txt": b"2"}


def test_what_is_read_back_from_the_database_is_what_was_published(embedded_leave: Leave) -> None:
    package = definitions.read_folder(Path(FOLDER))
    with embedded_leave.database.reading() as session:
        version = definitions.current_version(session, "leave_request")
        stored = definitions.get_package(session, version.id)

    assert (stored.digest, stored.files) == (package.digest, package.files)


def test_a_process_that_runs_does_not_read_its_stories_and_is_the_same_otherwise(embedded_leave: Leave) -> None:
    whole = definitions.read_folder(FOLDER)
    with embedded_leave.database.reading() as session:
        running = definitions.get_package(session, session.scalars(select(ProcessVersion.id)).one())

    assert whole.scenarios != {}
    assert running.scenarios == {}
    assert (running.digest, running.files.keys()) == (whole.digest, whole.files.keys())
