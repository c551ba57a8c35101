"""The tables of security plans answer as section F1 says."""

from __future__ import annotations

import pytest

from tests.bpmn.tables import Tables

USUAL = {
    "D8.1": {"kind": "YEARLY", "plan_in_force": True, "location_class": "FIELD"},
    "D8.2": {"n_fail_mandatory": 0, "n_fail_minor": 0, "returns_so_far": 0},
}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("security_plan", USUAL)


@pytest.mark.parametrize(
    ("kind", "in_force", "location_class", "expected"),
    [
        ("YEARLY", True, "FIELD", (False, True, "DRO_DIR")),
        ("YEARLY", True, "HQ", (False, True, "DHSSS_DIR")),
        ("EDITORIAL", True, "FIELD", (False, False, "DRO_DESK")),
        ("EDITORIAL", False, "FIELD", (False, True, "DRO_DIR")),
        ("NEW_OFFICIAL", True, "FIELD", (True, False, "NONE")),
        ("NEW_OFFICIAL", False, "FIELD", (False, True, "DRO_DIR")),
    ],
)
def test_a_plan_takes_the_way_of_its_kind(
    tables: Tables,
    kind: str,
    in_force: bool,
    location_class: str,
    expected: tuple[bool, bool, str],
) -> None:
    value = tables.decide("D8.1", kind=kind, plan_in_force=in_force, location_class=location_class)

    assert (value["signs_only"], value["smt"], value["endorser"]) == expected


@pytest.mark.parametrize(
    ("mandatory", "minor", "returns", "result"),
    [
        (0, 0, 0, "ENDORSE"),
        (0, 2, 0, "ENDORSE_WITH_OBSERVATIONS"),
        (1, 0, 0, "RETURN"),
        (1, 0, 1, "RETURN"),
        (1, 0, 2, "ESCALATE_CALL"),
        (0, 0, 2, "ENDORSE"),
    ],
)
def test_the_desk_returns_twice_and_then_calls(tables: Tables, mandatory: int, minor: int, returns: int, result: str) -> None:
    assert tables.decide("D8.2", n_fail_mandatory=mandatory, n_fail_minor=minor, returns_so_far=returns)["result"] == result


def test_a_list_that_is_not_filled_in_endorses_nothing(tables: Tables) -> None:
    assert {value["result"] for value in tables.decide_without_facts("D8.2")} == {"RETURN"}


def test_the_tables_are_built_as_all_tables_are(tables: Tables) -> None:
    assert list(tables.faults()) == []
