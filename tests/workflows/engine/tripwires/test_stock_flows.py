"""Defects of the stock library's gateways, flows and tasks. One that is gone tells which remedy of workflows/engine can go."""

from __future__ import annotations

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.util.task import TaskState

from tests.workflows.engine.tripwires.stock import do, go_on, load, parse, reached, ready, start


def test_a_parallel_join_lets_the_last_branch_overwrite_what_another_decided() -> None:
    case = start("parallel_join", decision="pending")

    do(case, "a", decision="REJECT")
    do(case, "b")

    assert case.last_task.data["decision"] == "pending"


def test_a_value_changed_in_a_branch_changes_what_was_known_before_it() -> None:
    case = start("shared_values", box={"items": []})

    before = next(task for task in case.tasks.values() if task.task_spec.bpmn_id == "p")
    assert before.data["box"] == {"items": [1]}  # though the gateway was left before anything was appended


def test_a_condition_on_a_flow_that_leaves_an_activity_is_ignored() -> None:
    case = start("conditional_flow")

    do(case, "u")

    assert ready(case) == ["v"]


@pytest.mark.parametrize("name", ["implicit_split", "complex_gateway", "compensation_boundary"])
def test_what_the_parser_refuses(name: str) -> None:
    with pytest.raises((ValidationException, NotImplementedError)):
        parse(name)


def test_link_events_strand_the_case() -> None:
    case = start("link_events")

    assert not case.is_completed() or not reached(case, "u")
    assert ready(case) == []
    assert case.get_tasks(state=TaskState.WAITING) == []


def test_an_abstract_task_waits_like_one_for_a_person() -> None:
    assert ready(start("abstract_task")) == ["t"]


def test_a_receive_task_without_a_message_waits_for_nothing() -> None:
    assert ready(start("receive_without_message")) == ["u"]


def test_a_service_task_hangs() -> None:
    case = start("service_task")

    assert [task.task_spec.bpmn_id for task in case.get_tasks(state=TaskState.STARTED)] == ["t"]


def test_an_expression_is_no_name_of_a_called_process() -> None:
    with pytest.raises(Exception, match="=which"):
        start("called_by_expression", which="other")


def test_an_exception_of_a_script_is_never_an_error_of_the_diagram() -> None:
    case = load("failing_script")

    with pytest.raises(Exception, match="raise_it"):
        go_on(case)

    assert ready(case) == []
