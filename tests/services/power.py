"""A machine that stops at a statement, and a database on which nothing lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from services.database import Database
from tests.statements import watch_statements


class PowerFailure(Exception):
    """The machine stops here."""


def fail_at(database: Database, number: int, when: str) -> Callable[[], None]:
    """Let the given statement fail, "before" or "after" the database has carried it out; answers what ends it."""
    seen = 0

    def count(_statement: str) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise PowerFailure

    return watch_statements(database.engine, **{when: count})


class Rehearsed(Database):
    """A database that takes every act and keeps none: what is asked there is compiled for whoever is forked afterwards."""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write everything, and undo it."""
        with self.rehearsal() as session:
            yield session
            session.flush()
