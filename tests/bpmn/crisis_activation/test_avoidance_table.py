"""The table of risk avoidance answers as section F4 says."""

from __future__ import annotations

import pytest

from tests.bpmn.tables import Tables

USUAL = {"D7.1": {"measure": "EVACUATION", "immediate": "NO"}}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables("crisis_activation", USUAL)


@pytest.mark.parametrize(
    ("measure", "immediate", "decides", "smt"),
    [
        ("ALTERNATE", "NO", "DO", "BEFORE"),
        ("RELOCATION", "NO", "DO", "BEFORE"),
        ("RELOCATION", "IMMEDIATE_DANGER", "DO", "INFORMED"),
        ("EVACUATION", "NO", "USG", "BEFORE"),
        ("EVACUATION", "COMMUNICATION_LOST", "DO_ALONE", "INFORMED"),
        ("EVACUATION", "IMMEDIATE_DANGER", "DO_ALONE", "INFORMED"),
    ],
)
def test_a_measure_is_decided_by_whom_the_specification_says(
    tables: Tables, measure: str, immediate: str, decides: str, smt: str
) -> None:
    value = tables.decide("D7.1", measure=measure, immediate=immediate)

    assert (value["decides"], value["smt"]) == (decides, smt)


def test_what_is_not_known_is_never_decided_alone(tables: Tables) -> None:
    assert {value["decides"] for value in tables.decide_without_facts("D7.1")} == {"USG"}
    assert tables.decide("D7.1", immediate=None)["decides"] == "USG"


def test_the_table_is_built_as_all_tables_are(tables: Tables) -> None:
    assert list(tables.faults()) == []
