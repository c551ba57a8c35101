"""The decision tables of an area's residential measures answer as the policy says, beyond their golden cases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bpmn.tables import Tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("residential_measures")


def test_every_table_takes_the_first_match(tables: Tables) -> None:
    assert {model.decisions[table].logic.hit_policy for table, model in tables.models.items()} == {"FIRST"}


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ({"srm_endorsed": False}, "no endorsed assessment for the area"),
        ({"srm_days_left": 0}, "assessment expired"),
        ({"smt_quorum_ok": False}, "SMT meeting without quorum"),
        ({"cost_sheet_ok": False}, "cost sheet incomplete"),
    ],
)
def test_whatever_is_missing_keeps_a_draft_from_going_up(tables: Tables, facts: Any, note: str) -> None:
    assert tables.decide("D3.1", **facts) == {"gate": "RETURN", "note": note}


def test_an_emergency_goes_before_everything_else(tables: Tables) -> None:
    value = tables.decide("D3.2", emergency=True, residual_residential="LOW", location_class="HQ", has_armed_guard=True)

    assert value["authority"] == "DO_INTERIM"


@pytest.mark.parametrize(
    ("facts", "authority"),
    [
        ({"has_noncatalogue": True}, "USG"),
        ({"includes_local": True}, "USG"),
        ({"cost_increase_pct": 25.1}, "USG"),
        ({"cost_increase_pct": 25}, "DRO_DIR"),
        ({"cost_increase_pct": -10}, "DRO_DIR"),
        ({"residual_residential": "LOW", "has_armed_guard": True}, "RETURN"),
    ],
)
def test_the_authority_follows_from_what_the_schedule_holds(tables: Tables, facts: Any, authority: str) -> None:
    assert tables.decide("D3.2", **facts)["authority"] == authority
