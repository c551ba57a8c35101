"""The decision tables of the risk assessment answer as the policy says, beyond its golden cases."""

from __future__ import annotations

from itertools import product

import pytest

from tests.bpmn.tables import Tables

RISKS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH", "UNACCEPTABLE")


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("risk_assessment")


def test_a_major_incident_has_cleared_travellers_reassessed_within_a_day() -> None:
    facts = {"event": "INCIDENT_MAJOR", "phase": "CLEARED_NOT_DEPARTED", "new_level": 4, "new_mode": "MANUAL"}

    value = Tables("travel_clearance").decide("D1.8", **facts)

    assert (value["action"], value["deadline_h"]) == ("REASSESS", 24)


def test_without_a_quorum_no_schedule_of_residential_measures_passes_its_gate() -> None:
    facts = {
        "srm_endorsed": True,
        "srm_days_left": 200,
        "all_linked_to_risk": True,
        "smt_quorum_ok": False,
        "cost_sheet_ok": True,
    }

    assert Tables("residential_measures").decide("D3.1", **facts)["gate"] == "RETURN"


def test_a_higher_likelihood_or_impact_never_lowers_the_risk(tables: Tables) -> None:
    risk = {
        (likelihood, impact): tables.outputs("D2.2", likelihood=likelihood, impact=impact)["risk"]
        for likelihood, impact in product(range(1, 6), repeat=2)
    }

    for likelihood, impact in product(range(1, 5), repeat=2):
        here = RISKS.index(risk[likelihood, impact])
        assert RISKS.index(risk[likelihood + 1, impact]) >= here
        assert RISKS.index(risk[likelihood, impact + 1]) >= here


def test_an_unacceptable_risk_is_blocked_whatever_else_holds(tables: Tables) -> None:
    for level, variant, place, days in product(range(1, 7), ("FULL", "UPDATE", "AD_HOC"), ("HQ", "FIELD"), (10, 400)):
        chain = tables.outputs(
            "D2.4", residual_max="UNACCEPTABLE", proposed_level=level, variant=variant, location_class=place, duration_days=days
        )
        assert (chain["final_authority"], chain["do_step"]) == ("BLOCKED", False)


def test_level_six_and_very_high_risk_always_reach_the_under_secretary_general(tables: Tables) -> None:
    for variant, place, jump in product(("FULL", "UPDATE", "AD_HOC"), ("HQ", "FIELD"), (0, 1, 2)):
        facts = {"variant": variant, "location_class": place, "level_jump": jump}
        assert tables.outputs("D2.4", proposed_level=6, **facts)["final_authority"] == "USG"
        assert tables.outputs("D2.4", residual_max="VERY_HIGH", **facts)["final_authority"] == "USG"


def test_the_third_failure_leads_to_a_call(tables: Tables) -> None:
    results = [tables.outputs("D2.5", n_fail_mandatory=1, returns_so_far=count)["result"] for count in range(4)]

    assert results == ["RETURN", "RETURN", "ESCALATE_CALL", "ESCALATE_CALL"]


@pytest.mark.parametrize(
    ("score", "level"), [(1.0, 1), (1.49, 1), (1.5, 2), (2.19, 2), (2.2, 3), (2.9, 4), (3.59, 4), (3.6, 5), (4.3, 6), (5.0, 6)]
)
def test_the_level_follows_from_the_weighted_score(tables: Tables, score: float, level: int) -> None:
    assert tables.outputs("D2.3", threat_score=score)["proposed_level"] == level


def test_a_missing_likelihood_or_impact_lowers_no_risk(tables: Tables) -> None:
    assert tables.decide_without_facts("D2.2") == ["UNACCEPTABLE", "UNACCEPTABLE"]
    for value in range(1, 6):
        assert tables.outputs("D2.2", likelihood=value, impact=None)["risk"] == "UNACCEPTABLE"
        assert tables.outputs("D2.2", likelihood=None, impact=value)["risk"] == "UNACCEPTABLE"
        assert tables.outputs("D2.2", likelihood=value, impact=6)["risk"] == "UNACCEPTABLE"


def test_a_list_that_is_not_filled_in_endorses_nothing(tables: Tables) -> None:
    assert {value["result"] for value in tables.decide_without_facts("D2.5")} == {"RETURN"}
    for fact in ("n_fail_mandatory", "n_fail_minor"):
        assert tables.outputs("D2.5", **{fact: None})["result"] == "RETURN"
