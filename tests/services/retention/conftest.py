"""Journeys and leaves that are over, on both databases."""

from __future__ import annotations

from tests.services.leave import Leave, fill_leave
from tests.services.retention.trips import travel
from tests.services.travel.journeys import Journeys, fill_travel
from tests.worlds import BOTH, EMBEDDED, world_fixture


def fill_trip(url: str) -> None:
    """Load the world, and let somebody travel and come back."""
    from services.database import Database

    fill_travel(url)
    database = Database(url)
    travel(Journeys(database))
    database.dispose()


trip = world_fixture("trip", fill_trip, Journeys, kinds=BOTH)
embedded_trip = world_fixture("trip", fill_trip, Journeys, kinds=EMBEDDED)
leave = world_fixture("leave", fill_leave, Leave, kinds=BOTH)
embedded_leave = world_fixture("leave", fill_leave, Leave, kinds=EMBEDDED)
