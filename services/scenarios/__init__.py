"""Runs scenarios: stories of who does what, told through the services, on a clock that stands still between steps."""

from __future__ import annotations

from services.scenarios.running import Result, run_scenario
from services.scenarios.worlds import Worlds, find_scenarios, open_world

__all__ = ["Result", "Worlds", "find_scenarios", "open_world", "run_scenario"]
