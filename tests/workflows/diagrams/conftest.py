"""What the tests of diagrams ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.workflows.diagrams.building import END, MESSAGE, START, process
from workflows.diagrams import Diagram, check_diagram, note_diagram, read_diagram


@pytest.fixture
def read() -> Callable[..., Diagram]:
    """Read the inside of a process, and flows written as "a>b"."""

    def read_inside(inside: str, *ways: str, beside: str = "", attributes: str = 'isExecutable="true"') -> Diagram:
        return read_diagram(process(inside, *ways, beside=beside, attributes=attributes), name="test.bpmn")

    return read_inside


@pytest.fixture
def refusals(read) -> Callable[..., list[tuple[str, str]]]:
    """What keeps a process from being published, as (element id, sentence)."""

    def check_inside(inside: str, *ways: str, beside: str = "", **known: object) -> list[tuple[str, str]]:
        return [(problem.where, str(problem)) for problem in check_diagram(read(inside, *ways, beside=beside), **known)]

    return check_inside


@pytest.fixture
def notes(read) -> Callable[..., list[tuple[str, str]]]:
    """What is worth knowing about a process, as (element id, sentence)."""

    def note_inside(inside: str, *ways: str, beside: str = "") -> list[tuple[str, str]]:
        return [(note.where, str(note)) for note in note_diagram(read(inside, *ways, beside=beside))]

    return note_inside


@pytest.fixture
def refused_task(refusals):
    """What is said about a process of a start, a task "t" and an end."""

    def check(task: str, **known: object) -> list[tuple[str, str]]:
        return refusals(START + END + task, "s>t", "t>e", beside=MESSAGE, **known)

    return check
