"""Places by night: used, reserved and free, as far as a ceiling says so."""

from __future__ import annotations

from datetime import UTC, date, datetime

from services.models.areas import Area
from services.registers import areas, ceilings
from services.registers.nights import places_by_night
from tests.services.locator.boards import AREA, NOW, Boards

FIRST, SECOND, THIRD = date(2026, 12, 5), date(2026, 12, 6), date(2026, 12, 7)


def take(boards: Boards, unit: str, nights: list[date], quantity: int, *, used: bool) -> None:
    who = {"area": AREA, "unit_key": unit, "organisation": "WIPO", "now": NOW}
    with boards.database.transaction() as session:
        assert ceilings.reserve(session, nights=nights, quantity=quantity, room=3, **who)
        if used:
            ceilings.consume(session, **who)


def figures(boards: Boards, area: str = AREA) -> list[tuple[int | None, ...]]:
    with boards.database.reading() as session:
        found = places_by_night(session, session.get_one(Area, area), FIRST, 3)
    return [(night.posted, night.used, night.reserved, night.free, night.ceiling) for night in found]


def test_places_that_are_used_and_places_that_are_reserved_are_told_apart(boards: Boards) -> None:
    take(boards, "A", [FIRST, SECOND], 1, used=True)
    take(boards, "B", [SECOND, THIRD], 2, used=False)

    assert figures(boards) == [(37, 1, 0, 2, 40), (37, 1, 2, 0, 40), (37, 0, 2, 1, 40)]


def test_places_that_are_given_back_are_free_again(boards: Boards) -> None:
    take(boards, "A", [FIRST, SECOND], 2, used=True)
    with boards.database.transaction() as session:
        ceilings.release(session, area=AREA, unit_key="A", now=NOW, first=SECOND)

    assert [night[1:4] for night in figures(boards)] == [(2, 0, 1), (0, 0, 3), (0, 0, 3)]


def test_a_ceiling_that_changes_counts_from_its_night_on(boards: Boards) -> None:
    with boards.database.transaction() as session:
        evening = datetime(2026, 12, 6, 18, tzinfo=UTC)
        areas.change_state(session, AREA, {"ceiling": 38}, by="test", now=NOW, valid_from=evening)

    assert [(night[3], night[4]) for night in figures(boards)] == [(3, 40), (1, 38), (1, 38)]


def test_more_than_the_ceiling_is_said_and_no_place_is_free(boards: Boards) -> None:
    with boards.database.transaction() as session:
        who = {"area": AREA, "unit_key": "A", "organisation": "WIPO", "now": NOW}
        ceilings.take_beyond(session, nights=[FIRST], quantity=5, **who)
        ceilings.consume(session, **who)
        night = places_by_night(session, session.get_one(Area, AREA), FIRST, 1)[0]

    assert (night.free, night.beyond, night.used) == (0, 2, 5)


def test_without_a_ceiling_nothing_is_free_or_taken(boards: Boards) -> None:
    assert {night[3:] for night in figures(boards, "XA-CAP")} == {(None, None)}
    assert boards.board(area="XA-CAP").nights == []
    assert len(boards.board().nights) == 30
