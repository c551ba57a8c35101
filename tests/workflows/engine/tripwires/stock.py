"""The stock library on small diagrams: parser, workflow and serializer as SpiffWorkflow ships them, nothing of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

DIAGRAMS = Path(__file__).parent / "diagrams"


def parse(name: str) -> tuple[Any, dict[str, Any]]:
    """The specifications of the process in a file and of its subprocesses."""
    parser = BpmnParser()
    parser.add_bpmn_file(str(DIAGRAMS / f"{name}.bpmn"))
    return parser.get_spec("main"), parser.get_subprocess_specs("main")


def load(name: str, **variables: Any) -> BpmnWorkflow:
    """A case at its beginning."""
    workflow = BpmnWorkflow(*parse(name))
    workflow.task_tree.data.update(variables)
    for task in workflow.get_tasks(state=TaskState.READY):
        task.data.update(variables)
    return workflow


def start(name: str, **variables: Any) -> BpmnWorkflow:
    """A case at its first wait state."""
    workflow = load(name, **variables)
    go_on(workflow)
    return workflow


def go_on(workflow: BpmnWorkflow) -> None:
    """Let fire what is due, and run what can run by itself."""
    workflow.refresh_timers()
    workflow.do_engine_steps()


def ready(workflow: BpmnWorkflow) -> list[str]:
    """The elements of the open tasks for persons."""
    return sorted(task.task_spec.bpmn_id for task in workflow.get_tasks(state=TaskState.READY, manual=True))


def task_on(workflow: BpmnWorkflow, element: str, nth: int = 0) -> Task:
    """An open task."""
    return [task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.bpmn_id == element][nth]


def do(workflow: BpmnWorkflow, element: str, nth: int = 0, **answers: Any) -> None:
    """Complete a task."""
    task = task_on(workflow, element, nth)
    task.data.update(answers)
    task.run()
    go_on(workflow)


def reached(workflow: BpmnWorkflow, element: str) -> bool:
    """Whether an element was completed."""
    done = workflow.get_tasks(state=TaskState.COMPLETED)
    return any(task.task_spec.bpmn_id == element for task in done)


def message(name: str) -> BpmnEvent:
    return BpmnEvent(MessageEventDefinition(name), payload={})
