"""The table of delegations answers as section 16.3 says."""

from __future__ import annotations

import pytest

from tests.bpmn.tables import Tables

USUAL = {"D9.1": {"kind": "DELEGATION", "authority_code": "TSC_TIER1"}}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("delegation", USUAL)


@pytest.mark.parametrize(
    ("code", "giver", "to"),
    [
        ("TSC_TIER1", "DO", "ROLE"),
        ("TSC_TIER2", "DO", "ROLE"),
        ("DRILL_APPROVAL", "DO", "ROLE"),
        ("CLAIM_VERIFY", "CSA", "ROLE"),
        ("EXH_CERTIFY", "EXH", "PERSON"),
        ("ORG_ENDORSE", "HOA", "PERSON"),
        ("FIN_CERTIFY", "FIN", "PERSON"),
        ("DO_INTERIM", "DO", "PERSON"),
    ],
)
def test_a_power_is_given_by_its_holder_to_whom_it_may_go(tables: Tables, code: str, giver: str, to: str) -> None:
    value = tables.decide("D9.1", authority_code=code)

    assert (value["delegable"], value["delegator_role"], value["to"]) == (True, giver, to)


@pytest.mark.parametrize(
    "code",
    ["TSC_TIER4", "TSC_TIER5", "ASSESSMENT", "PLAN_APPROVAL", "RSM_APPROVAL", "SIGN_OFF", "EVACUATION", "LEVEL_CHANGE", "OTHER"],
)
def test_what_is_not_delegable_is_never_given(tables: Tables, code: str) -> None:
    assert tables.decide("D9.1", authority_code=code)["delegable"] is False


def test_no_delegation_gives_away_the_office_of_the_official_or_the_adviser(tables: Tables) -> None:
    codes = ("TSC_TIER1", "TSC_TIER2", "DRILL_APPROVAL", "CLAIM_VERIFY", "EXH_CERTIFY", "ORG_ENDORSE", "FIN_CERTIFY")

    assert {tables.decide("D9.1", authority_code=code)["held_role"] for code in codes}.isdisjoint({"DO", "CSA"})


def test_only_the_under_secretary_general_appoints_an_alternate(tables: Tables) -> None:
    assert tables.decide("D9.1", authority_code="DO_INTERIM")["appoints"] == "USG"
    assert tables.decide("D9.1", authority_code="EXH_CERTIFY")["grade"] == "ADG"


def test_nothing_known_is_nothing_given(tables: Tables) -> None:
    assert {value["delegable"] for value in tables.decide_without_facts("D9.1")} == {False}


def test_the_table_is_built_as_all_tables_are(tables: Tables) -> None:
    assert list(tables.faults()) == []
