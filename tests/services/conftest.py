"""A published process on a database with people, for tests of the machinery of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.database import Database
from tests.databases import FILLS
from tests.services.leave import Leave, fill_leave
from tests.services.watching import Watches, fill_people

CONTENT = "leave"
FILLS[CONTENT] = fill_leave
FILLS["people"] = fill_people


@pytest.fixture(params=["sqlite", "postgresql"])
def leave(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Leave]:
    """The leave process on both kinds of database."""
    database = Database(copy_database(request.param, CONTENT))
    yield Leave(database=database)
    database.dispose()


@pytest.fixture
def embedded_leave(copy_database: Callable[[str, str], str]) -> Iterator[Leave]:
    """The leave process on SQLite alone, for what does not depend on the database."""
    database = Database(copy_database("sqlite", CONTENT))
    yield Leave(database=database)
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def watches(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Watches]:
    """Processes that hear of each other, on both kinds of database."""
    database = Database(copy_database(request.param, "people"))
    yield Watches(database=database)
    database.dispose()


@pytest.fixture
def embedded_watches(copy_database: Callable[[str, str], str]) -> Iterator[Watches]:
    """The same on SQLite alone, for what does not depend on the database."""
    database = Database(copy_database("sqlite", "people"))
    yield Watches(database=database)
    database.dispose()
