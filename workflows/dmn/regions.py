"""The columns of a table, cut into stretches within which all rules answer alike.

A column of numbers falls apart at the numbers that its cells mention: one stretch for each of them and one for what lies between;
a column of texts has one for each text and one for all others. Whatever holds for one value of a stretch holds for all of it, so
questions about all values become questions about a few. This is exact for cells that compare with constants; a cell that asks
anything else may match or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from workflows import feel
from workflows.dmn.tablereading import listed_values
from workflows.dmn.tables import Input, Table
from workflows.feel import tree
from workflows.feel.numbers import as_number
from workflows.feel.values import BOOLEAN, NULL, NUMBER, STRING, kind_of

_COMPARING = (
    tree.Tests, tree.Literal, tree.Negation, tree.RangeLiteral, tree.OpenRange, tree.In, tree.Between, tree.Comparison,
    tree.Conjunction, tree.Disjunction, tree.ListLiteral,
)  # fmt: skip
OTHER = "any other text"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Some values of a column; rules are bits, the first rule is bit 0.

    Attributes:
        example: One of the values.
        sure: The rules whose cell accepts all of them.
        possible: Those, and the rules of which nobody can tell.
    """

    example: Any
    sure: int
    possible: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column and its stretches; a column that no rule asks has one."""

    label: str
    stretches: tuple[Stretch, ...]


def cut_columns(table: Table) -> tuple[Column, ...]:
    """Cut each input column of a table."""
    return tuple(_cut(table, place, column) for place, column in enumerate(table.inputs))


def _cut(table: Table, place: int, column: Input) -> Column:
    tests = [dict(rule.tests).get(place) for rule in table.rules]
    found: dict[tuple[int, int], Stretch] = {}
    for example in _examples(column, [test for test in tests if test is not None]):
        sure, possible = _masks(tests, example)
        found.setdefault((sure, possible), Stretch(example=example, sure=sure, possible=possible))
    if not found:
        sure, possible = _masks(tests, None)
        found[sure, possible] = Stretch(example=None, sure=sure, possible=possible)
    return Column(label=column.text, stretches=tuple(found.values()))


def _masks(tests: Sequence[feel.UnaryTests | None], example: Any) -> tuple[int, int]:
    sure = possible = 0
    for bit, test in enumerate(tests):
        if test is not None and (example is None or not is_comparing(test.tree)):
            possible |= 1 << bit
        elif test is None or test.accepts(example, {}):
            sure |= 1 << bit
    return sure, sure | possible


def is_comparing(node: tree.Node) -> bool:
    """Tell whether a cell does nothing but compare its value with constants."""
    if isinstance(node, tree.Call):
        callee = node.function
        return isinstance(callee, tree.Name) and callee.text == "not" and all(map(is_comparing, node.arguments))
    if isinstance(node, tree.Name):
        return node.text == "?"
    if isinstance(node, tree.Negation):
        return isinstance(node.operand, tree.Literal)
    return isinstance(node, _COMPARING) and all(map(is_comparing, tree.children(node)))


def constants_in(node: tree.Node) -> Iterator[Any]:
    """Yield the constants that a cell mentions."""
    if isinstance(node, tree.Negation) and isinstance(node.operand, tree.Literal):
        number = as_number(node.operand.value)
        yield node.operand.value if number is None else -number
    elif isinstance(node, tree.Literal):
        yield node.value
    else:
        for child in tree.children(node):
            yield from constants_in(child)


def _examples(column: Input, tests: Iterable[feel.UnaryTests]) -> list[Any]:
    """Return one value for each stretch; none for a column whose values cannot be counted up."""
    constants = [value for test in tests if is_comparing(test.tree) for value in constants_in(test.tree)]
    narrowing = [each for each in (column.values, *_allowed(column)) if each is not None]
    listed = [value for each in narrowing for value in _listed(each)]
    constants += [value for each in narrowing if not listed for value in constants_in(each.tree)]
    kinds = {kind_of(value) for value in (*constants, *listed)} - {NULL}
    declared = column.type.name if column.type is not None else ""
    kind = kinds.pop() if len(kinds) == 1 else declared if not kinds else ""
    examples = listed or _of_kind(kind, constants)
    return [value for value in examples if all(each.accepts(value, {}) for each in narrowing)]


def _allowed(column: Input) -> list[feel.UnaryTests]:
    allowed = column.type.allowed if column.type is not None else ()
    return [each for each in allowed if isinstance(each, feel.UnaryTests)]


def _listed(tests: feel.UnaryTests) -> tuple[Any, ...]:
    values = listed_values(tests, None)
    return values if isinstance(tests.tree, tree.Tests) and len(values) == len(tests.tree.tests) else ()


def _of_kind(kind: str, constants: Sequence[Any]) -> list[Any]:
    if kind == BOOLEAN:
        return [True, False]
    if kind == STRING:
        texts = list(dict.fromkeys(value for value in constants if isinstance(value, str)))
        return [*texts, _new_text(texts)]
    if kind == NUMBER:
        return _numbers(sorted({number for number in map(as_number, constants) if number is not None}))
    return []


def _new_text(texts: Sequence[str]) -> str:
    text = OTHER
    while text in texts:
        text += "…"
    return text


def _numbers(bounds: Sequence[int | Decimal]) -> list[Any]:
    """Return each bound, a number between each two, and one beyond either end."""
    if not bounds:
        return [0]
    between = [_middle(low, high) for low, high in pairwise(bounds)]
    return [bounds[0] - 1, *bounds, *between, bounds[-1] + 1]


def _middle(low: int | Decimal, high: int | Decimal) -> int | Decimal:
    """A whole number where there is one, because it makes the better example."""
    if int(low) + 1 < high and int(low) + 1 > low:
        return int(low) + 1
    return (Decimal(low) + Decimal(high)) / 2
