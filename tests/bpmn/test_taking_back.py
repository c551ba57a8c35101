"""Whatever is decided in a process can be taken back and decided again, and the story ends as if nothing had been."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services import definitions, tasks
from services.errors import TooLateToTakeBack
from services.models.cases import Task
from services.people import Actor
from services.scenarios import Worlds, complete, find_scenarios, read_others, run_scenario
from tests.bpmn.conftest import PROCESSES
from tests.rerunning import find_unlike
from workflows.scenarios import Do, Scenario

FOLDERS = list(definitions.process_folders(PROCESSES))
#: Steps that change so much at once that they are not taken back, each with what makes it so.
FINAL: dict[str, str] = {}


def longest_story(folder: Path) -> Scenario:
    """The story in which most different steps are done; none that counts records, because what is taken back stays on record."""
    told = [each for each in find_scenarios(folder) if not any(row.register == "decisions" for row in each.expect.registers)]
    return max(told, key=lambda each: len({step.do for step in each.steps if isinstance(step, Do)}))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_story_in_which_everything_is_decided_twice_ends_the_same(folder: Path, worlds: Worlds) -> None:
    taken, kept = [], set()

    def twice(session: Session, task: Task, answers: Mapping[str, Any], /, *, actor: Actor, now: Any) -> None:
        complete(session, task, answers, actor=actor, now=now)
        try:
            with session.begin_nested():
                again = tasks.take_back(session, task.id, actor=actor, now=now).task
        except TooLateToTakeBack:
            kept.add(task.element)
        else:
            taken.append(task.element)
            complete(session, again, answers, actor=actor, now=now)

    scenario = longest_story(folder)
    with worlds.open(scenario, definitions.read_folder(folder), read_others(scenario, PROCESSES)) as database:
        failures = run_scenario(database, scenario, completing=twice).failures
        unlike = find_unlike(database)

    assert failures == []
    assert unlike == [], "its cases run again as if nothing had been taken back"
    assert taken
    assert kept <= FINAL.keys()
