"""Types: reading them, what belongs to them, and what can be had as one."""

from __future__ import annotations

from typing import Any

import pytest

from workflows import feel

NAMED = {"tNumbers": feel.parse_type("list<number>"), "tPerson": feel.parse_type("context<name: string, age: number>")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2] instance of tNumbers", True),
        ('[1, "a"] instance of tNumbers', False),
        ('{name: "Lina", age: 44} instance of tPerson', True),
        ('{name: "Lina", age: 44, more: true} instance of tPerson', True),
        ('{name: "Lina"} instance of tPerson', False),
        ('[{name: "Lina", age: null}] instance of list<tPerson>', True),
        ("1 instance of tUnknown", None),
    ],
)
def test_types_may_have_names_of_their_own(text: str, expected: bool | None) -> None:
    assert feel.parse(text, types=NAMED).evaluate({}) is expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", 1, (True, 1)),
        ("number", None, (True, None)),
        ("number", "1", (False, None)),
        ("number", True, (False, None)),
        ("number", [1], (True, 1)),
        ("list<number>", 1, (True, [1])),
        ("list<number>", "1", (False, None)),
        ("tOfSomebodyElse", "1", (True, "1")),
        ("Any", [1], (True, [1])),
    ],
)
def test_a_value_can_be_had_as_a_type(kind: str, value: Any, expected: tuple[bool, Any]) -> None:
    assert feel.parse_type(kind).fit(value) == expected


@pytest.mark.parametrize("text", ["list<number", "", "context<a>", "number number", "function<number>"])
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.parse_type(text)
