"""The decision tables of an area's residential measures answer as the policy says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from workflows import dmn

HERE = Path(__file__).parent
FOLDER = HERE.parents[2] / "bpmn" / "residential_measures"
GOLDEN = yaml.safe_load((HERE / "golden.yaml").read_text(encoding="utf-8"))


def _checks() -> Iterator[Any]:
    for case, checks in GOLDEN["cases"].items():
        for number, check in enumerate(checks, start=1):
            yield pytest.param(check, id=f"{case}-{number}-{check['table']}")


@pytest.fixture(scope="module")
def decide():
    """Take a decision with the usual facts of its table, some of them changed."""
    models = [dmn.read_model(path.read_bytes(), name=path.name) for path in sorted(FOLDER.glob("*.dmn"))]
    tables = {decision: model for model in models for decision in model.decisions}

    def take(table: str, **facts: Any) -> Any:
        return tables[table].decide(table, GOLDEN["usual"][table] | facts).value

    take.tables = tables
    return take


@pytest.mark.parametrize("check", [*_checks()])
def test_a_golden_case_is_decided_as_expected(decide, check):
    value = decide(check["table"], **check["facts"])

    assert {name: value[name] for name in check["expected"]} == check["expected"]


def test_every_table_is_there_and_reads_exactly_the_facts_that_the_cases_give(decide):
    assert set(decide.tables) == set(GOLDEN["usual"])
    for table, facts in GOLDEN["usual"].items():
        assert set(decide.tables[table].decisions[table].reads) == set(facts)


def test_every_table_ends_in_a_catch_all_and_numbers_its_rules(decide):
    for table, model in decide.tables.items():
        logic = model.decisions[table].logic
        assert logic.hit_policy == "FIRST"
        assert logic.rules[-1].tests == ()
        assert [rule.id for rule in logic.rules] == [f"{table}_r{number}" for number in range(1, len(logic.rules) + 1)]


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ({"srm_endorsed": False}, "no endorsed assessment for the area"),
        ({"srm_days_left": 0}, "assessment expired"),
        ({"smt_quorum_ok": False}, "SMT meeting without quorum"),
        ({"cost_sheet_ok": False}, "cost sheet incomplete"),
    ],
)
def test_whatever_is_missing_keeps_a_draft_from_going_up(decide, facts, note):
    assert decide("D3.1", **facts) == {"gate": "RETURN", "note": note}


def test_an_emergency_goes_before_everything_else(decide):
    value = decide("D3.2", emergency=True, residual_residential="LOW", location_class="HQ", has_armed_guard=True)

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
def test_the_authority_follows_from_what_the_schedule_holds(decide, facts, authority):
    assert decide("D3.2", **facts)["authority"] == authority
