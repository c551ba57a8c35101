"""How long a task lay with its person, in SQL: spans of time on both databases, and what to leave out of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Float, case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[float]):  # noqa: N801  read as a function of SQL
    """The seconds from one moment to another, on both databases."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: Any, compiler: SQLCompiler, **how: Any) -> str:
    start, end = (compiler.process(each, **how) for each in element.clauses)
    return f"(julianday({end}) - julianday({start})) * 86400.0"


@compiles(seconds_between, "postgresql")
def _on_postgresql(element: Any, compiler: SQLCompiler, **how: Any) -> str:
    start, end = (compiler.process(each, **how) for each in element.clauses)
    return f"EXTRACT(EPOCH FROM ({end} - {start}))"


def paused_seconds(task: Any, until: Any) -> ColumnElement[float]:
    """Say for how long the clock of a task has stood still by a moment that is no earlier than its last question."""
    stands_until = case((task.held_until < until, task.held_until), else_=until)
    standing = case((task.held_from.is_not(None), seconds_between(task.held_from, stands_until)), else_=0.0)
    paused: ColumnElement[float] = task.paused_s + standing
    return paused


def worked_seconds(task: Any) -> ColumnElement[float]:
    """Say how long a closed task lay with its person, without the time in which somebody else was asked."""
    worked: ColumnElement[float] = seconds_between(task.opened_at, task.closed_at) - paused_seconds(task, task.closed_at)
    return worked
