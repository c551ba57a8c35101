"""Both residential processes, published on the demo world, for tests of registers, operations and payments."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.database import Database
from tests.databases import FILLS
from tests.services.residences.homes import Homes, fill_homes

FILLS["homes"] = fill_homes


@pytest.fixture(params=["sqlite", "postgresql"])
def homes(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Homes]:
    """The processes on both kinds of database."""
    database = Database(copy_database(request.param, "homes"))
    yield Homes(database)
    database.dispose()


@pytest.fixture
def embedded_homes(copy_database: Callable[[str, str], str]) -> Iterator[Homes]:
    """The processes on SQLite alone, for what does not depend on the database."""
    database = Database(copy_database("sqlite", "homes"))
    yield Homes(database)
    database.dispose()
