"""Cases that live long: what they do late they do as rightly, and for as little, as what they did first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.workflows.engine.conftest import HEAD, NOON, CaseInHand, Start, TestHost, flows
from tests.workflows.engine.long_life.counting import calls_of
from workflows import diagrams, engine

REVISED = (
    '<startEvent id="s"/><exclusiveGateway id="again"/><userTask id="revise"/><parallelGateway id="split"/>'
    '<scriptTask id="count"><extensionElements><zeebe:script expression="= round + 1" resultVariable="round"/></extensionElements></scriptTask>'
    '<task id="note"/><parallelGateway id="join"/><exclusiveGateway id="enough" default="f8_enough_again"/><endEvent id="e"/>'
    + flows(
        *("s>again", "again>revise", "revise>split", "split>count", "split>note", "count>join", "note>join", "join>enough"),
        *("enough>again", "enough>e: round >= 1500"),
    )
)
REMINDED = (
    '<startEvent id="s"/><userTask id="u"/><boundaryEvent id="b" attachedToRef="u" cancelActivity="false">'
    "<timerEventDefinition><timeCycle>R100/PT1H</timeCycle></timerEventDefinition></boundaryEvent>"
    '<scriptTask id="remind"><extensionElements><zeebe:script expression="= reminders + 1" resultVariable="reminders"/></extensionElements></scriptTask>'
    + flows("s>u", "b>remind")
)


class Stepwise:
    """A case of which every step is restored, taken and saved, and counted."""

    def __init__(self, inside: str, **variables: Any) -> None:
        xml = f'{HEAD}<process id="main" isExecutable="true">{inside}</process></definitions>'
        self.program = engine.compile_diagrams([diagrams.read_diagram(xml.encode(), name="long.bpmn")])
        self.host, self.now = TestHost(), NOON
        self.stored = engine.save(engine.start(self.program, variables=variables, host=self.host, now=NOON))

    @property
    def run(self) -> engine.Run:
        return engine.restore(self.program, self.stored, host=self.host, now=self.now)

    def step(self, act: Callable[[engine.Run], Any]) -> None:
        run = self.run
        act(run)
        self.stored = engine.save(run)

    def cost(self, act: Callable[[engine.Run], Any]) -> int:
        return calls_of(lambda: self.step(act))


def complete_first(run: engine.Run) -> None:
    run.complete(run.open_tokens[0], {})


def test_a_case_revised_fifteen_hundred_times_costs_no_more_at_the_end() -> None:
    case = Stepwise(REVISED, round=0)
    case.step(complete_first)
    first, small = case.cost(complete_first), len(case.stored)

    for _ in range(398):
        case.step(complete_first)
    at_400, size_at_400 = case.cost(complete_first), len(case.stored)
    while case.run.status == "open":
        case.step(complete_first)

    assert case.run.variables == {"round": 1500}
    assert at_400 <= 1.5 * first
    assert size_at_400 <= 2 * small
    assert len(case.stored) <= 2 * small


def test_the_hundredth_reminder_costs_no_more_than_the_first() -> None:
    case = Stepwise(REMINDED, reminders=0)
    costs, sizes = [], []

    for _ in range(100):
        case.now += timedelta(hours=1)
        costs.append(case.cost(lambda run: run.tick()))
        sizes.append(len(case.stored))

    assert case.run.variables == {"reminders": 100}
    assert case.run.wake_at is None
    assert max(costs) <= 1.5 * costs[0]
    assert max(sizes) <= 2 * sizes[0]
    assert len(case.run.open_tokens) == 1


def test_twelve_parallel_stages_cost_the_same_each() -> None:
    inside, names = '<startEvent id="s"/>', ["s>p0"]
    for n in range(12):
        inside += f'<parallelGateway id="p{n}"/><userTask id="a{n}"/><userTask id="b{n}"/><parallelGateway id="j{n}"/>'
        names += [f"p{n}>a{n}", f"p{n}>b{n}", f"a{n}>j{n}", f"b{n}>j{n}", f"j{n}>p{n + 1}"]
    case = Stepwise(inside + '<endEvent id="p12"/>' + flows(*names))
    costs, sizes = [], []

    for _ in range(12):
        assert len(case.run.open_tokens) == 2
        costs.append(case.cost(complete_first) + case.cost(complete_first))
        sizes.append(len(case.stored))

    assert case.run.status == "completed"
    assert max(costs) <= 1.5 * costs[0]
    assert max(sizes) <= 2 * sizes[0]


def many(*, sequential: bool, kind: str = "userTask", inside: str = "") -> str:
    return (
        f'<startEvent id="s"/><{kind} id="each">{inside}<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=given" inputElement="entry" outputCollection="results" outputElement="=answer"/>'
        f'</extensionElements></multiInstanceLoopCharacteristics></{kind}><endEvent id="e"/>' + flows("s>each", "each>e")
    )


def test_a_thousand_people_answer_side_by_side_in_any_order() -> None:
    case = Stepwise(many(sequential=False), given=list(range(1000)))
    run = case.run

    for number in range(1000):
        tokens = run.open_tokens
        token = tokens[(number * 7) % len(tokens)]
        run.complete(token, {"answer": run.visible_to(token)["entry"] * 2})
        if number % 250 == 0:
            case.stored = engine.save(run)
            run = case.run

    assert run.status == "completed"
    assert run.variables["results"] == [2 * number for number in range(1000)]
    engine.ensure_consistent(run)


def test_a_thousand_answers_one_after_the_other_cost_the_same_each() -> None:
    case = Stepwise(many(sequential=True), given=list(range(1000)))

    def answer(run: engine.Run) -> None:
        [token] = run.open_tokens
        run.complete(token, {"answer": run.visible_to(token)["entry"] * 2})

    first = case.cost(answer)
    for _ in range(398):
        case.step(answer)
    at_400, run = case.cost(answer), case.run
    while run.status == "open":
        answer(run)

    assert run.variables["results"] == [2 * number for number in range(1000)]
    assert at_400 <= 1.5 * first


@pytest.mark.parametrize("sequential", [True, False])
def test_a_thousand_subprocesses_end_in_one_go(start: Start, sequential: bool) -> None:
    inside = (
        '<startEvent id="is"/><scriptTask id="work"><extensionElements><zeebe:script expression="= entry * 3" resultVariable="answer"/></extensionElements></scriptTask>'
        '<endEvent id="ie"/><sequenceFlow id="i1" sourceRef="is" targetRef="work"/><sequenceFlow id="i2" sourceRef="work" targetRef="ie"/>'
    )

    case: CaseInHand = start(many(sequential=sequential, kind="subProcess", inside=inside), given=list(range(1000)))

    assert case.status == "completed"
    assert case.variables["results"] == [3 * number for number in range(1000)]
