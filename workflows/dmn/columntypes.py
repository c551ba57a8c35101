"""Whether the cells of a column hold what the column is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflows import feel
from workflows.dmn.regions import constants_in, is_comparing
from workflows.dmn.tables import Constant, Table
from workflows.errors import Problem
from workflows.feel.values import NULL, kind_of


def check_types(table: Table, where: str) -> list[Problem]:
    """Return the cells whose constants have another type than their column, or than the column's other cells."""
    return [*_inputs(table), *_outputs(table, where)]


def _inputs(table: Table) -> Iterator[Problem]:
    expected = [column.type.name if column.type is not None else "" for column in table.inputs]
    for rule in table.rules:
        for place, test in rule.tests:
            if not is_comparing(test.tree):
                continue
            for kind in _kinds(test):
                expected[place] = expected[place] or kind
                if expected[place] not in {kind, "Any"}:
                    yield _misfit(rule.id, test.text, kind, table.inputs[place].text, expected[place])
                    break


def _kinds(test: feel.UnaryTests) -> list[str]:
    return [kind for kind in map(kind_of, constants_in(test.tree)) if kind != NULL]


def _outputs(table: Table, where: str) -> Iterator[Problem]:
    rows = [(rule.id, rule.cells) for rule in table.rules]
    if table.defaults:
        rows.append((where, table.defaults))
    for rule, cells in rows:
        for column, cell in zip(table.columns, cells, strict=True):
            value: Any = cell.value if isinstance(cell, Constant) else None
            if column.type is not None and value is not None and not column.type.fit(value)[0]:
                yield _misfit(rule, feel.write_value(value), kind_of(value), column.name, column.type.name)


def _misfit(where: str, cell: str, found: str, column: str, expected: str) -> Problem:
    return Problem(
        where=where,
        sentence="The cell {cell} is about a {found}, but {column} is a {expected}.",
        facts={"cell": cell, "found": found, "column": column, "expected": expected},
    )
