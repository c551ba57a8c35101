"""The decision tables of travel clearance answer as the policy says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from workflows import dmn

HERE = Path(__file__).parent
FOLDER = HERE.parents[2] / "bpmn" / "travel_clearance"
GOLDEN = yaml.safe_load((HERE / "golden.yaml").read_text(encoding="utf-8"))


def _checks() -> Iterator[Any]:
    for case, checks in GOLDEN["cases"].items():
        for number, check in enumerate(checks, start=1):
            yield pytest.param(check, id=f"{case}-{number}-{check['table']}")


@pytest.fixture(scope="module")
def tables() -> dict[str, dmn.Model]:
    models = [dmn.read_model(path.read_bytes(), name=path.name) for path in sorted(FOLDER.glob("*.dmn"))]
    return {decision: model for model in models for decision in model.decisions}


@pytest.fixture
def decide(tables):
    """Take a decision with the usual facts of its table, some of them changed."""

    def take(table: str, **facts: Any) -> dmn.Outcome:
        return tables[table].decide(table, GOLDEN["usual"][table] | facts)

    return take


@pytest.mark.parametrize("check", [*_checks()])
def test_a_golden_case_is_decided_as_expected(decide, check):
    value = decide(check["table"], **check["facts"]).value

    for name, expected in check["expected"].items():
        assert ([row[name] for row in value] if isinstance(value, list) else value[name]) == expected


def test_every_table_is_there_in_its_own_file(tables):
    assert set(tables) == set(GOLDEN["usual"])
    assert {path.name.partition("_")[0] for path in FOLDER.glob("*.dmn")} >= set(GOLDEN["usual"])


def test_every_table_reads_exactly_the_facts_that_the_cases_give(tables):
    for table, facts in GOLDEN["usual"].items():
        assert set(tables[table].decisions[table].reads) == set(facts)


def test_every_rule_is_numbered_by_its_row(tables):
    for table, model in tables.items():
        rules = model.decisions[table].logic.rules

        assert [rule.id for rule in rules] == [f"{table}_r{number}" for number in range(1, len(rules) + 1)]


def test_missing_facts_never_break_a_table(tables):
    for table, facts in GOLDEN["usual"].items():
        for nothing in ({}, dict.fromkeys(facts)):
            assert tables[table].decide(table, nothing).trace.decision == table


def test_missing_facts_never_let_anybody_travel(tables):
    for nothing in ({}, dict.fromkeys(GOLDEN["usual"]["D1.7"])):
        assert tables["D1.7"].decide("D1.7", nothing).value == {"overall": "NOT_CLEARED_NO_DECISION", "may_travel": False}
        assert tables["D1.4"].decide("D1.4", nothing).value["mode"] == "MANUAL"
        assert tables["D1.1"].decide("D1.1", nothing).value["requirement"] == "MANDATORY"


def test_every_table_that_takes_the_first_match_ends_in_a_catch_all(tables):
    for table, model in tables.items():
        logic = model.decisions[table].logic
        if logic.hit_policy == "FIRST":
            assert logic.rules[-1].tests == ()


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
def test_every_overall_status_can_be_reached(decide, facts, overall, may_travel):
    assert decide("D1.7", **facts).value == {"overall": overall, "may_travel": may_travel}


def test_the_trace_names_the_row_and_the_facts(decide):
    trace = decide("D1.4", ceiling_enabled=True, ceiling_free=0, area_mode="MANUAL").trace

    assert trace.rules[0].number == 10
    assert trace.rules[0].id == "D1.4_r10"
    assert trace.inputs["ceiling_free"] == 0
    assert trace.hit_policy == "FIRST"
