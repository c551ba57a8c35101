"""Compensation: what was completed is undone, the last first; and transactions that are cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.engine.conftest import CaseInHand, Start, flows
from tests.workflows.engine.test_activities import activity, many, mapping
from tests.workflows.engine.test_events import boundary, timer
from workflows.engine import StepFailed

OUTER = '<startEvent id="s"/>'
DEFINITIONS = '<error id="err1" errorCode="NO_SEAT"/><signal id="sig1" name="alarm"/>'


def work(name: str, inside: str = "", extensions: str = "") -> str:
    """A service task whose operation has its name."""
    return activity("serviceTask", name, f'<zeebe:taskDefinition type="{name}"/>{extensions}', inside)


def undoable(name: str, by: str, *, tag: str = "serviceTask", inside: str = "", extensions: str = "") -> str:
    """A service task, the event on its boundary, and the activity that undoes it."""
    return work(name, inside, extensions) + undone(name, by, tag=tag)


def undone(name: str, by: str, *, tag: str = "serviceTask", inside: str = "") -> str:
    definition = f'<extensionElements><zeebe:taskDefinition type="{by}"/></extensionElements>' if tag == "serviceTask" else ""
    return (
        f'<boundaryEvent id="on_{name}" attachedToRef="{name}"><compensateEventDefinition/></boundaryEvent>'
        f'<{tag} id="{by}" isForCompensation="true">{definition}{inside}</{tag}>'
        f'<association id="a_{name}" associationDirection="One" sourceRef="on_{name}" targetRef="{by}"/>'
    )


def throw(name: str = "c", attributes: str = "", *, tag: str = "intermediateThrowEvent") -> str:
    return f'<{tag} id="{name}"><compensateEventDefinition {attributes}/></{tag}>'


def subprocess(name: str, inside: str, *, tag: str = "subProcess") -> str:
    return f'<{tag} id="{name}"><startEvent id="{name}_s"/>{inside}</{tag}>'


class Operations(dict[str, Any]):
    """Every operation succeeds."""

    def __missing__(self, name: str) -> Any:
        return lambda _: {}


def done(case: CaseInHand) -> list[str]:
    """The operations carried out, in order."""
    return [name for name, _ in case.host.calls]


def test_what_was_completed_is_undone_the_last_first(start: Start) -> None:
    case = start(
        OUTER
        + undoable("a", "undo_a")
        + undoable("b", "undo_b")
        + work("plain")
        + throw()
        + '<endEvent id="e"/>'
        + flows("s>a", "a>b", "b>plain", "plain>c", "c>e"),
        _operations=Operations(),
    )

    assert done(case) == ["a", "b", "plain", "undo_b", "undo_a"]
    assert case.status == "completed"
    assert case.entered[-4:] == ["c", "undo_b", "undo_a", "e"]


def test_the_order_is_that_of_completion(start: Start) -> None:
    case = start(
        OUTER
        + '<parallelGateway id="p"/><parallelGateway id="j"/><userTask id="a"/><userTask id="b"/>'
        + undone("a", "undo_a")
        + undone("b", "undo_b")
        + throw()
        + flows("s>p", "p>a", "p>b", "a>j", "b>j", "j>c"),
        _operations=Operations(),
    )
    case.do("b")
    case.do("a")

    assert done(case) == ["undo_a", "undo_b"]


def test_an_activity_that_is_not_completed_is_not_undone(start: Start) -> None:
    case = start(
        OUTER
        + '<parallelGateway id="p"/><userTask id="a"/><userTask id="never"/>'
        + undone("a", "undo_a")
        + undone("never", "undo_never")
        + throw()
        + flows("s>p", "p>a", "p>never", "a>c"),
        _operations=Operations(),
    )
    case.do("a")

    assert done(case) == ["undo_a"]
    assert case.open == ["never"]


def test_only_the_activity_that_is_named_is_undone(start: Start) -> None:
    case = start(
        OUTER
        + undoable("a", "undo_a")
        + undoable("b", "undo_b")
        + throw("c", 'activityRef="a"')
        + throw("d")
        + flows("s>a", "a>b", "b>c", "c>d"),
        _operations=Operations(),
    )

    assert done(case) == ["a", "b", "undo_a", "undo_b"]


def test_nothing_to_undo_is_no_hindrance(start: Start) -> None:
    case = start(OUTER + throw() + '<endEvent id="e"/>' + flows("s>c", "c>e"))

    assert case.run.ended == ["e"]


def test_what_is_undone_once_is_not_undone_again(start: Start) -> None:
    case = start(OUTER + undoable("a", "undo_a") + throw("c") + throw("d") + flows("s>a", "a>c", "c>d"), _operations=Operations())

    assert done(case) == ["a", "undo_a"]


def test_the_throwing_event_waits_for_people_who_undo(start: Start) -> None:
    case = start(
        OUTER
        + undoable("a", "undo_a", tag="userTask")
        + undoable("b", "undo_b", tag="userTask")
        + throw()
        + '<userTask id="u"/>'
        + flows("s>a", "a>b", "b>c", "c>u"),
        _operations=Operations(),
    )
    assert case.open == ["undo_b"]
    assert set(case.run.waiting_elements) == {"c", "undo_b"}

    case.do("undo_b")
    assert case.open == ["undo_a"]

    case.do("undo_a")
    assert case.open == ["u"]


def test_a_throwing_event_that_need_not_wait_goes_on_beside(start: Start) -> None:
    case = start(
        OUTER
        + undoable("a", "undo_a", tag="userTask")
        + throw("c", 'waitForCompletion="false"')
        + '<userTask id="u"/>'
        + flows("s>a", "a>c", "c>u"),
        _operations=Operations(),
    )
    assert sorted(case.open) == ["u", "undo_a"]

    case.do("u")
    assert case.status == "open"
    case.do("undo_a")
    assert case.status == "completed"


@pytest.mark.parametrize("attributes", ["", 'waitForCompletion="false"'])
def test_an_end_event_compensates_too(start: Start, attributes: str) -> None:
    case = start(
        OUTER + undoable("a", "undo_a", tag="userTask") + throw("c", attributes, tag="endEvent") + flows("s>a", "a>c"),
        _operations=Operations(),
    )
    assert (case.open, case.status) == (["undo_a"], "open")

    case.do("undo_a")

    assert case.status == "completed"
    assert case.run.ended == ["c"]


@pytest.mark.parametrize("sequential", [False, True])
def test_each_run_of_a_repeated_activity_is_undone_with_its_own_variables(start: Start, sequential: bool) -> None:
    case = start(
        OUTER
        + undoable("a", "undo_a", inside=many("cities", "city", sequential=sequential)).replace(
            '<zeebe:taskDefinition type="undo_a"/>',
            '<zeebe:taskDefinition type="undo_a"/>' + mapping(("input", "=city", "where")),
        )
        + throw()
        + flows("s>a", "a>c"),
        cities=["Oslo", "Rome", "Lima"],
        _operations=Operations(),
    )

    assert [inputs["where"] for name, inputs in case.host.calls if name == "undo_a"] == ["Lima", "Rome", "Oslo"]
    assert "where" not in case.variables


def test_each_round_of_a_loop_is_undone(start: Start) -> None:
    loop = "<standardLoopCharacteristics loopMaximum='3'/>"
    case = start(OUTER + undoable("a", "undo_a", inside=loop) + throw() + flows("s>a", "a>c"), _operations=Operations())

    assert done(case) == ["a"] * 3 + ["undo_a"] * 3


def test_a_completed_subprocess_is_undone_activity_by_activity(start: Start) -> None:
    inner = undoable("x", "undo_x") + undoable("y", "undo_y") + flows("sub_s>x", "x>y")
    case = start(
        OUTER
        + subprocess("sub", inner)
        + undoable("z", "undo_z")
        + throw()
        + '<endEvent id="e"/>'
        + flows("s>sub", "sub>z", "z>c", "c>e").replace('id="f', 'id="o'),
        _operations=Operations(),
    )

    assert done(case) == ["x", "y", "z", "undo_z", "undo_y", "undo_x"]
    assert case.status == "completed"
    assert case.entered.count("sub") == 1


def test_a_person_undoes_inside_a_completed_subprocess_with_its_local_variables(start: Start) -> None:
    inner = undoable("x", "undo_x", tag="userTask") + flows("sub_s>x")
    sub = subprocess("sub", inner).replace(
        '<subProcess id="sub">',
        '<subProcess id="sub"><extensionElements>' + mapping(("input", "=seat + 1", "mine")) + "</extensionElements>",
    )
    case = start(OUTER + sub + throw() + flows("s>sub", "sub>c").replace('id="f', 'id="o'), seat=6, _operations=Operations())

    assert case.open == ["undo_x"]
    assert case.run.visible_to(case.token("undo_x"))["mine"] == 7
    case.do("undo_x")
    assert case.status == "completed"
    assert case.variables == {"seat": 6}


def test_a_subprocess_with_an_undoing_activity_of_its_own_is_undone_by_that_alone(start: Start) -> None:
    inner = undoable("x", "undo_x") + flows("sub_s>x")
    case = start(
        OUTER
        + subprocess("sub", inner)
        + undone("sub", "undo_sub")
        + throw()
        + flows("s>sub", "sub>c").replace('id="f', 'id="o'),
        _operations=Operations(),
    )

    assert done(case) == ["x", "undo_sub"]


def test_a_compensation_event_subprocess_undoes_its_subprocess(start: Start) -> None:
    handler = (
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs"><compensateEventDefinition/></startEvent>'
        + work("first")
        + throw("inner_throw", 'activityRef="x"')
        + work("last")
        + flows("hs>first", "first>inner_throw", "inner_throw>last").replace('id="f', 'id="h')
        + "</subProcess>"
    )
    inner = undoable("x", "undo_x") + undoable("y", "undo_y") + handler + flows("sub_s>x", "x>y")
    case = start(
        OUTER
        + subprocess("sub", inner)
        + throw()
        + '<endEvent id="e"/>'
        + flows("s>sub", "sub>c", "c>e").replace('id="f', 'id="o'),
        _operations=Operations(),
    )

    assert done(case) == ["x", "y", "first", "undo_x", "last"]
    assert case.status == "completed"


def test_an_event_subprocess_undoes_what_was_done_around_it(start: Start) -> None:
    handler = (
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs"><errorEventDefinition errorRef="err1"/></startEvent>'
        + throw()
        + '<endEvent id="he"/>'
        + flows("hs>c", "c>he").replace('id="f', 'id="h')
        + "</subProcess>"
    )
    failing = '<endEvent id="e"><errorEventDefinition errorRef="err1"/></endEvent>'
    case = start(
        OUTER + undoable("a", "undo_a") + undoable("b", "undo_b") + failing + handler + flows("s>a", "a>b", "b>e"),
        _also=DEFINITIONS,
        _operations=Operations(),
    )

    assert done(case) == ["a", "b", "undo_b", "undo_a"]
    assert case.status == "completed"


def test_what_a_called_process_did_is_undone_only_by_an_activity_of_the_caller(start: Start) -> None:
    called = (
        '<process id="child" isExecutable="true"><startEvent id="cs"/>'
        + undoable("x", "undo_x")
        + flows("cs>x").replace('id="f', 'id="k')
        + "</process>"
    )
    call = activity("callActivity", "call", '<zeebe:calledElement processId="child"/>')
    without = start(OUTER + call + throw() + flows("s>call", "call>c"), _also=called, _operations=Operations())
    by_caller = start(
        OUTER + call + undone("call", "undo_call") + throw() + flows("s>call", "call>c"), _also=called, _operations=Operations()
    )

    assert done(without) == ["x"]
    assert done(by_caller) == ["x", "undo_call"]


def test_an_undoing_subprocess_and_a_repeated_one_are_waited_for(start: Start) -> None:
    inside = '<startEvent id="us"/><userTask id="uu"/>' + flows("us>uu").replace('id="f', 'id="k')
    case = start(
        OUTER
        + work("a")
        + undone("a", "undo_a", tag="subProcess", inside=inside)
        + work("b")
        + undone("b", "undo_b", tag="userTask", inside=many("[1,2]", "n"))
        + throw()
        + '<userTask id="u"/>'
        + flows("s>a", "a>b", "b>c", "c>u"),
        _operations=Operations(),
    )
    assert case.open == ["undo_b", "undo_b"]
    case.do("undo_b")
    case.do("undo_b")
    assert case.open == ["uu"]
    case.do("uu")
    assert case.open == ["u"]


def test_an_interruption_gives_the_undoing_up(start: Start) -> None:
    inner = undoable("x", "undo_x", tag="userTask") + throw() + flows("sub_s>x", "x>c")
    case = start(
        OUTER
        + subprocess("sub", inner)
        + boundary("late", timer("PT1H"), on="sub")
        + '<userTask id="u"/>'
        + flows("s>sub", "late>u").replace('id="f', 'id="o'),
        _operations=Operations(),
    )
    assert case.open == ["undo_x"]

    case.advance(hours=1)

    assert case.open == ["u"]
    assert len(case.last.cancelled) == 1


def transaction(inner: str, *pairs: str, boundaries: str = "") -> str:
    return (
        OUTER
        + subprocess("tx", inner, tag="transaction")
        + boundaries
        + '<endEvent id="booked"/><boundaryEvent id="cancelled" attachedToRef="tx"><cancelEventDefinition/></boundaryEvent>'
        + '<userTask id="sorry"/>'
        + flows("s>tx", "tx>booked", "cancelled>sorry", *pairs).replace('id="f', 'id="o')
    )


CANCEL = '<endEvent id="cancel"><cancelEventDefinition/></endEvent>'


def test_a_cancelled_transaction_undoes_what_it_did_and_leaves_by_its_cancel_event(start: Start) -> None:
    inner = (
        undoable("hotel", "undo_hotel")
        + undoable("flight", "undo_flight", tag="userTask")
        + '<parallelGateway id="p"/><userTask id="pay"/><userTask id="wait"/>'
        + CANCEL
        + flows("tx_s>hotel", "hotel>flight", "flight>p", "p>pay", "p>wait", "pay>cancel")
    )
    case = start(transaction(inner), _operations=Operations())

    case.do("pay")
    assert case.open == ["undo_flight"]
    assert ("cancelled", "wait") in case.trail
    case.do("undo_flight")

    assert done(case) == ["hotel", "flight", "undo_hotel"]
    assert case.open == ["sorry"]
    assert "booked" not in case.entered


def test_a_transaction_that_is_not_cancelled_goes_on(start: Start) -> None:
    inner = undoable("hotel", "undo_hotel") + '<endEvent id="ie"/>' + flows("tx_s>hotel", "hotel>ie")
    case = start(transaction(inner), _operations=Operations())

    assert case.run.ended == ["booked"]
    assert done(case) == ["hotel"]


def test_a_completed_transaction_is_undone_like_a_subprocess(start: Start) -> None:
    inner = undoable("hotel", "undo_hotel") + flows("tx_s>hotel")
    case = start(
        OUTER + subprocess("tx", inner, tag="transaction") + throw() + flows("s>tx", "tx>c").replace('id="f', 'id="o'),
        _operations=Operations(),
    )

    assert done(case) == ["hotel", "undo_hotel"]


def test_an_error_leaves_a_transaction_without_undoing(start: Start) -> None:
    inner = (
        undoable("hotel", "undo_hotel")
        + '<endEvent id="fail"><errorEventDefinition errorRef="err1"/></endEvent>'
        + flows("tx_s>hotel", "hotel>fail")
    )
    hazard = boundary("hazard", '<errorEventDefinition errorRef="err1"/>', on="tx") + '<userTask id="desk"/>'
    case = start(transaction(inner, "hazard>desk", boundaries=hazard), _also=DEFINITIONS, _operations=Operations())

    assert case.open == ["desk"]
    assert done(case) == ["hotel"]


def test_one_cancelled_run_of_a_repeated_transaction_cancels_all(start: Start) -> None:
    inner = many("[1,2]", "n") + '<userTask id="pay"/>' + undone("pay", "undo_pay") + CANCEL + flows("tx_s>pay", "pay>cancel")
    case = start(transaction(inner), _operations=Operations())

    case.do("pay")

    assert case.open == ["sorry"]
    assert done(case) == ["undo_pay"]


def test_an_operation_that_cannot_undo_is_a_failure(start: Start) -> None:
    from workflows.engine import BusinessError

    def fail(_: dict[str, Any]) -> dict[str, Any]:
        raise BusinessError("GONE", "The hotel no longer exists.")

    with pytest.raises(StepFailed, match=r"undo_a.*no longer exists.*GONE"):
        start(OUTER + undoable("a", "undo_a") + throw() + flows("s>a", "a>c"), _operations={"a": lambda _: {}, "undo_a": fail})


def test_a_case_without_compensation_keeps_no_records(start: Start) -> None:
    case = start(OUTER + work("a") + '<userTask id="u"/>' + flows("s>a", "a>u"), _operations=Operations())

    assert all(not workflow.undoable for workflow in case.run.workflow.workflows())


def test_each_run_of_a_repeated_subprocess_is_undone_with_what_it_knew(start: Start) -> None:
    inner = many("cities", "city") + undoable("x", "undo_x").replace(
        '<zeebe:taskDefinition type="undo_x"/>',
        '<zeebe:taskDefinition type="undo_x"/>' + mapping(("input", "=city", "where")),
    )
    case = start(
        OUTER + subprocess("sub", inner + flows("sub_s>x")) + throw() + flows("s>sub", "sub>c").replace('id="f', 'id="o'),
        cities=["Oslo", "Rome"],
        _operations=Operations(),
    )

    assert [inputs["where"] for name, inputs in case.host.calls if name == "undo_x"] == ["Rome", "Oslo"]
    assert case.status == "completed"


def test_a_subprocess_undoes_only_what_was_done_in_it(start: Start) -> None:
    inner = undoable("x", "undo_x") + throw("inner_throw") + flows("sub_s>x", "x>inner_throw")
    case = start(
        OUTER
        + undoable("a", "undo_a")
        + subprocess("sub", inner)
        + '<userTask id="u"/>'
        + flows("s>a", "a>sub", "sub>u").replace('id="f', 'id="o'),
        _operations=Operations(),
    )

    assert done(case) == ["a", "x", "undo_x"]


def test_a_scope_stays_open_while_something_is_undone_beside(start: Start) -> None:
    inner = undoable("x", "undo_x", tag="userTask") + throw("t", 'waitForCompletion="false"') + flows("sub_s>x", "x>t")
    case = start(
        OUTER + subprocess("sub", inner) + '<userTask id="u"/>' + flows("s>sub", "sub>u").replace('id="f', 'id="o'),
        _operations=Operations(),
    )
    assert case.open == ["undo_x"]

    case.do("undo_x")

    assert case.open == ["u"]
