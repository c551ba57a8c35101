"""Where something failed, and what is done differently there when it is tried again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.engine.conftest import HEAD, CaseInHand, TestHost, flows
from workflows import diagrams, engine
from workflows.errors import SafeconductError

BOOK = (
    '<serviceTask id="book"><extensionElements><zeebe:taskDefinition type="book"/><zeebe:ioMapping>'
    '<zeebe:input source="=room" target="room"/><zeebe:output source="=ok" target="booked"/>'
    "</zeebe:ioMapping></extensionElements>{loop}</serviceTask>"
)
LOOP = (
    '<multiInstanceLoopCharacteristics isSequential="true"><extensionElements><zeebe:loopCharacteristics '
    'inputCollection="=rooms" inputElement="room" outputCollection="all" outputElement="=booked"/>'
    "</extensionElements></multiInstanceLoopCharacteristics>"
)
START = '<startEvent id="s"/><userTask id="a"/>'


class Full(SafeconductError):
    """The room is taken."""


def book(inputs: dict[str, Any]) -> dict[str, Any]:
    if inputs["room"] == "taken":
        raise Full
    return {"ok": inputs["room"]}


def case_of(inside: str, **variables: Any) -> CaseInHand:
    diagram = diagrams.read_diagram(
        f'{HEAD}<process id="main" isExecutable="true">{inside}</process></definitions>'.encode(), name="test.bpmn"
    )
    return CaseInHand(engine.compile_diagrams([diagram], main="main"), TestHost({"book": book}), variables)


def attempt(case: CaseInHand, **orders: engine.Order) -> engine.Run:
    """Complete the task, with what a repair wants done differently."""
    run = case.run
    run.orders = {place.replace("_AT_", "["): order for place, order in orders.items()} if orders else {}
    run.complete(case.token("a"), {})
    return run


def failure(case: CaseInHand) -> engine.StepFailed:
    with pytest.raises(engine.StepFailed) as failed:
        attempt(case)
    return failed.value


def test_a_failure_names_its_step_and_its_place() -> None:
    error = failure(case_of(START + BOOK.format(loop="") + flows("s>a", "a>book"), room="taken"))

    assert (error.element, error.place, error.cause) == ("book", "book", "The room is taken.")


def test_a_formula_that_fails_on_arrival_is_the_failure_of_its_own_step() -> None:
    text = BOOK.format(loop="").replace("=room", "=count(for i in 1..1000000000 return i)")

    error = failure(case_of(START + text + flows("s>a", "a>book"), room="free"))

    assert (error.element, error.place) == ("book", "book")


def test_a_run_of_a_repeated_step_inside_another_has_its_number_in_its_place() -> None:
    inner = (
        '<subProcess id="stop"><startEvent id="ps"/>'
        + BOOK.format(loop=LOOP)
        + '<sequenceFlow id="p1" sourceRef="ps" targetRef="book"/></subProcess>'
    )
    case = case_of(START + inner + flows("s>a", "a>stop"), rooms=["x", "taken", "z"])

    assert failure(case).place == "stop/book[1]"

    run = case.run
    run.orders = {"stop/book[1]": engine.Order(skip=True)}
    run.complete(case.token("a"), {})
    assert run.variables["all"] == ["x", None, "z"], "the other runs are carried out"
    assert run.obeyed == {"stop/book[1]"}
    assert [step.kind for step in run.changes.trail].count("skipped") == 1


def test_a_step_that_is_left_out_is_not_carried_out_and_brings_nothing() -> None:
    case = case_of(START + BOOK.format(loop="") + '<userTask id="b"/>' + flows("s>a", "a>book", "book>b"), room="taken")
    calls = len(case.host.calls)

    run = attempt(case, book=engine.Order(skip=True))

    assert len(case.host.calls) == calls
    assert "booked" not in run.variables
    assert [run.describe(token).element for token in run.open_tokens] == ["b"]


def test_a_variable_is_changed_right_before_the_step_that_reads_it() -> None:
    case = case_of(START + BOOK.format(loop="") + flows("s>a", "a>book"), room="taken")

    run = attempt(case, book=engine.Order(values={"room": "free"}))

    assert (run.variables["room"], run.variables["booked"]) == ("free", "free")


def test_a_gateway_finds_its_way_after_the_change_of_a_variable() -> None:
    inside = START + '<exclusiveGateway id="g"/><userTask id="b"/><endEvent id="e"/>' + flows("s>a", "a>g", "g>b: amount > 1")
    case = case_of(inside)
    assert failure(case).place == "g"
    assert engine.names_read(case.program, "g") == ["amount"]

    run = attempt(case, g=engine.Order(values={"amount": 3}))

    assert [run.describe(token).element for token in run.open_tokens] == ["b"]


def test_a_place_shows_what_is_seen_around_it_now() -> None:
    inner = (
        '<subProcess id="stop">' + LOOP + '<startEvent id="ps"/><userTask id="wait"/>' + BOOK.format(loop="") + ""
        '<sequenceFlow id="p1" sourceRef="ps" targetRef="wait"/><sequenceFlow id="p2" sourceRef="wait" targetRef="book"/></subProcess>'
    )
    case = case_of('<startEvent id="s"/>' + inner + flows("s>stop"), rooms=["x", "y"])

    assert engine.look_at(case.run, "stop[0]/book")["room"] == "x"
    assert "room" not in engine.look_at(case.run, "elsewhere")
    assert engine.look_at(case.run, "elsewhere")["rooms"] == ["x", "y"]


def test_without_an_order_nothing_is_different() -> None:
    case = case_of(START + BOOK.format(loop="") + flows("s>a", "a>book"), room="free")

    run = attempt(case, other=engine.Order(skip=True))

    assert (run.variables["booked"], run.obeyed) == ("free", set())


def test_the_steps_of_one_act_are_capped() -> None:
    case = case_of(START + '<exclusiveGateway id="g"/><manualTask id="m"/>' + flows("s>a", "a>g", "g>m", "m>g"))

    error = failure(case)

    assert "steps without waiting for anyone" in error.cause
