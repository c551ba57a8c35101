"""`safeconduct simulate`: one JSON object per line, and an exit code that says how it ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.cli import main

LEAVE = Path(__file__).resolve().parents[2] / "services" / "processes" / "leave_request" / "leave_main.bpmn"
KNOWN = {"days": 3, "reason": "Rest", "area": "XA", "requester": "a.b", "case": {"number": "LV-1"}}


@pytest.fixture
def simulate(tmp_path: Path):
    """Give a function that simulates a diagram and answers its lines and its exit code."""

    def run(diagram: Path, *options: str, **script):
        given = tmp_path / "script.json"
        given.write_text(json.dumps(script), encoding="utf-8")
        result = CliRunner().invoke(main, ["simulate", str(diagram), "--input", str(given), *options])
        return [json.loads(line) for line in result.stdout.splitlines()], result.exit_code

    return run


def test_a_case_that_ends_is_told_element_by_element(simulate) -> None:
    answers = {"review": [{"advice": "RECOMMEND"}], "approve": [{"decision": "GRANT"}]}

    lines, code = simulate(LEAVE, variables=KNOWN, answers=answers)

    assert code == 0
    assert lines[:3] == [{"entered": "start"}, {"left": "start"}, {"entered": "review"}]
    assert (lines[-1]["state"], lines[-1]["waiting"], lines[-1]["problems"]) == ("completed", [], [])
    assert lines[-1]["variables"]["outcome"] == "GRANTED"


def test_a_task_without_an_answer_stays_open(simulate) -> None:
    lines, code = simulate(LEAVE, variables=KNOWN)

    assert code == 0
    assert lines[-1]["state"] == "waiting"
    assert "review" in lines[-1]["waiting"]


def test_time_and_messages_come_from_the_script(simulate) -> None:
    events = [{"advance": "PT4H"}, {"message": "MSG_WITHDRAW", "key": "LV-1"}]

    lines, code = simulate(LEAVE, variables=KNOWN, events=events)

    assert code == 0
    assert {"entered": "remind"} in lines
    assert {"cancelled": "review"} in lines
    assert lines[-1]["state"] == "completed"


def test_a_step_that_fails_ends_with_one(simulate) -> None:
    lines, code = simulate(LEAVE, variables={**KNOWN, "case": {}})

    assert (code, lines[-1]["state"]) == (1, "incident")
    assert lines[-1]["problems"][0]["element"]


@pytest.mark.parametrize("content", ["<no xml", "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>"])
def test_a_diagram_that_cannot_run_ends_with_two(simulate, tmp_path: Path, content: str) -> None:
    diagram = tmp_path / "broken.bpmn"
    diagram.write_text(content, encoding="utf-8")

    lines, code = simulate(diagram)

    assert (code, lines[-1]["state"]) == (2, "refused")
    assert lines[-1]["problems"]


def test_another_process_than_the_first_can_be_named(simulate) -> None:
    lines, code = simulate(LEAVE, "--process", "no_such_process", variables=KNOWN)

    assert (code, lines[-1]["state"]) == (2, "refused")


def test_an_input_that_is_no_json_is_refused_in_a_sentence(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text("{", encoding="utf-8")

    result = CliRunner().invoke(main, ["simulate", str(LEAVE), "--input", str(script)])

    assert result.exit_code == 1
    assert "is not JSON" in result.stderr
