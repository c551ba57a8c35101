"""Defects of the stock library's repetitions. One that is gone tells which remedy of workflows/engine can go."""

from __future__ import annotations

import pytest
from SpiffWorkflow.exceptions import WorkflowException

from tests.workflows.engine.tripwires.stock import do, go_on, load, parse, ready, start


def test_results_come_in_the_order_of_completion() -> None:
    case = start("multi_instance", given=[1, 2, 3])

    for _ in range(3):
        newest = len(ready(case)) - 1
        task_of_newest = newest
        do(case, "u", task_of_newest, done=(task_of_newest + 1) * 10)

    assert case.last_task.data["results"] == [30, 20, 10]


def test_a_missing_collection_is_an_error_of_python() -> None:
    with pytest.raises((TypeError, WorkflowException)):
        start("multi_instance")


def test_an_empty_entry_of_a_list_stops_a_row() -> None:
    case = start("multi_instance_in_a_row", given=[1, None, 3])
    for _ in range(3):
        if ready(case):
            do(case, "u", done=0)

    assert ready(case) == []
    assert not case.is_completed()


def test_the_most_rounds_of_a_loop_cannot_be_an_expression() -> None:
    with pytest.raises(Exception, match="rounds"):
        parse("loop_maximum")


def test_a_task_with_declared_outputs_loses_all_other_variables() -> None:
    case = load("io_specification", x=1, other=2)
    go_on(case)

    assert case.last_task.data == {"y": 1}
