"""People who have to learn something, in the demo world."""

from __future__ import annotations

from tests.services.mandatory_trainings.learning import Learning, fill_learning
from tests.services.travel.journeys import fill_travel
from tests.worlds import BOTH, EMBEDDED, world_fixture

learning = world_fixture("learning", fill_learning, Learning, kinds=BOTH)
embedded_learning = world_fixture("learning", fill_learning, Learning, kinds=EMBEDDED)
unprepared = world_fixture("travel", fill_travel, Learning, kinds=EMBEDDED)
