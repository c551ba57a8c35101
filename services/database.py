"""The one door to the database: a writing and a reading transaction, on SQLite or PostgreSQL.

SQLite is opened with a write-ahead log and `synchronous=FULL`; a writing transaction begins with BEGIN IMMEDIATE, because a
deferred one would find out at its first write that somebody else was quicker and fail with a raw "database is locked".

PostgreSQL is asked not to compile queries to machine code (`jit=off`): the queries of authority are long and touch few rows, and
compiling one takes seconds where running it takes milliseconds, as soon as the tables have statistics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from services import journal, pending, recall
from services.dialects import COMPILED, address_of
from services.errors import Busy, StaleRevision
from services.faults import fault
from workflows.json_text import write_json

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
BUSY_TIMEOUT_MS = 10_000
#: So many statements each connection keeps ready, where a hundred is usual: more than there are in our acts and pages. To get the
#: longest ready takes SQLite eighty times as long as to run it.
MOST_STATEMENTS = 1_000
#: Set in the `info` of a session whose commit gives the event bus something to do.
POSTED = "bus.posted"
# What two acts at the same moment may both try to add; the next try of the second finds what the first has done.
_ADDED_TWICE = frozenset(
    {
        "uq_audit_actor_idempotency_key",  # the same form sent twice
        "uq_cases_process_key_once_key_open",  # two cases about the same
        "pk_event_receipts",  # the same event told by two workers
        "pk_daily_rounds",
        "uq_support_contacts_incident_person",  # the same contact noted by two counsellors
    }
)
_LEARNT = {"compiled_cache": COMPILED}
_BUSY_STATES = frozenset({"40001", "40P01", "55P03", "57014"})  # serialization, deadlock, lock not available, cancelled


def normal_url(url: str) -> str:
    """Name the driver that is installed, whichever way the address was written."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


class Database:
    """A database by its address; makes sessions and keeps the connection pools.

    Attributes:
        on_posted: Called after a commit that has given the event bus something to do.
    """

    def __init__(self, url: str, *, pool_size: int = 5, durable: bool = True) -> None:
        """Prepare the engines; nothing connects before the first transaction.

        Args:
            durable: Whether a commit waits for the disk. Only a database that is thrown away soon can do without; PostgreSQL says
                that in its own settings.
        """
        self.url = normal_url(url)
        self.dialect = make_url(self.url).get_backend_name()
        if self.dialect == "sqlite":
            synchronous = "synchronous=FULL" if durable else "synchronous=OFF"
            self.engine = _sqlite_engine(self.url, "BEGIN IMMEDIATE", pool_size, synchronous)
            self.reading_engine = _sqlite_engine(self.url, "BEGIN DEFERRED", pool_size, synchronous, "query_only=ON")
        else:
            self.engine = _postgresql_engine(self.url, pool_size)
            self.reading_engine = self.engine.execution_options(postgresql_readonly=True)
        self.on_posted: Callable[[], None] = _nobody
        self._writing = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        for listen in (pending.write_what_is_read, recall.forget_what_changes, journal.note_what_changes):
            listen(self._writing)
        self._reading = sessionmaker(self.reading_engine, expire_on_commit=False, autoflush=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a writing transaction: one commit at the end, everything undone on any error.

        Raises:
            Busy: Another writer held the lock for too long.
            StaleRevision: A row changed between reading and writing.
        """
        with self._writing() as session:
            try:
                yield session
                session.flush()
                fault("commit.before")
                session.commit()
                posted = session.info.pop(POSTED, False)
            except StaleDataError as error:
                session.rollback()
                raise StaleRevision from error
            except DBAPIError as error:
                session.rollback()
                if is_busy(error):
                    raise Busy from error
                raise
            except BaseException:
                session.rollback()
                raise
        fault("commit.after")
        if posted:
            self.on_posted()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; on SQLite it never waits for a writer."""
        with self._reading() as session:
            yield session
            # Nothing is kept. But after a rollback psycopg forgets the statements that it has prepared, and PostgreSQL would plan
            # each of our long ones anew on every page.
            session.expunge_all()
            session.commit()

    @contextmanager
    def rehearsal(self) -> Iterator[Session]:
        """Open a transaction in which something is tried out: it is undone at the end whatever happens, and cannot be committed.

        On SQLite it holds the lock of a writer meanwhile, so what is tried out has to be short.

        Raises:
            Busy: Another writer held a lock for too long.
        """
        with self._writing() as session:
            event.listen(session, "before_commit", _refuse_commit)
            try:
                yield session
            except DBAPIError as error:
                if is_busy(error):
                    raise Busy from error
                raise
            finally:
                session.rollback()

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()
        if self.dialect == "sqlite":
            self.reading_engine.dispose()


def _nobody() -> None:
    """Nobody wants to know."""


def _refuse_commit(session: Session) -> None:
    if session.in_nested_transaction():  # the end of a savepoint is told in the same way
        return
    message = "What is tried out is never committed."
    raise RuntimeError(message)


def is_busy(error: DBAPIError) -> bool:
    """Say whether trying again later can help."""
    if isinstance(error, OperationalError) and "database is locked" in str(error.orig):
        return True
    if getattr(getattr(error.orig, "diag", None), "constraint_name", None) in _ADDED_TWICE:
        return True
    return getattr(error.orig, "sqlstate", None) in _BUSY_STATES


def _write_column(value: Any) -> str:
    return write_json(value).decode()


def _sqlite_engine(url: str, begin: str, pool_size: int, *more_pragmas: str) -> Engine:
    engine = create_engine(
        address_of(url),
        begin=begin,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"cached_statements": MOST_STATEMENTS},
        execution_options=_LEARNT,
        json_serializer=_write_column,
    )
    busy = f"busy_timeout={BUSY_TIMEOUT_MS}"
    # What is removed is overwritten: SQLite leaves it in the file otherwise, until something else happens to come there.
    pragmas = ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON", busy, *more_pragmas)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _postgresql_engine(url: str, pool_size: int) -> Engine:
    settings = {
        "timezone": "UTC",
        "jit": "off",
        "lock_timeout": str(BUSY_TIMEOUT_MS),
        "idle_in_transaction_session_timeout": "60000",
    }
    engine = create_engine(
        address_of(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in settings.items())},
        execution_options=_LEARNT,
        json_serializer=_write_column,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.prepared_max = MOST_STATEMENTS

    return engine


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the tables of a database to the newest shape; does nothing where they have it."""
    _migrate(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Take the tables of a database back to an older shape."""
    _migrate(url, lambda config: command.downgrade(config, revision))


def _migrate(url: str, act: Callable[[Config], None]) -> None:
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.set_main_option("path_separator", "os")
            act(config)
            connection.commit()
    finally:
        database.dispose()
