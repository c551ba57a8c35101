"""Policies in the demo world."""

from __future__ import annotations

from tests.services.policies.promulgating import Promulgating, fill_policies
from tests.worlds import BOTH, EMBEDDED, world_fixture

promulgating = world_fixture("policies", fill_policies, Promulgating, kinds=BOTH)
embedded = world_fixture("policies", fill_policies, Promulgating, kinds=EMBEDDED)
