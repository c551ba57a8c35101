"""The decision tables of the risk assessment answer as the policy says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from workflows import dmn

HERE = Path(__file__).parent
PROCESSES = HERE.parents[2] / "bpmn"
FOLDER = PROCESSES / "risk_assessment"
GOLDEN = yaml.safe_load((HERE / "golden.yaml").read_text(encoding="utf-8"))
RISKS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH", "UNACCEPTABLE")
#: Tables with one output, whose value comes without its name.
SINGLE = {"D2.2": "risk", "D2.8": "effect"}


def _checks() -> Iterator[Any]:
    for case, checks in GOLDEN["cases"].items():
        for number, check in enumerate(checks, start=1):
            yield pytest.param(check, id=f"{case}-{number}-{check['table']}")


def read_tables(folder: Path) -> dict[str, dmn.Model]:
    models = [dmn.read_model(path.read_bytes(), name=path.name) for path in sorted(folder.glob("*.dmn"))]
    return {decision: model for model in models for decision in model.decisions}


@pytest.fixture(scope="module")
def tables() -> dict[str, dmn.Model]:
    return read_tables(FOLDER)


@pytest.fixture
def decide(tables):
    """Take a decision with the usual facts of its table, some of them changed; answers the outputs by name."""

    def take(table: str, **facts: Any) -> dict[str, Any]:
        value = tables[table].decide(table, GOLDEN["usual"][table] | facts).value
        return value if isinstance(value, dict) else {SINGLE[table]: value}

    return take


@pytest.mark.parametrize("check", [*_checks()])
def test_a_golden_case_is_decided_as_expected(decide, check):
    value = decide(check["table"], **check["facts"])

    assert {name: value[name] for name in check["expected"]} == check["expected"]


def test_a_major_incident_has_cleared_travellers_reassessed_within_a_day():
    table = read_tables(PROCESSES / "travel_clearance")["D1.8"]

    value = table.decide(
        "D1.8", {"event": "INCIDENT_MAJOR", "phase": "CLEARED_NOT_DEPARTED", "new_level": 4, "new_mode": "MANUAL"}
    ).value

    assert (value["action"], value["deadline_h"]) == ("REASSESS", 24)


def test_without_a_quorum_no_schedule_of_residential_measures_passes_its_gate():
    table = read_tables(PROCESSES / "residential_measures")["D3.1"]
    facts = {
        "srm_endorsed": True,
        "srm_days_left": 200,
        "all_linked_to_risk": True,
        "smt_quorum_ok": False,
        "cost_sheet_ok": True,
    }

    assert table.decide("D3.1", facts).value["gate"] == "RETURN"


def test_every_table_is_there_in_its_own_file(tables):
    assert set(tables) == set(GOLDEN["usual"])
    assert {path.name.partition("_")[0] for path in FOLDER.glob("*.dmn")} == set(GOLDEN["usual"])


def test_every_table_reads_exactly_the_facts_that_the_cases_give(tables):
    for table, facts in GOLDEN["usual"].items():
        assert set(tables[table].decisions[table].reads) == set(facts)


def test_every_table_that_takes_the_first_match_ends_in_a_catch_all(tables):
    for table, model in tables.items():
        logic = model.decisions[table].logic
        assert [rule.id for rule in logic.rules] == [f"{table}_r{number}" for number in range(1, len(logic.rules) + 1)]
        if logic.hit_policy == "FIRST":
            assert logic.rules[-1].tests == ()


def test_missing_facts_never_break_a_table(tables):
    for table, facts in GOLDEN["usual"].items():
        for nothing in ({}, dict.fromkeys(facts)):
            assert tables[table].decide(table, nothing).trace.decision == table


def test_a_higher_likelihood_or_impact_never_lowers_the_risk(decide):
    risk = {
        (likelihood, impact): decide("D2.2", likelihood=likelihood, impact=impact)["risk"]
        for likelihood, impact in product(range(1, 6), repeat=2)
    }

    for likelihood, impact in product(range(1, 5), repeat=2):
        here = RISKS.index(risk[likelihood, impact])
        assert RISKS.index(risk[likelihood + 1, impact]) >= here
        assert RISKS.index(risk[likelihood, impact + 1]) >= here


def test_an_unacceptable_risk_is_blocked_whatever_else_holds(decide):
    for level, variant, place, days in product(range(1, 7), ("FULL", "UPDATE", "AD_HOC"), ("HQ", "FIELD"), (10, 400)):
        chain = decide(
            "D2.4", residual_max="UNACCEPTABLE", proposed_level=level, variant=variant, location_class=place, duration_days=days
        )
        assert (chain["final_authority"], chain["do_step"]) == ("BLOCKED", False)


def test_level_six_and_very_high_risk_always_reach_the_under_secretary_general(decide):
    for variant, place, jump in product(("FULL", "UPDATE", "AD_HOC"), ("HQ", "FIELD"), (0, 1, 2)):
        facts = {"variant": variant, "location_class": place, "level_jump": jump}
        assert decide("D2.4", proposed_level=6, **facts)["final_authority"] == "USG"
        assert decide("D2.4", residual_max="VERY_HIGH", **facts)["final_authority"] == "USG"


def test_the_third_failure_leads_to_a_call(decide):
    results = [decide("D2.5", n_fail_mandatory=1, returns_so_far=count)["result"] for count in range(4)]

    assert results == ["RETURN", "RETURN", "ESCALATE_CALL", "ESCALATE_CALL"]


@pytest.mark.parametrize(
    ("score", "level"), [(1.0, 1), (1.49, 1), (1.5, 2), (2.19, 2), (2.2, 3), (2.9, 4), (3.59, 4), (3.6, 5), (4.3, 6), (5.0, 6)]
)
def test_the_level_follows_from_the_weighted_score(decide, score, level):
    assert decide("D2.3", threat_score=score)["proposed_level"] == level
