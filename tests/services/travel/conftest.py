"""The travel clearance process, published on the demo world, for tests of what its operations and events do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.database import Database
from tests.databases import FILLS
from tests.services.travel.journeys import Journeys, fill_travel

FILLS["travel"] = fill_travel


@pytest.fixture(params=["sqlite", "postgresql"])
def journeys(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Journeys]:
    """The process on both kinds of database."""
    database = Database(copy_database(request.param, "travel"))
    yield Journeys(database)
    database.dispose()


@pytest.fixture
def embedded_journeys(copy_database: Callable[[str, str], str]) -> Iterator[Any]:
    """The process on SQLite alone, for what does not depend on the database."""
    database = Database(copy_database("sqlite", "travel"))
    yield Journeys(database)
    database.dispose()
