"""The demo world with all processes, for tests of what areas, incidents, crises, plans and delegations do."""

from __future__ import annotations

from tests.services.incidents.security import Security, fill_security
from tests.worlds import BOTH, EMBEDDED, world_fixture

journeys = world_fixture("security", fill_security, Security, kinds=BOTH)
security = world_fixture("security", fill_security, Security, kinds=EMBEDDED)
