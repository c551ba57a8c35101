"""Published processes on a database with people, for tests of the machinery of cases."""

from __future__ import annotations

from tests.services.leave import Leave, fill_leave
from tests.services.watching import Watches, fill_people
from tests.worlds import BOTH, EMBEDDED, world_fixture

leave = world_fixture("leave", fill_leave, Leave, kinds=BOTH)
embedded_leave = world_fixture("leave", fill_leave, Leave, kinds=EMBEDDED)
watches = world_fixture("people", fill_people, Watches, kinds=BOTH)
embedded_watches = world_fixture("people", fill_people, Watches, kinds=EMBEDDED)
