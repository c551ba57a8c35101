"""What is asked and added past SQLAlchemy: all that a session does for its rows holds, and errors are the same as ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Integer, String, bindparam, cast, func, literal, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from services import journal
from services.database import Database
from services.errors import Busy
from services.models.areas import Area
from services.models.ceilings import CeilingEntry
from services.models.clearances import KpiEvent
from services.prepared import Prepared, PreparedInsert
from services.recall import recall

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
COUNTED = PreparedInsert(KpiEvent)
PLACES = PreparedInsert(CeilingEntry)
NAMED = Prepared(lambda: select(KpiEvent.id, KpiEvent.area.label("there")).where(KpiEvent.name == bindparam("named")))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Open a session that writes."""
    with database.transaction() as opened:
        yield opened


@pytest.fixture
def postgresql_database(copy_database: Callable[[str, str], str]) -> Iterator[Database]:
    """Open an empty database on the kind whose server can end a question and a connection."""
    opened = Database(copy_database("postgresql", "empty"))
    yield opened
    opened.dispose()


def counted(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "at": NOW, "facts": {}, **more}


def place(key: str) -> dict[str, Any]:
    return {"id": key, "area": "XX-CAP", "night": NOW.date(), "unit_key": "U-1", "kind": "RESERVE", "quantity": 1, "at": NOW}


def area() -> Area:
    return Area(code="XX-CAP", name={}, kind="FIELD_CAPITAL", location_class="FIELD", zone="UTC", phase="ESTABLISHED")


def test_what_is_added_at_once_comes_back_as_it_was_given(session: Session) -> None:
    COUNTED.add(session, [counted("first", facts={"b": [1, None], "a": "é"}), counted("second", area="XX-CAP")])

    first, second = session.scalars(select(KpiEvent).order_by(KpiEvent.name))

    assert (first.at, first.facts, first.area, first.case_id) == (NOW, {"b": [1, None], "a": "é"}, None, None)
    assert (second.name, second.area, second.facts) == ("second", "XX-CAP", {})


def test_what_it_refers_to_is_written_before(session: Session) -> None:
    session.add(area())

    PLACES.add(session, [place("one")])

    assert session.scalars(select(CeilingEntry.area)).all() == ["XX-CAP"]


def test_nothing_that_was_kept_of_its_table_is_kept(session: Session) -> None:
    def places() -> int:
        return recall(session, CeilingEntry, "all", lambda: session.scalar(select(func.count()).select_from(CeilingEntry)) or 0)

    session.add(area())
    session.flush()
    assert places() == 0

    PLACES.add(session, [place("one"), place("two")])

    assert places() == 2


def test_what_an_act_adds_at_once_is_noted(session: Session) -> None:
    session.add(area())

    with journal.watching(session) as changes:
        PLACES.add(session, [place("one")])

    (noted,) = [row for row in changes.rows if row.table == "ceiling_ledger"]
    assert (noted.key, noted.before, noted.after) == ({"id": "one"}, None, place("one"))
    assert journal.put_back(session, [noted]) is None
    assert session.scalars(select(CeilingEntry.id)).all() == []


def test_a_row_that_says_what_another_has_said_is_left_out(session: Session) -> None:
    once = PreparedInsert(KpiEvent, unless_known="id")

    once.add(session, [counted("first", area="XX-CAP")])
    once.add(session, [counted("first", area="XX-NOR")])

    assert session.scalars(select(KpiEvent.area)).all() == ["XX-CAP"]


def test_rows_of_an_answer_have_the_names_of_the_columns(session: Session) -> None:
    COUNTED.add(session, [counted("first", area="XX-CAP")])

    assert NAMED.rows(session, named="second") == []
    (row,) = NAMED.rows(session, named="first")

    assert (row.id, row.there) == row == ("first", "XX-CAP")


def test_what_breaks_a_rule_is_told_as_sqlalchemy_tells_it(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        COUNTED.add(session, [counted("first"), counted("first")])

    with database.transaction() as session:
        assert NAMED.rows(session, named="first") == []


def test_a_question_that_fails_is_told_as_sqlalchemy_tells_it(session: Session) -> None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    given = bindparam("given", type_=String)
    number = Prepared(lambda: select(func.json(given) if is_sqlite else cast(given, Integer)))

    with pytest.raises(DBAPIError):
        number.rows(session, given="{")


def test_a_question_that_is_cancelled_can_be_asked_again(postgresql_database: Database) -> None:
    asleep = Prepared(lambda: select(func.pg_sleep(literal(600))))

    with pytest.raises(Busy), postgresql_database.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 1"))
        asleep.rows(session)

    with postgresql_database.transaction() as session:
        assert NAMED.rows(session, named="first") == []


def test_a_connection_that_broke_is_not_used_again(postgresql_database: Database) -> None:
    with postgresql_database.transaction() as session:
        connection = session.connection()
        pid = session.scalar(select(func.pg_backend_pid()))
        with postgresql_database.engine.connect() as other:
            other.execute(select(func.pg_terminate_backend(pid, 5_000)))
        with pytest.raises(OperationalError, match="terminating connection"):
            NAMED.rows(session, named="first")
        assert connection.invalidated
        session.rollback()

        assert NAMED.rows(session, named="first") == []
