"""What is handed to the driver of a database, by SQLAlchemy or past it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine

from services.database import Database

Watch = Callable[[str], None]


def watch_statements(
    asked: Database | Engine | Connection, before: Watch | None = None, *, after: Watch | None = None
) -> Callable[[], None]:
    """Call these before and after each statement, BEGIN excepted; answers what ends it. What began last has to end first.

    It is the dialect that is watched, for all threads: both engines of a database share theirs on PostgreSQL and not on SQLite.
    """
    binds = (asked.engine, asked.reading_engine) if isinstance(asked, Database) else (asked,)
    dialects = {id(bind.dialect): bind.dialect for bind in binds}.values()
    ways = [(dialect, name, getattr(dialect, name)) for dialect in dialects for name in ("do_execute", "do_executemany")]

    def watched(way: Callable[..., None]) -> Callable[..., None]:
        def execute(cursor: Any, statement: str, *more: Any) -> None:
            if before is not None:
                before(statement)
            way(cursor, statement, *more)
            if after is not None:
                after(statement)

        return execute

    for dialect, name, way in ways:
        setattr(dialect, name, watched(way))

    def end() -> None:
        for dialect, name, way in ways:
            setattr(dialect, name, way)

    return end
