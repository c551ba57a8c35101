"""What an act changes, row by row, so that it can be taken back.

While an act runs, every flush and every bulk statement of its session is noted: the rows that it added, changed and removed, with
what stood there before and after. What is kept for ever (decisions, audit) is left out, and so is what is put right by its own
rules when an act is taken back: the case's state, its tasks, its notices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, event, inspect, select
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, sessionmaker
from sqlalchemy.orm.base import NO_VALUE
from sqlalchemy.sql.dml import UpdateBase

from services.models.base import Base
from services.models.bus import BusEvent

#: Tables whose rows are never put back: history, counters, and what is put right by its own rules.
LEFT_ALONE = frozenset(
    {
        *("decisions", "audit", "register_changes", "counters", "headcount_answers"),
        *("tasks", "task_candidates", "task_drafts", "case_waits", "case_incidents", "outbox", "ceiling_nights"),
    }
)
#: Columns of a case that no act may put back: they count acts and name the newest of them, or are made anew.
OF_THE_CASE = frozenset({"revision", "audit_seq", "audit_head", "decision_head", "engine_state", "undo", "undo_of", "waits"})

_NOTED = "journal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One change of one row.

    Attributes:
        key: The values of the primary key, by column.
        before: What stood in the columns that were changed, or in all of a row that was removed; None for a row that was added.
        after: What stands there since, None for a row that was removed.
    """

    table: str
    key: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(kw_only=True)
class Journal:
    """What an act has changed so far.

    Attributes:
        rows: In the order in which it happened.
        notices: The ids of the notices that it put down.
        events: What it put onto the bus.
        unnoted: What it changed in a way that cannot be put back; then nothing of it can be taken back.
    """

    rows: list[Changed] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    events: list[BusEvent] = field(default_factory=list)
    unnoted: str = ""

    def note_flush(self, session: Session) -> None:
        """Note what is about to be written."""
        for row in session.new:
            self._note_said(row)
            if row.__tablename__ not in LEFT_ALONE:
                self._note_added(row)
        for row in session.dirty:
            if row.__tablename__ not in LEFT_ALONE:
                self._note_changed(row)
        for row in session.deleted:
            state = inspect(row)
            self._add(state.mapper.local_table, _key_of(row), _columns_of(row), None)

    def _note_said(self, row: Any) -> None:
        if isinstance(row, BusEvent):
            self.events.append(row)

    def _note_added(self, row: Any) -> None:
        mapper = inspect(row).mapper
        for column in mapper.primary_key:
            attribute = _attributes(mapper)[column.name]
            if getattr(row, attribute) is None and column.default is not None and column.default.is_callable:
                setattr(row, attribute, column.default.arg(None))
        self._add(mapper.local_table, _key_of(row), None, _columns_of(row))

    def _note_changed(self, row: Any) -> None:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        state = inspect(row)
        changed, given = state.committed_state, state.dict
        for name, key in _attributes(state.mapper).items():
            if key in changed and (given[key] == changed[key]) is not True:
                before[name], after[name] = changed[key], given[key]
        self._add(state.mapper.local_table, _key_of(row), before, after)

    def _add(self, table: Any, key: dict[str, Any], before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        if table.name in LEFT_ALONE:
            return
        if table.name == "cases":
            before, after = (_without(values, OF_THE_CASE) for values in (before, after))
        known = [value for values in (key, before or {}, after or {}) for value in values.values()]
        if [value for value in known if value is NO_VALUE or isinstance(value, ColumnElement)]:
            self.unnoted = table.name
        elif before or after:
            self.rows.append(Changed(table=table.name, key=key, before=before, after=after))

    def note_statement(self, state: ORMExecuteState) -> Any:
        """Note what a bulk statement does, by looking before and after it."""
        statement = state.statement
        if not isinstance(statement, UpdateBase) or not isinstance(statement.table, Table):
            return None
        table = Base.metadata.tables[statement.table.name]
        if table.name in LEFT_ALONE:
            return None
        if state.is_insert:
            self.unnoted = table.name
            return None
        rows = [dict(row) for row in state.session.execute(select(table).where(statement.whereclause)).mappings()]  # type: ignore[attr-defined]
        result = state.invoke_statement()
        for before in rows:
            key = {column.name: before[column.name] for column in table.primary_key}
            after = None if state.is_delete else _read(state.session, table, key)
            if after is not None:
                changed = {name for name, value in after.items() if value != before[name]}
                self._add(table, key, *({name: values[name] for name in changed} for values in (before, after)))
            else:
                self._add(table, key, before, None)
        return result


@contextmanager
def watching(session: Session) -> Iterator[Journal]:
    """Note what happens in a session from now on, until the journal is closed."""
    journal = session.info[_NOTED] = Journal()
    try:
        yield journal
    finally:
        session.info.pop(_NOTED, None)


def close_journal(session: Session) -> None:
    """Note what waits to be written, and nothing after it."""
    if (journal := session.info.pop(_NOTED, None)) is not None:
        journal.note_flush(session)


def note_what_changes(sessions: sessionmaker[Session]) -> None:
    """Let the sessions that write tell the journal that watches them, when one does."""
    event.listen(sessions, "before_flush", _before_flush)
    event.listen(sessions, "do_orm_execute", _before_statement)


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    if (journal := session.info.get(_NOTED)) is not None:
        journal.note_flush(session)


def _before_statement(state: ORMExecuteState) -> Any:
    journal = state.session.info.get(_NOTED)
    return None if journal is None else journal.note_statement(state)


def note_notice(session: Session, message_id: str) -> None:
    """Note a notice that is put down; it may turn out to be one that is there already."""
    if (journal := session.info.get(_NOTED)) is not None:
        journal.notices.append(message_id)


def note_rows(session: Session, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Note rows that are added past the session, as values that are known."""
    journal = session.info.get(_NOTED)
    if journal is not None and table.name not in LEFT_ALONE:
        names = table.primary_key.columns.keys()
        keyed = [({name: row[name] for name in names}, row) for row in rows]
        journal.rows.extend([Changed(table=table.name, key=key, before=None, after=row) for key, row in keyed])


def put_back(session: Session, rows: list[Changed]) -> str | None:
    """Put rows back to what they were, the last change first.

    Answers the table of the first row that has changed again since, or None; then the caller gives the transaction up.
    """
    session.flush()  # what waits would be forgotten in the end, with all that the session knows
    for row in reversed(rows):
        table = Base.metadata.tables[row.table]
        here = [table.c[name] == value for name, value in row.key.items()]
        now_there = _read(session, table, row.key)
        if row.after is None:
            if now_there is not None or row.before is None:
                return row.table
            session.execute(table.insert().values(**row.before))
            continue
        if now_there is None or any(now_there[name] != value for name, value in row.after.items()):
            return row.table
        statement = table.delete() if row.before is None else table.update().values(**row.before)
        session.execute(statement.where(*here))
    session.expire_all()
    return None


def _read(session: Session, table: Table, key: Mapping[str, Any]) -> dict[str, Any] | None:
    found = (
        session.execute(select(table).where(*(table.c[name] == value for name, value in key.items()))).mappings().one_or_none()
    )
    return None if found is None else dict(found)


@cache
def _attributes(mapper: Mapper[Any]) -> dict[str, str]:
    """Return under which attribute of a row each column stands."""
    return {each.columns[0].name: each.key for each in mapper.column_attrs}


def _key_of(row: Any) -> dict[str, Any]:
    mapper = inspect(row).mapper
    return {column.name: getattr(row, _attributes(mapper)[column.name]) for column in mapper.primary_key}


def _columns_of(row: Any) -> dict[str, Any]:
    """What stands in all columns of a row; of one that is being added, only what was given: the rest is the database's."""
    given = inspect(row).dict
    return {name: given[key] for name, key in _attributes(inspect(row).mapper).items() if key in given}


def _without(values: dict[str, Any] | None, names: frozenset[str]) -> dict[str, Any] | None:
    return None if values is None else {name: value for name, value in values.items() if name not in names}
