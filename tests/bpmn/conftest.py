"""The worlds that the stories of all processes play in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from services import definitions
from services.scenarios import Worlds, open_world
from workflows.packages import Package

PROCESSES = Path(__file__).resolve().parents[2] / "bpmn"


@pytest.fixture(scope="session")
def worlds() -> Iterator[Worlds]:
    """Keep the worlds of this run."""
    with open_world() as opened:
        yield opened


@pytest.fixture(scope="session")
def read_process():
    """Give a function that reads a process folder, once."""

    @cache
    def read(folder: Path) -> Package:
        return definitions.read_folder(folder)

    return read
