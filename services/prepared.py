"""Statements that are asked again and again: compiled once per kind of database, then handed to the driver as text.

SQLAlchemy goes through every parameter and every list of a statement at each call. For the queries of authority, which have
dozens of both, that takes several times as long as the database does. And of each row that is added through a session it keeps
an object whose changes it watches; for what is only ever added, that is four fifths of the time.

The driver is asked itself, on the connection and in the transaction of the session: what SQLAlchemy does around a finished text
takes longer than most of these questions. Its events of statements do not tell of them. Errors are SQLAlchemy's all the same.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services import journal, pending, recall
from services.models.base import Base

#: A row of an answer: a named tuple of the columns. What each is, only the query knows.
PreparedRow = Any
_Processor = Callable[[Any], Any] | None


@dataclass(slots=True)
class _Text:
    """A statement as one kind of database takes it, with what is fixed in it. What makes its rows, its first answer tells."""

    sql: str
    fixed: Mapping[str, Any]
    processors: Mapping[str, _Processor]
    tables: frozenset[str]
    order: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None
    row: Callable[[Iterable[Any]], PreparedRow] | None = None

    def fill(self, asked: Mapping[str, Any]) -> Any:
        values = dict(self.fixed)
        for name, value in asked.items():
            if name in values:
                process = self.processors[name]
                values[name] = value if process is None or value is None else process(value)
        return values if self.order is None else self.order(values)


class Prepared:
    """A query with named parameters. Its columns come back as the driver gives them: texts, numbers, and truth as 0 or 1."""

    def __init__(self, build: Callable[[], Select[*tuple[Any, ...]]]) -> None:
        """Keep how the query is built; that happens at the first call."""
        self._build = build
        self._texts: dict[str, _Text] = {}

    def rows(self, session: Session, **asked: Any) -> list[PreparedRow]:
        """Ask with these parameters; one that the query does not have is passed over."""
        text = self._text(session)
        pending.flush_tables(session, text.tables)
        return _ask(session, text, asked)

    def recall(self, session: Session, *, beside: AbstractSet[str] = frozenset(), **asked: Any) -> list[PreparedRow]:
        """Return what was answered to the same before in this transaction, when nothing was written since that it asks about.

        Args:
            beside: Tables whose rows need not be written before: the caller looks at those that wait.
        """
        text = self._text(session)
        if needed := text.tables - beside:
            pending.flush_tables(session, needed)
        return recall.recall_said(session, text.tables, (self, *asked.items()), lambda: _ask(session, text, asked))

    def _text(self, session: Session) -> _Text:
        dialect = session.get_bind().dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _compile(self._build(), dialect)
        return text


class PreparedInsert:
    """Rows of a table that no act changes again, written at once; a column that a row does not give stays empty."""

    def __init__(self, model: type[Base], *, unless_known: str | None = None) -> None:
        """Keep which table it is, and a column: a row whose value there another row has is left out."""
        self._table = cast("Table", model.__table__)
        self._unless_known = unless_known
        self._texts: dict[str, _Text] = {}

    def add(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        """Add rows, after those that they may refer to."""
        if not rows:
            return
        pending.write_referred(session, self._table)
        journal.note_rows(session, self._table, rows)
        recall.forget(session, self._table.name)
        dialect = session.get_bind().dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _compile_insert(self._table, self._unless_known, dialect)
        connection = session.connection()
        cursor = connection.connection.cursor()
        try:
            connection.dialect.do_executemany(cursor, text.sql, [text.fill(row) for row in rows])
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_of_sqlalchemy(error, text.sql, connection) from error
        cursor.close()


def _ask(session: Session, text: _Text, asked: Mapping[str, Any]) -> list[PreparedRow]:
    connection = session.connection()
    cursor = connection.connection.cursor()
    try:
        connection.dialect.do_execute(cursor, text.sql, text.fill(asked))
        found = cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_of_sqlalchemy(error, text.sql, connection) from error
    if found and text.row is None:
        named = cast("Any", namedtuple)  # noqa: PYI024  the names are known only now
        text.row = named("PreparedRow", [column[0] for column in cursor.description])._make
    cursor.close()
    return list(map(text.row, found)) if text.row is not None else []


def _as_of_sqlalchemy(error: Exception, sql: str, connection: Connection) -> BaseException:
    """Return the error that SQLAlchemy would raise for one of the driver; a connection that broke is not used again."""
    dialect = connection.dialect
    if dialect.is_disconnect(cast("Any", error), connection.connection, None):
        connection.invalidate(error)
    return DBAPIError.instance(sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect)


def _compile_insert(table: Table, unless_known: str | None, dialect: Dialect) -> _Text:
    columns = table.columns.keys()
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect.name](table)
    if unless_known is not None:
        insert = insert.on_conflict_do_nothing(index_elements=[unless_known])
    compiled = insert.compile(dialect=dialect, column_keys=columns)
    processors = {column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns}
    return _Text(str(compiled), dict.fromkeys(columns), processors, frozenset(), _order(compiled.positiontup))


def _compile(query: Select[*tuple[Any, ...]], dialect: Dialect) -> _Text:
    for bind in query.compile(dialect=dialect).binds.values():
        # What never changes is written out: databases compare with lists that they prepared, and there is less to hand over.
        bind.literal_execute = not bind.required
    compiled = query.compile(dialect=dialect)
    asked = {bind.key: None for bind in compiled.binds.values() if bind.required}
    state = compiled.construct_expanded_state(asked)
    processors = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    fixed = {name: _process(processors.get(name), value) for name, value in state.parameters.items()}
    return _Text(state.statement, fixed, processors, pending.tables_of(query), _order(state.positiontup))


def _order(names: Sequence[str] | None) -> Callable[[Mapping[str, Any]], tuple[Any, ...]] | None:
    """Return what puts values by name into the order in which the statement asks for them, when it does."""
    if names is None:
        return None
    return itemgetter(*names) if len(names) > 1 else lambda values: tuple(values[name] for name in names)


def _process(processor: _Processor, value: Any) -> Any:
    return value if processor is None or value is None else processor(value)
