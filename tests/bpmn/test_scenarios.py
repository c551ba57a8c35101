"""Every scenario of every process folder is a test, also those that are not written yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from services import definitions
from services.operations import CATALOGUE
from services.roles import ROLES
from services.scenarios import run_scenario
from tests.bpmn.conftest import PROCESSES
from tests.rerunning import find_unlike
from workflows.packages import check_package
from workflows.scenarios import load_yaml, read_scenario

FOLDERS = list(definitions.process_folders(PROCESSES))
STORIES = [
    pytest.param(file, id=f"{folder.name}-{file.stem}") for folder in FOLDERS for file in sorted(folder.glob("scenarios/*.yaml"))
]


@pytest.mark.parametrize("file", STORIES)
def test_the_story_goes_as_it_is_told(file: Path, worlds, read_process) -> None:
    scenario = read_scenario(load_yaml(file.read_bytes(), name=file.name), name=file.name)

    others = [read_process(PROCESSES / key) for key in scenario.also]
    with worlds.open(scenario, read_process(file.parents[1]), others) as database:
        result = run_scenario(database, scenario)
        unlike = find_unlike(database)

    assert result.passed, "\n".join(result.failures)
    assert unlike == [], "its cases take the same path when they run again from what was recorded"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_process_can_be_published(folder: Path, read_process) -> None:
    assert [str(problem) for problem in check_package(read_process(folder), operations=CATALOGUE, roles=ROLES)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_process_has_stories(folder: Path) -> None:
    assert list(folder.glob("scenarios/*.yaml"))
