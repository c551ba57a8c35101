"""The tables and the formula of a claim for residential measures answer as the policy says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.bpmn.conftest import PROCESSES
from tests.bpmn.tables import Tables, read_golden
from workflows import diagrams, feel

AMOUNTS = read_golden("residence_claim")["amounts"]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("residence_claim")


@pytest.fixture(scope="module")
def work_out():
    """Ask the formula in the diagram what one line is worth."""
    diagram = diagrams.read_diagram((PROCESSES / "residence_claim" / "rmc_main.bpmn").read_bytes(), name="rmc_main.bpmn")
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


@pytest.mark.parametrize("case", AMOUNTS)
def test_a_golden_amount_is_worked_out_as_expected(work_out, case):
    facts = dict(AMOUNTS[case])
    payable = facts.pop("payable")

    assert work_out(**facts)["payable"] == payable


def test_every_table_takes_the_first_match(tables: Tables) -> None:
    assert {model.decisions[table].logic.hit_policy for table, model in tables.models.items()} == {"FIRST"}


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
def test_eligibility_follows_from_the_facts(tables: Tables, facts: Any, decision: str) -> None:
    assert tables.decide("D3.3", **facts)["decision"] == decision


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
def test_the_route_follows_from_the_facts(tables: Tables, facts: Any, route: str) -> None:
    assert tables.decide("D3.5", **facts)["route"] == route


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
