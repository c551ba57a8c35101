"""The small world of the indicators."""

from __future__ import annotations

from tests.services.indicators.world import World, fill
from tests.worlds import BOTH, EMBEDDED, world_fixture

world = world_fixture("indicators", fill, World, kinds=BOTH)
embedded_world = world_fixture("indicators", fill, World, kinds=EMBEDDED)
