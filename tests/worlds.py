"""Fixtures of published processes on a database: the same world for every test that asks for it, each in a copy of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from services.database import Database
from tests.databases import FILLS

World = TypeVar("World")
BOTH = ("sqlite", "postgresql")
EMBEDDED = ("sqlite",)


def world_fixture(content: str, fill: Callable[[str], None], make: Callable[..., World], *, kinds: tuple[str, ...]):
    """Make a fixture that opens a world.

    Args:
        content: The name of the template database.
        fill: What fills the template, given its address.
        make: What speaks for the world in tests.
        kinds: The databases on which a test runs that asks for it; SQLite alone where the database makes no difference.
    """
    FILLS[content] = fill

    @pytest.fixture(params=kinds)
    def world(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[World]:
        database = Database(copy_database(request.param, content), durable=False)
        yield make(database=database)
        database.dispose()

    return world
