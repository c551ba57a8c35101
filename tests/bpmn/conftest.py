"""The folders of all processes, each read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from services import definitions
from workflows.packages import Package

PROCESSES = Path(__file__).resolve().parents[2] / "bpmn"


@pytest.fixture(scope="session")
def read_process():
    """Give a function that reads a process folder, once."""

    @cache
    def read(folder: Path) -> Package:
        return definitions.read_folder(folder)

    return read
