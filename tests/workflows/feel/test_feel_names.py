"""Names with spaces and signs, the names that an expression needs, and what strict checking says about them."""

from __future__ import annotations

import pytest

from workflows import feel

USED = [
    ("amount > 3 and mode = other", {"amount", "mode", "other"}),
    ("case.number", {"case"}),
    ("for a in list return a + b", {"list", "b"}),
    ("for a in xs, b in a.ys return a + b", {"xs"}),
    ("for i in 1..n return partial", {"n"}),
    ("some a in xs satisfies a > b", {"xs", "b"}),
    ("function(a) a + b", {"b"}),
    ("{a: 1, b: a + c}", {"c"}),
    ("{b: a, a: 1}", {"a"}),
    ("stops[area = wanted]", {"stops"}),
    ("count(xs) + my thing(y)", {"xs", "my thing", "y"}),
    ("date and time(x)", {"x"}),
    ("first name + last name", {"first name", "last name"}),
    ("1 + 1", set()),
    ('mode = "MANUAL"', {"mode"}),
]


@pytest.mark.parametrize(("text", "names"), USED)
def test_an_expression_says_which_names_it_needs(text: str, names: set[str]) -> None:
    assert feel.parse(text).names == names


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Full Name", (), "L"),
        ("a-b", ("a-b",), 7),
        ("a-b", (), 1),
        ("a - b", ("a-b",), 7),
        ("profit and loss + 1", ("profit and loss",), 4),
        ("d'or", ("d'or",), 8),
        ("loan 2 + 1", ("loan 2",), 10),
        ("{a+b: 1, c: a+b + 1}.c", (), 2),
        ("{x y: 1, z: x y + 1}.z", (), 2),
        ("{time: 1, date: 2}.date", (), 2),
        ("for my item in [1, 2] return my item", (), [1, 2]),
        ("(function(my arg) my arg + 1)(my arg: 1)", (), 2),
        ("date and time", (), None),
        ("🐎 + 1", (), 3),
    ],
)
def test_names_may_have_spaces_and_signs(text: str, names: tuple[str, ...], expected: object) -> None:
    variables = {"Full Name": "L", "a": 3, "b": 2, "a-b": 7, "profit and loss": 3, "d'or": 8, "loan 2": 9, "🐎": 2}

    assert feel.parse(text, names).evaluate(variables) == expected


def test_an_unknown_name_comes_with_the_nearest_known_one() -> None:
    problems = feel.check_names(feel.parse("amount > 3 and\nmoed = 1"), {"amount", "mode"})

    assert [str(problem) for problem in problems] == ["Line 2, column 1: “moed” is not known here. Did you mean “mode”?"]


def test_an_unknown_function_comes_with_the_nearest_known_one() -> None:
    problems = feel.check_names(feel.parse('string lenght("a")'), ())

    assert [str(problem) for problem in problems] == [
        "Line 1, column 1: there is no function “string lenght”. Did you mean “string length”?"
    ]


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("True", "FEEL's own words are written in small letters: True."),
        ("a AND b", "FEEL's own words are written in small letters: AND."),
    ],
)
def test_words_of_feel_in_capitals_are_explained(text: str, way_out: str) -> None:
    (problem,) = feel.check_names(feel.parse(text), {"a", "b"})

    assert str(problem).endswith(way_out)


def test_arguments_that_a_function_never_takes_are_a_problem() -> None:
    problems = feel.check_names(feel.parse('substring("a") + upper case(text: "a")'), ())

    assert [(problem.facts or {})["column"] for problem in problems] == [1, 18]
    assert str(problems[0]).endswith("It is written substring(string, start position, [length]).")
    assert (
        str(problems[1])
        == "Line 1, column 18: “upper case” cannot be called with these arguments. It is written upper case(string)."
    )


@pytest.mark.parametrize(
    "text",
    [
        "count(known)",
        "known[unknown > 1]",
        "? > 3",
        "for a in known return a",
        "sum(1, 2, 3)",
        "substring(string: known, start position: 1)",
    ],
)
def test_what_is_known_is_no_problem(text: str) -> None:
    assert feel.check_names(feel.parse_unary_tests(text), {"known"}) == []
