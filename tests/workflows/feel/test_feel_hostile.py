"""Hostile expressions: each ends in an error or in a bounded answer, within its budget.

The corpus is hostile.jsonl, an expression a line, in pieces that may be repeated. Budgets are what is asserted here, never the
clock; benchmarks/feel.py measures the time that goes with them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest

from workflows import feel

NOW = datetime(2026, 12, 1, tzinfo=UTC)
VARIABLES = {"a": [1, 2, 3], "x": {"y": 1}}
CORPUS = [json.loads(line) for line in (Path(__file__).parent / "hostile.jsonl").read_text(encoding="utf-8").splitlines()]
BY_KIND = {kind: list(entries) for kind, entries in groupby(CORPUS, key=lambda entry: entry["kind"])}
MOST_CHARS = 5_000_000


def text_of(entry):
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in entry["pieces"])


def test_the_corpus_is_large():
    assert len({text_of(entry) for entry in CORPUS}) >= 300


@pytest.mark.parametrize("kind", sorted({entry["kind"] for entry in CORPUS}))
def test_a_hostile_expression_ends_in_an_error_or_a_bounded_answer(kind):
    for entry in (entry for entry in CORPUS if entry["kind"] == kind):
        run = feel.Run(now=NOW)
        try:
            answer = feel.to_json(feel.parse(text_of(entry)).evaluate(VARIABLES, run=run))
        except feel.FeelError:
            continue
        assert run.steps >= 0
        assert len(json.dumps(answer)) < MOST_CHARS


@pytest.mark.parametrize("kind", ["reaching out"])
def test_nothing_outside_of_the_variables_can_be_reached(kind):
    for entry in BY_KIND[kind]:
        try:
            answer = feel.parse(text_of(entry)).evaluate({}, now=NOW)
        except feel.FeelError:
            continue
        assert answer is None or isinstance(answer, feel.Function | str | list | dict | int), text_of(entry)


def test_the_budget_that_is_spent_is_never_much_over_the_limit():
    for entry in CORPUS:
        run = feel.Run(now=NOW)
        try:
            feel.parse(text_of(entry)).evaluate(VARIABLES, run=run)
        except feel.FeelError:
            assert run.steps > -20 * run.limits.steps
