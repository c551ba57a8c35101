"""The table of protection: which measures follow from the threat and risk of a visit."""

from __future__ import annotations

import pytest

from tests.bpmn.tables import Tables

TABLE = "D22.1"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("official_travel", {TABLE: {"risk": "LOW"}})


@pytest.mark.parametrize(
    ("risk", "measure", "host", "usg"),
    [
        ("LOW", "ADVICE", "NONE", False),
        ("MEDIUM", "LIAISON", "NONE", False),
        ("HIGH", "TEAM", "NOTICE", False),
        ("VERY_HIGH", "TEAM_ESCORT", "ESCORT", True),
        (None, "TEAM_ESCORT", "ESCORT", True),
    ],
)
def test_the_protection_follows_from_the_risk_and_is_highest_where_it_is_not_known(
    tables: Tables, risk: str | None, measure: str, host: str, *, usg: bool
) -> None:
    found = tables.outputs(TABLE, risk=risk)

    assert (found["measure"], found["host"], found["usg"]) == (measure, host, usg)


def test_the_table_is_built_as_all_are(tables: Tables) -> None:
    assert list(tables.faults()) == []
