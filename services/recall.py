"""What an act has read of a register it does not read again.

The operations of one act ask the same few things over and over: the lines of the case, the state of an area. Answers are kept for
the transaction, under the table that they come from, until a row of that table is added, removed, or changed by a statement. Rows
are the session's own, so what an operation changes in one is seen by all; a read that is kept therefore has to choose its rows by
columns that are never changed. Where the answer is not rows but what they say (`recall_said`), it is dropped as soon as any row
of its tables is written.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar, cast

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker
from sqlalchemy.sql.dml import UpdateBase

from services.models.base import Base

_Answer = TypeVar("_Answer")
_KEPT = "recalled"


def recall(session: Session, model: type[Base], key: Hashable, read: Callable[[], _Answer]) -> _Answer:
    """Return what `read` answered under this key before in the transaction, or ask it now."""
    if _come_and_gone(session, model.__tablename__):
        session.flush()
    return _recall(session, model.__tablename__, key, read)


def recall_said(session: Session, tables: frozenset[str], key: Hashable, read: Callable[[], _Answer]) -> _Answer:
    """Return what `read` answered before out of these tables, or ask it now; the caller has written the rows that wait."""
    return _recall(session, tables, key, read)


def _recall(session: Session, tables: str | frozenset[str], key: Hashable, read: Callable[[], _Answer]) -> _Answer:
    answers = session.info.setdefault(_KEPT, {}).setdefault(tables, {})
    if key not in answers:
        answers[key] = read()
    return cast("_Answer", answers[key])


def forget_what_changes(sessions: sessionmaker[Session]) -> None:
    """Let the sessions that write drop what they have kept as soon as it may no longer be so."""
    event.listen(sessions, "before_flush", _before_flush)
    event.listen(sessions, "do_orm_execute", _before_statement)
    event.listen(sessions, "after_commit", _forget_all)
    event.listen(sessions, "after_soft_rollback", lambda session, _transaction: _forget_all(session))


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    gone_or_new = {row.__tablename__ for row in (*session.new, *session.deleted)}
    _forget(session, gone_or_new, said=gone_or_new | {row.__tablename__ for row in session.dirty})


def _before_statement(state: ORMExecuteState) -> None:
    if isinstance(state.statement, UpdateBase):
        forget(state.session, cast("Table", state.statement.table).name)


def forget(session: Session, table: str) -> None:
    """Drop what was kept of a table: rows of it were written past the session."""
    _forget(session, {table}, said={table})


def _forget(session: Session, rows: AbstractSet[str], *, said: AbstractSet[str]) -> None:
    """Drop the rows of some tables, and what the rows of some have said."""
    kept = session.info.get(_KEPT, {})
    for tables in list(kept):
        if tables in rows if isinstance(tables, str) else not tables.isdisjoint(said):
            del kept[tables]


def _forget_all(session: Session) -> None:
    session.info.pop(_KEPT, None)


def _come_and_gone(session: Session, table: str) -> bool:
    return table in [row.__tablename__ for row in (*session.new, *session.deleted)]
