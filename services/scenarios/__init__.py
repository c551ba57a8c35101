"""Runs scenarios: stories of who does what, told through the services, on a clock that stands still between steps."""

from __future__ import annotations

from services.scenarios.running import Complete, Result, StepWrong, Story, complete, run_scenario
from services.scenarios.worlds import Worlds, find_scenarios, kept_worlds, open_world, published_others, read_others

__all__ = [
    "Complete",
    "Result",
    "StepWrong",
    "Story",
    "Worlds",
    "complete",
    "find_scenarios",
    "kept_worlds",
    "open_world",
    "published_others",
    "read_others",
    "run_scenario",
]
