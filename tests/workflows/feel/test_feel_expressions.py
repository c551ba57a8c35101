"""What expressions mean. Results are shown as JSON, which is how they reach a variable."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from workflows import feel

VARIABLES: dict[str, Any] = {
    "amount": 5,
    "mode": "MANUAL",
    "rate": 0.1,
    "open": True,
    "nothing": None,
    "case": {"number": "TSC-2026-000123", "started_at": "2026-12-01T09:00:00Z"},
    "stops": [
        {"area": "XA-NOR", "nights": 3, "covered": True},
        {"area": "XC-CAP", "nights": 1, "covered": False},
        {"area": "XA-SUD", "nights": None, "covered": True},
    ],
    "numbers": [3, 1, 2],
    "full name": "Lina Marchetti",
    "count": 7,
}

LITERALS = [
    ("1", 1),
    ("-1", -1),
    (".5", 0.5),
    ("1.50", 1.5),
    ("1e3", 1000),
    ('"text"', "text"),
    (r'"a \"quoted\" word"', 'a "quoted" word'),
    (r'"line\nbreak"', "line\nbreak"),
    (r'"\u00e9"', "é"),
    (r'"\U01F40E"', "🐎"),
    (r'"\ud83d\udca9"', "💩"),
    (r'"a\dc"', r"a\dc"),
    ("true", True),
    ("null", None),
    ("[]", []),
    ("{}", {}),
    ("1 // the rest is a comment", 1),
    ("1 /* a + b */ + 1", 2),
    ('@"2026-12-01"', "2026-12-01"),
    ('@"not a date"', None),
]

ARITHMETIC = [
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("10 - 2 - 3", 5),
    ("2 ** 3 ** 2", 64),
    ("-3 ** 2", 9),
    ("7 / 2", 3.5),
    ("6 / 2", 3),
    ("1 / 0", None),
    ("0.1 + 0.2 = 0.3", True),
    ("rate + 0.2 = 0.3", True),
    ("string(1 / 3)", "0.3333333333333333333333333333333333"),
    ('"a" + "b"', "ab"),
    ('"a" + 1', None),
    ("1 + null", None),
    ("true + 1", None),
    ("nothing * 2", None),
    ("amount--1", 6),
]

LOGIC = [
    ("true and true", True),
    ("true and false", False),
    ("true and null", None),
    ("false and null", False),
    ("true or null", True),
    ("false or null", None),
    ('true and "yes"', None),
    ("not(true)", False),
    ("not(null)", None),
    ("false or true and false", False),
    ("if true then 1 else 2", 1),
    ("if null then 1 else 2", 2),
    ("if 1 > 0 and open then if false then 1 else 2 else 3", 2),
]

COMPARISON = [
    ("amount > 3", True),
    ("amount >= 5", True),
    ("amount < 5", False),
    ("amount <= 4.99", False),
    ("amount = 5.0", True),
    ("amount != 6", True),
    ('mode = "MANUAL"', True),
    ('"a" < "b"', True),
    ('1 < "b"', None),
    ('1 = "1"', None),
    ("null = null", True),
    ("nothing = 1", False),
    ("true < false", None),
    ("true = true", True),
    ("[1, 2] = [1, 2]", True),
    ("[1, 2] = [2, 1]", False),
    ("{a: 1} = {a: 1.0}", True),
    ("{a: 1} = {a: 1, b: 2}", False),
    ("[1..3] = [1..3]", True),
    ("[1..3] = [1..3)", False),
    ("amount between 5 and 6", True),
    ("amount between 6 and 7", False),
    ("amount between null and 7", None),
    ("amount between 1 and 3 or open", True),
]

MEMBERSHIP = [
    ("5 in [1..5]", True),
    ("5 in [1..5)", False),
    ("5 in (5..6]", False),
    ("5 in ]4..6[", True),
    ("5 in [1, 5]", True),
    ("5 in (1, 5)", True),
    ("5 in (< 3, > 4)", True),
    ("5 in > 4", True),
    ("5 in 5", True),
    ("5 in ([1..2], [4..6])", True),
    ("1 in [[2..4], [1..3]]", True),
    ('"b" in ["a".."c"]', True),
    ("null in [1..3]", None),
    ("[1..3].start", 1),
    ("[1..3[.end included", False),
    ("(< 7).end", 7),
]

PATHS = [
    ("case.number", "TSC-2026-000123"),
    ("case.missing", None),
    ("case.number.deeper", None),
    ("unknown", None),
    ("unknown.deeper", None),
    ("stops.area", ["XA-NOR", "XC-CAP", "XA-SUD"]),
    ("{a: 1, b: a + 1}.b", 2),
    ("{amount: amount + 1, mode: amount}.mode", 6),
    ("{mode: amount, amount: 9}.mode", 5),
    ("{a: {amount: 1}, b: a.amount, c: amount}.c", 5),
    ("{first: function(n) then_b(n), then_b: function(n) n * amount, amount: 2}.first(3)", 6),
    ("[{a: 1, b: [2]}, {a: 1, b: [2]}]", [{"a": 1, "b": [2]}, {"a": 1, "b": [2]}]),
    ("{a: {b: [1, {c: 2}]}}.a.b[2].c", 2),
    ('{"a b": 1}.a b', 1),
    ("full name", "Lina Marchetti"),
    ("`full name`", "Lina Marchetti"),
    ("{a: 1, a: 2}", None),
]

FILTERS = [
    ("numbers[1]", 3),
    ("numbers[-1]", 2),
    ("numbers[0]", None),
    ("numbers[4]", None),
    ("numbers[amount - 4]", 3),
    ("numbers[item > 1]", [3, 2]),
    ("numbers[true]", [3, 1, 2]),
    ("stops[covered].area", ["XA-NOR", "XA-SUD"]),
    ('stops[area = "XC-CAP"].nights', [1]),
    ("stops[nights > 2].area", ["XA-NOR"]),
    ("stops[item.nights = null][1].area", "XA-SUD"),
    ("stops[nights > amount]", []),
    ("[][1]", None),
    ("[][item > 1]", []),
    ("null[1]", None),
    ('"one"[1]', "one"),
    ("count(stops[covered])", 2),
]

LOOPS = [
    ("for n in numbers return n * 2", [6, 2, 4]),
    ("for n in 1..3 return n", [1, 2, 3]),
    ("for n in 3..1 return n", [3, 2, 1]),
    ("for n in [1..3) return n", [1, 2]),
    ("for a in [1, 2], b in [10, 20] return a + b", [11, 21, 12, 22]),
    ("for a in [[1, 2], [3]], b in a return b", [1, 2, 3]),
    ("for n in 0..4 return if n = 0 then 1 else n * partial[-1]", [1, 1, 2, 6, 24]),
    ("for s in stops return s.area", ["XA-NOR", "XC-CAP", "XA-SUD"]),
    ("for n in null return n", None),
    ('for d in @"2026-12-30"..@"2027-01-01" return string(d)', ["2026-12-30", "2026-12-31", "2027-01-01"]),
    ("some n in numbers satisfies n > 2", True),
    ("some n in [] satisfies n > 2", False),
    ("every n in numbers satisfies n > 0", True),
    ("every n in numbers satisfies n > 1", False),
    ("every n in [] satisfies false", True),
    ("some s in stops satisfies s.nights > 5", None),
    ("some a in [1, 2], b in [2, 3] satisfies a = b", True),
]

FUNCTIONS = [
    ("(function(a, b) a + b)(1, 2)", 3),
    ("{add: function(a, b) a + b, three: add(1, 2)}.three", 3),
    ("{minus: function(a, b) a - b, one: minus(b: 1, a: 2)}.one", 1),
    ("{f: function(a: number) a, r: f(1)}.r", 1),
    ('{f: function(a: number) a, r: f("x")}.r', None),
    ("{f: function(a: number) a, r: f([1])}.r", 1),
    ("{f: function(a) a, r: f(1, 2)}.r", None),
    ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", 120),
    ("(function(a) function(b) a * b)(2)(3)", 6),
    ("sort(numbers, function(a, b) a < b)", [1, 2, 3]),
    ('substring(start position: 2, string: "abc")', "bc"),
    ("substring(begin: 2)", None),
    ("no such thing(1)", None),
    ("amount(1)", None),
    ('"text"(1)', None),
]

TYPES = [
    ("1 instance of number", True),
    ("true instance of number", False),
    ('"a" instance of string', True),
    ('@"2026-12-01" instance of date', True),
    ('@"2026-12-01T09:00:00" instance of date and time', True),
    ('@"P1D" instance of days and time duration', True),
    ('@"P1M" instance of years and months duration', True),
    ("[1, 2] instance of list<number>", True),
    ('[1, "a"] instance of list<number>', False),
    ("{a: 1} instance of context<a: number>", True),
    ("{a: 1} instance of context<b: number>", False),
    ("[1..2] instance of range<number>", True),
    ("null instance of Null", True),
    ("null instance of number", False),
    ("1 instance of Any", True),
    ("1 instance of whatever", None),
    ("count(numbers) instance of number", True),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *LITERALS,
        *ARITHMETIC,
        *LOGIC,
        *COMPARISON,
        *MEMBERSHIP,
        *PATHS,
        *FILTERS,
        *LOOPS,
        *FUNCTIONS,
        *TYPES,
    ],
)
def test_an_expression_means(text: str, expected: Any) -> None:
    value = feel.to_json(feel.parse(text).evaluate(VARIABLES))

    assert value == expected
    assert isinstance(value, bool) is isinstance(expected, bool)


def test_a_variable_named_like_a_function_hides_it_only_where_it_is_not_called() -> None:
    assert feel.parse("count + count(numbers)").evaluate(VARIABLES) == 10


def test_division_keeps_34_digits() -> None:
    assert feel.parse("2 / 3").evaluate({}) == Decimal("0.6666666666666666666666666666666667")


def test_whole_numbers_beyond_34_digits_are_rounded() -> None:
    assert feel.parse("11111111111111111111 * 11111111111111111111").evaluate({}) == Decimal(
        "1.234567901234567901209876543209877E+38"
    )


def test_a_boolean_is_never_a_number() -> None:
    assert feel.parse("flag + 1").evaluate({"flag": True}) is None
    assert feel.parse("flag = 1").evaluate({"flag": True}) is None
    assert feel.parse("[1, 2][flag]").evaluate({"flag": True}) == [1, 2]


def test_a_parsed_expression_can_be_kept_and_evaluated_again() -> None:
    expression = feel.parse("amount > limit")

    assert expression.evaluate({"amount": 1, "limit": 2}) is False
    assert expression.evaluate({"amount": 3, "limit": 2}) is True
    assert feel.parse("amount > limit") is expression


@pytest.mark.parametrize("text", ["[1, 2]", '{a: 1, b: "x"}'])
def test_whoever_changes_a_value_changes_no_other_evaluation(text: str) -> None:
    expression = feel.parse(text)
    before = feel.to_json(expression.evaluate({}))

    expression.evaluate({}).clear()

    assert expression.evaluate({}) == before


def test_a_function_of_the_caller_can_be_called() -> None:
    double = feel.Function(parameters=("n",), call=lambda _run, arguments: arguments[0] * 2)

    assert feel.parse("double(4) + double(n: 1)").evaluate({"double": double}) == 10
