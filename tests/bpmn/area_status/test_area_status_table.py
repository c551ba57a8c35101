"""The table of area changes answers as section F2 says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bpmn.tables import Tables

USUAL = {"D5.1": {"change": "MEASURE", "steps": 0, "new_level": 3, "assessed": True, "below_present": False}}
NOBODY = {"decides": "NOBODY", "smt": "NONE"}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("area_status", USUAL)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"change": "STATUS_SUSPENDED"}, {"decides": "DO", "smt": "INFORMED"}),
        ({"change": "STATUS_OPEN"}, {"decides": "DO", "smt": "INFORMED"}),
        ({"change": "STATUS_EVACUATED"}, NOBODY),
        ({"change": "STATUS_RETURN"}, NOBODY),
        ({"change": "LEVEL_UP", "steps": 1, "new_level": 4}, {"decides": "DO", "smt": "AFTER", "opens_assessment": True}),
        ({"change": "LEVEL_UP", "steps": 1, "new_level": 4}, {"informs_usg": False, "interim_manual": False}),
        ({"change": "LEVEL_UP", "steps": 2, "new_level": 5}, {"decides": "DO", "informs_usg": True, "opens_assessment": True}),
        ({"change": "LEVEL_UP", "steps": 1, "new_level": 6}, {"decides": "USG", "smt": "NONE", "interim_manual": True}),
        ({"change": "LEVEL_DOWN", "steps": 1, "new_level": 2}, {"decides": "DO", "smt": "BEFORE", "opens_assessment": False}),
        ({"change": "LEVEL_DOWN", "steps": 1, "new_level": 2, "assessed": False}, NOBODY),
        ({"change": "MODE_TO_MANUAL"}, {"decides": "DO", "smt": "INFORMED"}),
        ({"change": "MODE_TO_AUTO"}, {"decides": "DO", "smt": "BEFORE"}),
        ({"change": "MODE_TO_AUTO", "new_level": 4}, NOBODY),
        ({"change": "MODE_TO_AUTO", "assessed": False}, NOBODY),
        ({"change": "CEILING_DOWN", "below_present": True}, {"decides": "DO", "smt": "BEFORE", "needs_list": True}),
        ({"change": "CEILING_DOWN"}, {"decides": "DO", "needs_list": False}),
    ],
)
def test_a_change_is_decided_by_whom_the_specification_says(tables: Tables, facts: Any, expected: Any) -> None:
    value = tables.decide("D5.1", **facts)

    assert {name: value[name] for name in expected} == expected


def test_what_is_not_known_never_takes_a_level_down_or_clearances_back_to_rule(tables: Tables) -> None:
    for change in ("LEVEL_DOWN", "MODE_TO_AUTO"):
        unknown = {"change": change, "steps": None, "new_level": None, "assessed": None, "below_present": None}
        assert tables.decide("D5.1", **unknown)["decides"] == "NOBODY"


def test_the_table_is_built_as_all_tables_are(tables: Tables) -> None:
    assert list(tables.faults()) == []
