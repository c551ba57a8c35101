"""From a register and what is asked of it to SQL: columns, conditions, order. Wildcards that somebody types are only letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from services.models.people import Person
from services.people import LOCALES
from services.registry.asking import NO, YES, Asked, has_validity
from services.registry.rights import is_within
from services.registry.shape import Column, Kind, Register

ENTRY = "entry."
_NUMBERS = frozenset({Kind.NUMBER, Kind.CENTS})
_LONGEST_NUMBER = 9


def expression_of(register: Register, column: Column) -> Any:
    """Return what stands in a column, as SQL."""
    return getattr(register.model, column.attribute) if column.value is None else column.value


def select_rows(register: Register, columns: Iterable[Column]) -> Select[Any]:
    """Select columns of a register, each under its attribute, and what names the entry; asked with a reader's `values`."""
    names = (getattr(register.model, name).label(f"{ENTRY}{name}") for name in register.identity)
    shown = (expression_of(register, column).label(column.attribute) for column in columns)
    return select(*names, *shown)


def narrow(register: Register, asked: Asked) -> list[ColumnElement[bool]]:
    """Say in SQL what is asked."""
    conditions = [_matches(register, asked.search)] if asked.search else []
    for attribute, value in asked.filters.items():
        column = register.column(attribute)
        if column is not None:
            conditions.append(_is(register, column, value))
    if asked.valid_on is not None and has_validity(register):
        conditions.append(_holds_on(register, asked.valid_on))
    return conditions


def order_by(register: Register, sort: str) -> list[Any]:
    """Say the order, by default the register's own; entries that are equal in it are ordered by what names them.

    So no page repeats a row.
    """
    wanted = (sort,) if sort else register.order
    return [
        *(_direction(register, name) for name in wanted),
        *(getattr(register.model, name) for name in register.identity),
    ]


def _direction(register: Register, name: str) -> Any:
    column = register.column(name.removeprefix("-"))
    if column is None:
        by = getattr(register.model, name.removeprefix("-"))
    elif column.kind is Kind.NAME:
        by = expression_of(register, column)["en"].as_string()
    else:
        by = expression_of(register, column)
    return by.desc().nulls_last() if name.startswith("-") else by.asc().nulls_last()


def _matches(register: Register, text: str) -> ColumnElement[bool]:
    """Look for a text in every column that is searched."""
    return or_(false(), *(_contains(register, column, text) for column in register.columns if column.searched))


def _contains(register: Register, column: Column, text: str) -> ColumnElement[bool]:
    where = expression_of(register, column)
    if column.kind is Kind.PERSON:
        named = select(Person.code).where(or_(Person.name.icontains(text, autoescape=True), Person.code == text))
        return and_(where.in_(named))
    if column.kind is Kind.NAME:
        return or_(*(where[language].as_string().icontains(text, autoescape=True) for language in LOCALES))
    return and_(where.icontains(text, autoescape=True))


def _is(register: Register, column: Column, value: str) -> ColumnElement[bool]:
    where = expression_of(register, column)
    if column.kind is Kind.AREA:
        return is_within(where, value)
    if column.kind is Kind.PERSON:
        named = select(Person.code).where(or_(Person.code == value, Person.name.icontains(value, autoescape=True)))
        return and_(where.in_(named))
    if column.kind is Kind.YES_NO:
        return and_(where.is_(value == YES)) if value in {YES, NO} else false()
    if column.kind in _NUMBERS:
        return and_(where == int(value)) if value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER else false()
    return and_(where == value)


def _holds_on(register: Register, day: date) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if register.valid_from:
        since = getattr(register.model, register.valid_from)
        conditions.append(or_(since.is_(None), since <= day if _is_day(since) else since < _begin(day + timedelta(days=1))))
    if register.valid_to:
        until = getattr(register.model, register.valid_to)
        conditions.append(or_(until.is_(None), until >= day if _is_day(until) else until > _begin(day)))
    return and_(*conditions)


def _is_day(attribute: InstrumentedAttribute[Any]) -> bool:
    return isinstance(attribute.type, Date)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
