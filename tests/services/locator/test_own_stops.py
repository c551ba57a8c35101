"""Where a traveller is offered to say that they have arrived or left."""

from __future__ import annotations

from services.locator.own_stops import list_own_stops
from services.models.bus import CaseWait
from services.models.clearances import ClearanceLine
from tests.services.case_rows import actor
from tests.services.locator.boards import NOW, Boards

LINA, MARA = "lina.marchetti", "traveller.19"


def wait(boards: Boards) -> None:
    """Let all cases wait for a check-in."""
    with boards.database.transaction() as session:
        for case_id in {line.case_id for line in session.query(ClearanceLine)}:
            session.add(CaseWait(case_id=case_id, kind="message", name="MSG_CHECKIN"))


def offered(boards: Boards, person: str = LINA) -> list[tuple[str, str]]:
    with boards.database.reading() as session:
        return [(stop.stop_key, stop.kind) for stop in list_own_stops(session, actor=actor(person), now=NOW)]


def test_an_arrival_is_offered_around_its_time_and_a_departure_after_it(boards: Boards) -> None:
    arriving = boards.put("GRANTED", person=LINA, hours=(8, 100))
    boards.put("GRANTED", person=LINA, hours=(30, 100))
    boards.put("GRANTED", person=LINA, hours=(-60, -2))
    leaving = boards.put("IN_AREA", person=LINA, hours=(-60, 8))
    boards.put("IN_AREA", person=LINA, hours=(-60, 30))
    boards.put("PENDING", person=LINA, hours=(-2, 30))
    boards.put("LEFT", person=LINA, hours=(-30, -2))
    wait(boards)

    assert sorted(offered(boards)) == [(arriving, "ARRIVED"), (leaving, "DEPARTED")]


def test_whoever_left_too_early_is_offered_to_be_there_still(boards: Boards) -> None:
    left = boards.put("LEFT", person=LINA, hours=(-30, 2))
    wait(boards)

    with boards.database.reading() as session:
        stops = list_own_stops(session, actor=actor(LINA), now=NOW)
    assert [(stop.stop_key, stop.kind, stop.was_left) for stop in stops] == [(left, "ARRIVED", True)]


def test_private_travel_is_offered_its_departure_once_it_has_arrived(boards: Boards) -> None:
    stop = boards.put("REGISTERED", person=LINA, hours=(-6, 8))
    wait(boards)

    assert offered(boards) == [(stop, "ARRIVED")]
    boards.hear(stop, "ARRIVED", hours=-1)
    assert offered(boards) == [(stop, "DEPARTED")]


def test_nothing_is_offered_where_no_check_in_is_heard_nor_for_anybody_else(boards: Boards) -> None:
    boards.put("GRANTED", person=LINA, hours=(8, 100))

    assert offered(boards) == []
    wait(boards)
    assert offered(boards, MARA) == []
    assert len(offered(boards)) == 1
