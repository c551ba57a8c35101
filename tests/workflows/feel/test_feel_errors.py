"""What is not FEEL, and where; what costs too much."""

from __future__ import annotations

import pytest

from workflows import feel

MISTAKES = [
    ("", 0, "The expression breaks off here."),
    ("1 +", 3, "The expression breaks off here."),
    ("(1 + 2", 6, "“)” is missing at the end."),
    ("[1, 2", 5, "“]” is missing at the end."),
    ("{a: 1", 5, "“}” is missing at the end."),
    ("1 2", 2, "The expression should end here, but “2” follows."),
    ("a == 1", 3, "FEEL compares with a single =."),
    ("!a", 0, "“!” is not FEEL: write not(…)."),
    ("mode = 'A'", 7, '“\'” is not FEEL: write "…".'),
    ("5 % 2", 2, "“%” is not FEEL: write modulo(…, …)."),
    ("a && b", 2, "“&” is not FEEL: write and."),
    ("a || b", 2, "“|” is not FEEL: write or."),
    ('"open', 0, 'This text is not closed: its second " is missing.'),
    ("1 /* open", 2, "This comment is not closed: its */ is missing."),
    ("`open", 0, "This name is not closed: its second ` is missing."),
    ("if a then b", 11, "“else” is missing at the end."),
    ("if a b", 6, "“then” is missing at the end."),
    ("for x return 1", 6, "“in” should stand here, not “return”."),
    ("a and", 5, "The expression breaks off here."),
    ("and b", 0, "A value should stand before “and”."),
    ("1 + * 2", 4, "A value should stand here, not “*”."),
    ("a.", 2, "A name should stand here."),
    ("a.1", 1, "The expression should end here, but “.1” follows."),
    ("[1..3", 5, "This range is not closed: a ] or ) is missing."),
    ("f(a: 1, 2)", 9, "Either all arguments have names, or none."),
    ("x instance of 3", 14, "The name of a type should stand here."),
    ("1e99999", 0, "This number is too large."),
    ("a between 1", 11, "“and” is missing at the end."),
    ("{1: 2}", 1, "A name should stand here."),
]


@pytest.mark.parametrize(("text", "position", "sentence"), MISTAKES)
def test_a_mistake_is_explained_at_its_place(text: str, position: int, sentence: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.parse(text)

    assert caught.value.position == position
    assert str(caught.value) == f"Line 1, column {position + 1}: {sentence}"


def test_a_mistake_knows_its_line_and_column() -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.parse("a +\n  b c d +\n  *")

    assert (caught.value.line, caught.value.column) == (3, 3)


def test_unary_tests_explain_their_mistakes_too() -> None:
    with pytest.raises(feel.FeelSyntaxError, match="Line 1, column 5: The expression breaks off here"):
        feel.parse_unary_tests("1, <")


def test_braces_in_a_text_do_not_confuse_its_error() -> None:
    with pytest.raises(feel.FeelSyntaxError, match="follows"):
        feel.parse('1 "{name}"')
