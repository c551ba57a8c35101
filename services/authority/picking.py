"""Which of some tasks a person may act on: the last word after a list was put together from queues.

Nearly every task of a list is reached by a role that the person holds. That way is asked first and alone: a statement of all ways
takes several milliseconds before it looks at the first row. What is left over is asked for by all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, String, any_, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from services.authority.capacity import unbarred
from services.authority.confinement import is_known_to_all, is_open_to
from services.authority.ways import NOW, PERSON, ways
from services.models.cases import OPEN, Task
from services.prepared import Prepared


def pick_visible(session: Session, person: str, task_ids: Collection[str], now: datetime, *, everywhere: bool = True) -> set[str]:
    """Return those of the tasks that a person may act on now, as `visible_tasks` says it of all. One query or two.

    Args:
        everywhere: Whether roles that are held for all areas are asked for at once. What this leaves out is still found by the
            second query, so it only says which is likely to be enough.
    """
    found = _pick(session, _BY_ROLE if everywhere else _IN_AREA, person, task_ids, now)
    return found | _pick(session, _COMPLETE, person, set(task_ids) - found, now)


def _pick(session: Session, queries: dict[str, Prepared], person: str, task_ids: Collection[str], now: datetime) -> set[str]:
    if not task_ids:
        return set()
    dialect = session.get_bind().dialect.name
    asked = list(task_ids) if dialect == "postgresql" else json.dumps(list(task_ids))
    rows = queries[dialect].rows(session, acting_person=person, acting_now=now, asked_tasks=asked)
    return {row.id for row in rows if row.state == OPEN}


def _in_array() -> ColumnElement[bool]:
    return Task.id == any_(bindparam("asked_tasks", type_=ARRAY(String)))


def _in_json() -> ColumnElement[bool]:
    asked = func.json_each(bindparam("asked_tasks", type_=String)).table_valued("value")
    return Task.id.in_(select(asked.c.value))


def _in_area(only: ColumnElement[bool]) -> Select[Any]:
    """Ask the first way only, by a role over an area, and leave confined cases to the complete question."""
    return _reached(ways(PERSON, NOW, only=only)[:1]).where(is_known_to_all(Task.case_id))


def _by_role(only: ColumnElement[bool]) -> Select[Any]:
    """Ask the two ways by role only, and leave confined cases to the complete question."""
    return _reached(ways(PERSON, NOW, only=only)[:2]).where(is_known_to_all(Task.case_id))


def _by_any_way(only: ColumnElement[bool]) -> Select[Any]:
    return _reached(ways(PERSON, NOW, only=only)).where(is_open_to(PERSON, NOW, Task.case_id))


def _reached(every: Sequence[Select[Any]]) -> Select[Any]:
    # That a task is open is looked at afterwards: asked with the ids, it tempts PostgreSQL to read an index of all open ones.
    one, *more = (unbarred(query) for query in every)
    reached = (union_all(one, *more) if more else one).subquery()
    columns: tuple[Any, ...] = (Task.id, Task.state)
    return select(*columns).where(Task.id.in_(select(reached.c.task_id)))


def _prepare(ask: Callable[[ColumnElement[bool]], Select[Any]]) -> dict[str, Prepared]:
    """Prepare a question for each kind of database, which takes a list of ids in its own way."""
    return {"postgresql": Prepared(lambda: ask(_in_array())), "sqlite": Prepared(lambda: ask(_in_json()))}


_IN_AREA, _BY_ROLE, _COMPLETE = _prepare(_in_area), _prepare(_by_role), _prepare(_by_any_way)
