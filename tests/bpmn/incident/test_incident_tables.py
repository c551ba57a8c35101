"""The tables of incidents answer as section F3 says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bpmn.tables import Tables

USUAL = {"D6.1": {"kind": "CRIME"}, "D6.2": {"severity": "MINOR"}}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("incident", USUAL)


@pytest.mark.parametrize(
    ("kind", "confidential"),
    [("CRIME", False), ("ARMED_CONFLICT", False), ("SEXUAL_ASSAULT", True), ("THREAT_BY_COLLEAGUE", True)],
)
def test_confidential_kinds_are_kept_apart(tables: Tables, kind: str, confidential: bool) -> None:
    assert tables.decide("D6.1", kind=kind)["confidential"] is confidential


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("MINOR", {"flash": False, "opens_assessment": False, "activates_crisis": False, "event": "INCIDENT_MINOR"}),
        ("MODERATE", {"flash": False, "opens_assessment": False, "activates_crisis": False, "event": "INCIDENT_MINOR"}),
        ("MAJOR", {"flash": True, "opens_assessment": True, "activates_crisis": False, "event": "INCIDENT_MAJOR"}),
        ("CRITICAL", {"flash": True, "opens_assessment": True, "activates_crisis": True, "event": "INCIDENT_MAJOR"}),
    ],
)
def test_an_incident_sets_off_what_its_severity_asks_for(tables: Tables, severity: str, expected: Any) -> None:
    value = tables.decide("D6.2", severity=severity)

    assert {name: value[name] for name in expected} == expected


def test_the_tables_are_built_as_all_tables_are(tables: Tables) -> None:
    assert list(tables.faults()) == []
