"""Both residential processes, published on the demo world, for tests of registers, operations and payments."""

from __future__ import annotations

from tests.services.residences.homes import Homes, fill_homes
from tests.worlds import BOTH, EMBEDDED, world_fixture

homes = world_fixture("homes", fill_homes, Homes, kinds=BOTH)
embedded_homes = world_fixture("homes", fill_homes, Homes, kinds=EMBEDDED)
