"""Where people were is forgotten 90 days after their journey; how many they were stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from services import jobs, retention
from services.models.base import new_id
from services.models.clearances import Movement, MovementTotal
from tests.services.travel.journeys import NOW, Journeys

LONG_AGO = NOW - timedelta(days=200)


def was_there(journeys: Journeys, person: str, kind: str, *, closed_days_ago: int | None) -> str:
    """Somebody was in an area; the id of what the locator knows of it."""
    with journeys.database.transaction() as session:
        closed_at = None if closed_days_ago is None else NOW - timedelta(days=closed_days_ago)
        movement = Movement(
            id=new_id(), person=person, area="XA-CAP", kind=kind, at=LONG_AGO, recorded_at=LONG_AGO, recorded_by=person
        )
        movement.closed_at = closed_at
        session.add(movement)
        return movement.id


def known(journeys: Journeys) -> tuple[set[str], dict[str, int]]:
    """The movements that are known with their persons, and how many were counted of each kind."""
    with journeys.database.reading() as session:
        totals = session.scalars(select(MovementTotal)).all()
        return set(session.scalars(select(Movement.id))), {f"{row.area} {row.day} {row.kind}": row.movements for row in totals}


def test_movements_of_journeys_long_over_are_counted_and_forgotten(journeys: Journeys) -> None:
    was_there(journeys, "iris.calder", "ARRIVED", closed_days_ago=91)
    was_there(journeys, "ana.lucero", "ARRIVED", closed_days_ago=91)
    kept = {
        was_there(journeys, "iris.calder", "DEPARTED", closed_days_ago=89),
        was_there(journeys, "iris.calder", "PLANNED", closed_days_ago=None),
    }

    jobs.forget_movements(journeys.database, NOW)

    assert known(journeys) == (kept, {f"XA-CAP {LONG_AGO:%Y-%m-%d} ARRIVED": 2})


def test_what_is_counted_later_is_added(journeys: Journeys) -> None:
    for person in ("iris.calder", "ana.lucero"):
        was_there(journeys, person, "ARRIVED", closed_days_ago=91)
        jobs.forget_movements(journeys.database, NOW)

    assert known(journeys) == (set(), {f"XA-CAP {LONG_AGO:%Y-%m-%d} ARRIVED": 2})


def test_nothing_is_counted_twice(journeys: Journeys) -> None:
    was_there(journeys, "iris.calder", "ARRIVED", closed_days_ago=91)
    with journeys.database.reading() as session:
        outdated = retention.list_outdated_movements(session, NOW)

    for _ in range(2):  # as two workers do that have both listed it
        with journeys.database.transaction() as session:
            retention.aggregate_movements(session, outdated)

    assert known(journeys)[1] == {f"XA-CAP {LONG_AGO:%Y-%m-%d} ARRIVED": 1}
