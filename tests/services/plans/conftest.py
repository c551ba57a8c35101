"""The process of crisis plans, published on the demo world."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.database import Database
from tests.databases import FILLS
from tests.services.plans.cycles import Cycles, fill_plans

FILLS["plans"] = fill_plans


@pytest.fixture(params=["sqlite", "postgresql"])
def cycles(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Cycles]:
    """The process on both kinds of database."""
    database = Database(copy_database(request.param, "plans"))
    yield Cycles(database)
    database.dispose()


@pytest.fixture
def embedded_cycles(copy_database: Callable[[str, str], str]) -> Iterator[Cycles]:
    """The process on SQLite alone, for what does not depend on the database."""
    database = Database(copy_database("sqlite", "plans"))
    yield Cycles(database)
    database.dispose()
