"""Rows that wait to be written are written when a statement needs them: what an act reads, it reads as it has left it.

SQLAlchemy's own `autoflush` writes everything before every query. An act asks dozens of registers and changes rows of a few; each
write apart costs as much as several queries. So a session is flushed only when a table that a statement reads, or refers to,
has rows that wait.

Of what is written at once, a row is there before those that refer to it. SQLAlchemy knows that of relationships only, and each
costs something whenever anything is written; we have hardly any, and tell it of the foreign keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Table, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction, sessionmaker
from sqlalchemy.orm.unitofwork import _DeleteAll, _SaveUpdateAll
from sqlalchemy.sql.dml import Insert

_Saved: Any = _SaveUpdateAll
_Removed: Any = _DeleteAll
#: The tables of statements that are kept in a module and asked again and again.
_TABLES: WeakKeyDictionary[Executable, frozenset[str]] = WeakKeyDictionary()


def tables_of(statement: Executable) -> frozenset[str]:
    """Return the names of the tables that a statement reads or writes; one that is given as text names none."""
    known = _TABLES.get(statement)
    if known is None:
        known = _TABLES[statement] = frozenset(_find_tables(statement))
    return known


def write_what_is_read(sessions: sessionmaker[Session]) -> None:
    """Let the sessions that write do so before a statement that has to see it, and what is referred to first."""
    event.listen(sessions, "do_orm_execute", _before_statement)
    event.listen(sessions, "before_flush", _before_flush)


def _before_statement(state: ORMExecuteState) -> None:
    if waiting := pending_tables(state.session):
        _flush_read(state.session, waiting, tables_of(state.statement))
    if isinstance(state.statement, Insert):
        write_referred(state.session, cast("Table", state.statement.table))


def write_referred(session: Session, table: Table) -> None:
    """Write what waits when rows that are about to be added to a table may refer to some of it."""
    if session.new:
        referred = {key.column.table.name for key in table.foreign_keys}
        if not referred.isdisjoint([row.__tablename__ for row in session.new]):
            session.flush()


def flush_tables(session: Session, names: AbstractSet[str]) -> None:
    """Write what waits when some of it belongs to one of these tables; without names anything does."""
    _flush_read(session, pending_tables(session), names)


def _flush_read(session: Session, waiting: AbstractSet[str], names: AbstractSet[str]) -> None:
    if waiting and (not names or not waiting.isdisjoint(names)):
        session.flush()


def pending_tables(session: Session) -> set[str]:
    """Return the tables whose rows wait to be written."""
    return {row.__tablename__ for rows in (session.new, session.dirty, session.deleted) for row in rows}


def _before_flush(session: Session, writing: UOWTransaction, _instances: Any) -> None:
    mappers = frozenset(type(row).__mapper__ for rows in (session.new, session.dirty, session.deleted) for row in rows)
    for referred, referring in _referring(mappers):
        first, then = _Saved(writing, referred), _Saved(writing, referring)
        last = _Removed(writing, referred)
        writing.dependencies.update(((first, then), (then, last), (_Removed(writing, referring), last)))


@cache
def _referring(mappers: frozenset[Mapper[Any]]) -> list[tuple[Mapper[Any], Mapper[Any]]]:
    """Return, of the mappers of some rows, each two of which the second's table refers to the first's."""
    of_table = {mapper.local_table: mapper for mapper in mappers}
    keys = (
        (of_table.get(key.column.table), mapper) for mapper in mappers for key in cast("Table", mapper.local_table).foreign_keys
    )
    return [(referred, mapper) for referred, mapper in dict.fromkeys(keys) if referred is not None and referred is not mapper]


def _find_tables(statement: Executable) -> Iterable[str]:
    # Each part once: one that is named in several places would be gone through again at each, with all that is in it.
    seen: dict[int, Any] = {}
    waiting: list[Any] = [statement]
    while waiting:
        element = waiting.pop()
        if id(element) in seen:
            continue
        seen[id(element)] = element
        if isinstance(element, Table):
            yield element.name
        waiting.extend(element.get_children())
