"""What the input cells of decision tables accept."""

from __future__ import annotations

from typing import Any

import pytest

from workflows import feel

ACCEPTED = [
    ("-", None),
    ("", "anything"),
    ('"A"', "A"),
    ('"A", "B"', "B"),
    ("3", 3.0),
    ("true", True),
    ("false", False),
    ("null", None),
    ("< 7", 3),
    ("<= 7", 7),
    ("> 7, < 3", 1),
    ("= 7", 7),
    ("!= 7", 8),
    ("[1..3]", 3),
    ("(1..3]", 2),
    ("]1..3[", 2),
    ("[1..3], 10", 10),
    ('not("A")', "B"),
    ('not("A", "B")', "C"),
    ("not(< 3)", 5),
    ("not(null)", 1),
    ("not(true)", False),
    ("limit", 10),
    ("> limit", 11),
    ("list", "x"),
    ('["x", "y"]', "y"),
    ("[1, 2]", [1, 2]),
    ("? > 3 and ? < 5", 4),
    ("? in [1..3]", 2),
    ('starts with(?, "XA-")', "XA-NOR"),
    ("? = null", None),
    ("even(?)", 4),
    ("limit > 5", "whatever"),
    ('date("2026-12-01")', feel.parse('@"2026-12-01"').evaluate({})),
    ('< date("2026-12-01")', feel.parse('@"2026-11-01"').evaluate({})),
    ("limit + 1", 11),
    ("not(flag) and limit > 5", "whatever"),
]

REFUSED = [
    ('"A"', "B"),
    ('"A"', None),
    ("3", "3"),
    ("true", False),
    ("true", 1),
    ("false", None),
    ("null", 0),
    ("< 7", 7),
    ("< 7", None),
    ("< 7", "a"),
    ("[1..3)", 3),
    ("[1..3]", None),
    ('not("A")', "A"),
    ("not(< 3)", 2),
    ("not(< 3)", None),
    ("not(null)", None),
    ("? > 3", 2),
    ("? > 3", None),
    ("?", 3),
    ("unknown", 3),
    ("list", "z"),
    ("limit > 50", "whatever"),
]

VARIABLES = {"limit": 10, "list": ["x", "y"], "flag": False}


@pytest.mark.parametrize(("text", "value"), ACCEPTED)
def test_a_cell_accepts(text: str, value: Any) -> None:
    assert feel.parse_unary_tests(text).accepts(value, VARIABLES) is True


@pytest.mark.parametrize(("text", "value"), REFUSED)
def test_a_cell_does_not_accept(text: str, value: Any) -> None:
    assert feel.parse_unary_tests(text).accepts(value, VARIABLES) is False


def test_a_cell_says_which_variables_it_needs() -> None:
    assert feel.parse_unary_tests("> limit, ? = other.part").names == {"limit", "other"}


def test_a_cell_that_accepts_everything_says_so() -> None:
    assert feel.parse_unary_tests("-").accepts_everything
    assert not feel.parse_unary_tests("-1").accepts_everything
