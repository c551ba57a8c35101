"""`safeconduct feel`: values, and errors with their place."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from webapp.commands.feel import command


@pytest.fixture
def run(tmp_path):
    def runner(expression, context=None):
        options = []
        if context is not None:
            file = tmp_path / "context.json"
            file.write_text(context if isinstance(context, str) else json.dumps(context), encoding="utf-8")
            options = ["--context", str(file)]
        return CliRunner().invoke(command, [expression, *options])

    return runner


@pytest.mark.parametrize(
    ("expression", "context", "printed"),
    [
        ("1 + 2", None, "3"),
        ('"a" + "b"', None, '"ab"'),
        ("first name + x.y[2]", {"first name": 3, "x": {"y": [1, 2.5]}}, "5.5"),
        ("[1..3]", None, "[1..3]"),
        ("nobody", None, "null"),
        ('@"2026-12-01" + duration("P1M")', None, "2027-01-01"),
    ],
)
def test_the_value_is_printed_as_feel_writes_it(run, expression, context, printed):
    answered = run(expression, context)

    assert answered.output.strip() == printed
    assert answered.exit_code == 0


def test_an_error_shows_its_place(run):
    answered = run("1 +\n(2 * ")

    assert answered.exit_code == 1
    assert answered.output.splitlines() == ["(2 * ", "     ^", "Line 2, column 6: The expression breaks off here."]


def test_a_context_must_be_an_object(run):
    assert "must be a JSON object" in run("1", [1]).output
    assert "is not JSON" in run("1", "{").output
