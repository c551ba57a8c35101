"""The door to the database: transactions that keep all or nothing, and moments that keep their zone."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from services import numbers
from services.database import MOST_STATEMENTS, Database, is_busy, normal_url
from services.errors import Busy
from services.models import Counter, RequestDraft
from services.models.cases import Case

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def draft(draft_id: str = "d", at: datetime = NOW) -> RequestDraft:
    said = {"where": "kingfisher, at noon"}
    return RequestDraft(id=draft_id, process_key="p", person="a", answers=said, created_at=at, updated_at=at)


def test_an_error_inside_a_transaction_undoes_it(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        session.add(draft())
        session.flush()
        raise RuntimeError

    with database.reading() as session:
        assert session.get(RequestDraft, "d") is None


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError, match=r"read-?only"):
        session.execute(text("DELETE FROM counters"))


def test_a_moment_comes_back_in_utc_whatever_its_zone(database: Database) -> None:
    nepal = timezone(timedelta(hours=5, minutes=45))
    with database.transaction() as session:
        session.add(draft(at=NOW.astimezone(nepal)))

    with database.reading() as session:
        read = session.get_one(RequestDraft, "d").created_at
        assert (read, read.tzinfo) == (NOW, UTC)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="zone"), database.transaction() as session:
        session.add(draft(at=NOW.replace(tzinfo=None)))


def test_json_keeps_the_order_of_its_keys(database: Database) -> None:
    with database.transaction() as session:
        row = draft()
        row.answers = {"zebra": 1, "ant": {"b": 1, "a": 2}}
        session.add(row)

    with database.reading() as session:
        answers = session.get_one(RequestDraft, "d").answers
        assert (list(answers), list(answers["ant"])) == (["zebra", "ant"], ["b", "a"])


def test_a_row_has_only_the_columns_of_its_table() -> None:
    with pytest.raises(TypeError, match="RequestDraft has no column persons"):
        RequestDraft(id="d", persons="a")


def test_a_row_is_filled_with_what_depends_on_its_columns_as_well() -> None:
    assert Case(id="c", subject="Journey to Élan").words == " journey to elan"


def test_numbers_are_given_out_once_and_without_gaps(database: Database) -> None:
    with database.transaction() as session:
        first = numbers.next_number(session, "TSC", now=NOW)
    with pytest.raises(RuntimeError), database.transaction() as session:
        numbers.next_number(session, "TSC", now=NOW)
        raise RuntimeError
    with database.transaction() as session:
        second, other = numbers.next_number(session, "TSC", now=NOW), numbers.next_number(session, "RSM", now=NOW)

    assert (first, second, other) == ("TSC-2026-000001", "TSC-2026-000002", "RSM-2026-000001")


def test_many_writers_wait_for_each_other_and_none_fails(database: Database) -> None:
    errors: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(5):
                with database.transaction() as session:
                    numbers.next_number(session, "TSC", now=NOW)
        except Exception as error:  # noqa: BLE001  whatever went wrong is what the test looks for
            errors.append(error)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert errors == []
    with database.reading() as session:
        assert session.scalars(select(Counter.value)).one() == 20


def test_a_lock_that_is_held_for_too_long_is_said_in_a_sentence(copy_database) -> None:
    database = Database(copy_database("sqlite", "empty"))
    impatient = Database(database.url)
    with database.transaction() as holder:
        holder.execute(text("SELECT 1"))

        def write() -> None:
            with impatient.engine.connect() as connection:
                connection.rollback()
            with impatient.transaction() as session:
                session.execute(text("SELECT 1"))

        from sqlalchemy import event

        event.listen(impatient.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=10").close())
        with pytest.raises(Busy):
            write()
    database.dispose()
    impatient.dispose()


@pytest.mark.parametrize("written", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_the_driver_that_is_installed_is_used_however_the_address_is_written(written: str) -> None:
    assert normal_url(written) == "postgresql+psycopg://h/d"


def test_a_deadlock_is_worth_another_try() -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    assert is_busy(DBAPIError("SELECT 1", {}, Deadlock()))
    assert not is_busy(DBAPIError("SELECT 1", {}, Exception()))


def test_a_commit_waits_for_the_disk_unless_the_database_is_thrown_away(copy_database) -> None:
    url = copy_database("sqlite", "empty")
    asked = {}
    for durable in (True, False):
        database = Database(url, durable=durable)
        with database.transaction() as writing, database.reading() as reading:
            asked[durable] = {session.scalar(text("PRAGMA synchronous")) for session in (writing, reading)}
        database.dispose()

    assert asked == {True: {2}, False: {0}}


def test_what_is_removed_is_no_longer_in_the_file(copy_database) -> None:
    url = copy_database("sqlite", "empty")
    file, found = Path(url.removeprefix("sqlite:///")), []

    for act in (
        lambda session: session.add_all(draft(f"{number}") for number in range(50)),
        lambda session: session.execute(text("DELETE FROM request_drafts")),
    ):
        database = Database(url)
        with database.transaction() as session:
            act(session)
        database.dispose()  # the last connection brings into the file what stands in the log
        found.append(file.read_bytes().count(b"kingfisher"))

    assert found == [50, 0]


def test_postgresql_never_compiles_a_query_to_machine_code(copy_database) -> None:
    database = Database(copy_database("postgresql", "empty"))

    with database.transaction() as writing, database.reading() as reading:
        assert [session.scalar(text("SHOW jit")) for session in (writing, reading)] == ["off", "off"]
    database.dispose()


def test_a_connection_to_postgresql_keeps_all_our_statements_ready(copy_database) -> None:
    database = Database(copy_database("postgresql", "empty"))

    with database.transaction() as writing, database.reading() as reading:
        drivers: list[Any] = [session.connection().connection.dbapi_connection for session in (writing, reading)]
        assert [driver.prepared_max for driver in drivers] == [MOST_STATEMENTS] * 2
    database.dispose()
