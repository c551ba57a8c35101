"""The process of crisis plans, published on the demo world."""

from __future__ import annotations

from tests.services.plans.cycles import Cycles, fill_plans
from tests.worlds import BOTH, EMBEDDED, world_fixture

cycles = world_fixture("plans", fill_plans, Cycles, kinds=BOTH)
embedded_cycles = world_fixture("plans", fill_plans, Cycles, kinds=EMBEDDED)
