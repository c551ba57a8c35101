"""What the stock library gets wrong and this engine must not: small facts that no other file here holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.engine.conftest import Start, flows
from tests.workflows.engine.test_activities import activity, many
from tests.workflows.engine.test_events import MESSAGES, OUTER, boundary, timer
from tests.workflows.engine.test_propagation import named, sub
from workflows.engine import StepFailed
from workflows.errors import SafeconductError


def test_an_undefined_task_does_not_wait(start: Start) -> None:
    assert start(OUTER + '<task id="t"/><manualTask id="m"/>' + flows("s>t", "t>m")).entered == ["s", "t", "m"]


def test_a_path_and_a_subprocess_may_end_without_an_end_event(start: Start) -> None:
    case = start(OUTER + sub("inner", '<userTask id="u"/>', "inner_s>u") + flows("s>inner"))
    case.do("u")

    assert case.status == "completed"


def test_each_flow_into_an_activity_brings_a_token_of_its_own(start: Start) -> None:
    case = start(OUTER + '<parallelGateway id="p"/><userTask id="u"/>' + flows("s>p", "p>u") + named("again", "p>u"))

    assert case.open == ["u", "u"]
    case.do("u")
    assert case.status == "open"


def test_two_tokens_on_one_flow_of_a_join_do_not_stand_for_two_flows(start: Start) -> None:
    inside = (
        OUTER + '<parallelGateway id="p"/><userTask id="a"/><userTask id="b"/><task id="m"/><parallelGateway id="j"/>'
        '<userTask id="u"/>' + flows("s>p", "p>a", "p>b", "p>m", "a>m", "m>j", "b>j", "j>u")
    )
    case = start(inside)
    case.do("a")
    assert case.open == ["b"]
    case.do("b")

    assert case.open == ["u"]


@pytest.mark.parametrize("loops", ["3", "=times", "= times"])
def test_the_most_rounds_of_a_loop_may_be_an_expression(start: Start, loops: str) -> None:
    loop = f'<standardLoopCharacteristics loopMaximum="{loops}"/>'
    case = start(OUTER + f'<task id="t">{loop}</task>' + flows("s>t"), times=3)

    assert case.entered.count("t") == 3


def test_a_loop_that_asks_first_may_not_run_at_all(start: Start) -> None:
    loop = '<standardLoopCharacteristics testBefore="true"><loopCondition>=again</loopCondition></standardLoopCharacteristics>'
    case = start(OUTER + f'<userTask id="t">{loop}</userTask><endEvent id="e"/>' + flows("s>t", "t>e"), again=False)

    assert case.run.ended == ["e"]


def test_a_number_of_runs_counts_for_each_run(start: Start) -> None:
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>=n</loopCardinality></multiInstanceLoopCharacteristics>"
    case = start(OUTER + f'<userTask id="t">{loop}</userTask>' + flows("s>t"), n=3)
    run = case.run

    assert [run.visible_to(token)["loopCounter"] for token in run.open_tokens] == [1, 2, 3]


def test_lists_inside_lists_keep_their_own_entries(start: Start) -> None:
    inside = sub(
        "inner",
        many("rows", "row", output="sums") + activity("userTask", "u", "", many("row", "cell", output="cell * 10")),
        "inner_s>u",
    ).replace('outputCollection="results" outputElement="=cell', 'outputCollection="sums" outputElement="=cell')
    case = start(OUTER + inside + flows("s>inner"), rows=[[1, 2], [3]])
    for _ in range(3):
        case.do("u", 2 - _)

    assert case.variables["results"] == [[10, 20], [30]]


def test_a_variable_may_bear_the_name_of_anything(start: Start) -> None:
    script = '<zeebe:script expression="=len + typename.id" resultVariable="__class__"/>'
    case = start(
        OUTER + activity("scriptTask", "t", script) + '<userTask id="u"/>' + flows("s>t", "t>u"), len=1, typename={"id": 2}
    )

    assert case.variables["__class__"] == 3
    case.do("u", id="x", root=[], children={"typename": "y"})
    assert case.variables["children"] == {"typename": "y"}


def test_dates_and_durations_are_kept_as_the_texts_that_say_them(start: Start) -> None:
    script = (
        '<zeebe:script expression="={on: date(&quot;2026-12-01&quot;), for: duration(&quot;PT90M&quot;)}" resultVariable="r"/>'
    )
    case = start(OUTER + activity("scriptTask", "t", script) + flows("s>t"))

    assert case.variables["r"] == {"on": "2026-12-01", "for": "PT1H30M"}


def test_a_long_chain_of_steps_is_no_deep_one(start: Start) -> None:
    names = [f"t{number}" for number in range(1500)]
    inside = OUTER + "".join(f'<task id="{name}"/>' for name in names)

    case = start(inside + flows(*(f"{a}>{b}" for a, b in zip(["s", *names], names, strict=False))))

    assert case.status == "completed"


def test_a_data_object_that_is_shown_levels_below_is_read_in_no_time(start: Start) -> None:
    shown = '<dataObjectReference id="shown" dataObjectRef="d"/>'
    inner = sub("one", sub("two", shown + '<userTask id="u"/>', "two_s>u"), "one_s>two")

    assert start('<dataObject id="d"/>' + OUTER + inner + flows("s>one")).open == ["u"]


def test_timers_that_are_due_together_fire_in_the_order_of_their_moments(start: Start) -> None:
    waits = "".join(f'<intermediateCatchEvent id="w{n}">{timer(f"PT{n}H")}</intermediateCatchEvent>' for n in (3, 1, 2))
    case = start(OUTER + '<parallelGateway id="p"/>' + waits + flows("s>p", "p>w3", "p>w1", "p>w2"))

    case.now += timedelta(hours=5)
    run = case.run
    assert run.tick() == 3
    assert [step.element for step in run.changes.trail if step.kind == "left"] == ["w1", "w2", "w3"]


def test_a_timer_that_is_long_past_fires_at_once(start: Start) -> None:
    past = timer("2020-01-01T00:00:00Z", "timeDate")
    case = start(OUTER + f'<intermediateCatchEvent id="w">{past}</intermediateCatchEvent>' + flows("s>w"))

    case.advance(seconds=0)

    assert case.status == "completed"


def test_a_message_that_nobody_waits_for_is_told_to_the_sender(start: Start) -> None:
    case = start(OUTER + '<userTask id="u"/>' + flows("s>u"))

    assert (case.send("STOP", "K"), case.signal("alarm")) == (0, 0)


def test_a_condition_interrupts_before_the_next_automatic_step(start: Start) -> None:
    condition = "<conditionalEventDefinition><condition>=level &gt; 3</condition></conditionalEventDefinition>"
    inside = sub(
        "inner",
        activity("scriptTask", "rise", '<zeebe:script expression="=5" resultVariable="level"/>')
        + activity("serviceTask", "too_late", '<zeebe:taskDefinition type="x"/>'),
        "inner_s>rise",
        "rise>too_late",
    )
    case = start(OUTER + inside + boundary("b", condition, on="inner") + '<task id="t"/>' + flows("s>inner", "b>t"), level=1)

    assert case.entered[-2:] == ["b", "t"]
    assert ("cancelled", "too_late") in case.trail
    assert case.host.calls == []


def test_a_failed_act_leaves_the_stored_case_as_it_was(start: Start) -> None:
    case = start(OUTER + '<userTask id="u"/><exclusiveGateway id="g"/><endEvent id="e"/>' + flows("s>u", "u>g", "g>e: fine"), n=1)
    before = case.stored

    with pytest.raises(StepFailed):
        case.do("u", fine=False, n=2)
    assert (case.stored, case.variables, case.open) == (before, {"n": 1}, ["u"])
    case.do("u", fine=True)
    assert case.status == "completed"


@pytest.mark.parametrize("text", ["__import__(&quot;os&quot;).getcwd()", "().__class__", "open(&quot;/etc/hostname&quot;)"])
def test_nothing_in_a_diagram_is_python(start: Start, text: str) -> None:
    script = activity("scriptTask", "t", f'<zeebe:script expression="={text}" resultVariable="r"/>')

    try:
        case = start(OUTER + script + flows("s>t"), _unchecked=True)
    except SafeconductError:
        return
    assert case.variables["r"] is None


def test_a_signal_does_not_wake_a_path_that_was_given_up(start: Start) -> None:
    catch = '<intermediateCatchEvent id="c"><signalEventDefinition signalRef="sig1"/></intermediateCatchEvent><userTask id="no"/>'
    case = start(
        OUTER
        + sub("inner", catch, "inner_s>c", "c>no")
        + boundary("b", timer("PT1H"), on="inner")
        + '<userTask id="u"/>'
        + flows("s>inner", "b>u"),
        _also=MESSAGES,
    )
    case.advance(hours=1)

    assert case.signal("alarm") == 0
    assert case.open == ["u"]
