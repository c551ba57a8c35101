"""What must hold for every text and every value."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import feel
from workflows.feel.limits import Run
from workflows.feel.patterns import compile_pattern, search
from workflows.feel.temporal import day_from_number, day_number
from workflows.feel.values import NoAnswerError

PIECES = (
    *("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "between", "instance", "of"),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "<",
        "<=",
        "=",
        "!=",
        "?",
        "-",
        "+",
        "*",
        "/",
        "**",
        "@",
        "//",
        "/*",
        "*/",
    ),
    *(
        "null",
        "true",
        "1",
        "2.5",
        "a",
        "b",
        "item",
        "count",
        "function",
        '"x"',
        '"P1D"',
        "`a`",
        "list",
        "date and time",
        "string length",
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=True) | st.sampled_from(["", "x", "P1D", "2026-12-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=8,
)
OPERATORS = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"])


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_no_text_makes_the_parser_fail_with_anything_but_its_own_error(text: str) -> None:
    for read in (feel.parse, feel.parse_unary_tests):
        try:
            read(text)
        except feel.FeelError as error:
            caught = error
        else:
            continue
        assert 0 <= caught.position <= len(text)
        assert str(caught)


def is_json(value: Any) -> bool:
    """Whether a value can be kept as a variable: it survives being written and read."""
    return bool(json.loads(json.dumps(value, allow_nan=False)) == value)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join), JSON, JSON)
def test_whatever_can_be_read_can_be_worked_out(text: str, first: Any, second: Any) -> None:
    try:
        expression = feel.parse(text)
    except feel.FeelError:
        return
    assert is_json(feel.to_json(expression.evaluate({"a": first, "b": second})))


@settings(deadline=None, max_examples=150)
@given(OPERATORS, JSON, JSON)
def test_operators_take_any_two_values(operator: str, first: Any, second: Any) -> None:
    assert is_json(feel.to_json(feel.parse(f"a {operator} b").evaluate({"a": first, "b": second})))


@settings(deadline=None, max_examples=150)
@given(JSON, JSON)
def test_equality_is_the_same_from_both_sides(first: Any, second: Any) -> None:
    variables = {"a": first, "b": second}

    assert feel.parse("a = b").evaluate(variables) == feel.parse("b = a").evaluate(variables)


@settings(deadline=None, max_examples=150)
@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_division_and_modulo_are_exact(dividend: int, divisor: int) -> None:
    variables = {"a": dividend, "b": divisor}

    assert feel.parse("modulo(a, b) + b * floor(a / b)").evaluate(variables) == dividend
    assert abs(feel.parse("a / b").evaluate(variables) * divisor - Decimal(dividend)) < Decimal("1e-20")


@settings(deadline=None, max_examples=150)
@given(st.integers(-300_000_000_000, 300_000_000_000))
def test_every_day_has_one_number(number: int) -> None:
    assert day_number(*day_from_number(number)) == number


@settings(deadline=None, max_examples=200)
@given(st.text("ab(|)*+?.^", max_size=8).filter(lambda pattern: "++" not in pattern), st.text("ab\n", max_size=6))
def test_patterns_find_what_pythons_own_find(pattern: str, text: str) -> None:
    try:
        theirs, ours = re.compile(pattern), compile_pattern(pattern, "")
    except (re.error, NoAnswerError):
        return  # the two do not take the same patterns
    found = theirs.search(text)

    captured = search(ours, text, 0, Run())

    assert (None if found is None else found.span()) == (None if captured is None else captured[:2])
