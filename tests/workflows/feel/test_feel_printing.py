"""Writing trees as text: what is printed reads as the same tree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import feel
from workflows.feel import tree
from workflows.feel.printing import without_positions
from workflows.feel.temporal import Date, MonthsDuration, Time
from workflows.feel.types import Type

NAMES = st.sampled_from(["a", "b", "item", "date", "time", "if", "a-b", "first name", "string length", "date and time", "x.y"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 10**20),
    st.decimals(0, 10**6, places=3),
    TEXTS,
    st.sampled_from([Date(2026, 12, 1), Time(9, 30, 0, 0, 0), MonthsDuration(14)]),
)
TYPES = st.recursive(
    st.sampled_from(["number", "string", "date and time", "Any", "function", "unknown"]).map(lambda name: Type(name=name)),
    lambda inner: st.one_of(
        inner.map(lambda element: Type(name="list", element=element)),
        st.tuples(NAMES, inner).map(lambda entry: Type(name="context", entries=(entry,))),
        st.tuples(inner, inner).map(lambda pair: Type(name="function", parameters=(pair[0],), result=pair[1])),
    ),
    max_leaves=3,
)


def build(kind: type[tree.Node], **parts: Any) -> Any:
    return st.builds(kind, position=st.just(0), **parts)


def tuples(parts: Any, smallest: int = 1) -> Any:
    return st.lists(parts, min_size=smallest, max_size=3).map(tuple)


def larger(node: Any) -> Any:
    test = node | build(tree.OpenRange, operator=st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), operand=node)
    turn = build(tree.Iteration, name=NAMES, values=node, end=st.none() | node)
    entries = st.lists(st.tuples(NAMES | TEXTS, node), max_size=3, unique_by=lambda entry: entry[0]).map(tuple)
    return st.one_of(
        build(tree.Path, base=node, name=NAMES),
        build(tree.Filter, base=node, condition=test),
        build(tree.Call, function=node, arguments=tuples(test, 0)),
        build(tree.Call, function=node, arguments=st.tuples(test), names=st.tuples(NAMES)),
        build(tree.Negation, operand=node),
        build(tree.Arithmetic, operator=st.sampled_from(["+", "-", "*", "/", "**"]), left=node, right=node),
        build(tree.Comparison, operator=st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), left=node, right=node),
        build(tree.Conjunction, parts=tuples(node, 2)),
        build(tree.Disjunction, parts=tuples(node, 2)),
        build(tree.Between, operand=node, low=node, high=node),
        build(tree.In, operand=node, tests=tuples(test)),
        build(tree.InstanceOf, operand=node, type=TYPES),
        build(tree.If, condition=node, yes=node, no=node),
        build(tree.For, iterations=tuples(turn), body=node),
        build(tree.Quantified, every=st.booleans(), iterations=tuples(turn), body=node),
        build(tree.FunctionDefinition, parameters=tuples(st.tuples(NAMES, st.none() | TYPES), 0), body=st.none() | node),
        build(tree.ContextLiteral, entries=entries),
        build(tree.ListLiteral, entries=tuples(test, 0)),
        build(tree.RangeLiteral, start=node, end=node, start_included=st.booleans(), end_included=st.booleans()),
    )


TREES = st.recursive(build(tree.Literal, value=VALUES) | build(tree.Name, text=NAMES), larger, max_leaves=8)
READABLE = [
    'if amount > 3 and mode = "MANUAL" then 1 else -2 ** 2',
    "for x in 1..3, y in [x..9) return x * (y + 1) - 2",
    "some x in list satisfies x.first name instance of list<context<a: number>>",
    '{a: 1, "b c": function(x: number) x + a}.`b c`(2)[item > 1]',
    "sort(list: [3, 1, 2], precedes: function(x, y) x < y)",
    "x in (< 3, [5..7], 9) or not(x between 1 and 2)",
    'date and time("2026-12-01T00:00:00") - @"2026-11-01T00:00:00"',
    "(date) and time(1)",
    r'{a: null, "\"": {"": 1, "/*": 2}}',
]
# What Hypothesis would say of a tree that it draws is long; nobody asks for it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


@settings(deadline=None, max_examples=150)
@given(TREES)
def test_what_is_printed_reads_as_the_same_tree(node: tree.Node) -> None:
    printed = feel.print_expression(node)

    assert without_positions(feel.parse(printed).tree) == without_positions(node)


@settings(deadline=None, max_examples=60)
@given(st.lists(TREES, max_size=3), st.booleans())
def test_what_is_printed_of_a_cell_reads_as_the_same_tests(nodes: list[tree.Node], negated: bool) -> None:
    tests = tree.Tests(position=0, tests=tuple(nodes), negated=negated and bool(nodes))

    assert without_positions(feel.parse_unary_tests(feel.print_expression(tests)).tree) == without_positions(tests)


@pytest.mark.parametrize("text", READABLE)
def test_what_people_write_is_printed_much_as_they_wrote_it(text: str) -> None:
    read = feel.parse(text).tree

    printed = feel.print_expression(read)

    assert without_positions(feel.parse(printed).tree) == without_positions(read)
    assert len(printed) <= len(text) + 10
