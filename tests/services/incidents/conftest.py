"""The demo world with all processes, for tests of what areas, incidents, crises, plans and delegations do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.database import Database
from tests.databases import FILLS
from tests.services.incidents.security import Security, fill_security

FILLS["security"] = fill_security


@pytest.fixture(params=["sqlite", "postgresql"])
def journeys(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Security]:
    """The processes on both kinds of database."""
    database = Database(copy_database(request.param, "security"))
    yield Security(database)
    database.dispose()


@pytest.fixture
def security(copy_database: Callable[[str, str], str]) -> Iterator[Security]:
    """The processes on SQLite alone, for what does not depend on the database."""
    database = Database(copy_database("sqlite", "security"))
    yield Security(database)
    database.dispose()
