"""The decision tables of travel clearance answer as the policy says, beyond its golden cases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bpmn.tables import Tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("travel_clearance")


def test_missing_facts_never_let_anybody_travel(tables: Tables) -> None:
    nobody = {"overall": "NOT_CLEARED_NO_DECISION", "may_travel": False}

    assert tables.decide_without_facts("D1.7") == [nobody, nobody]
    assert [value["mode"] for value in tables.decide_without_facts("D1.4")] == ["MANUAL", "MANUAL"]
    assert [value["requirement"] for value in tables.decide_without_facts("D1.1")] == ["MANDATORY", "MANDATORY"]


@pytest.mark.parametrize(
    ("facts", "overall", "may_travel"),
    [
        ({"n_total": 2, "n_denied": 2}, "DENIED", False),
        ({"n_total": 2, "n_denied": 1, "n_granted": 1}, "PARTIAL", False),
        ({"n_total": 2, "n_denied": 1, "n_registered": 1}, "PARTIAL", False),
        ({"n_total": 2, "n_denied": 1, "n_undecided": 1}, "NOT_CLEARED_NO_DECISION", False),
        ({"n_total": 2, "n_hold": 1, "n_granted": 1}, "ON_HOLD", False),
        ({"n_total": 2, "n_registered": 2}, "REGISTERED", True),
        ({"n_total": 2, "n_registered": 1, "n_conditional": 1}, "CLEARED_WITH_CONDITIONS", True),
        ({"n_total": 2, "n_registered": 1, "n_granted": 1}, "CLEARED", True),
    ],
)
def test_every_overall_status_can_be_reached(tables: Tables, facts: Any, overall: str, may_travel: bool) -> None:
    assert tables.decide("D1.7", **facts) == {"overall": overall, "may_travel": may_travel}


def test_the_trace_names_the_row_and_the_facts(tables: Tables) -> None:
    trace = tables.ask("D1.4", ceiling_enabled=True, ceiling_free=0, area_mode="MANUAL").trace

    assert trace.rules[0].number == 10
    assert trace.rules[0].id == "D1.4_r10"
    assert trace.inputs["ceiling_free"] == 0
    assert trace.hit_policy == "FIRST"
