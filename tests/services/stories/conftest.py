"""The processes that meet in an area, published on the demo world."""

from __future__ import annotations

from tests.services.stories.area import AreaStory, fill_area
from tests.worlds import BOTH, world_fixture

story = world_fixture("area", fill_area, AreaStory, kinds=BOTH)
