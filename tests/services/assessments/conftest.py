"""The risk assessment process, published on the demo world."""

from __future__ import annotations

from tests.services.assessments.stories import Stories, fill_assessments
from tests.worlds import BOTH, EMBEDDED, world_fixture

stories = world_fixture("assessments", fill_assessments, Stories, kinds=BOTH)
embedded = world_fixture("assessments", fill_assessments, Stories, kinds=EMBEDDED)
