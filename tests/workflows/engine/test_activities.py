"""Variables, subprocesses, call activities, repetition, decisions and operations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.engine.conftest import Start, flows
from workflows.engine import NotOpen, StepFailed

OUTER = '<startEvent id="s"/>'


def mapping(*pairs: tuple[str, str, str]) -> str:
    """An ioMapping from ("input"|"output", source, target)."""
    return (
        "<zeebe:ioMapping>"
        + "".join(f'<zeebe:{kind} source="{source}" target="{target}"/>' for kind, source, target in pairs)
        + "</zeebe:ioMapping>"
    )


def activity(tag: str, name: str, extensions: str = "", inside: str = "") -> str:
    return f'<{tag} id="{name}"><extensionElements>{extensions}</extensionElements>{inside}</{tag}>'


def many(collection: str, element: str, *, sequential: bool = False, output: str = "", until: str = "") -> str:
    condition = f"<completionCondition>={until}</completionCondition>" if until else ""
    collect = f'outputCollection="results" outputElement="={output}"' if output else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><extensionElements><zeebe:loopCharacteristics '
        f'inputCollection="={collection}" inputElement="{element}" {collect}/></extensionElements>{condition}</multiInstanceLoopCharacteristics>'
    )


def test_input_mappings_are_local_and_output_mappings_are_copied_out(start: Start) -> None:
    def double(inputs: dict[str, Any]) -> dict[str, Any]:
        return {"twice": inputs["number"] * 2, "secret": "not copied"}

    case = start(
        OUTER
        + activity(
            "serviceTask",
            "op",
            '<zeebe:taskDefinition type="double"/>'
            + mapping(("input", "=amount + 1", "number"), ("output", "=twice", "doubled")),
        )
        + '<endEvent id="e"/>'
        + flows("s>op", "op>e"),
        amount=3,
        _operations={"double": double},
    )

    assert case.variables == {"amount": 3, "doubled": 8}


def test_a_result_without_output_mappings_is_merged(start: Start) -> None:
    case = start(
        OUTER + activity("serviceTask", "op", '<zeebe:taskDefinition type="tell"/>') + flows("s>op"),
        amount=3,
        _operations={"tell": lambda _: {"amount": 4, "more": [1, {"typename": "x"}]}},
    )

    assert case.variables == {"amount": 4, "more": [1, {"typename": "x"}]}


def test_a_script_writes_its_result_variable(start: Start) -> None:
    case = start(
        OUTER + activity("scriptTask", "sc", '<zeebe:script expression="=amount * 2" resultVariable="twice"/>') + flows("s>sc"),
        amount=1.5,
    )

    assert case.variables["twice"] == 3


def test_results_of_parallel_runs_stand_in_the_order_of_their_list(start: Start) -> None:
    case = start(
        OUTER + activity("userTask", "u", "", many("people", "person", output="vote")) + flows("s>u"),
        people=["ann", "ben", "cid"],
    )
    assert case.open == ["u", "u", "u"]

    run = case.run
    assert [run.visible_to(token)["person"] for token in run.open_tokens] == ["ann", "ben", "cid"]
    for nth, vote in [(2, "third"), (1, "second"), (0, "first")]:
        case.do("u", nth, vote=vote)

    assert case.variables["results"] == ["first", "second", "third"]
    assert "vote" not in case.variables
    assert case.status == "completed"


def test_runs_one_after_the_other_see_their_own_entry(start: Start) -> None:
    case = start(
        OUTER
        + activity("userTask", "u", "", many("people", "person", sequential=True, output="person + vote"))
        + '<userTask id="v"/>'
        + flows("s>u", "u>v"),
        people=["ann", "ben"],
    )
    assert case.open == ["u"]
    case.do("u", vote="+")
    case.do("u", vote="-")

    assert case.open == ["v"]
    assert case.variables["results"] == ["ann+", "ben-"]


def test_an_empty_list_passes_through(start: Start) -> None:
    case = start(
        OUTER + activity("userTask", "u", "", many("[]", "person", output="vote")) + '<userTask id="v"/>' + flows("s>u", "u>v")
    )

    assert case.open == ["v"]
    assert case.variables["results"] == []


def test_a_list_with_an_empty_entry_is_still_worked_through(start: Start) -> None:
    case = start(OUTER + activity("userTask", "u", "", many("[null, 2]", "entry", sequential=True)) + flows("s>u"))
    case.do("u")
    case.do("u")

    assert case.status == "completed"


def test_a_completion_condition_gives_up_the_other_runs(start: Start) -> None:
    case = start(
        OUTER
        + activity("userTask", "u", "", many("[1,2,3]", "n", output="vote", until="numberOfCompletedInstances = 2"))
        + flows("s>u"),
    )
    case.do("u", 2, vote="c")
    case.do("u", 0, vote="a")

    assert case.status == "completed"
    assert case.variables["results"] == ["a", None, "c"]
    assert len(case.last.cancelled) == 1


def test_a_collection_that_is_no_list_is_a_failure(start: Start) -> None:
    with pytest.raises(StepFailed, match="not a list"):
        start(OUTER + activity("userTask", "u", "", many("nothing", "n")) + flows("s>u"))


def test_a_boundary_event_interrupts_all_runs(start: Start) -> None:
    case = start(
        OUTER
        + activity("userTask", "u", "", many("[1,2]", "n"))
        + '<boundaryEvent id="b" attachedToRef="u"><timerEventDefinition>'
        '<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="late"/>' + flows("s>u", "b>late")
    )

    case.advance(hours=1)

    assert case.status == "completed"
    assert case.run.ended == ["late"]


def test_a_loop_of_the_standard_kind_goes_on_while_its_condition_holds(start: Start) -> None:
    case = start(
        OUTER + '<userTask id="u"><standardLoopCharacteristics testBefore="true"><loopCondition>= count &lt; 3</loopCondition>'
        '</standardLoopCharacteristics></userTask><endEvent id="e"/>' + flows("s>u", "u>e"),
        count=0,
    )
    for count in (1, 2, 3):
        case.do("u", count=count)

    assert case.status == "completed"
    assert case.entered.count("u") == 3


CALLED = (
    '<process id="child" isExecutable="true"><startEvent id="cs"/><userTask id="cu"/><endEvent id="ce"/>'
    + flows("cs>cu", "cu>ce").replace('id="f', 'id="c')
    + "</process>"
)


def test_a_called_process_reads_its_caller_but_writes_its_own(start: Start) -> None:
    call = activity(
        "callActivity",
        "call",
        '<zeebe:calledElement processId="child" propagateAllChildVariables="false"/>'
        + mapping(("input", "=number", "n"), ("output", "=answer", "result")),
    )
    case = start(OUTER + call + flows("s>call"), _also=CALLED, number=7, answer="outer")
    run = case.run
    assert run.visible_to(case.token("cu"))["n"] == 7

    case.do("cu", answer="inner", scratch=1)

    assert case.variables == {"number": 7, "answer": "outer", "result": "inner"}
    assert case.status == "completed"


def test_parallel_calls_do_not_see_each_other(start: Start) -> None:
    call = activity(
        "callActivity",
        "call",
        '<zeebe:calledElement processId="child" propagateAllChildVariables="false"/>' + mapping(("output", "=answer", "verdict")),
        many("stops", "stop", output="{stop: stop, verdict: verdict}"),
    )
    case = start(OUTER + call + flows("s>call"), _also=CALLED, stops=["S1", "S2", "S3"])

    for nth, answer in [(1, "two"), (1, "three"), (0, "one")]:
        case.do("cu", nth, answer=answer)

    assert case.variables["results"] == [
        {"stop": "S1", "verdict": "one"},
        {"stop": "S2", "verdict": "two"},
        {"stop": "S3", "verdict": "three"},
    ]
    assert "answer" not in case.variables


def test_a_task_can_be_completed_only_once(start: Start) -> None:
    case = start(OUTER + '<userTask id="u"/>' + flows("s>u"))
    token = case.token("u")
    case.do("u")

    with pytest.raises(NotOpen):
        case.run.complete(token, {})
    with pytest.raises(NotOpen):
        case.run.complete("not a token", {})


def test_a_revise_loop_costs_the_same_in_its_last_round(start: Start) -> None:
    case = start(
        OUTER
        + '<userTask id="u"/><exclusiveGateway id="g" default="f2_g_e"/><endEvent id="e"/>'
        + flows("s>u", "u>g", "g>e", "g>u: again"),
    )
    case.do("u", again=True)
    size = len(case.stored)
    for _ in range(400):
        case.do("u", again=True)

    assert len(case.stored) <= size + 10  # The ids of tokens are random and pack a little better or worse.
    case.do("u", again=False)
    assert case.status == "completed"


def test_an_endless_automatic_loop_is_stopped(start: Start) -> None:
    with pytest.raises(StepFailed, match="without waiting for anyone"):
        start(OUTER + '<task id="t"/>' + flows("s>t", "t>t"), _unchecked=True)


def test_a_damaged_state_is_refused_with_a_word(start: Start) -> None:
    from workflows.engine import StateRefused

    case = start(OUTER + '<userTask id="u"/>' + flows("s>u"))
    case.stored = case.stored[:10]

    with pytest.raises(StateRefused):
        _ = case.run
