"""Rows that wait are written when a statement has to see them, and not before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, event, func, insert, select, text
from sqlalchemy.orm import Session

from services.database import Database
from services.models.areas import Area
from services.models.base import new_id
from services.models.ceilings import CeilingEntry
from services.models.clearances import KpiEvent
from services.pending import tables_of
from services.prepared import Prepared
from services.recall import recall

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
KIND = {"kind": "RESERVE", "quantity": 1, "at": NOW}
EVENTS = select(func.count()).select_from(KpiEvent)


@pytest.fixture
def flushed() -> list[str]:
    """Tell which tables were written, in order."""
    return []


@pytest.fixture
def session(database: Database, flushed: list[str]) -> Iterator[Session]:
    """Open a session in which somebody counts what is written."""
    with database.transaction() as opened:

        @event.listens_for(opened, "before_flush")
        def _note(writing: Session, *_: object) -> None:
            flushed.extend(sorted(row.__tablename__ for row in writing.new))

        yield opened


def count(name: str) -> KpiEvent:
    return KpiEvent(id=new_id(), name=name, at=NOW, facts={})


def area(code: str) -> Area:
    return Area(code=code, name={"en": code}, kind="FIELD_CAPITAL", location_class="FIELD", zone="UTC", phase="ESTABLISHED")


def place(code: str) -> CeilingEntry:
    return CeilingEntry(
        id=new_id(), area=code, night=NOW.date(), unit_key="U-1", kind="RESERVE", quantity=1, organisation=None, at=NOW
    )


def test_a_query_sees_what_waits_in_the_table_that_it_reads(session: Session, flushed: list[str]) -> None:
    session.add(count("first"))

    assert session.scalar(EVENTS) == 1
    assert flushed == ["kpi_events"]


def test_a_query_of_another_table_writes_nothing(session: Session, flushed: list[str]) -> None:
    session.add(count("first"))

    assert session.scalar(select(func.count()).select_from(CeilingEntry)) == 0
    assert flushed == []


def test_what_was_changed_or_removed_is_seen_as_well(session: Session) -> None:
    row = count("first")
    session.add(row)
    session.flush()

    row.name = "second"
    assert session.scalar(select(KpiEvent.name)) == "second"
    session.delete(row)
    assert session.scalar(EVENTS) == 0


def test_a_query_that_names_no_tables_sees_everything(session: Session) -> None:
    session.add(count("first"))

    assert session.scalar(text("SELECT count(*) FROM kpi_events")) == 1


def test_a_row_that_is_put_in_by_a_statement_finds_the_row_that_it_refers_to(session: Session) -> None:
    session.add(area("XX-CAP"))

    session.execute(insert(CeilingEntry.__table__), [{"id": "e", "area": "XX-CAP", "night": NOW.date(), "unit_key": "U", **KIND}])

    assert session.scalar(select(CeilingEntry.area)) == "XX-CAP"


def test_a_row_is_written_before_those_that_refer_to_it_and_removed_after_them(session: Session) -> None:
    station, entry = area("XX-CAP"), place("XX-CAP")
    session.add_all((entry, station))

    assert session.scalars(select(CeilingEntry)).all() == [entry]

    session.delete(station)
    session.delete(entry)
    assert session.scalars(select(Area.code)).all() == []


def test_tables_inside_subqueries_and_unions_count() -> None:
    inner = select(Area.code).where(Area.code.in_(select(CeilingEntry.area)))

    assert tables_of(select(func.count()).select_from(inner.union(select(KpiEvent.area)).subquery())) == {
        "areas",
        "ceiling_ledger",
        "kpi_events",
    }


def test_what_was_read_is_kept_until_a_row_comes_or_goes(session: Session) -> None:
    asked = []

    def read() -> int:
        asked.append(1)
        return session.scalar(select(func.count()).select_from(CeilingEntry)) or 0

    def places() -> int:
        return recall(session, CeilingEntry, "all", read)

    session.add(area("XX-CAP"))
    session.flush()
    assert (places(), places(), len(asked)) == (0, 0, 1)

    entry = place("XX-CAP")
    session.add(entry)
    assert (places(), places(), len(asked)) == (1, 1, 2)

    session.delete(entry)
    assert (places(), len(asked)) == (0, 3)

    session.execute(insert(CeilingEntry.__table__), [{"id": "e", "area": "XX-CAP", "night": NOW.date(), "unit_key": "U", **KIND}])
    assert (places(), len(asked)) == (1, 4)


def test_what_rows_say_is_kept_until_one_of_them_is_written(session: Session) -> None:
    kinds = Prepared(lambda: select(CeilingEntry.kind))
    entry = place("XX-CAP")
    session.add_all((area("XX-CAP"), entry))
    said = kinds.recall(session)
    assert [row.kind for row in said] == ["RESERVE"]
    assert kinds.recall(session) is said

    entry.kind = "RELEASE"
    assert [row.kind for row in kinds.recall(session)] == ["RELEASE"]

    session.execute(delete(CeilingEntry.__table__))
    assert kinds.recall(session) == []


def test_rows_that_the_caller_looks_at_need_not_be_written(session: Session) -> None:
    names = Prepared(lambda: select(KpiEvent.name))
    session.add(count("first"))

    assert names.recall(session, beside=frozenset({"kpi_events"})) == []
    session.flush()
    assert [row.name for row in names.recall(session)] == ["first"]


def test_nothing_is_kept_beyond_a_savepoint_that_is_undone_or_a_commit(session: Session) -> None:
    def places() -> int:
        return recall(session, CeilingEntry, "all", lambda: session.scalar(select(func.count()).select_from(CeilingEntry)) or 0)

    session.add(area("XX-CAP"))
    session.flush()
    savepoint = session.begin_nested()
    session.add(place("XX-CAP"))
    assert places() == 1
    savepoint.rollback()
    assert places() == 0

    session.commit()
    assert "recalled" not in session.info
