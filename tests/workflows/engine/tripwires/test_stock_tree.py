"""Defects of the stock library's task tree. One that is gone tells which remedy of workflows/engine can go."""

from __future__ import annotations

import inspect

from SpiffWorkflow import task as task_module
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from tests.workflows.engine.tripwires.stock import do, ready, start, task_on


def test_an_open_task_a_thousand_tasks_deep_is_lost_and_the_case_says_completed() -> None:
    case = start("one_task")
    here = case.task_tree
    for _ in range(1000):
        here = Task(case, here.task_spec, parent=here, state=TaskState.COMPLETED)
    open_task = task_on(case, "u")
    open_task.parent.children = []
    Task(case, open_task.task_spec, parent=here, state=TaskState.READY)
    case.tasks.pop(open_task.id)

    assert case.is_completed()
    assert ready(case) == []


def test_parallel_stages_multiply_the_predicted_tree() -> None:
    assert len(start("parallel_stages").tasks) > 1000  # 36 elements


def test_a_task_named_end_is_skipped_and_ends_the_process() -> None:
    case = start("reserved_id")

    assert ready(case) != ["End"]


def test_a_task_that_was_completed_or_cancelled_can_be_run_again() -> None:
    case = start("one_task")
    task = task_on(case, "u")
    case.cancel()
    assert task.state == TaskState.CANCELLED

    task.run()

    assert task.state == TaskState.COMPLETED


def test_a_process_without_an_end_event_says_two_things_of_its_end() -> None:
    case = start("no_end_event")
    do(case, "u")

    assert not case.completed
    assert case.is_completed()


def test_the_fields_of_log_lines_are_computed_for_every_change_of_a_state() -> None:
    changing = inspect.getsource(task_module).partition("def _set_state")[2].partition("    def ")[0]

    assert "collect_log_extras()" in changing
