"""What SQLAlchemy has learnt about a statement on one database serves all databases of that kind in the process.

SQLAlchemy keeps compiled statements by dialect, and every engine has a dialect of its own: the reading and the writing engine of
one file would compile each statement twice, and each world that a scenario is told in all of them anew, which costs several times
what the statements do.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

#: Compiled statements; more than there are in all processes and pages.
COMPILED: LRUCache[Any, Any] = LRUCache(5_000)


class _Alike:
    """A dialect that is equal to every other of its kind."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


class AlikeSQLite(_Alike, SQLiteDialect_pysqlite):
    """SQLite by the driver of the standard library, which is told how transactions begin.

    An engine with a listener for its beginnings would look for listeners at each statement.
    """

    supports_statement_cache = True

    def __init__(self, begin: str = "BEGIN", **settings: Any) -> None:
        super().__init__(**settings)
        self._begin = begin

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction."""
        dbapi_connection.execute(self._begin).close()


class AlikePostgreSQL(_Alike, PGDialect_psycopg):
    """PostgreSQL by psycopg."""

    supports_statement_cache = True


for _driver in ("sqlite", "postgresql"):
    registry.register(f"{_driver}.alike", __name__, AlikeSQLite.__name__ if _driver == "sqlite" else AlikePostgreSQL.__name__)


def address_of(url: str) -> URL:
    """Return an address that SQLAlchemy opens with a dialect of this module."""
    made = make_url(url)
    return made.set(drivername=f"{made.get_backend_name()}+alike")
