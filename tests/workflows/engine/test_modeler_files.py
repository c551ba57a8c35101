"""Files as Camunda Modeler saves them for its version 8: each opens, passes the check and runs, or names what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workflows.diagrams import check_diagram, draw, read_diagram
from workflows.engine.simulation import read_script, simulate

FOLDER = Path(__file__).with_name("modeler")
FILES = sorted(path.name for path in FOLDER.glob("*.bpmn"))
REFUSED = frozenset({"refused.bpmn", "drawing.bpmn"})


def run(name: str, **script: Any) -> tuple[list[str], dict[str, Any]]:
    """Simulate a file; answers what was entered, and the end."""
    diagram = read_diagram((FOLDER / f"{name}.bpmn").read_bytes(), name=f"{name}.bpmn")
    lines = list(simulate([diagram], read_script(script)))
    return [line["entered"] for line in lines if "entered" in line], lines[-1]


@pytest.mark.parametrize("name", FILES)
def test_every_file_opens_is_drawn_and_passes_the_check_or_is_refused(name: str) -> None:
    diagram = read_diagram((FOLDER / name).read_bytes(), name=name)

    assert "<svg" in draw(diagram)
    assert bool(check_diagram(diagram)) is (name in REFUSED)


def test_a_user_task_a_script_a_reminder_and_an_error_boundary() -> None:
    entered, end = run(
        "garden_plot",
        variables={"bed": "b7", "size": 30, "plot_number": 7, "warden": "ann"},
        answers={"inspect": []},
        operations={"key-cabinet": [{"error": "KEY_GONE"}]},
        events=[{"advance": "P3D"}],
    )
    assert (entered.count("remind"), entered.count("nudge"), end["waiting"]) == (2, 2, ["inspect"])

    entered, end = run(
        "garden_plot",
        variables={"bed": "b7", "size": 30, "plot_number": 7},
        answers={"inspect": [{"state": "good"}]},
        operations={"key-cabinet": [{"error": "KEY_GONE"}]},
    )
    assert entered == ["asked", "inspect", "fit", "lock", "gone", "smith", "fee", "lent"]
    assert end["state"] == "completed"
    assert (end["variables"]["verdict"], end["variables"]["fee"], end["variables"]["bed_code"]) == ("good", 40, "B7")
    assert run("garden_plot", answers={"inspect": [{"state": "bad"}]})[0][-1] == "refused"


def test_a_file_without_prefixes_sends_and_receives() -> None:
    entered, end = run(
        "supplies",
        variables={"order_number": "O-1", "pause": "PT1H", "articles": ["rope"]},
        answers={"shelf": [{}]},
        events=[{"message": "goods delivered", "key": "O-1"}, {"advance": "PT1H"}],
    )

    assert entered == ["start", "fork", "order", "shelf", "delivery", "join", "settle", "end"]
    assert end["state"] == "completed"


def test_of_several_pools_the_executable_one_runs_and_the_innermost_lane_counts() -> None:
    diagram = read_diagram((FOLDER / "two_pools.bpmn").read_bytes(), name="two_pools.bpmn")

    entered, end = run("two_pools", answers={"book": [{}], "call": [{}], "see": [{}]})

    assert entered == ["came", "book", "call", "see", "over"]
    assert end["state"] == "completed"
    lanes = [diagram.elements[key].lane for key in ("came", "book", "call", "see")]
    assert lanes == ["Front", "DESK", "PHONE", "DOCTOR"]


def test_lists_loops_and_inclusive_gateways() -> None:
    entered, end = run(
        "jury",
        variables={"entries": ["rose", "tulip"], "judges": ["a", "b"]},
        answers={
            "judge": [{"mark": 1}, {"mark": 2}, {"mark": 5}, {"mark": 6}],
            "applaud": [{"more": True}, {"more": False}],
        },
    )

    assert end["state"] == "completed"
    assert end["variables"]["ranking"] == [{"entry": "rose", "points": 3}, {"entry": "tulip", "points": 11}]
    assert entered[-6:] == ["gold", "silver", "merge", "applaud", "applaud", "done"]


def test_called_processes_escalate_and_fail_into_their_caller() -> None:
    entered, end = run(
        "caller",
        variables={"stages": ["north", "south"]},
        operations={"rigging": [{"lamps": 3}, {"lamps": 5}]},
    )
    assert (end["state"], entered[-1]) == ("completed", "open")
    assert (entered.count("loud"), end["variables"]["all_lights"]) == (2, [3, 5])

    entered, end = run(
        "caller", variables={"stages": ["north"]}, operations={"rigging": [{"error": "STORM", "message": "It storms."}]}
    )
    assert (end["state"], entered[-1]) == ("completed", "cancelled")


def test_event_subprocesses_beside_a_process() -> None:
    entered, end = run(
        "watch",
        answers={"evacuate": [{}]},
        events=[{"advance": "P3D"}, {"signal": "flood", "payload": {"place": "Lower bridge"}}],
    )
    assert (entered.count("diary"), entered.count("note_rise")) == (2, 0)
    assert entered[-3:] == ["flood", "evacuate", "flood_end"]

    entered, end = run("watch", answers={"read_gauge": [{"level": 5}]})
    assert end["state"] == "completed"
    assert "note_rise" in entered


def test_a_transaction_is_cancelled_and_what_was_done_before_is_undone() -> None:
    entered, end = run("outing", answers={"pay": [{"paid_up": False}]})
    assert entered[-6:] == ["t_cancel", "unreserve", "not_paid", "undo_all", "release_bus", "off"]
    assert end["state"] == "completed"

    assert run("outing", answers={"pay": [{"paid_up": True}]})[0][-1] == "end"


@pytest.mark.parametrize(
    ("event", "last"),
    [
        ({"message": "boarding", "key": "T1"}, "aboard"),
        ({"message": "lift", "key": "T1"}, "car"),
        ({"signal": "storm"}, "home"),
        ({"advance": "PT2H"}, "home"),
    ],
)
def test_an_event_gateway_takes_the_first_event(event: dict[str, Any], last: str) -> None:
    waiting = run("ferry", variables={"ticket": "T1"})[1]
    entered, end = run("ferry", variables={"ticket": "T1"}, events=[event])

    assert (waiting["state"], waiting["waiting"]) == ("waiting", ["first"])
    assert (end["state"], entered[-1]) == ("completed", last)


def test_an_ad_hoc_subprocess_runs_what_is_wanted() -> None:
    entered, end = run(
        "workshop",
        variables={"wanted": ["brakes", "paint"], "minutes_so_far": []},
        answers={"brakes": [{"spent": 20}], "paint": [{"spent": 5}], "dry": [{"spent": 1, "safe": True}]},
    )

    assert entered == ["start", "repairs", "brakes", "paint", "dry", "end"]
    assert end["variables"]["minutes"] == [20, 5, 1]


def test_a_case_may_be_opened_in_many_ways() -> None:
    assert run("many_starts")[0] == ["by_hand", "begin", "end"]


def test_two_of_three_are_enough_and_a_link_leads_on() -> None:
    entered, end = run("relay", variables={"needed": 2}, answers={"anna": [{}], "cleo": [{}], "cheer": [{}]})

    assert entered[-5:] == ["two", "away", "here", "cheer", "stop"]
    assert end["state"] == "completed"


def test_everything_that_is_not_carried_is_named_with_a_way_out() -> None:
    _, end = run("refused")

    said = {problem["element"]: problem["message"] for problem in end["problems"]}
    words = {
        "everywhere": "globalUserTask",
        "listening": "taskListeners",
        "watched": "executionListeners",
        "embedded": "formKey",
        "outside": "externalReference",
        "still": "activation condition",
        "nothing": "names no operation",
        "anyone": "versionTag",
        "worker": "taskDefinition",
        "code": "javascript",
        "foreign": "linkedResources",
        "end": "calls no operation",
    }
    assert end["state"] == "refused"
    assert said.keys() == words.keys()
    assert all(word in said[element] for element, word in words.items())
    assert all(len(message.split(". ")) > 1 for message in said.values())
