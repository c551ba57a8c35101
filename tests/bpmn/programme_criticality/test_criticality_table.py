"""The table of levels: from what an activity brings and how likely it can be carried out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bpmn.tables import Tables

TABLE = "D20.1"
#: The level by contribution (rows, 1 to 5) and likelihood (columns, 1 to 5).
LEVELS = {1: "44444", 2: "44444", 3: "44333", 4: "33322", 5: "33222"}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("programme_criticality", {TABLE: {"contribution": 3, "likelihood": 3}})


def level(tables: Tables, **facts: Any) -> str:
    return str(tables.outputs(TABLE, **facts)["level"])


@pytest.mark.parametrize("contribution", LEVELS)
def test_the_level_follows_from_both_ratings(tables: Tables, contribution: int) -> None:
    found = [level(tables, contribution=contribution, likelihood=likelihood) for likelihood in range(1, 6)]

    assert found == [f"PC{digit}" for digit in LEVELS[contribution]]


def test_more_never_means_less_critical(tables: Tables) -> None:
    grid = [[level(tables, contribution=one, likelihood=other) for other in range(1, 6)] for one in range(1, 6)]

    for lines in (grid, list(zip(*grid, strict=True))):
        assert all(list(line) == sorted(line, reverse=True) for line in lines)


def test_no_pair_of_ratings_makes_pc1(tables: Tables) -> None:
    assert level(tables, contribution=5, likelihood=5) == "PC2"


def test_what_is_not_known_is_least_critical_and_the_table_is_built_as_all_are(tables: Tables) -> None:
    assert level(tables, contribution=None, likelihood=None) == "PC4"
    assert list(tables.faults()) == []
