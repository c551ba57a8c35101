"""The decision tables of crisis plans answer as the policy says, beyond their golden cases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bpmn.tables import Tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("crisis_plan")


def test_every_table_takes_the_first_match(tables: Tables) -> None:
    assert {model.decisions[table].logic.hit_policy for table, model in tables.models.items()} == {"FIRST"}


def test_a_missing_fact_never_signs_credits_rates_or_postpones(tables: Tables) -> None:
    for table, name, refused in (
        ("D4.5", "gate", {"SIGN", "SIGN_CONDITIONAL"}),
        ("D4.6", "credit", {"CREDIT"}),
        ("D4.7", "result", {"ALLOW"}),
    ):
        for value in tables.decide_without_facts(table):
            assert value[name] not in refused
        for fact in tables.usual[table]:
            # Without knowing how many high actions are open, a satisfactory test may be signed all the same.
            assert tables.decide(table, **{fact: None})[name] not in refused or (table, fact) == ("D4.5", "open_high")
    assert tables.decide_without_facts("D4.3") == ["UNSATISFACTORY", "UNSATISFACTORY"]


@pytest.mark.parametrize(
    ("facts", "gate"),
    [
        ({}, "SIGN"),
        ({"open_high": 3}, "SIGN"),
        ({"rating": "PARTIAL"}, "SIGN"),
        ({"rating": "PARTIAL", "open_high": 1}, "SIGN_CONDITIONAL"),
        ({"rating": "UNSATISFACTORY"}, "RETEST"),
        ({"plan_update_pending": True}, "HOLD_PLAN_UPDATE"),
        ({"open_critical": 1, "plan_update_pending": True}, "HOLD_CRITICAL"),
        ({"aar_done": False, "open_critical": 1}, "WAIT_AAR"),
        ({"test_meets_min": False, "aar_done": False}, "RETEST_BELOW_MINIMUM"),
    ],
)
def test_the_gate_says_what_comes_first(tables: Tables, facts: Any, gate: str) -> None:
    assert tables.decide("D4.5", **facts)["gate"] == gate
