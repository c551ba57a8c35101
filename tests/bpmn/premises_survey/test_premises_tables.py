"""How urgent a finding is and until when it is put right, what a breach of access counts as, and the questions of a survey."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bpmn.conftest import PROCESSES
from tests.bpmn.tables import Tables

SURVEY = Tables("premises_survey", {"D13.1": {"weight": 3}, "D13.2": {"priority": "MEDIUM"}})
BREACH = Tables("access_breach", {"D13.3": {"entered": "INSIDE", "had_right": "NO_RIGHT"}})


@pytest.mark.parametrize(
    ("weight", "priority", "days"), [(5, "CRITICAL", 14), (4, "HIGH", 30), (3, "MEDIUM", 90), (1, "LOW", 180)]
)
def test_what_weighs_more_is_put_right_sooner(weight: int, priority: str, days: int) -> None:
    assert SURVEY.decide("D13.1", weight=weight) == priority
    assert SURVEY.decide("D13.2", priority=priority) == days


@pytest.mark.parametrize(
    ("entered", "had_right", "kind", "unauthorised"),
    [
        ("INSIDE", "NO_RIGHT", "UNAUTHORISED_ENTRY", True),
        ("TRACES", "NOT_CLEAR", "UNAUTHORISED_ENTRY", True),
        ("INSIDE", "RIGHT", "UNAUTHORISED_ENTRY", False),
        ("STOPPED", "NO_RIGHT", "STOPPED_AT_GATE", False),
        (None, None, "UNAUTHORISED_ENTRY", True),
    ],
)
def test_only_who_got_inside_without_leave_entered_so(
    entered: str | None, had_right: str | None, kind: str, *, unauthorised: bool
) -> None:
    found = BREACH.outputs("D13.3", entered=entered, had_right=had_right)

    assert (found["kind"], found["unauthorised"]) == (kind, unauthorised)


def test_what_is_not_known_is_urgent_and_the_tables_are_built_as_all_are() -> None:
    assert SURVEY.decide_without_facts("D13.1") == ["HIGH", "HIGH"]
    assert SURVEY.decide_without_facts("D13.2") == [30, 30]
    assert [*SURVEY.faults(), *BREACH.faults()] == []


def test_a_survey_asks_120_questions_in_twelve_sections_each_with_a_weight() -> None:
    form: dict[str, Any] = json.loads((PROCESSES / "premises_survey/forms/F-MOS-02.form").read_text(encoding="utf-8"))
    sections = [part["components"] for part in form["components"] if part["type"] == "group"]
    questions = [question for section in sections for question in section]

    assert [len(section) for section in sections] == [10] * 12
    assert {int(question["properties"]["weight"]) for question in questions} == {2, 3, 4, 5}
    assert len({question["label"] for question in questions}) == len({question["id"] for question in questions}) == 120
