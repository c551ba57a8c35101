"""Budgets: whatever is written, it is refused or worked out within bounds, and nothing of Python can be reached."""

from __future__ import annotations

from typing import Any

import pytest

from workflows import feel

TOO_LARGE_TO_READ = {
    "source": "a" * 32_001,
    "brackets": "(" * 5_000 + "1" + ")" * 5_000,
    "lists": "[" * 20_000,
    "signs": "-" * 20_000 + "1",
    "sums": "1" + "+1" * 15_000,
    "paths": "a" + ".a" * 15_000,
    "filters": "a" + "[1]" * 9_000,
    "ifs": "if " * 9_000,
    "negations": "not(" * 5_000,
    "contexts": "{a:" * 6_000,
    "calls": "f(" * 9_000,
    "types": "x instance of " + "list<" * 5_000,
    "functions": "function(a) " * 2_000 + "1",
}

TOO_MUCH_TO_WORK_OUT = {
    "long range": "for i in 1..1000000000000000000000000000000 return i",
    "loops in loops": "for i in 1..10000, j in 1..10000 return 1",
    "search": "some i in 1..20000, j in 1..20000 satisfies false",
    "partial": "for i in 1..19000 return partial",
    "recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "double recursion": "{f: function(n) f(n) + f(n), r: f(1)}.r",
    "doubled text": '{a: string join(for i in 1..1000 return "xxxxxxxxxx"), b: a+a+a+a+a, c: b+b+b+b+b, d: c+c+c+c+c}.d',
    "shared lists": "{a: [1, 1]"
    + "".join(f", {chr(98 + n)}: [{chr(97 + n)}, {chr(97 + n)}]" for n in range(18))
    + ", z: string(s)}.z",
    "pattern": 'matches("' + "a" * 20_000 + '", "(.*a){20}$")',
    "back reference": 'matches("' + "a" * 300 + '", "(a*)*(a*)*(a*)*\\1b")',
    "distinct": "distinct values(for i in 1..19000 return i)",
}

ESCAPES = [
    "__class__",
    '"".__class__',
    "x.__init__.__globals__",
    "count.__globals__",
    "count.call",
    "(function(a) a).__code__",
    "{a: count}.a.call",
    "now().__class__",
    "{}.append",
    '`__import__`("os")',
    'open("/etc/passwd")',
    'eval("1")',
    'getattr(x, "y")',
    "item.__dict__",
    "x.keys()",
]

CHEAP = [
    ("9**9**9**9", None),
    ("9 ** 999999999", None),
    ("exp(99999)", None),
    ("10 ** 6000", None),
    ("modulo(1e6000, 3)", None),
    ('matches("' + "a" * 50 + '!", "^(a+)+$")', False),
    ('matches("a", "((((a{1000}){1000}){1000}){1000})")', None),
    ('matches("a", "(?:(?:(?:(?:){1000}){1000}){1000}){1000}")', True),
    ('matches("a", "' + "(" * 900 + '")', None),
    ('matches("a", "' + "a" * 1001 + '")', None),
    ('@"' + "9" * 30_000 + '"', None),
    ('number("' + "9" * 30_000 + '")', None),
    ('duration("P999999999Y") * 1e6000', None),
]


@pytest.mark.parametrize("text", TOO_LARGE_TO_READ.values(), ids=TOO_LARGE_TO_READ.keys())
def test_a_text_that_is_too_large_is_refused(text: str) -> None:
    with pytest.raises(feel.FeelError):
        feel.parse(text)


@pytest.mark.parametrize("text", TOO_MUCH_TO_WORK_OUT.values(), ids=TOO_MUCH_TO_WORK_OUT.keys())
def test_what_costs_too_much_is_broken_off(text: str) -> None:
    with pytest.raises(feel.FeelLimitError):
        feel.parse(text).evaluate({})


@pytest.mark.parametrize("text", ESCAPES)
def test_nothing_of_python_can_be_reached(text: str) -> None:
    assert feel.parse(text).evaluate({"x": {"y": 1}}) is None


@pytest.mark.parametrize(("text", "expected"), CHEAP)
def test_what_looks_expensive_is_cheap(text: str, expected: Any) -> None:
    assert feel.to_json(feel.parse(text).evaluate({})) == expected


def test_a_long_sum_is_no_problem() -> None:
    assert feel.parse("1" + "+1" * 390).evaluate({}) == 391


def test_limits_can_be_set() -> None:
    small = feel.Limits(steps=50)

    with pytest.raises(feel.FeelLimitError, match="more than 50 steps"):
        feel.parse("for i in 1..100 return i", limits=small).evaluate({})


def test_values_that_nest_too_deep_are_refused() -> None:
    nested: list[Any] = []
    for _ in range(1_000):
        nested = [nested]

    with pytest.raises(feel.FeelLimitError):
        feel.to_json(nested)
    with pytest.raises(feel.FeelLimitError):
        feel.from_json(nested)
    with pytest.raises(feel.FeelLimitError):
        feel.parse("a = b").evaluate({"a": nested, "b": [nested[0]]})


def test_a_list_that_contains_itself_is_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)

    with pytest.raises(feel.FeelLimitError):
        feel.parse("flatten(circle)").evaluate({"circle": circle})
    with pytest.raises(feel.FeelLimitError):
        feel.parse("string(circle)").evaluate({"circle": circle})
