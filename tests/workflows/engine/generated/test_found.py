"""The smallest diagrams of what drawn ones have found."""

from __future__ import annotations

from tests.workflows.engine.conftest import Start, flows

CODES = '<escalation id="c1" escalationCode="C1"/><error id="e1" errorCode="E1"/><signal id="s1" name="S1"/>'


def escalation(code: str = "c1") -> str:
    return f'<escalationEventDefinition escalationRef="{code}"/>' if code else "<escalationEventDefinition/>"


def inside(scope: str, end: str) -> str:
    return (
        f'<subProcess id="{scope}"><startEvent id="{scope}_s"/><userTask id="{scope}_u"/><endEvent id="{scope}_e">{end}</endEvent>'
        f'<sequenceFlow id="{scope}_1" sourceRef="{scope}_s" targetRef="{scope}_u"/><sequenceFlow id="{scope}_2" sourceRef="{scope}_u" targetRef="{scope}_e"/>'
        "</subProcess>"
    )


def handler(start: str, *, interrupting: bool) -> str:
    return (
        f'<subProcess id="handler" triggeredByEvent="true"><startEvent id="hs" isInterrupting="{str(interrupting).lower()}">{start}</startEvent>'
        '<task id="handled"/><sequenceFlow id="h1" sourceRef="hs" targetRef="handled"/></subProcess>'
    )


def test_a_boundary_that_catches_all_goes_before_a_handler_further_out_that_names_the_code(start: Start) -> None:
    case = start(
        '<startEvent id="s"/>'
        + inside("sub", escalation())
        + f'<boundaryEvent id="all" attachedToRef="sub" cancelActivity="true">{escalation("")}</boundaryEvent><task id="caught"/>'
        + handler(escalation(), interrupting=False)
        + flows("s>sub", "all>caught"),
        _also=CODES,
    )

    case.do("sub_u")

    assert "caught" in case.entered
    assert "handled" not in case.entered


def test_who_escalates_and_is_interrupted_by_it_does_not_go_on(start: Start) -> None:
    case = start(
        '<startEvent id="s"/>'
        + inside("sub", escalation())
        + f'<boundaryEvent id="b" attachedToRef="sub" cancelActivity="true">{escalation()}</boundaryEvent><userTask id="after"/>'
        + flows("s>sub", "b>after"),
        _also=CODES,
    )

    case.do("sub_u")

    assert case.open == ["after"]
    assert ("left", "sub_e") not in case.trail
    assert ("left", "sub") not in case.trail


def test_a_signal_that_interrupts_the_scope_of_its_thrower_leaves_one_token(start: Start) -> None:
    case = start(
        '<startEvent id="s"/><userTask id="u"/><intermediateThrowEvent id="t"><signalEventDefinition signalRef="s1"/></intermediateThrowEvent><userTask id="v"/>'
        + handler('<signalEventDefinition signalRef="s1"/>', interrupting=True)
        + flows("s>u", "u>t", "t>v"),
        _also=CODES,
    )

    case.do("u")

    assert (case.open, case.status) == ([], "completed")
    assert "handled" in case.entered
    assert "v" not in case.entered


def test_an_event_gateway_from_which_both_ways_are_open_does_not_hold_up_an_inclusive_join(start: Start) -> None:
    timers = "".join(
        f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration>PT5M</timeDuration></timerEventDefinition></intermediateCatchEvent>'
        for name in ("only_empty", "back")
    )
    case = start(
        '<startEvent id="s"/><userTask id="u"/><parallelGateway id="p"/><userTask id="v"/><eventBasedGateway id="g"/><exclusiveGateway id="x"/>'
        + timers
        + '<inclusiveGateway id="j"/><userTask id="after"/>'
        + flows("s>x", "x>u", "u>p", "p>v", "p>g", "g>only_empty", "g>back", "back>x", "only_empty>j", "v>j", "j>after"),
    )
    case.do("u")

    case.do("v")

    assert case.open == ["after"]
