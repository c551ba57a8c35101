"""Defects of the stock library's events. One that is gone tells which remedy of workflows/engine can go."""

from __future__ import annotations

import pytest
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from tests.workflows.engine.tripwires.stock import do, go_on, message, reached, ready, start


def test_a_signal_end_event_throws_nothing() -> None:
    case = start("signal_end")

    assert case.is_completed()
    assert case.get_events() == []


def test_an_interrupting_event_subprocess_does_not_interrupt() -> None:
    case = start("event_subprocess_interrupting")

    case.send_event(message("M1"))
    go_on(case)

    assert ready(case) == ["hu", "u"]


def test_an_event_subprocess_for_errors_begins_without_one() -> None:
    assert "hu" in ready(start("event_subprocess_error"))


def test_an_error_thrown_on_the_way_is_passed() -> None:
    assert ready(start("error_throw")) == ["u"]


def test_a_catch_event_for_an_escalation_waits_for_nothing() -> None:
    assert ready(start("escalation_catch")) == ["u"]


def test_two_timers_behind_one_gateway_share_a_due_date() -> None:
    case = start("two_timers")
    go_on(case)

    assert ready(case) == []  # "soon" is due at once


def test_a_condition_behind_an_event_gateway_never_fires() -> None:
    case = start("event_gateway_condition")
    case.update_waiting_tasks()
    go_on(case)

    assert ready(case) == []


def test_an_error_end_event_of_the_whole_process_is_a_success() -> None:
    case = start("error_end")

    assert case.is_completed()
    assert case.success


def test_an_uncaught_error_goes_on_as_if_nothing_had_happened() -> None:
    assert ready(start("uncaught_error")) == ["u"]


def test_an_error_interrupts_also_the_sibling_that_waits_for_the_same_code() -> None:
    case = start("sibling_error")

    do(case, "u1")

    assert ready(case) == ["after1", "after2"]


def test_a_second_message_at_a_boundary_that_does_not_interrupt_is_refused() -> None:
    case = start("message_twice")
    case.send_event(message("M1"))
    go_on(case)
    assert ready(case) == ["n", "u"]

    with pytest.raises(WorkflowException):
        case.send_event(message("M1"))


def test_one_message_is_consumed_by_two_receivers() -> None:
    case = start("two_receivers")

    case.send_event(message("M1"))
    go_on(case)

    assert reached(case, "r1")
    assert reached(case, "r2")


def test_a_message_that_comes_too_early_is_refused() -> None:
    with pytest.raises(WorkflowException):
        start("one_task").send_event(message("M1"))


def test_an_interrupting_cycle_interrupts_only_after_its_last_round() -> None:
    case = start("timer_cycle_interrupting")
    case.refresh_timers()

    assert "u" in ready(case)


def test_all_missed_rounds_of_a_cycle_fire_at_once() -> None:
    case = start("timer_cycle")
    for _ in range(10):
        go_on(case)

    assert ready(case).count("n") == 5


def test_open_handlers_of_a_cycle_vanish_with_their_task() -> None:
    case = start("timer_cycle_hourly")
    [timer] = [task for task in case.get_tasks(state=TaskState.WAITING) if task.task_spec.bpmn_id == "b"]
    timer.internal_data["event_value"] |= {"next": "2020-01-01T00:00:00+00:00", "duration": 1e9}
    go_on(case)
    assert ready(case) == ["n", "u"]

    do(case, "u")

    assert ready(case) == []


def test_a_timer_without_quotes_fails_only_when_it_is_reached() -> None:
    with pytest.raises(Exception, match="PT1H"):
        start("timer_unquoted")


def test_a_cycle_is_taken_for_a_duration() -> None:
    case = start("cycle_in_duration")

    assert [task.task_spec.bpmn_id for task in case.get_tasks(state=TaskState.WAITING)] == ["t"]
