"""A machine that stops at a statement, and a database on which nothing lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from services.database import Database


class PowerFailure(Exception):
    """The machine stops here."""


def fail_at(database: Database, number: int, when: str) -> Callable[[], None]:
    """Let the given statement fail, before or after the database has carried it out; answers what ends it."""
    seen = 0

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        if not statement.startswith("BEGIN"):
            seen += 1
            if seen == number:
                raise PowerFailure

    event.listen(database.engine, when, count)
    return lambda: event.remove(database.engine, when, count)


class Rehearsed(Database):
    """A database that takes every act and keeps none: what is asked there is compiled for whoever is forked afterwards."""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write everything, and undo it."""
        with self.rehearsal() as session:
            yield session
            session.flush()
