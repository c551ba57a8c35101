"""Lists that are handed to the database as tables, so that the text of a statement stays the same however long they are.

PostgreSQL takes one array per column, SQLite one JSON document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, any_, bindparam, cast, column, func, select
from sqlalchemy.types import String

_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def given_rows(name: str, fields: Mapping[str, Any], dialect: str) -> Any:
    """Build a table of rows that are handed over; `hand_over` says under which names."""
    if dialect == "postgresql":
        arrays = (_array(f"{name}_{field}", kind) for field, kind in fields.items())
        columns = [column(field, kind) for field, kind in fields.items()]
        return func.unnest(*arrays).table_valued(*columns).render_derived(name=name)
    each = func.json_each(bindparam(name, type_=String)).table_valued("value", name=f"{name}_given")
    values = (func.json_extract(each.c.value, f"$[{place}]") for place in range(len(fields)))
    return select(*(cast(value, fields[field]).label(field) for value, field in zip(values, fields, strict=True))).subquery(name)


def _array(name: str, kind: Any) -> Any:
    """Give an array in a select of its own, whose length PostgreSQL does not look at.

    Otherwise a plan for one short list looks so cheap that every list is planned anew, which takes longer than to run it.
    """
    return select(cast(bindparam(name, type_=String), ARRAY(kind))).scalar_subquery()


def hand_over(name: str, fields: Sequence[str], rows: Sequence[Sequence[Any]], dialect: str) -> dict[str, Any]:
    """Write rows, each with its values in the order of the fields, as the parameters of `given_rows`."""
    if dialect == "postgresql":
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
        return {f"{name}_{field}": _write_array(values) for field, values in zip(fields, columns, strict=True)}
    return {name: json.dumps([list(row) for row in rows])}


def is_given(value: Any, name: str, dialect: str) -> Any:
    """Say in SQL whether a text is one of those that `hand_over_texts` handed over."""
    if dialect == "postgresql":
        return value == any_(cast(_array(name, String), ARRAY(String)))
    given = func.json_each(bindparam(name, type_=String)).table_valued("value", name=f"{name}_given")
    return value.in_(select(given.c.value))


def hand_over_texts(name: str, texts: Sequence[str], dialect: str) -> dict[str, Any]:
    """Write texts as the parameter of `is_given`."""
    return {name: _write_array(texts) if dialect == "postgresql" else json.dumps(list(texts))}


def _write_array(values: Iterable[Any]) -> str:
    """Write an array as PostgreSQL reads it: the driver looks at each value of a list, which takes as long as a short query."""
    return f"{{{','.join(map(_write_item, values))}}}"


def _write_item(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPED)}"'
    return "NULL" if value is None else str(value)
