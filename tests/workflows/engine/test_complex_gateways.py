"""Complex gateways: so many of the branches are enough; the rest are taken in."""

from __future__ import annotations

import pytest

from tests.workflows.engine.conftest import Start, flows
from workflows.engine import StepFailed

OUTER = '<startEvent id="s"/>'


def joined(condition: str, *after: str, extra: str = "") -> str:
    """Three people side by side, a complex gateway "j" behind them, and what follows."""
    return (
        OUTER
        + '<parallelGateway id="p"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
        + f'<complexGateway id="j"><activationCondition>={condition}</activationCondition></complexGateway>'
        + '<userTask id="u"/>'
        + extra
        + flows("s>p", "p>a", "p>b", "p>c", "a>j", "b>j", "c>j", *(after or ("j>u",)))
    )


def test_it_goes_on_when_enough_have_come_and_takes_the_rest_in(start: Start) -> None:
    case = start(joined("activationCount &gt;= 2"))

    case.do("a")
    assert sorted(case.open) == ["b", "c"]
    case.do("c")
    assert sorted(case.open) == ["b", "u"]
    case.do("b")
    assert case.open == ["u"]
    case.do("u")

    assert case.status == "completed"
    assert case.entered.count("j") == case.entered.count("u") == 1


def test_the_case_is_not_done_before_the_rest_has_come(start: Start) -> None:
    case = start(joined("activationCount = 1"))
    case.do("b")
    case.do("u")
    assert sorted(case.open) == ["a", "c"]

    case.do("a")
    assert case.status == "open"
    case.do("c")

    assert case.status == "completed"


def test_the_condition_asks_variables_too(start: Start) -> None:
    case = start(joined("activationCount = 3 or urgent"), urgent=False)
    case.do("a")
    case.do("b", urgent=True)

    assert sorted(case.open) == ["c", "u"]


def test_after_the_reset_it_starts_anew(start: Start) -> None:
    inside = joined(
        "activationCount &gt;= 2",
        "j>u",
        "u>x",
        "x>p: again",
        "x>e",
        extra='<exclusiveGateway id="x" default="f10_x_e"/><endEvent id="e"/><task id="m"/>',
    )
    case = start(inside.replace('targetRef="p"', 'targetRef="m"') + '<sequenceFlow id="again" sourceRef="m" targetRef="p"/>')
    for name in ("a", "b", "c"):
        case.do(name)
    case.do("u", again=True)
    assert sorted(case.open) == ["a", "b", "c"]
    case.do("b")
    case.do("c")
    assert sorted(case.open) == ["a", "u"]


def test_a_branch_that_cannot_come_any_more_is_not_waited_for(start: Start) -> None:
    inside = (
        OUTER
        + '<inclusiveGateway id="p"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><endEvent id="e"/>'
        + '<complexGateway id="j"><activationCondition>=activationCount = 1</activationCondition></complexGateway>'
        + flows("s>p", "p>a: true", "p>b: true", "p>c: false", "a>j", "b>j", "c>j", "j>e")
    )
    case = start(inside)
    case.do("a")
    assert case.open == ["b"]
    case.do("b")

    assert case.status == "completed"
    assert case.entered.count("e") == 1


def test_a_flow_may_ask_whether_it_is_the_start_or_the_reset(start: Start) -> None:
    case = start(
        joined(
            "activationCount = 1",
            "j>u: waitingForStart",
            "j>late: not(waitingForStart)",
            extra='<userTask id="late"/>',
        )
    )
    case.do("a")
    assert sorted(case.open) == ["b", "c", "u"]
    case.do("b")
    assert "late" not in case.open
    case.do("c")

    assert sorted(case.open) == ["late", "u"]


def split(*ways: str, default: str = "") -> str:
    return OUTER + f'<complexGateway id="g" {default}/><userTask id="a"/><userTask id="b"/>' + flows("s>g", *ways)


@pytest.mark.parametrize(("n", "open_tasks"), [(3, ["a", "b"]), (2, ["a"]), (0, ["b"])])
def test_it_splits_by_conditions_like_an_inclusive_gateway(start: Start, n: int, open_tasks: list[str]) -> None:
    inside = split("g>a: n &gt; 1".replace("&gt;", ">"), "g>b: n = 3 or n = 0")

    assert sorted(start(inside, n=n).open) == open_tasks


def test_its_default_is_taken_when_nothing_else_holds(start: Start) -> None:
    assert start(split("g>a: false", "g>b", default='default="f2_g_b"')).open == ["b"]


def test_no_way_out_is_a_failure_that_names_it(start: Start) -> None:
    with pytest.raises(StepFailed, match="The step g could not"):
        start(split("g>a: false", "g>b: false"))


def test_a_token_that_waits_for_a_reset_is_given_up_by_a_terminate(start: Start) -> None:
    case = start(joined("activationCount = 1", "j>u", "u>e", extra='<endEvent id="e"><terminateEventDefinition/></endEvent>'))
    case.do("a")
    case.do("u")

    assert case.status == "completed"
    assert [element for kind, element in case.trail if kind == "cancelled"] == ["b", "c"]
