"""The travel clearance process, published on the demo world, for tests of what its operations and events do."""

from __future__ import annotations

from tests.services.travel.journeys import Journeys, fill_travel
from tests.worlds import BOTH, EMBEDDED, world_fixture

journeys = world_fixture("travel", fill_travel, Journeys, kinds=BOTH)
embedded_journeys = world_fixture("travel", fill_travel, Journeys, kinds=EMBEDDED)
