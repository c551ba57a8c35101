"""Runs scenarios: stories of who does what, told through the services, on a clock that stands still between steps."""

from __future__ import annotations

from services.scenarios.running import Complete, Result, complete, run_scenario
from services.scenarios.worlds import Worlds, find_scenarios, open_world, read_others

__all__ = ["Complete", "Result", "Worlds", "complete", "find_scenarios", "open_world", "read_others", "run_scenario"]
