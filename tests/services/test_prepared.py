"""Rows that are added at once, past the session: all that a session does for its rows holds for them as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services import journal
from services.database import Database
from services.models.areas import Area
from services.models.ceilings import CeilingEntry
from services.models.clearances import KpiEvent
from services.prepared import PreparedInsert
from services.recall import recall

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
COUNTED = PreparedInsert(KpiEvent)
PLACES = PreparedInsert(CeilingEntry)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Open a session that writes."""
    with database.transaction() as opened:
        yield opened


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
