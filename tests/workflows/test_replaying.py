"""A recorded case is run again: its answers, results, messages and moments come from the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.workflows.engine.conftest import HEAD, NOON, flows
from tests.workflows.engine.test_events import OUTER, boundary, timer
from workflows import diagrams, engine
from workflows.replaying import (
    BEGIN,
    COMPLETE,
    DIFFERENT,
    FAILED,
    MESSAGE,
    MOVED,
    SAME,
    TIMER,
    WAITING,
    Act,
    Course,
    compare,
    rerun,
)

TWO = OUTER + '<userTask id="a"/><userTask id="b"/><task id="done"/>'
SERVICE = (
    '<serviceTask id="look"><extensionElements><zeebe:taskDefinition type="{operation}"/></extensionElements></serviceTask>'
    '<task id="known"/><task id="other"/>'
)


def program(inside: str, also: str = "") -> engine.Program:
    xml = f'{HEAD}{also}<process id="main" isExecutable="true">{inside}</process></definitions>'
    return engine.compile_diagrams([diagrams.read_diagram(xml.encode(), name="test.bpmn")], main="main")


def put_off(moment: datetime, since: datetime, until: datetime) -> datetime:
    return moment + (until - since)


def begin(**brought: Any) -> Act:
    return Act(kind=BEGIN, at=NOON, brought=brought)


def complete(name: str, hours: float = 1, **brought: Any) -> Act:
    return Act(kind=COMPLETE, name=name, at=NOON + timedelta(hours=hours), brought=brought)


def test_answers_are_given_to_the_steps_that_asked_for_them_in_whatever_order_they_now_come() -> None:
    acts = [begin(), complete("a", 1), complete("b", 2)]

    assert rerun(program(TWO + flows("s>a", "a>b", "b>done")), acts) == Course(path=("s", "a", "b", "done"))
    assert rerun(program(TWO + flows("s>b", "b>a", "a>done")), acts) == Course(path=("s", "b", "a", "done"))
    assert rerun(program(TWO + flows("s>b", "b>done")), acts) == Course(path=("s", "b", "done"))
    assert rerun(program(TWO + flows("s>a", "a>b", "b>done")), acts[:2]) == Course(path=("s", "a", "b"), at="b")


def test_results_of_operations_come_from_the_record_also_for_a_step_that_has_another_name_now() -> None:
    acts = [Act(kind=BEGIN, at=NOON, performed=[["look", "find.it", None, {"found": 3}, None]])]
    ways = flows("s>look", "look>known: found = 3")

    assert rerun(program(OUTER + SERVICE.format(operation="find.it") + ways), acts).path == ("s", "look", "known")
    renamed = (OUTER + SERVICE.format(operation="find.it") + ways).replace("look", "search")
    assert rerun(program(renamed), acts).path == ("s", "search", "known")


def test_a_step_whose_operation_was_never_recorded_is_where_the_case_waits_unless_it_answers_nothing() -> None:
    drawn = program(OUTER + SERVICE.format(operation="tell.them") + flows("s>look", "look>known"))

    assert rerun(drawn, [begin()]) == Course(path=("s", "look"), at="look")
    assert rerun(drawn, [begin()], silent={"tell.them"}) == Course(path=("s", "look", "known"))


def test_an_operation_that_ended_with_an_error_does_so_again() -> None:
    error = '<error id="e" errorCode="GONE"/>'
    caught = boundary("b", '<errorEventDefinition errorRef="e"/>', on="look")
    drawn = program(OUTER + SERVICE.format(operation="find.it") + caught + flows("s>look", "look>known", "b>other"), error)
    acts = [Act(kind=BEGIN, at=NOON, performed=[["look", "find.it", None, None, ["GONE", "It is gone."]]])]

    assert rerun(drawn, acts).path == ("s", "look", "b", "other")


def test_a_timer_fires_when_it_fired_and_one_that_is_shorter_now_fires_before_the_answer() -> None:
    late = OUTER + '<userTask id="u"/><task id="done"/><task id="late"/>'
    ways = flows("s>u", "u>done", "b>late")
    fired = [begin(), Act(kind=TIMER, at=NOON + timedelta(hours=48, minutes=1))]
    answered = [begin(), complete("u", 30)]
    two_days = program(late + boundary("b", timer("PT48H")) + ways)
    one_day = program(late + boundary("b", timer("PT24H")) + ways)

    assert rerun(two_days, fired).path == ("s", "u", "b", "late")
    assert rerun(two_days, answered).path == ("s", "u", "done")
    assert rerun(one_day, answered).path == ("s", "u", "b", "late")


def test_a_clock_that_stood_still_stands_still_again() -> None:
    late = OUTER + '<userTask id="u"/><task id="done"/><task id="late"/>'
    drawn = program(late + boundary("b", timer("PT24H")) + flows("s>u", "u>done", "b>late"))
    due = NOON + timedelta(hours=24)
    asked = Act(kind=MOVED, at=NOON + timedelta(hours=1), moved=[["b", due.isoformat(), (due + timedelta(days=5)).isoformat()]])

    assert rerun(drawn, [begin(), asked, complete("u", 30)]).path == ("s", "u", "done")
    assert rerun(drawn, [begin(), complete("u", 30)]).path == ("s", "u", "b", "late")


EACH = (
    '<subProcess id="sub"><multiInstanceLoopCharacteristics><extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="n"/></extensionElements>'
    "</multiInstanceLoopCharacteristics>"
    '<startEvent id="in"/><userTask id="u"/><task id="one"/><task id="two"/><exclusiveGateway id="g"/>{more}</subProcess>'
)
PARTS = flows("in>u", "u>g", "g>one: n = 1", "g>two: n = 2")


def test_of_tasks_that_look_alike_the_one_is_done_that_was_done() -> None:
    drawn = program(OUTER + EACH.format(more=PARTS) + flows("s>sub"))
    second = replace(complete("u"), rank=1)

    assert rerun(drawn, [begin(), second]).path[-2:] == ("g", "two")
    assert rerun(drawn, [begin(), complete("u"), complete("u")]).path[-4:] == ("g", "one", "g", "two")


def test_of_timers_that_look_alike_the_one_is_moved_that_was_moved() -> None:
    late = boundary("b", timer("PT24H")) + '<task id="late"/>' + flows("b>late")
    drawn = program(OUTER + EACH.format(more=PARTS + late) + flows("s>sub"))
    run = engine.start(drawn, variables={}, host=Nobody(), now=NOON)
    engine.hold_clock(run, run.open_tokens[1], NOON + timedelta(days=5), put_off)
    asked = Act(kind=MOVED, at=NOON, moved=run.changes.moved)
    fired = Act(kind=TIMER, at=NOON + timedelta(days=2))

    assert [moved[3] for moved in run.changes.moved] == [1]
    path = rerun(drawn, [begin(), asked, fired, complete("u", 72)]).path
    assert path[-4:] == ("b", "late", "g", "two")


def test_what_a_task_was_about_when_it_opened_counts_and_not_what_its_diagram_would_say_now() -> None:
    about = (
        '<extensionElements><zeebe:properties><zeebe:property name="line" value="=step"/></zeebe:properties></extensionElements>'
    )
    more = f'<userTask id="u">{about}</userTask><userTask id="v"/><parallelGateway id="p"/><task id="done"/>'
    drawn = program(OUTER + more + flows("s>p", "p>u", "p>v", "u>done"))

    acts = [Act(kind=BEGIN, at=NOON, brought={"step": "A"}), complete("v", step="B"), replace(complete("u"), line="A")]
    assert rerun(drawn, acts).path == ("s", "p", "u", "v", "done")


def test_nothing_happens_by_itself_while_nobody_looked_at_the_clock() -> None:
    late = OUTER + '<userTask id="u"/><userTask id="v"/><task id="late"/>'
    drawn = program(late + boundary("b", timer("PT1H"), interrupting=False) + flows("s>u", "u>v", "b>late"))
    due = NOON + timedelta(hours=1)
    message = replace(Act(kind=MOVED, at=NOON + timedelta(hours=3)), overdue=due)
    fired = Act(kind=TIMER, at=NOON + timedelta(hours=9), overdue=due)

    assert rerun(drawn, [begin(), message, fired, complete("u", 10)]).path == ("s", "u", "b", "late", "v")
    looked = replace(complete("u", 5), overdue=due)
    assert rerun(drawn, [begin(), looked]).path == ("s", "u", "v"), "it was done before anybody looked"
    assert rerun(drawn, [begin(), complete("u", 5)]).path == ("s", "u", "b", "late", "v")


def test_what_a_repair_wanted_done_differently_is_done_so_again() -> None:
    drawn = program(OUTER + SERVICE.format(operation="find.it") + flows("s>look", "look>known"))
    repaired = Act(kind=BEGIN, at=NOON, orders={"look": engine.Order(skip=True)})

    assert rerun(drawn, [repaired]) == Course(path=("s", "look", "known"))


def test_what_an_engine_moved_and_performed_is_what_a_replay_reads() -> None:
    drawn = program(OUTER + '<userTask id="u"/><task id="late"/>' + boundary("b", timer("PT24H")) + flows("s>u", "b>late"))
    run = engine.start(drawn, variables={}, host=Nobody(), now=NOON)
    engine.hold_clock(run, run.open_tokens[0], NOON + timedelta(days=5), put_off)

    before, after = (NOON + timedelta(days=days) for days in (1, 6))
    assert run.changes.moved == [("b", before.isoformat(), after.isoformat(), 0)]


def test_a_message_reaches_the_case_again_and_a_step_that_fails_is_named() -> None:
    also = '<message id="m" name="MSG"/>'
    drawn = OUTER + '<receiveTask id="r" messageRef="m"/><task id="done"/><exclusiveGateway id="g"/>'
    said = Act(kind=MESSAGE, name="MSG", at=NOON, brought={"x": 1})

    assert rerun(program(drawn + flows("s>r", "r>done"), also), [begin(), said]).path == ("s", "r", "done")
    stuck = rerun(program(drawn + flows("s>r", "r>g", "g>done: x > 1"), also), [begin(), said])
    assert (stuck.at, stuck.failed) == ("g", True)


def test_a_comparison_names_the_first_element_that_is_another_one() -> None:
    recorded = ("s", "a", "b", "end")

    assert compare(recorded, Course(path=recorded)).kind == SAME
    changed = compare(recorded, Course(path=("s", "a", "c", "end")))
    assert (changed.kind, changed.now, changed.before) == (DIFFERENT, "c", "b")
    shorter = compare(recorded, Course(path=("s", "a")))
    assert (shorter.kind, shorter.now, shorter.before) == (DIFFERENT, None, "b")
    waiting = compare(recorded, Course(path=("s", "c"), at="c"))
    assert (waiting.kind, waiting.now, waiting.before, waiting.at) == (WAITING, "c", "a", "c")
    assert compare(recorded, Course(path=("s", "a"), at="a", failed=True)).kind == FAILED


class Nobody:
    """Carries out nothing."""

    def perform(self, operation: str, inputs: dict[str, Any], call: engine.Call) -> dict[str, Any]:
        raise AssertionError(operation)
