"""Lists and entries of registers for one reader: what is out of their reach is not there, in no count and under no address."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.register_changes import RegisterChange
from services.people import Actor
from services.registry.asking import Asked
from services.registry.declared import registers
from services.registry.names import Names, names_in
from services.registry.queries import ENTRY, narrow, order_by, select_rows
from services.registry.rights import MOST_KEPT, Held, Reader, is_kept, is_readable, may_keep, may_open, readable_by, reader_of
from services.registry.shape import Column, Register

ROWS_PER_PAGE = 50
ROWS_PER_PART = 10
MOST_CHANGES = 50
TOTAL = "total."
#: Between the parts of what names an entry.
JOINT = "~"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One entry as a list shows it: what names it in addresses, and its values by attribute."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """One page of a register.

    Attributes:
        found: How many entries there are of what was asked for.
        total: How many entries the reader may see.
    """

    register: Register
    asked: Asked
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    found: int
    total: int
    names: Names
    may_add: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PartListing:
    """Rows of another register that belong to an entry: the first few, and how many there are."""

    register: Register
    attribute: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    found: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry with all its values, its history and what belongs to it.

    Attributes:
        fingerprint: Changes with every value; whoever changes the entry names the one that was shown.
        may_change: The reader may change it.
    """

    register: Register
    row: Row
    names: Names
    fingerprint: str
    may_change: bool
    changes: Sequence[RegisterChange]
    parts: Sequence[PartListing]


def list_registers(session: Session, *, actor: Actor, now: datetime) -> list[Register]:
    """Return the registers that somebody may open, by family and in the order of their declaration."""
    reader = reader_of(session, actor, now)
    return [register for register in registers().values() if may_open(register, reader)]


def count_asked(session: Session, key: str, asked: Asked, *, actor: Actor, now: datetime) -> int:
    """Count what is asked of a register among the entries that somebody keeps; nothing for anybody else."""
    register, reader = registers()[key], reader_of(session, actor, now)
    if not may_keep(register, reader):
        return 0
    return count_rows(session, register, [is_kept(register, reader), *narrow(register, asked)], reader)


def find_register(session: Session, key: str, *, actor: Actor, now: datetime) -> tuple[Register, Reader]:
    """Return a register and in which roles somebody reads it.

    Raises:
        NotFound: There is none with this name, or the actor may not open it.
    """
    register = registers().get(key)
    reader = reader_of(session, actor, now)
    if register is None or not may_open(register, reader):
        raise NotFound
    return register, reader


def list_entries(session: Session, register: Register, asked: Asked, *, reader: Reader) -> Listing:
    """Return one page of what is asked. A constant number of queries."""
    columns = _listed(register)
    number, page = _list_queries(register, reader.held_for(*register.readers), asked.sort)
    wanted = [] if asked.problems else narrow(register, asked)
    values = {**reader.values, "first": (asked.page - 1) * ROWS_PER_PAGE}
    listed = [] if asked.problems else session.execute(page.where(*wanted) if wanted else page, values).all()
    total = getattr(listed[0], TOTAL) if listed else session.scalar(number, values) or 0
    found = 0 if asked.problems else (session.scalar(number.where(*wanted), values) or 0) if wanted else total
    rows = [row_of(register, columns, each) for each in listed]
    return Listing(
        register=register,
        asked=asked,
        columns=columns,
        rows=rows,
        found=found,
        total=total,
        names=names_in(session, [(columns, [row.values for row in rows])], reader=reader),
        may_add=register.adding and may_keep(register, reader),
    )


def _listed(register: Register) -> tuple[Column, ...]:
    return tuple(column for column in register.columns if column.listed)


@lru_cache(maxsize=MOST_KEPT)
def _list_queries(register: Register, held: tuple[Held, ...], sort: str) -> tuple[Select[int], Select[Any]]:
    """Select how many entries somebody in these roles may read, and a page of them, each with that number."""
    readable = readable_by(register, held)
    named = [getattr(register.model, name) for name in register.identity]
    # Who may see what takes longer to find out than all the rest: once for the page and the number.
    reached = select(*named).where(readable).cte("reached").prefix_with("MATERIALIZED")
    total = select(func.count()).select_from(reached).scalar_subquery().label(TOTAL)
    rows = select_rows(register, _listed(register)).add_columns(total).where(tuple_(*named).in_(select(reached)))
    page = rows.order_by(*order_by(register, sort)).limit(ROWS_PER_PAGE).offset(bindparam("first", type_=Integer))
    return select(func.count()).select_from(register.model).where(readable), page


def read_entry(session: Session, register: Register, key: str, *, reader: Reader) -> Entry:
    """Return one entry. A constant number of queries.

    Raises:
        NotFound: There is no such entry for this reader.
    """
    row = find_row(session, register, key, reader=reader)
    parts = _list_parts(session, register, row, reader)
    groups = [(register.columns, [row.values]), *((part.columns, [each.values for each in part.rows]) for part in parts)]
    changes = _list_changes(session, register, key)
    return Entry(
        register=register,
        row=row,
        names=names_in(session, groups, reader=reader, changes=(register, changes)),
        fingerprint=fingerprint_of(register, row.values),
        may_change=may_keep(register, reader) and _is_kept(session, register, key, reader),
        changes=changes,
        parts=parts,
    )


def find_row(session: Session, register: Register, key: str, *, reader: Reader, kept: bool = False) -> Row:
    """Return one entry with all its values, or only if the reader keeps it.

    Raises:
        NotFound: There is no such entry for this reader.
    """
    condition = is_kept(register, reader) if kept else is_readable(register, reader)
    query = select_rows(register, register.columns).where(is_entry(register, key), condition)
    found = session.execute(query, reader.values).first()
    if found is None:
        raise NotFound
    return row_of(register, register.columns, found)


def is_entry(register: Register, key: str) -> ColumnElement[bool]:
    """Say in SQL which row an address names.

    Raises:
        NotFound: No row can have this name.
    """
    parts = key.split(JOINT)
    if len(parts) != len(register.identity):
        raise NotFound
    return and_(*(_is_part(getattr(register.model, name), part) for name, part in zip(register.identity, parts, strict=True)))


def key_of(register: Register, entry: Any) -> str:
    """Name an entry for an address."""
    return JOINT.join(str(getattr(entry, name)) for name in register.identity)


def fingerprint_of(register: Register, values: Mapping[str, Any]) -> str:
    """Take the hash of what an entry says, computed columns left aside: they may change by the clock alone."""
    said = {column.attribute: values[column.attribute] for column in register.columns if column.value is None}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _is_part(attribute: Any, text: str) -> ColumnElement[bool]:
    kind = attribute.type.python_type
    try:
        value = kind.fromisoformat(text) if kind in {date, datetime} else kind(text)
    except ValueError:
        raise NotFound from None
    return and_(attribute == value)


def count_rows(session: Session, register: Register, conditions: Sequence[ColumnElement[bool]], reader: Reader) -> int:
    """Count the entries that meet conditions."""
    query = select(func.count()).select_from(register.model).where(*conditions)
    return session.scalar(query, reader.values) or 0


def row_of(register: Register, columns: Sequence[Column], found: Any) -> Row:
    """Make an entry of a row that `select_rows` found."""
    values = found._mapping  # noqa: SLF001  the documented way from a row to its names
    key = JOINT.join(str(values[f"{ENTRY}{name}"]) for name in register.identity)
    return Row(key=key, values={column.attribute: values[column.attribute] for column in columns})


def _is_kept(session: Session, register: Register, key: str, reader: Reader) -> bool:
    return bool(count_rows(session, register, [is_entry(register, key), is_kept(register, reader)], reader))


def _list_changes(session: Session, register: Register, key: str) -> Sequence[RegisterChange]:
    found = select(RegisterChange).where(RegisterChange.register == register.key, RegisterChange.entry == key)
    return session.scalars(found.order_by(RegisterChange.number.desc()).limit(MOST_CHANGES)).all()


def _list_parts(session: Session, register: Register, row: Row, reader: Reader) -> list[PartListing]:
    """List what belongs to an entry, of the registers that the reader may open. Two queries for each."""
    found = []
    for part in register.parts:
        other = registers()[part.register]
        if may_open(other, reader):
            asked = Asked(filters={part.attribute: str(row.key)})
            columns = tuple(column for column in other.columns if column.listed and column.attribute != part.attribute)
            conditions = [is_readable(other, reader), *narrow(other, asked)]
            query = select_rows(other, columns).where(*conditions).order_by(*order_by(other, asked.sort))
            rows = [row_of(other, columns, each) for each in session.execute(query.limit(ROWS_PER_PART), reader.values)]
            count = count_rows(session, other, conditions, reader) if len(rows) == ROWS_PER_PART else len(rows)
            found.append(PartListing(register=other, attribute=part.attribute, columns=columns, rows=rows, found=count))
    return found
