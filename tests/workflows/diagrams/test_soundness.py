"""Whether every case can come to its end: proved, or told as a story of how it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from services import definitions
from tests.workflows.diagrams.building import END, START, process
from workflows.diagrams import read_diagram
from workflows.diagrams.soundness import Soundness, prove

PROCESSES = Path(__file__).resolve().parents[3] / "bpmn"
FORK, MEET = '<parallelGateway id="fork"/>', '<parallelGateway id="meet" name="Both are there"/>'
CHOICE, MERGE = '<exclusiveGateway id="choice" name="Which way?"/>', '<exclusiveGateway id="merge"/>'
A, B = '<userTask id="a" name="Ask"/>', '<userTask id="b" name="Bring"/>'


def soundness(inside: str, *ways: str, beside: str = "", budget: int = 10_000) -> Soundness:
    diagram = read_diagram(process(inside, *ways, beside=beside), name="drawn.bpmn")
    return prove(dict.fromkeys(diagram.processes, diagram), "p", budget=budget)


def found(proved: Soundness) -> list[tuple[str, str]]:
    return [(finding.kind, finding.where) for finding in proved.findings]


@pytest.mark.parametrize("folder", list(definitions.process_folders(PROCESSES)), ids=lambda folder: folder.name)
def test_every_process_of_the_house_is_sound(folder: Path) -> None:
    package = definitions.read_folder(folder)
    diagrams = {key: diagram for diagram in package.diagrams.values() for key in diagram.processes}

    for key, diagram in diagrams.items():
        if diagram.processes[key].executable:
            proved = prove(diagrams, key)
            assert (proved.verdict, [str(finding) for finding in proved.findings if not finding.is_advice]) == ("SOUND", [])


def test_alternatives_that_are_joined_as_if_both_came_are_a_dead_end_told_as_steps() -> None:
    proved = soundness(START + CHOICE + A + B + MEET + END, "s>choice", "choice>a [=x]", "choice>b", "a>meet", "b>meet", "meet>e")

    assert proved.verdict == "UNSOUND"
    assert found(proved) == [("deadlock", "meet")]
    [finding] = proved.findings
    assert [str(step).partition(": ")[2] for step in finding.story] == [
        "The case begins.",
        "“Which way?” goes on to “Ask”.",
        "“Both are there” waits for a token from “Bring”, and none can come any more.",
    ]
    assert (finding.story[0].tokens, finding.story[-1].tokens, finding.stuck) == (("choice",), ("f4",), ("meet",))


def test_what_is_split_and_joined_in_the_same_way_is_sound() -> None:
    for split, meet in ((FORK, MEET), (CHOICE.replace("choice", "fork"), MERGE.replace("merge", "meet"))):
        proved = soundness(START + split + A + B + meet + END, "s>fork", "fork>a [=x]", "fork>b", "a>meet", "b>meet", "meet>e")
        assert (proved.verdict, found(proved)) == ("SOUND", [])


def test_an_inclusive_join_waits_only_for_what_can_still_come() -> None:
    inside = START + '<inclusiveGateway id="some" default="f3"/><inclusiveGateway id="all"/>' + A + B + END
    proved = soundness(inside, "s>some", "some>a [=x]", "some>b", "a>all", "b>all", "all>e")

    assert (proved.verdict, found(proved)) == ("SOUND", [])


def test_branches_that_flow_together_without_a_join_are_a_hint_and_no_fault() -> None:
    inside = START + FORK + A + B + MERGE + '<userTask id="c" name="Close"/>' + END
    proved = soundness(inside, "s>fork", "fork>a", "fork>b", "a>merge", "b>merge", "merge>c", "c>e")

    assert proved.verdict == "SOUND"


def test_a_loop_without_a_way_out_is_found() -> None:
    proved = soundness(START + A + B, "s>a", "a>b", "b>a")

    assert [finding.kind for finding in proved.findings] == ["endless"]
    assert proved.verdict == "UNSOUND"


def test_a_loop_that_an_event_on_the_boundary_ends_is_fine() -> None:
    inner = (
        '<subProcess id="sub"><userTask id="x"/><userTask id="y"/>'
        '<sequenceFlow id="i1" sourceRef="x" targetRef="y"/><sequenceFlow id="i2" sourceRef="y" targetRef="x"/>'
        '<startEvent id="is"/><sequenceFlow id="i0" sourceRef="is" targetRef="x"/></subProcess>'
    )
    timer = (
        '<boundaryEvent id="late" attachedToRef="sub"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></boundaryEvent>"
    )
    assert soundness(START + inner + timer + END, "s>sub", "late>e").verdict == "SOUND"

    proved = soundness(START + inner + END, "s>sub", "sub>e")
    assert ("endless", "x") in found(proved) or ("endless", "y") in found(proved)


def test_what_no_case_can_reach_is_named() -> None:
    proved = soundness(START + A + END + B + '<endEvent id="e2"/>', "s>a", "a>e", "b>e2")

    assert found(proved) == [("unreached", "b"), ("unreached", "e2")]


def test_a_boundary_that_nothing_can_reach_is_named() -> None:
    inner = '<subProcess id="sub"><userTask id="x"/></subProcess>'
    boundary = '<boundaryEvent id="failed" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent>'
    beside = '<error id="err" errorCode="NO_ROOM"/>'
    proved = soundness(START + inner + boundary + END + B, "s>sub", "sub>e", "failed>b", beside=beside)

    assert found(proved) == [("unreached", "failed"), ("unreached", "b")]


def test_an_error_that_nothing_catches_is_named() -> None:
    beside = '<error id="err" errorCode="NO_ROOM"/>'
    proved = soundness(
        START + A + '<endEvent id="e"><errorEventDefinition errorRef="err"/></endEvent>', "s>a", "a>e", beside=beside
    )

    assert found(proved) == [("uncaught", "e")]
    assert proved.findings[0].facts == {"code": "NO_ROOM"}


def test_an_end_that_ends_everything_frees_what_waits_elsewhere() -> None:
    stop = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
    proved = soundness(START + FORK + A + B + stop, "s>fork", "fork>a", "fork>b", "a>a", "b>stop")

    assert proved.verdict == "SOUND"


def test_tokens_that_multiply_are_a_hint() -> None:
    proved = soundness(START + MERGE + FORK + A + B + END, "s>merge", "merge>fork", "fork>a", "fork>b", "a>merge", "b>e")

    assert proved.verdict != "NOT_PROVEN"


def test_what_goes_beyond_the_budget_is_said_not_to_be_proved() -> None:
    tasks = "".join(
        f'<userTask id="t{n}"/><boundaryEvent id="b{n}" attachedToRef="t{n}" cancelActivity="false"/>' for n in range(8)
    )
    ways = [way for n in range(8) for way in (f"fork>t{n}", f"t{n}>meet")]
    proved = soundness(START + FORK + tasks + MEET + END, "s>fork", *ways, "meet>e", budget=20)

    assert proved.verdict == "NOT_PROVEN"
    assert found(proved) == [("budget", "p")]


def test_a_complex_gateway_is_said_not_to_be_proved() -> None:
    gate = '<complexGateway id="gate"><activationCondition>=activationCount &gt;= 2</activationCondition></complexGateway>'
    proved = soundness(START + FORK + A + B + gate + END, "s>fork", "fork>a", "fork>b", "a>gate", "b>gate", "gate>e")

    assert proved.verdict == "NOT_PROVEN"
    assert ("complex", "gate") in found(proved)
