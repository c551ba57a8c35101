"""Events that stand for several: any of them, or all of them."""

from __future__ import annotations

import pytest

from tests.workflows.engine.conftest import Start, flows
from tests.workflows.engine.test_events import MESSAGES, OUTER, timer

STOP = '<messageEventDefinition messageRef="m1"/>'
NOTE = '<messageEventDefinition messageRef="m2"/>'
ALARM = '<signalEventDefinition signalRef="sig1"/>'
LEVEL = "<conditionalEventDefinition><condition>=level &gt; 3</condition></conditionalEventDefinition>"


def catch(*definitions: str, together: bool = False) -> str:
    return f'<intermediateCatchEvent id="c" parallelMultiple="{str(together).lower()}">{"".join(definitions)}</intermediateCatchEvent>'


def waiting(*definitions: str, together: bool = False) -> str:
    return OUTER + catch(*definitions, together=together) + '<userTask id="u"/>' + flows("s>c", "c>u")


def test_any_of_several_events_lets_the_token_go_on(start: Start) -> None:
    inside = waiting(STOP, ALARM, timer("PT1H"))

    by_message, by_signal, by_time = (start(inside, _also=MESSAGES, key="K") for _ in range(3))
    assert by_message.send("STOP", "K", reason="x") == 1
    assert by_signal.signal("alarm") == 1
    by_time.advance(hours=1)

    for case in (by_message, by_signal, by_time):
        assert case.open == ["u"]
        assert case.run.wake_at is None
        assert case.signal("alarm") == 0
    assert by_message.variables["reason"] == "x"


def test_all_of_several_events_must_happen_in_whatever_order(start: Start) -> None:
    case = start(waiting(STOP, ALARM, timer("PT1H"), LEVEL, together=True), _also=MESSAGES, key="K", level=5)

    assert case.signal("alarm", colour="red") == 1
    assert case.signal("alarm", colour="blue") == 0
    case.advance(hours=2)
    assert (case.open, case.run.waiting_elements) == ([], ["c"])
    assert case.send("STOP", "K", reason="x") == 1

    assert case.open == ["u"]
    assert case.variables == {"key": "K", "level": 5, "colour": "red", "reason": "x"}


def boundaries(*definitions: str, together: bool = False, interrupting: bool = True) -> str:
    return (
        OUTER
        + f'<userTask id="u"/><boundaryEvent id="b" attachedToRef="u" cancelActivity="{str(interrupting).lower()}" '
        + f'parallelMultiple="{str(together).lower()}">{"".join(definitions)}</boundaryEvent><task id="r"/>'
        + flows("s>u", "b>r")
    )


def test_a_boundary_event_fires_on_any_of_its_events_again_and_again(start: Start) -> None:
    case = start(boundaries(NOTE, ALARM, timer("PT1H"), interrupting=False), _also=MESSAGES, key="K")

    case.send("NOTE", "K")
    case.advance(hours=3)
    case.signal("alarm")
    case.send("NOTE", "K")

    assert case.entered.count("r") == 4
    assert case.open == ["u"]


def test_a_boundary_event_that_needs_all_waits_for_all_again(start: Start) -> None:
    case = start(boundaries(NOTE, ALARM, together=True, interrupting=False), _also=MESSAGES, key="K")

    for _ in range(2):
        case.send("NOTE", "K")
        assert case.send("NOTE", "K") == 0
        case.signal("alarm")

    assert case.entered.count("r") == 2


def test_a_boundary_event_that_needs_all_interrupts_once(start: Start) -> None:
    case = start(boundaries(NOTE, timer("PT1H"), together=True), _also=MESSAGES, key="K")

    case.advance(hours=1)
    assert case.open == ["u"]
    case.send("NOTE", "K")

    assert (case.open, case.entered[-1]) == ([], "r")


def test_a_boundary_event_catches_an_error_among_others(start: Start) -> None:
    sub = '<subProcess id="u"><startEvent id="is"/><userTask id="iu"/><endEvent id="ie"><errorEventDefinition errorRef="err1"/></endEvent>'
    inside = boundaries(timer("PT1H"), '<errorEventDefinition errorRef="err1"/>').replace(
        '<userTask id="u"/>', sub + flows("is>iu", "iu>ie").replace('id="f', 'id="i') + "</subProcess>"
    )

    by_error, by_time = start(inside, _also=MESSAGES), start(inside, _also=MESSAGES)
    by_error.do("iu")
    by_time.advance(hours=1)

    assert by_error.entered[-1] == by_time.entered[-1] == "r"


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_event_subprocess_begins_with_any_or_all_of_its_events(start: Start, interrupting: str) -> None:
    def inside(together: str) -> str:
        return (
            OUTER
            + f'<userTask id="u"/><subProcess id="h" triggeredByEvent="true"><startEvent id="hs" isInterrupting="{interrupting}" '
            + f'parallelMultiple="{together}">{NOTE}{ALARM}</startEvent><userTask id="hu"/>'
            + flows("hs>hu").replace('id="f', 'id="h')
            + "</subProcess>"
            + flows("s>u")
        )

    either = start(inside("false"), _also=MESSAGES, key="K")
    both = start(inside("true"), _also=MESSAGES, key="K")
    either.signal("alarm")
    both.signal("alarm")
    assert both.open == ["u"]
    both.send("NOTE", "K")

    expected = ["hu"] if interrupting == "true" else ["hu", "u"]
    assert sorted(either.open) == sorted(both.open) == expected


def test_several_events_are_thrown_at_once(start: Start) -> None:
    throw = '<intermediateThrowEvent id="t"><signalEventDefinition signalRef="sig1"/><messageEventDefinition messageRef="m1"/></intermediateThrowEvent>'
    case = start(OUTER + throw + '<userTask id="u"/>' + flows("s>t", "t>u"), _also=MESSAGES, key="K")

    assert [(out.kind, out.name, out.key) for out in case.last.thrown] == [("signal", "alarm", None), ("message", "STOP", "K")]
    assert case.open == ["u"]


def test_an_end_throws_and_terminates(start: Start) -> None:
    end = '<endEvent id="e"><signalEventDefinition signalRef="sig1"/><terminateEventDefinition/></endEvent>'
    case = start(
        OUTER + '<parallelGateway id="p"/><userTask id="a"/><userTask id="b"/>' + end + flows("s>p", "p>a", "p>b", "a>e"),
        _also=MESSAGES,
    )

    case.do("a")

    assert [out.name for out in case.last.thrown] == ["alarm"]
    assert case.status == "completed"


def test_an_event_gateway_goes_on_with_an_event_that_stands_for_several(start: Start) -> None:
    inside = (
        OUTER
        + '<eventBasedGateway id="g"/>'
        + catch(STOP, ALARM)
        + f'<intermediateCatchEvent id="t">{timer("PT1H")}</intermediateCatchEvent><endEvent id="e"/>'
        + flows("s>g", "g>c", "g>t", "c>e", "t>e")
    )
    case = start(inside, _also=MESSAGES, key="K")

    case.signal("alarm")

    assert case.entered == ["s", "g", "c", "e"]
    assert case.status == "completed"
