"""Events: timers, messages, signals, errors, boundaries, event subprocesses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.engine.conftest import Start, flows
from workflows.engine import BusinessError, StepFailed

MESSAGES = (
    '<message id="m1" name="STOP"><extensionElements><zeebe:subscription correlationKey="=key"/></extensionElements></message>'
    '<message id="m2" name="NOTE"><extensionElements><zeebe:subscription correlationKey="=key"/></extensionElements></message>'
    '<error id="err1" errorCode="NO_SEAT"/><signal id="sig1" name="alarm"/>'
)
OUTER = '<startEvent id="s"/>'


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(name: str, inside: str, *, on: str = "u", interrupting: bool = True) -> str:
    return (
        f'<boundaryEvent id="{name}" attachedToRef="{on}" cancelActivity="{str(interrupting).lower()}">{inside}</boundaryEvent>'
    )


def test_an_interrupting_timer_ends_its_task(start: Start) -> None:
    case = start(
        OUTER
        + '<userTask id="u"/><endEvent id="e"/><endEvent id="late"/>'
        + boundary("b", timer("PT48H"))
        + flows("s>u", "u>e", "b>late")
    )
    case.advance(hours=47)
    assert case.open == ["u"]

    case.advance(hours=1)

    assert (case.open, case.status) == ([], "completed")
    assert case.entered[-2:] == ["b", "late"]
    assert ("cancelled", "u") in case.trail


def test_a_task_done_in_time_takes_its_timer_with_it(start: Start) -> None:
    case = start(
        OUTER + '<userTask id="u"/><userTask id="v"/>' + boundary("b", timer("=limit")) + flows("s>u", "u>v"), limit="PT1H"
    )
    case.do("u")

    assert case.run.wake_at is None
    assert case.advance(hours=2) == 0


def test_a_reminder_leaves_the_task_open(start: Start) -> None:
    case = start(
        OUTER + '<userTask id="u"/><task id="r"/>' + boundary("b", timer("PT1H"), interrupting=False) + flows("s>u", "b>r")
    )

    case.advance(hours=5)

    assert case.open == ["u"]
    assert case.entered.count("r") == 1


def test_reminders_repeat_and_missed_ones_fire_once(start: Start) -> None:
    inside = (
        OUTER
        + '<userTask id="u"/><task id="r"/>'
        + boundary("b", timer("R3/PT1H", "timeCycle"), interrupting=False)
        + flows("s>u", "b>r")
    )
    case = start(inside)
    case.advance(hours=2)
    assert case.entered.count("r") == 2
    case.advance(hours=9)
    assert case.entered.count("r") == 3

    asleep = start(inside.replace("R3/", "R/"))
    asleep.now = asleep.now.replace(hour=17, minute=30)
    run = asleep.run
    assert run.tick() == 1
    assert run.wake_at is not None
    assert run.wake_at.hour == 18


def test_handlers_of_a_repeated_reminder_outlive_the_task(start: Start) -> None:
    case = start(
        OUTER
        + '<userTask id="u"/><userTask id="r"/>'
        + boundary("b", timer("R/PT1H", "timeCycle"), interrupting=False)
        + flows("s>u", "b>r")
    )
    case.advance(hours=2)
    case.do("u")

    assert case.open == ["r", "r"]
    case.do("r")
    case.do("r")
    assert case.status == "completed"


def test_a_message_reaches_only_the_receiver_with_its_key(start: Start) -> None:
    case = start(
        OUTER
        + '<userTask id="u"/><endEvent id="stopped"/>'
        + boundary("b", '<messageEventDefinition messageRef="m1"/>')
        + flows("s>u", "b>stopped"),
        _also=MESSAGES,
        key="TSC-1",
    )

    assert case.send("STOP", "TSC-2") == 0
    assert case.send("NOTE", "TSC-1") == 0
    assert case.open == ["u"]
    assert case.send("STOP", "TSC-1", reason="plans changed") == 1
    assert case.entered[-1] == "stopped"
    assert case.variables["reason"] == "plans changed"


def test_a_non_interrupting_message_is_heard_again_and_again(start: Start) -> None:
    case = start(
        OUTER
        + '<userTask id="u"/><task id="n"/>'
        + boundary("b", '<messageEventDefinition messageRef="m2"/>', interrupting=False)
        + flows("s>u", "b>n"),
        _also=MESSAGES,
        key="K",
    )

    assert [case.send("NOTE", "K") for _ in range(3)] == [1, 1, 1]
    assert case.entered.count("n") == 3
    assert case.open == ["u"]


def test_a_message_boundary_on_a_subprocess_cancels_everything_inside(start: Start) -> None:
    case = start(
        OUTER
        + '<subProcess id="sub"><startEvent id="is"/><parallelGateway id="p"/><userTask id="a"/><userTask id="b"/>'
        + flows("is>p", "p>a", "p>b")
        + '</subProcess><endEvent id="e"/><endEvent id="withdrawn"/>'
        + boundary("w", '<messageEventDefinition messageRef="m1"/>', on="sub")
        + '<sequenceFlow id="x1" sourceRef="s" targetRef="sub"/><sequenceFlow id="x2" sourceRef="sub" targetRef="e"/>'
        + '<sequenceFlow id="x3" sourceRef="w" targetRef="withdrawn"/>',
        _also=MESSAGES,
        key="K",
    )
    assert sorted(case.open) == ["a", "b"]

    case.send("STOP", "K")

    assert (case.open, case.status) == ([], "completed")
    assert case.run.ended == ["withdrawn"]
    assert len(case.last.cancelled) == 2
    assert case.variables == {"key": "K"}


def test_an_event_gateway_gives_up_the_events_that_lost(start: Start) -> None:
    inside = (
        OUTER
        + '<eventBasedGateway id="g"/><intermediateCatchEvent id="m"><messageEventDefinition messageRef="m1"/></intermediateCatchEvent>'
        + f'<intermediateCatchEvent id="t1">{timer("PT5H")}</intermediateCatchEvent>'
        + f'<intermediateCatchEvent id="t2">{timer("PT2H")}</intermediateCatchEvent><endEvent id="e"/>'
        + flows("s>g", "g>m", "g>t1", "g>t2", "m>e", "t1>e", "t2>e")
    )
    by_time = start(inside, _also=MESSAGES, key="K")
    by_time.advance(hours=9)
    assert by_time.entered == ["s", "g", "t2", "e"]
    assert by_time.status == "completed"

    by_message = start(inside, _also=MESSAGES, key="K")
    assert by_message.send("STOP", "K") == 1
    assert by_message.entered == ["s", "g", "m", "e"]
    assert by_message.run.wake_at is None


EVENT_SUBPROCESS = (
    OUTER + '<userTask id="u"/><endEvent id="e"/><subProcess id="esp" triggeredByEvent="true">'
    '<startEvent id="es" isInterrupting="{interrupting}"><extensionElements><zeebe:ioMapping><zeebe:output source="=text" target="note"/>'
    '</zeebe:ioMapping></extensionElements><messageEventDefinition messageRef="m2"/></startEvent><userTask id="h"/>'
    '<sequenceFlow id="y1" sourceRef="es" targetRef="h"/></subProcess>' + flows("s>u", "u>e")
)


def test_an_event_subprocess_that_does_not_interrupt_runs_beside_and_again(start: Start) -> None:
    case = start(EVENT_SUBPROCESS.format(interrupting="false"), _also=MESSAGES, key="K")
    assert "h" not in case.open

    case.send("NOTE", "K", text="one")
    case.send("NOTE", "K", text="two")

    assert sorted(case.open) == ["h", "h", "u"]
    run = case.run
    assert sorted(run.visible_to(case.token("h", nth))["note"] for nth in (0, 1)) == ["one", "two"]
    assert "note" not in case.variables
    case.do("u")
    assert case.status == "open"
    case.do("h")
    case.do("h")
    assert case.status == "completed"


def test_an_interrupting_event_subprocess_ends_the_rest(start: Start) -> None:
    case = start(EVENT_SUBPROCESS.format(interrupting="true"), _also=MESSAGES, key="K")

    case.send("NOTE", "K", text="one")

    assert case.open == ["h"]
    assert case.send("NOTE", "K") == 0
    case.do("h")
    assert case.status == "completed"


def test_a_waiting_event_subprocess_does_not_keep_a_case_open(start: Start) -> None:
    case = start(EVENT_SUBPROCESS.format(interrupting="false"), _also=MESSAGES, key="K")

    case.do("u")

    assert case.status == "completed"


def no_seat(_: dict[str, Any]) -> dict[str, Any]:
    raise BusinessError("NO_SEAT", "Every seat is taken.")


BOOKING = '<serviceTask id="u"><extensionElements><zeebe:taskDefinition type="book"/></extensionElements></serviceTask>'


def test_a_business_error_goes_to_its_boundary(start: Start) -> None:
    case = start(
        OUTER
        + BOOKING
        + '<userTask id="other"/><endEvent id="e"/>'
        + boundary("b", '<errorEventDefinition errorRef="err1"/>')
        + flows("s>u", "u>e", "b>other"),
        _also=MESSAGES,
        _operations={"book": no_seat},
    )

    assert case.open == ["other"]
    assert case.variables["errorCode"] == "NO_SEAT"


def test_a_business_error_that_nobody_catches_is_a_failure(start: Start) -> None:
    with pytest.raises(StepFailed, match="Every seat is taken"):
        start(OUTER + BOOKING + '<endEvent id="e"/>' + flows("s>u", "u>e"), _operations={"book": no_seat})


def test_an_error_end_is_caught_on_the_boundary_of_its_own_subprocess_only(start: Start) -> None:
    def sub(name: str, inside: str) -> str:
        return f'<subProcess id="{name}"><startEvent id="{name}s"/>{inside}</subProcess>'

    failing = '<userTask id="fa"/><endEvent id="fe"><errorEventDefinition errorRef="err1"/></endEvent>'
    failing += '<sequenceFlow id="z1" sourceRef="firsts" targetRef="fa"/><sequenceFlow id="z2" sourceRef="fa" targetRef="fe"/>'
    waiting = '<userTask id="wa"/><sequenceFlow id="z3" sourceRef="seconds" targetRef="wa"/>'
    case = start(
        OUTER
        + '<parallelGateway id="p"/>'
        + sub("first", failing)
        + sub("second", waiting)
        + '<userTask id="caught"/><userTask id="wrong"/>'
        + boundary("b1", '<errorEventDefinition errorRef="err1"/>', on="first")
        + boundary("b2", '<errorEventDefinition errorRef="err1"/>', on="second")
        + flows("s>p", "p>first", "p>second", "b1>caught", "b2>wrong"),
        _also=MESSAGES,
    )

    case.do("fa")

    assert sorted(case.open) == ["caught", "wa"]


def test_a_signal_reaches_every_receiver_in_the_case(start: Start) -> None:
    catch = '<intermediateCatchEvent id="{0}"><signalEventDefinition signalRef="sig1"/></intermediateCatchEvent>'
    case = start(
        OUTER + '<parallelGateway id="p"/>' + catch.format("c1") + catch.format("c2") + '<userTask id="u"/>'
        '<endEvent id="e"><signalEventDefinition signalRef="sig1"/></endEvent>' + flows("s>p", "p>c1", "p>c2", "p>u", "u>e"),
        _also=MESSAGES,
    )

    case.do("u")

    assert case.status == "completed"
    assert case.last.thrown[0].caught == 2


def test_a_condition_fires_when_it_becomes_true(start: Start) -> None:
    case = start(
        OUTER
        + '<userTask id="u"/><userTask id="v"/><userTask id="w"/><parallelGateway id="p"/>'
        + boundary("b", "<conditionalEventDefinition><condition>=level &gt;= 5</condition></conditionalEventDefinition>")
        + flows("s>p", "p>u", "p>v", "b>w"),
        level=3,
    )

    case.do("v", level=5)

    assert case.open == ["w"]


def test_links_join_what_is_drawn_apart(start: Start) -> None:
    case = start(
        OUTER
        + '<intermediateThrowEvent id="t"><linkEventDefinition name="page 2"/></intermediateThrowEvent>'
        + '<intermediateCatchEvent id="c"><linkEventDefinition name="page 2"/></intermediateCatchEvent><userTask id="u"/>'
        + flows("s>t", "c>u")
    )

    assert case.open == ["u"]


@pytest.mark.parametrize("event", ["", "<terminateEventDefinition/>", '<signalEventDefinition signalRef="sig1"/>'])
def test_an_end_writes_what_its_mappings_say(start: Start, event: str) -> None:
    mapped = '<zeebe:ioMapping><zeebe:output source="=&quot;DONE&quot;" target="result"/></zeebe:ioMapping>'
    case = start(
        OUTER
        + f'<userTask id="u"/><endEvent id="e"><extensionElements>{mapped}</extensionElements>{event}</endEvent>'
        + flows("s>u", "u>e"),
        _also=MESSAGES,
    )

    case.do("u")

    assert case.variables["result"] == "DONE"


def test_a_terminate_end_stops_its_scope(start: Start) -> None:
    case = start(
        OUTER
        + '<parallelGateway id="p"/><userTask id="a"/><userTask id="b"/><endEvent id="e"><terminateEventDefinition/></endEvent>'
        + flows("s>p", "p>a", "p>b", "a>e")
    )

    case.do("a")

    assert case.status == "completed"
    assert len(case.last.cancelled) == 1
