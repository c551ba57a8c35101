"""What is stored of a case is looked through first: nothing may stand in it that nobody would ever move."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.workflows.engine.conftest import CaseInHand, Start, flows
from tests.workflows.engine.long_life.counting import calls_of
from workflows import engine
from workflows.engine import Run, StepFailed

INSIDE = (
    '<startEvent id="s"/><subProcess id="sub"><startEvent id="is"/><parallelGateway id="p"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
    '<boundaryEvent id="late" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>'
    + flows("is>p", "p>a", "p>b", "a>j", "b>j")
    + '</subProcess><endEvent id="e"/><sequenceFlow id="x1" sourceRef="s" targetRef="sub"/><sequenceFlow id="x2" sourceRef="sub" targetRef="e"/>'
)


@pytest.fixture
def case(start: Start) -> CaseInHand:
    begun = start(INSIDE)
    begun.do("b")
    return begun


def task_on(run: Run, element: str):
    tokens = (task for workflow in run.workflow.workflows() for task in workflow.tokens())
    return next(task for task in tokens if task.task_spec.name == element)


def lose_the_subprocess(run: Run) -> None:
    run.workflow.subprocesses.clear()


def lose_the_activity(run: Run) -> None:
    task = task_on(run, "sub")
    task.workflow.drop(task)


def lose_the_task_of_a_timer(run: Run) -> None:
    task = task_on(run, "a")
    task.workflow.drop(task)


def forget_what_is_waited_for(run: Run) -> None:
    task_on(run, "late").internal_data.pop("wait")


def end_too_early(run: Run) -> None:
    run.workflow.completed = True


def leave_something_standing(run: Run) -> None:
    task_on(run, "j")._set_state(task_on(run, "a").state)


def complete_and_keep(run: Run) -> None:
    task = task_on(run, "a")
    task._set_state(task.workflow.task_tree.state)


def lose_it_from_the_tree(run: Run) -> None:
    task = task_on(run, "a")
    task.workflow.task_tree._children.remove(task.id)


def hang_it_elsewhere(run: Run) -> None:
    task_on(run, "a")._parent = task_on(run, "j").id


def keep_variables_of_nobody(run: Run) -> None:
    run.scopes.open("6f2c", {"x": 1})


def leave_it_on_the_agenda(run: Run) -> None:
    run.agenda.append(task_on(run, "j"))


FAULTS: dict[Callable[[Run], None], str] = {
    lose_the_subprocess: "sub",
    lose_the_activity: "main",
    lose_the_task_of_a_timer: "late",
    forget_what_is_waited_for: "late",
    end_too_early: "main",
    leave_something_standing: "j",
    complete_and_keep: "a",
    lose_it_from_the_tree: "sub",
    hang_it_elsewhere: "a",
    keep_variables_of_nobody: "main",
    leave_it_on_the_agenda: "j",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_case_with_a_fault_is_not_stored(case: CaseInHand, fault: Callable[[Run], None]) -> None:
    run = case.run
    engine.ensure_consistent(run)
    fault(run)

    with pytest.raises(StepFailed) as refusal:
        engine.save(run)

    assert refusal.value.element == FAULTS[fault]


def test_looking_through_a_case_is_a_small_part_of_storing_it(start: Start) -> None:
    run = start(INSIDE).run

    looking = calls_of(lambda: engine.ensure_consistent(run))

    assert looking <= 40 * sum(len(workflow.tokens()) for workflow in run.workflow.workflows())
