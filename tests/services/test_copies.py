"""The databases of tests: each is a copy that nobody has touched, and is gone with its test."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from services.database import Database
from services.models.organisations import Organisation
from tests.databases import Databases, Missing


def _count(url: str) -> int:
    database = Database(url, durable=False)
    with database.reading() as session:
        found = session.scalar(select(func.count()).select_from(Organisation))
    database.dispose()
    return found or 0


def _touch(url: str) -> None:
    database = Database(url, durable=False)
    with database.transaction() as session:
        session.add(Organisation(code="UNEX", name={"en": "UN Example"}, kind="AGENCY"))
    database.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_one_test_writes_no_other_sees(copy_database, kind: str) -> None:
    before, own = copy_database(kind), copy_database(kind)

    _touch(own)

    assert [_count(url) for url in (before, own, copy_database(kind))] == [0, 1, 0]


def test_a_database_is_gone_with_its_test_though_somebody_still_holds_it(copy_database, databases: Databases) -> None:
    copy_database("postgresql")  # without PostgreSQL it says so, and loudly
    context = databases.copy_postgresql("empty")
    url = context.__enter__()
    held = Database(url).engine.connect()

    context.__exit__(None, None, None)

    held.invalidate()
    held.close()
    with pytest.raises(Exception, match="does not exist"):
        _count(url)


def test_the_server_is_asked_through_one_connection_until_the_worker_leaves(copy_database, databases: Databases) -> None:
    copy_database("postgresql")
    own = Databases("another")
    doors = []
    for _ in range(2):
        with own.copy_postgresql("empty"):
            doors.append(own._door)

    own.close()

    assert doors[0] is doors[1]
    assert doors[0].closed
    assert not databases._door.closed


def test_a_machine_without_postgresql_is_no_reason_to_stay(monkeypatch) -> None:
    own = Databases("another")
    monkeypatch.setattr(own, "_server", _refuse)

    with pytest.raises(Missing), own.copy_postgresql("empty"):
        pass

    own.close()


def _refuse() -> None:
    raise Missing("PostgreSQL is missing on this machine.")
