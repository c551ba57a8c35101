"""A diagram run from a script."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.engine.conftest import HEAD, flows
from workflows.diagrams import read_diagram
from workflows.engine.simulation import ScriptInvalid, read_script, simulate

REVIEW = (
    '<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements></message>'
    '<process id="main" isExecutable="true"><laneSet id="ls"><lane id="l" name="CSA"><flowNodeRef>review</flowNodeRef></lane></laneSet>'
    '<startEvent id="s"/><userTask id="review"/><exclusiveGateway id="g" default="f2_g_review"/>'
    '<serviceTask id="book"><extensionElements><zeebe:taskDefinition type="book-flight"/></extensionElements></serviceTask>'
    '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    '<intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>'
    '<endEvent id="e"/>'
    + flows("s>review", "review>g", "g>review", 'g>book: decision = "yes"', "book>wait", "wait>pause", "pause>e")
    + "</process>"
)


def walk(inside: str, **script: Any) -> list[dict[str, Any]]:
    diagram = read_diagram(f"{HEAD}{inside}</definitions>".encode(), name="test.bpmn")
    return list(simulate([diagram], read_script(script)))


def test_answers_operations_and_events_are_used_in_order() -> None:
    lines = walk(
        REVIEW,
        variables={"order": "42"},
        answers={"review": [{"decision": "no"}, {"decision": "yes"}]},
        operations={"book-flight": [{"seat": "12A"}]},
        events=[{"when": "waiting", "message": "paid", "key": "42", "payload": {"amount": 3}}, {"advance": "PT1H"}],
        now="2026-12-01T09:00:00Z",
    )

    entered = [line["entered"] for line in lines if "entered" in line]
    assert entered == ["s", "review", "g", "review", "g", "book", "wait", "pause", "e"]
    assert lines[-1] == {
        "state": "completed",
        "waiting": [],
        "variables": {"order": "42", "decision": "yes", "seat": "12A", "amount": 3},
        "problems": [],
    }


def test_a_task_without_an_answer_stays_open() -> None:
    last = walk(REVIEW, variables={"order": "42"})[-1]

    assert (last["state"], last["waiting"]) == ("waiting", ["review"])


def test_a_failing_operation_is_an_incident_at_its_element() -> None:
    last = walk(
        REVIEW,
        variables={"order": "42"},
        answers={"review": [{"decision": "yes"}]},
        operations={"book-flight": [{"error": "NO_SEAT"}]},
    )[-1]

    assert last["state"] == "incident"
    assert last["waiting"] == ["review"]
    assert last["problems"][0]["element"] == "book"


def test_a_diagram_that_does_not_pass_the_check_is_refused_by_element() -> None:
    last = walk(
        '<process id="main" isExecutable="true"><startEvent id="s"/><intermediateCatchEvent id="odd"/>'
        + flows("s>odd")
        + "</process>"
    )[-1]

    assert last["state"] == "refused"
    assert "odd" in [problem["element"] for problem in last["problems"]]


@pytest.mark.parametrize("script", [{"answer": {}}, {"events": {}}, {"now": "noon"}, {"now": "2026-12-01T09:00:00"}])
def test_a_wrong_script_is_told_what_is_wrong(script: dict[str, Any]) -> None:
    with pytest.raises(ScriptInvalid):
        read_script(script)


OPENED = (
    '<message id="m" name="order"/><signal id="s1" name="flood"/><process id="main" isExecutable="true">'
    '<startEvent id="by_order"><messageEventDefinition messageRef="m"/></startEvent>{}<endEvent id="e"/>'
    + flows("by_order>e")
    + "</process>"
)
BY_SIGNAL = '<startEvent id="by_flood"><signalEventDefinition signalRef="s1"/></startEvent><sequenceFlow id="g" sourceRef="by_flood" targetRef="e"/>'


def test_the_first_event_that_starts_a_case_starts_it() -> None:
    lines = walk(OPENED.format(BY_SIGNAL), events=[{"signal": "calm"}, {"signal": "flood", "payload": {"level": 4}}])

    assert [line["entered"] for line in lines if "entered" in line] == ["by_flood", "e"]
    assert lines[-1]["variables"] == {"level": 4}


def test_the_only_start_event_needs_no_event_and_one_of_several_does() -> None:
    assert walk(OPENED.format(""))[-1]["state"] == "completed"

    last = walk(OPENED.format(BY_SIGNAL))[-1]
    assert (last["state"], last["waiting"]) == ("waiting", ["by_order", "by_flood"])


def test_a_message_that_the_case_sends_reaches_whoever_waits_for_it_later() -> None:
    lines = walk(
        '<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements></message>'
        '<process id="main" isExecutable="true"><startEvent id="s"/>'
        '<sendTask id="send" messageRef="m"><extensionElements><zeebe:ioMapping><zeebe:input source="=3" target="amount"/>'
        '</zeebe:ioMapping></extensionElements></sendTask><receiveTask id="wait" messageRef="m"/><endEvent id="e"/>'
        + flows("s>send", "send>wait", "wait>e")
        + "</process>",
        variables={"order": "42"},
    )

    assert lines[-1]["state"] == "completed"
    assert lines[-1]["variables"] == {"order": "42", "amount": 3}
