"""Head counts in the demo world."""

from __future__ import annotations

from tests.services.headcounts.counting import Counting, fill_counting
from tests.worlds import BOTH, EMBEDDED, world_fixture

counting = world_fixture("counting", fill_counting, Counting, kinds=BOTH)
embedded_counting = world_fixture("counting", fill_counting, Counting, kinds=EMBEDDED)
