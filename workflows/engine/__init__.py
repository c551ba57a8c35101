"""Runs the cases of a process, on SpiffWorkflow as its token engine. The only importer of SpiffWorkflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.engine import patches as patches
from workflows.engine.changes import Call, Changes, Host, OpenTask, Step, Thrown
from workflows.engine.errors import BusinessError, NotOpen, ProgramRefused, StateRefused, StepFailed
from workflows.engine.program import Program, compile_diagrams, compile_program
from workflows.engine.run import Run
from workflows.engine.state import restore, save

__all__ = [
    "BusinessError",
    "Call",
    "Changes",
    "Host",
    "NotOpen",
    "OpenTask",
    "Program",
    "ProgramRefused",
    "Run",
    "StateRefused",
    "Step",
    "StepFailed",
    "Thrown",
    "compile_diagrams",
    "compile_program",
    "restore",
    "save",
    "start",
]


def start(program: Program, *, variables: Mapping[str, Any], host: Host, now: datetime) -> Run:
    """Start a case and run it to its first wait state.

    Args:
        variables: What the case knows at first; values are JSON.
        now: The moment of the start, aware.

    Raises:
        StepFailed: Something on the way could not be carried out.
    """
    run = Run(program, host=host, now=now)
    run.begin(variables)
    return run
