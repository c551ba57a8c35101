"""Places under a ceiling: never sold twice, on both databases, however many ask at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.database import Database
from services.models.ceilings import CeilingEntry, CeilingNight
from services.registers import ceilings

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
#: Nights on which nobody of the demo travels.
NIGHTS = [date(2027, 6, 20), date(2027, 6, 21), date(2027, 6, 22)]
AREA = "XA-NOR"


def take(session: Session, unit: str, *, quantity: int = 1, room: int = 3, nights: list[date] = NIGHTS) -> bool:
    return ceilings.reserve(
        session, area=AREA, nights=nights, quantity=quantity, room=room, unit_key=unit, organisation="WIPO", now=NOW
    )


def taken(session: Session) -> list[int]:
    query = (
        select(CeilingNight.taken).where(CeilingNight.area == AREA, CeilingNight.night.in_(NIGHTS)).order_by(CeilingNight.night)
    )
    return list(session.scalars(query))


def test_a_reservation_takes_a_place_on_every_night(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        assert take(session, "A", quantity=2)

        assert taken(session) == [2, 2, 2]
        assert ceilings.count_free(session, AREA, NIGHTS, 3) == 1
        assert ceilings.count_held(session, "A") == dict.fromkeys(NIGHTS, 2)


def test_a_full_night_undoes_the_others(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        assert take(session, "A", quantity=3, nights=NIGHTS[1:2])

        assert not take(session, "B")
        assert taken(session) == [0, 3, 0]
        assert ceilings.count_held(session, "B") == {}


def test_what_is_released_can_be_taken_again(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        take(session, "A", quantity=3)
        assert ceilings.release(session, area=AREA, unit_key="A", now=NOW)

        assert not ceilings.release(session, area=AREA, unit_key="A", now=NOW)
        assert take(session, "B", quantity=3)


def test_only_the_nights_to_come_are_released_after_an_early_departure(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        take(session, "A")
        ceilings.release(session, area=AREA, unit_key="A", now=NOW, first=NIGHTS[1])

        assert taken(session) == [1, 0, 0]


def test_going_beyond_the_ceiling_leaves_nothing_free_but_never_less(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        take(session, "A", quantity=3)
        ceilings.take_beyond(session, area=AREA, nights=NIGHTS, quantity=2, unit_key="B", organisation=None, now=NOW)

        assert ceilings.count_free(session, AREA, NIGHTS, 3) == 0
        ceilings.release(session, area=AREA, unit_key="A", now=NOW)
        assert ceilings.count_free(session, AREA, NIGHTS, 3) == 1


def test_consuming_is_noted_once_and_moves_nothing(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        take(session, "A")
        for _ in range(2):
            ceilings.consume(session, area=AREA, unit_key="A", organisation=None, now=NOW)

        entered = select(CeilingEntry.kind, func.count()).where(CeilingEntry.night.in_(NIGHTS))
        kinds = session.execute(entered.group_by(CeilingEntry.kind)).all()
        assert {kind: count for kind, count in kinds} == {"RESERVE": 3, "CONSUME": 3}  # noqa: C416  rows are no pairs to dict()
        assert taken(session) == [1, 1, 1]


def test_of_many_who_ask_for_the_last_places_as_many_get_one_as_there_are(demo_database: Database) -> None:
    barrier, won = Barrier(6), []

    def ask(number: int) -> None:
        barrier.wait()
        with demo_database.transaction() as session:
            # Half of them come with their nights the other way round, so that a circle of waiting would show.
            nights = NIGHTS if number % 2 else NIGHTS[::-1]
            won.append(take(session, f"U{number}", room=2, nights=nights))

    threads = [Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False] * 4 + [True] * 2
    with demo_database.reading() as session:
        assert taken(session) == [2, 2, 2]
        ledger = select(CeilingEntry.night, func.sum(CeilingEntry.quantity)).where(CeilingEntry.night.in_(NIGHTS))
        assert [row[1] for row in session.execute(ledger.group_by(CeilingEntry.night))] == [2, 2, 2]


@pytest.mark.parametrize(
    ("arrive", "depart", "expected"),
    [
        ("2026-12-20T09:00:00+00:00", "2026-12-22T09:00:00+00:00", [date(2026, 12, 20), date(2026, 12, 21)]),
        ("2026-12-20T21:30:00+00:00", "2026-12-22T09:00:00+00:00", [date(2026, 12, 21)]),
        ("2026-12-20T06:00:00+00:00", "2026-12-20T15:00:00+00:00", [date(2026, 12, 20)]),
    ],
)
def test_nights_are_those_of_the_areas_own_calendar(
    demo_database: Database, arrive: str, depart: str, expected: list[Any]
) -> None:
    with demo_database.reading() as session:
        found = ceilings.nights_of(session, AREA, datetime.fromisoformat(arrive), datetime.fromisoformat(depart))

    assert found == expected
