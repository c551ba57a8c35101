"""The tables and the formula of a claim for residential measures answer as the policy says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from workflows import diagrams, dmn, feel

HERE = Path(__file__).parent
FOLDER = HERE.parents[2] / "bpmn" / "residence_claim"
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


@pytest.fixture(scope="module")
def work_out():
    """Ask the formula in the diagram what one line is worth."""
    diagram = diagrams.read_diagram((FOLDER / "rmc_main.bpmn").read_bytes(), name="rmc_main.bpmn")
    script, _ = diagram.elements["rmc_amount"].script
    formula = feel.parse(script.removeprefix("="))

    def answer(*, kind: str, cap: float, invoice: float, sharers: int, months: int, rest: float = 10**9) -> dict[str, Any]:
        line = {"no": 1, "measure": "RS05", "cost_kind": kind, "cap": cap, "amount": invoice, "sharers": sharers}
        known = {
            "plan": {"payable": [1]},
            "lines": [{"no": 1, "invoice_no": "A"}],
            "line_facts": [line | {"name": "Door", "months": months, "rest": rest}],
        }
        return feel.to_json(formula.evaluate(known))[0]

    return answer


@pytest.mark.parametrize("check", [*_checks()])
def test_a_golden_case_is_decided_as_expected(decide, check):
    value = decide(check["table"], **check["facts"])

    assert {name: value[name] for name in check["expected"]} == check["expected"]


@pytest.mark.parametrize("case", GOLDEN["amounts"])
def test_a_golden_amount_is_worked_out_as_expected(work_out, case):
    facts = dict(GOLDEN["amounts"][case])
    payable = facts.pop("payable")

    assert work_out(**facts)["payable"] == payable


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
    ("facts", "decision"),
    [
        ({"duty_station_match": False}, "NOT_ELIGIBLE"),
        ({"contract": "LOCAL"}, "NOT_ELIGIBLE"),
        ({"measure_in_schedule": False}, "NOT_ELIGIBLE"),
        ({"measure_in_schedule": False, "individual_risk": True}, "EXCEPTION"),
        ({"survey_state": "NONE"}, "NEED_SURVEY"),
        ({"survey_state": "EXPIRED"}, "NEED_SURVEY"),
        ({"survey_state": "OTHER_OCCUPANTS"}, "NEED_SURVEY"),
        ({"cohabitant_claimed": True}, "NOT_ELIGIBLE"),
        ({"cohabitant_claimed": True, "cost_kind": "RECURRING"}, "ELIGIBLE"),
    ],
)
def test_eligibility_follows_from_the_facts(decide, facts, decision):
    assert decide("D3.3", **facts)["decision"] == decision


@pytest.mark.parametrize(
    ("facts", "route"),
    [
        ({"decision": "NOT_ELIGIBLE"}, "REJECT"),
        ({"decision": "NEED_SURVEY", "backdated_days": 400}, "SURVEY"),
        ({"backdated_days": 366}, "REJECT"),
        ({"receipts_ok": False}, "RETURN"),
        ({"decision": "ELIGIBLE_SPLIT"}, "CERTIFY"),
        ({"decision": "EXCEPTION", "reinstall_within_24m": True}, "DO_THEN_DRO"),
        ({"reinstall_within_24m": True, "within_cap": False}, "DO"),
    ],
)
def test_the_route_follows_from_the_facts(decide, facts, route):
    assert decide("D3.5", **facts)["route"] == route


@pytest.mark.parametrize(
    ("facts", "payable"),
    [
        ({"kind": "ONE_OFF", "cap": 800, "invoice": 100.01, "sharers": 2, "months": 1}, 50.01),  # half a cent goes up
        ({"kind": "ONE_OFF", "cap": 800, "invoice": 100, "sharers": 3, "months": 1}, 33.33),
        ({"kind": "ONE_OFF", "cap": 800, "invoice": 1.15, "sharers": 2, "months": 1}, 0.58),  # 0.575, which binary numbers miss
        ({"kind": "ONE_OFF", "cap": 800, "invoice": 500, "sharers": 1, "months": 6}, 500),
        ({"kind": "RECURRING", "cap": 500, "invoice": 840, "sharers": 3, "months": 6}, 1000),
        ({"kind": "ONE_OFF", "cap": 800, "invoice": 700, "sharers": 2, "months": 1, "rest": 200}, 200),
        ({"kind": "ONE_OFF", "cap": 800, "invoice": 700, "sharers": 2, "months": 1, "rest": 0}, 0),
    ],
)
def test_amounts_are_rounded_half_up_to_cents_and_never_exceed_what_is_left(work_out, facts, payable):
    assert work_out(**facts)["payable"] == payable


@pytest.mark.parametrize("sharers", range(1, 12))
@pytest.mark.parametrize("invoice", [0.01, 0.99, 100, 100.01, 333.33, 1100.07])
def test_sharers_who_claim_one_after_the_other_never_get_more_than_the_bill(work_out, invoice, sharers):
    rest = Decimal(str(invoice))
    for _ in range(sharers):
        part = work_out(kind="ONE_OFF", cap=10**6, invoice=invoice, sharers=sharers, months=1, rest=float(rest))["payable"]
        rest -= Decimal(str(part))
        assert rest >= 0
