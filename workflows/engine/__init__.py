"""Runs the cases of a process, on SpiffWorkflow as its token engine. The only importer of SpiffWorkflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.diagrams import Element
from workflows.engine import patches as patches
from workflows.engine.changes import Call, Changes, Host, OpenTask, Performed, Step, Thrown
from workflows.engine.clocks import Shift, count_working_days, hold_clock, start_clock, stops_at
from workflows.engine.consistency import ensure_consistent
from workflows.engine.counterparts import check_mapping
from workflows.engine.errors import BusinessError, NotOpen, ProgramRefused, StateRefused, StepFailed
from workflows.engine.migration import Moved, migrate
from workflows.engine.moments import add_duration
from workflows.engine.program import Program, compile_diagrams, compile_program
from workflows.engine.repairs import Order, find_element, look_at, names_read, why_not_left_out
from workflows.engine.run import Run
from workflows.engine.state import renew, restore, save

__all__ = [
    "BusinessError",
    "Call",
    "Changes",
    "Element",
    "Host",
    "Moved",
    "NotOpen",
    "OpenTask",
    "Order",
    "Performed",
    "Program",
    "ProgramRefused",
    "Run",
    "Shift",
    "StateRefused",
    "Step",
    "StepFailed",
    "Thrown",
    "add_duration",
    "check_mapping",
    "compile_diagrams",
    "compile_program",
    "count_working_days",
    "ensure_consistent",
    "find_element",
    "hold_clock",
    "look_at",
    "migrate",
    "names_read",
    "renew",
    "restore",
    "save",
    "start",
    "start_clock",
    "stops_at",
    "why_not_left_out",
]


def start(
    program: Program,
    *,
    variables: Mapping[str, Any],
    host: Host,
    now: datetime,
    event: str | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Run:
    """Start a case and run it to its first wait state.

    Args:
        variables: What the case knows at first; values are JSON.
        now: The moment of the start, aware.
        event: The name of the message or signal that starts it, or the id of a start event. None for the start event without a
            trigger, or else the only one with a timer.
        payload: What that event has brought; it goes through the output mappings of the start event, or without any becomes
            variables as it is.

    Raises:
        ProgramRefused: No start event answers to that.
        StepFailed: Something on the way could not be carried out.
    """
    run = Run(program, host=host, now=now)
    run.begin(variables, event=event, payload=payload)
    return run
