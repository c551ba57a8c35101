"""The risk assessment process, published on the demo world."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.database import Database
from tests.databases import FILLS
from tests.services.assessments.stories import Stories, fill_assessments

FILLS["assessments"] = fill_assessments


@pytest.fixture(params=["sqlite", "postgresql"])
def stories(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Stories]:
    """The process on both kinds of database."""
    database = Database(copy_database(request.param, "assessments"))
    yield Stories(database)
    database.dispose()


@pytest.fixture
def embedded(copy_database: Callable[[str, str], str]) -> Iterator[Stories]:
    """The process on SQLite alone, for what does not depend on the database."""
    database = Database(copy_database("sqlite", "assessments"))
    yield Stories(database)
    database.dispose()
