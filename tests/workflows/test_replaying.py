"""A recorded case is run again: its answers, results, messages and moments come from the record."""

from __future__ import annotations

from datetime import timedelta
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


def test_what_an_engine_moved_and_performed_is_what_a_replay_reads() -> None:
    drawn = program(OUTER + '<userTask id="u"/><task id="late"/>' + boundary("b", timer("PT24H")) + flows("s>u", "b>late"))
    run = engine.start(drawn, variables={}, host=Nobody(), now=NOON)
    engine.hold_clock(run, run.open_tokens[0], lambda moment: moment + timedelta(days=5))

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
