"""How errors, escalations, signals and repeated timers find whoever catches them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.engine.conftest import Start, flows
from tests.workflows.engine.test_activities import activity, many, mapping
from tests.workflows.engine.test_events import BOOKING, MESSAGES, OUTER, boundary, no_seat, timer
from workflows.engine import StepFailed

ALSO = MESSAGES + '<error id="err2" errorCode="OTHER"/><escalation id="esc1" escalationCode="LATE"/>'
ERROR = '<errorEventDefinition errorRef="err1"/>'
ANY_ERROR = "<errorEventDefinition/>"
LATE = '<escalationEventDefinition escalationRef="esc1"/>'
ANY_ESCALATION = "<escalationEventDefinition/>"
ALARM = '<signalEventDefinition signalRef="sig1"/>'


def sub(name: str, inside: str, *pairs: str, attributes: str = "") -> str:
    return f'<subProcess id="{name}" {attributes}><startEvent id="{name}_s"/>{inside}{named(name, *pairs)}</subProcess>'


def named(prefix: str, *pairs: str) -> str:
    """Flows whose ids begin with a word of their own."""
    return flows(*pairs).replace('id="f', f'id="{prefix}_f')


def handler(name: str, definition: str, *, interrupting: bool = True, inside: str = "", to: str = "") -> str:
    """An event subprocess with a user task of its name behind its start event."""
    task = inside or f'<userTask id="{name}_u"/>'
    way = f"{name}_s>{to or f'{name}_u'}"
    return (
        f'<subProcess id="{name}" triggeredByEvent="true"><startEvent id="{name}_s" isInterrupting="{str(interrupting).lower()}">'
        f"{definition}</startEvent>{task}{named(name, way)}</subProcess>"
    )


def end(name: str, definition: str) -> str:
    return f'<endEvent id="{name}">{definition}</endEvent>'


FAILING = sub("inner", end("fail", ERROR), "inner_s>fail")
LATE_INSIDE = sub(
    "inner", f'<intermediateThrowEvent id="up">{LATE}</intermediateThrowEvent><userTask id="on"/>', "inner_s>up", "up>on"
)


# Errors.


def test_an_event_that_names_the_code_goes_before_one_that_catches_all(start: Start) -> None:
    both = boundary("all", ANY_ERROR, on="inner") + boundary("one", ERROR, on="inner")
    case = start(OUTER + FAILING + both + '<userTask id="a"/><userTask id="b"/>' + flows("s>inner", "all>a", "one>b"), _also=ALSO)

    assert case.open == ["b"]


def test_an_event_without_a_code_catches_every_error(start: Start) -> None:
    case = start(
        OUTER + FAILING + boundary("all", ANY_ERROR, on="inner") + '<userTask id="a"/>' + flows("s>inner", "all>a"), _also=ALSO
    )

    assert case.open == ["a"]
    assert case.variables["errorCode"] == "NO_SEAT"


def test_an_error_of_another_code_is_caught_further_out(start: Start) -> None:
    outer = sub("outer", FAILING + boundary("other", '<errorEventDefinition errorRef="err2"/>', on="inner"), "outer_s>inner")
    case = start(
        OUTER + outer + boundary("one", ERROR, on="outer") + '<userTask id="a"/>' + flows("s>outer", "one>a"), _also=ALSO
    )

    assert case.open == ["a"]


def test_an_error_leaves_a_called_process(start: Start) -> None:
    called = f'<process id="child" isExecutable="true"><startEvent id="cs"/>{BOOKING}{named("c", "cs>u")}</process>'
    call = activity("callActivity", "call", '<zeebe:calledElement processId="child"/>')
    case = start(
        OUTER + call + boundary("one", ERROR, on="call") + '<userTask id="a"/>' + flows("s>call", "one>a"),
        _also=ALSO + called,
        _operations={"book": no_seat},
    )

    assert case.open == ["a"]
    assert [element for kind, element in case.trail if kind == "cancelled"] == ["u", "call"]


def test_an_error_subprocess_catches_what_its_scope_throws(start: Start) -> None:
    case = start(OUTER + FAILING + handler("h", ERROR) + flows("s>inner"), _also=ALSO)

    assert case.open == ["h_u"]


def test_an_error_thrown_by_a_handler_is_for_whoever_is_around_its_scope(start: Start) -> None:
    again = handler("h", ERROR, inside=end("again", ERROR), to="again")
    inside = OUTER + sub("scope", FAILING + again + handler("all", ANY_ERROR), "scope_s>inner") + '<userTask id="a"/>'
    case = start(inside + boundary("b", ERROR, on="scope") + flows("s>scope", "b>a"), _also=ALSO)

    assert case.open == ["a"]


@pytest.mark.parametrize("where", ["at the end of the process", "in a called process", "by an operation"])
def test_an_error_that_nobody_catches_names_its_code_and_its_element(start: Start, where: str) -> None:
    failing = end("fail", ERROR)
    called = f'<process id="child" isExecutable="true"><startEvent id="cs"/>{failing}{named("c", "cs>fail")}</process>'
    inside, also, element = {
        "at the end of the process": (failing + flows("s>fail"), "", "fail"),
        "in a called process": (
            activity("callActivity", "call", '<zeebe:calledElement processId="child"/>') + flows("s>call"),
            called,
            "fail",
        ),
        "by an operation": (BOOKING + flows("s>u"), "", "u"),
    }[where]

    with pytest.raises(StepFailed, match=f"{element} .*NO_SEAT") as failed:
        start(OUTER + inside, _also=ALSO + also, _operations={"book": no_seat})
    assert failed.value.element == element


def test_an_error_in_one_run_of_a_repeated_activity_ends_all_of_them(start: Start) -> None:
    case = start(
        OUTER
        + sub("inner", many("[1,2]", "n") + '<userTask id="w"/>' + end("fail", ERROR), "inner_s>w", "w>fail")
        + boundary("b", ERROR, on="inner")
        + '<userTask id="a"/>'
        + flows("s>inner", "b>a"),
        _also=ALSO,
    )

    case.do("w", 1)

    assert case.open == ["a"]


# Escalations.


def test_an_escalation_that_nobody_catches_goes_on(start: Start) -> None:
    case = start(OUTER + LATE_INSIDE + flows("s>inner"), _also=ALSO)

    assert case.open == ["on"]
    assert [(out.kind, out.name, out.caught) for out in case.last.thrown] == [("escalation", "LATE", 0)]


def test_an_escalation_that_does_not_interrupt_goes_on_beside(start: Start) -> None:
    case = start(
        OUTER
        + LATE_INSIDE
        + boundary("b", ANY_ESCALATION, on="inner", interrupting=False)
        + '<userTask id="a"/>'
        + flows("s>inner", "b>a"),
        _also=ALSO,
    )

    assert sorted(case.open) == ["a", "on"]
    assert case.variables["escalationCode"] == "LATE"


@pytest.mark.parametrize("thrown", ["in the middle", "at the end"])
def test_an_escalation_that_interrupts_ends_what_threw_it(start: Start, thrown: str) -> None:
    at_end = sub("inner", end("up", LATE), "inner_s>up")
    case = start(
        OUTER
        + (LATE_INSIDE if thrown == "in the middle" else at_end)
        + boundary("b", LATE, on="inner")
        + '<userTask id="a"/><userTask id="no"/>'
        + flows("s>inner", "inner>no", "b>a"),
        _also=ALSO,
    )

    assert case.open == ["a"]


def test_an_escalation_leaves_a_called_process_and_that_goes_on(start: Start) -> None:
    called = f'<process id="child" isExecutable="true"><startEvent id="cs"/><intermediateThrowEvent id="up">{LATE}</intermediateThrowEvent><userTask id="on"/>{named("c", "cs>up", "up>on")}</process>'
    call = activity("callActivity", "call", '<zeebe:calledElement processId="child"/>')
    case = start(
        OUTER + call + boundary("b", LATE, on="call", interrupting=False) + '<userTask id="a"/>' + flows("s>call", "b>a"),
        _also=ALSO + called,
    )

    assert sorted(case.open) == ["a", "on"]


def test_an_escalation_subprocess_that_escalates_again_does_not_catch_itself(start: Start) -> None:
    again = handler("h", LATE, interrupting=False, inside=end("again", LATE), to="again")
    case = start(OUTER + LATE_INSIDE + again + flows("s>inner"), _also=ALSO)

    assert case.open == ["on"]
    assert case.entered.count("h") == 1


# Signals.


def test_a_signal_boundary_that_does_not_interrupt_hears_every_signal(start: Start) -> None:
    case = start(
        OUTER + '<userTask id="u"/><task id="n"/>' + boundary("b", ALARM, interrupting=False) + flows("s>u", "b>n"), _also=ALSO
    )

    assert [case.signal("alarm", n=n) for n in (1, 2, 3)] == [1, 1, 1]
    assert case.entered.count("n") == 3
    assert case.variables["n"] == 3
    assert case.signal("other") == 0


def test_a_signal_may_interrupt_what_threw_it(start: Start) -> None:
    inside = sub(
        "inner", f'<intermediateThrowEvent id="t">{ALARM}</intermediateThrowEvent><userTask id="no"/>', "inner_s>t", "t>no"
    )
    case = start(OUTER + inside + boundary("b", ALARM, on="inner") + '<userTask id="a"/>' + flows("s>inner", "b>a"), _also=ALSO)

    assert case.open == ["a"]


# Event subprocesses of the process itself.


def test_an_event_subprocess_of_the_process_begins_again_and_again(start: Start) -> None:
    case = start(OUTER + '<userTask id="u"/>' + handler("h", ALARM, interrupting=False) + flows("s>u"), _also=ALSO)

    for _ in range(3):
        case.signal("alarm")

    assert sorted(case.open) == ["h_u"] * 3 + ["u"]


def test_a_timer_subprocess_repeats_as_often_as_its_cycle_says(start: Start) -> None:
    case = start(
        OUTER
        + '<userTask id="u"/>'
        + handler("h", timer("R3/PT1H", "timeCycle"), interrupting=False, inside='<task id="h_u"/>')
        + flows("s>u")
    )
    assert case.run.wake_at is not None

    assert case.advance(hours=10) == 3
    assert case.entered.count("h_u") == 3
    assert case.run.wake_at is None
    case.do("u")
    assert case.status == "completed"


def test_a_conditional_subprocess_begins_when_its_condition_becomes_true(start: Start) -> None:
    condition = "<conditionalEventDefinition><condition>=level &gt; 3</condition></conditionalEventDefinition>"
    case = start(
        OUTER + '<userTask id="u"/><userTask id="v"/>' + handler("h", condition, interrupting=False) + flows("s>u", "u>v"),
        level=1,
    )
    assert case.open == ["u"]

    case.do("u", level=5)

    assert sorted(case.open) == ["h_u", "v"]


# What an event sees when it begins to wait.


def test_a_correlation_key_sees_the_local_variables_of_its_activity(start: Start) -> None:
    local = (
        '<userTask id="u"><extensionElements>'
        + mapping(("input", "=&quot;T-&quot; + string(number)", "key"))
        + "</extensionElements></userTask>"
    )
    case = start(
        OUTER + local + boundary("b", '<messageEventDefinition messageRef="m1"/>') + '<userTask id="a"/>' + flows("s>u", "b>a"),
        _also=ALSO,
        number=7,
        key="outer",
    )

    assert case.send("STOP", "outer") == 0
    assert case.send("STOP", "T-7") == 1
    assert case.open == ["a"]


def test_each_run_of_a_repeated_subprocess_waits_with_its_own_key(start: Start) -> None:
    wait = '<intermediateCatchEvent id="w"><messageEventDefinition messageRef="m1"/></intermediateCatchEvent>'
    case = start(
        OUTER
        + sub("inner", many("[&quot;A&quot;, &quot;B&quot;]", "key") + wait, "inner_s>w")
        + '<userTask id="a"/>'
        + flows("s>inner", "inner>a"),
        _also=ALSO,
        key="outer",
    )

    assert (case.send("STOP", "outer"), case.send("STOP", "B"), case.send("STOP", "B")) == (0, 1, 0)
    assert case.open == []
    case.send("STOP", "A")
    assert case.open == ["a"]


def test_a_timer_reads_the_variables_of_its_subprocess(start: Start) -> None:
    local = "<extensionElements>" + mapping(("input", "=limits.short", "limit")) + "</extensionElements>"
    inside = sub("inner", f'<intermediateCatchEvent id="w">{timer("=limit")}</intermediateCatchEvent>', "inner_s>w")
    case = start(
        OUTER + inside.replace('<startEvent id="inner_s"/>', local + '<startEvent id="inner_s"/>') + flows("s>inner"),
        limits={"short": "PT2H"},
    )

    case.advance(hours=1)
    assert case.status == "open"
    case.advance(hours=1)
    assert case.status == "completed"


def test_a_missing_correlation_key_is_a_failure_that_names_the_event(start: Start) -> None:
    with pytest.raises(StepFailed, match=r"w .*correlation key"):
        start(
            OUTER
            + '<intermediateCatchEvent id="w"><messageEventDefinition messageRef="m1"/></intermediateCatchEvent>'
            + flows("s>w"),
            _also=ALSO,
        )


# Event-based gateways.


def gateway(*behind: str, ids: str) -> str:
    ways = [f"g>{name}" for name in ids] + [f"{name}>e" for name in ids]
    return OUTER + '<eventBasedGateway id="g"/>' + "".join(behind) + '<userTask id="e"/>' + flows("s>g", *ways)


def test_an_event_gateway_waits_for_a_receive_task(start: Start) -> None:
    receive = (
        '<receiveTask id="r" messageRef="m1"><extensionElements>'
        + mapping(("output", "=amount * 2", "twice"))
        + "</extensionElements></receiveTask>"
    )
    inside = gateway(receive, f'<intermediateCatchEvent id="t">{timer("PT1H")}</intermediateCatchEvent>', ids="rt")
    by_message, by_time = (start(inside, _also=ALSO, key="K") for _ in range(2))

    by_message.send("STOP", "K", amount=4)
    by_time.advance(hours=1)

    assert by_message.entered == ["s", "g", "r", "e"]
    assert by_message.variables == {"key": "K", "twice": 8}
    assert by_message.run.wake_at is None
    assert by_time.entered == ["s", "g", "t", "e"]
    assert by_time.send("STOP", "K") == 0


def test_an_event_gateway_waits_for_a_condition_and_a_signal(start: Start) -> None:
    condition = "<conditionalEventDefinition><condition>=level &gt; 3</condition></conditionalEventDefinition>"
    behind = (
        f'<intermediateCatchEvent id="c">{condition}</intermediateCatchEvent>',
        f'<intermediateCatchEvent id="a">{ALARM}</intermediateCatchEvent>',
    )
    inside = gateway(*behind, ids="ca").replace(
        '<userTask id="e"/>', '<userTask id="e"/><parallelGateway id="p"/><userTask id="u"/>'
    )
    inside = inside.replace('sourceRef="s" targetRef="g"', 'sourceRef="s" targetRef="p"') + named("x", "p>g", "p>u")
    by_condition, by_signal, at_once = (
        start(inside, _also=ALSO, level=1),
        start(inside, _also=ALSO, level=1),
        start(inside, _also=ALSO, level=9),
    )

    by_condition.do("u", level=5)
    by_signal.signal("alarm")

    assert "c" in by_condition.entered
    assert by_signal.entered[-2:] == ["a", "e"]
    assert "c" in at_once.entered
    assert "a" not in at_once.entered


# Caps.


def test_an_endless_loop_of_scripts_is_stopped_with_a_word(start: Start) -> None:
    script = activity("scriptTask", "t", '<zeebe:script expression="=n + 1" resultVariable="n"/>')
    loop = script + '<exclusiveGateway id="g" default="f1_g_t"/><endEvent id="e"/>'

    with pytest.raises(StepFailed, match="more than 10000 steps"):
        start(OUTER + loop + named("m", "s>t", "t>g") + flows("g>e: n < 0", "g>t"), n=1)


def test_lists_inside_lists_are_capped_with_a_word(start: Start) -> None:
    inside = sub("inner", many("1..1000", "i") + activity("userTask", "u", "", many("1..1000", "k")), "inner_s>u")

    with pytest.raises(StepFailed, match=r"more than .* runs"):
        start(OUTER + inside.replace("1..1000", "for x in 1..1000 return x") + flows("s>inner"))


# Tasks that send.


def test_a_send_task_may_be_repeated_and_guarded(start: Start) -> None:
    send = f'<sendTask id="t" messageRef="m1">{many("[1,2,3]", "n")}</sendTask>'
    guarded = boundary("b", ALARM, on="t")

    case = start(OUTER + send + guarded + '<userTask id="u"/><task id="no"/>' + flows("s>t", "t>u", "b>no"), _also=ALSO, key="K")

    assert [(out.name, out.key) for out in case.last.thrown] == [("STOP", "K")] * 3
    assert case.open == ["u"]


def test_operations_find_their_error_boundary_inside_a_repeated_activity(start: Start) -> None:
    answers: dict[str, Any] = {"book": no_seat}
    work = activity("serviceTask", "u", '<zeebe:taskDefinition type="book"/>', many("[1,2]", "n", sequential=True))
    case = start(
        OUTER + work + boundary("b", ANY_ERROR) + '<userTask id="a"/>' + flows("s>u", "b>a"), _also=ALSO, _operations=answers
    )

    assert case.open == ["a"]
    assert len(case.host.calls) == 1
