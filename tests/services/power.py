"""A machine that stops at a statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

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
