"""Defects of the stock library's expressions and stored states. One that is gone tells which remedy of workflows/engine can go."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from types import FrameType
from typing import Any

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer

from tests.workflows.engine.tripwires.stock import do, parse, reached, start

MOST_LINES = 20_000


def test_a_script_is_python_with_everything_in_reach() -> None:
    assert start("python_script").last_task.data["where"] == os.getcwd()  # noqa: PTH109  what the script calls


def test_a_condition_is_python_with_everything_in_reach() -> None:
    assert reached(start("python_condition"), "e2")


def test_a_restored_case_evaluates_python_whatever_engine_it_had() -> None:
    class Harmless(PythonScriptEngine):
        pass

    case = start("one_task")
    case.script_engine = Harmless()
    serializer = BpmnWorkflowSerializer()

    restored = serializer.deserialize_json(serializer.serialize_json(case))

    assert type(restored.script_engine) is PythonScriptEngine


def test_a_state_whose_keys_were_sorted_has_lost_its_variables() -> None:
    # Which are lost follows from the order of random ids; by chance it may be none.
    assert any(_loses_variables() for _ in range(40))


def _loses_variables() -> bool:
    case = start("parallel_join", amount=100)
    do(case, "a")
    serializer = BpmnWorkflowSerializer()
    text = serializer.serialize_json(case)

    restored = serializer.deserialize_json(json.dumps(json.loads(text), sort_keys=True))

    kept = [task.data.get("amount") for task in case.tasks.values()].count(100)
    return [task.data.get("amount") for task in restored.tasks.values()].count(100) < kept


def test_an_answer_named_typename_makes_a_state_unreadable() -> None:
    case = start("one_task")
    do(case, "u", form={"typename": "x"})
    serializer = BpmnWorkflowSerializer()
    text = serializer.serialize_json(case)

    with pytest.raises(Exception):  # noqa: B017, PT011  any failure will do
        serializer.deserialize_json(text)


def test_a_date_among_the_answers_fails_the_save() -> None:
    case = start("one_task")
    do(case, "u", on=date(2026, 12, 1))

    with pytest.raises(TypeError):
        BpmnWorkflowSerializer(registry=None).serialize_json(case)


def test_every_state_holds_the_whole_specification() -> None:
    state = json.loads(BpmnWorkflowSerializer().serialize_json(start("one_task")))

    assert "task_specs" in state["spec"]


def test_a_data_object_two_levels_down_makes_the_parser_run_for_ever() -> None:
    lines = 0

    def count(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        if lines > MOST_LINES and "_resolve_data_object_ref" in frame.f_code.co_name:
            raise RecursionError("without end")
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        with pytest.raises(ValidationException, match="without end"):
            parse("data_object_two_levels_down")
    finally:
        sys.settrace(before)
