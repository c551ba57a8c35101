"""The travel clearance process on the demo world, and one inbox of it, for tests of lists, acts on lists, and searches."""

from __future__ import annotations

from tests.services.travel.journeys import Journeys, fill_travel
from tests.worlds import BOTH, EMBEDDED, world_fixture

journeys = world_fixture("travel", fill_travel, Journeys, kinds=BOTH)
embedded_journeys = world_fixture("travel", fill_travel, Journeys, kinds=EMBEDDED)
