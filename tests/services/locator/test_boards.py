"""Who stands on the board of an area, and what calls for somebody to act."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from services import locator
from services.locator import HELP, MISSING, OVERDUE, Part
from services.models.people import Person
from services.models.register_changes import RegisterChange
from tests.services.locator.boards import ADVISER, AREA, Boards
from tests.statements import watch_statements

LINA, MARA, NOE, ADA = "lina.marchetti", "traveller.19", "traveller.20", "traveller.21"


def alarms_of(boards: Boards) -> dict[str, tuple[str, ...]]:
    return {row.person: row.alarms for row in boards.board().lists[Part.ALARMS]}


def test_a_board_has_who_is_there_who_comes_and_who_leaves(boards: Boards) -> None:
    boards.put("IN_AREA", person=LINA, hours=(-200, 30))
    boards.put("IN_AREA", person=MARA, hours=(-200, 300))
    boards.put("GRANTED_COND", person=NOE, hours=(20, 90))
    boards.put("PENDING", person=ADA, hours=(40, 90))
    boards.put("GRANTED", person="traveller.04", hours=(9 * 24, 12 * 24))
    boards.put("DEFERRED", person="traveller.05", hours=(30 * 24, 32 * 24))
    boards.put("DENIED", person="traveller.06", hours=(20, 90))
    boards.put("LEFT", person="traveller.07", hours=(-20, 90))

    board = boards.board()

    assert [row.person for row in board.lists[Part.HERE]] == [LINA, MARA]
    assert [row.person for row in board.lists[Part.ARRIVING]] == [NOE, ADA]
    assert [row.person for row in board.lists[Part.LEAVING]] == [LINA]
    assert board.lists[Part.ALARMS] == []
    heads = board.heads
    assert (heads.here, heads.arriving, heads.leaving, heads.waiting, heads.place) == (2, 2, 1, 1, 1)
    assert (heads.missing, heads.help, heads.overdue) == (0, 0, 0)


def test_who_should_be_there_by_the_plan_is_there_until_somebody_says_otherwise(boards: Boards) -> None:
    boards.put("GRANTED", person=LINA, hours=(-3, 30))
    boards.put("REGISTERED", person=MARA, hours=(-3, 30))

    assert set(boards.people(Part.HERE)) == {LINA, MARA}


def test_who_is_overdue_to_leave_stays_on_the_board(boards: Boards) -> None:
    boards.put("IN_AREA", person=LINA, hours=(-200, -50))

    assert boards.people(Part.HERE) == [LINA]
    assert boards.people(Part.LEAVING) == [LINA]


@pytest.mark.parametrize("status", ["PENDING", "REVOKED", "DENIED"])
def test_who_was_seen_there_without_a_clearance_is_there(boards: Boards, status: str) -> None:
    seen = boards.put(status, person=LINA)
    boards.put(status, person=MARA)
    boards.hear(seen, "PRESENT")

    assert boards.people(Part.HERE) == [LINA]


def test_silence_after_the_arrival_is_told_where_a_check_in_is_wanted(boards: Boards) -> None:
    boards.put("GRANTED", person=LINA, hours=(-13, 30))
    boards.put("GRANTED", person=MARA, hours=(-11, 30))
    heard = boards.put("IN_AREA", person=NOE, hours=(-13, 30))
    boards.hear(heard, "ARRIVED", hours=-12)
    boards.put("GRANTED", person=ADA, hours=(-13, 30), area="XA-CAP")

    assert alarms_of(boards) == {LINA: (OVERDUE,)}
    assert boards.board(area="XA-CAP").heads.overdue == 0


def test_who_is_missing_is_missing_until_something_is_heard(boards: Boards) -> None:
    missing, found = (boards.put("GRANTED", person=person, hours=(-20, 30)) for person in (LINA, MARA))
    for stop in (missing, found):
        boards.hear(stop, "MISSING", hours=-5)
    boards.hear(found, "ARRIVED", hours=-2)

    assert alarms_of(boards) == {LINA: (MISSING,)}
    assert boards.board().heads.missing == 1


def test_who_is_missing_stays_on_the_board_when_the_stay_is_over(boards: Boards) -> None:
    stop = boards.put("GRANTED", person=LINA, hours=(-300, -200))
    boards.hear(stop, "MISSING", hours=-250)

    assert alarms_of(boards) == {LINA: (MISSING,)}


def test_a_call_for_help_stands_until_safety_or_departure(boards: Boards) -> None:
    calling, safe, silent, gone = (boards.put("IN_AREA", person=person) for person in (LINA, MARA, NOE, ADA))
    for stop in (calling, safe, silent, gone):
        boards.hear(stop, "ARRIVED", hours=-6, safe="NEED_HELP")
    boards.hear(safe, "ARRIVED", hours=-5, safe="SAFE")
    boards.hear(silent, "ARRIVED", hours=-5)
    boards.hear(gone, "DEPARTED", hours=-5)

    assert alarms_of(boards) == {LINA: (HELP,), NOE: (HELP,)}
    assert boards.board().heads.help == 2


def test_a_board_is_narrowed_to_an_organisation_and_to_a_day(boards: Boards) -> None:
    boards.put("IN_AREA", person=LINA, hours=(-24, 24))
    boards.put("GRANTED", person=MARA, hours=(50, 90))
    boards.put("GRANTED", person=NOE, hours=(40, 70))

    wipo = boards.board(organisation="WIPO")
    later = boards.board(day=date(2026, 12, 4))

    assert [row.person for row in wipo.lists[Part.HERE]] == [LINA]
    assert wipo.lists[Part.ARRIVING] == []
    assert wipo.organisations == ["UNAH", "WIPO"]
    assert [row.person for row in later.lists[Part.HERE]] == [NOE, MARA]
    assert [row.person for row in later.lists[Part.ARRIVING]] == []
    assert [row.person for row in later.lists[Part.LEAVING]] == [NOE]
    assert later.heads.here == 1


def test_a_day_begins_on_the_clock_of_the_area(boards: Boards) -> None:
    boards.put(
        "GRANTED", person=LINA, hours=(36, 90)
    )  # On 2 December at 21:00 in UTC, and on the third three hours further east.

    assert boards.people(Part.ARRIVING, day=date(2026, 12, 3)) == [LINA]
    assert boards.people(Part.ARRIVING, day=date(2026, 12, 2)) == []


def test_a_cleared_lodging_lends_its_name_and_number(boards: Boards) -> None:
    boards.put("IN_AREA", person=LINA, facts={"lodging_ref": "XA-NOR-01", "contact_name": "Ada", "contact_phone": "+15550100"})
    boards.put("IN_AREA", person=MARA, facts={"lodging_name": "Corona", "lodging_address": "12 River Road"})

    rows = {row.person: row for row in boards.board().lists[Part.HERE]}

    reached = rows[LINA].reached
    assert reached is not None
    assert (reached.contact_name, reached.contact_phone, reached.lodging_phone) == ("Ada", "+15550100", "+41225559999")
    assert rows[LINA].lodging == "Halden Guest House"
    assert rows[MARA].lodging == "Corona, 12 River Road"


def test_a_board_costs_the_same_however_many_are_on_it(boards: Boards) -> None:
    counts = []
    for _ in range(2):
        for number in range(1, 16):
            boards.put("IN_AREA", person=f"traveller.{number:02}")
            boards.put("GRANTED", person=f"traveller.{number:02}", hours=(40, 90))
        statements: list[str] = []
        stop = watch_statements(boards.database.engine, statements.append)
        board = boards.board()
        stop()
        counts.append(len(statements))

    assert board.totals[Part.HERE] == 30
    assert len(board.lists[Part.HERE]) == 10
    assert counts[0] == counts[1] <= 24


def test_all_of_a_list_comes_page_by_page_and_as_a_file(boards: Boards) -> None:
    for number in range(60):
        boards.put("IN_AREA", person=f"traveller.{number % 28 + 1:02}", hours=(-24, 10 + number))

    with boards.opened(ADVISER) as (session, scope):
        first, second = (locator.read_part(session, scope, Part.HERE, page=page) for page in (1, 2))
        file = locator.list_for_file(session, scope, Part.HERE)

    assert (len(first.rows), first.has_more, len(second.rows), second.has_more) == (50, True, 10, False)
    assert [*first.rows, *second.rows] == list(file)


def test_it_is_kept_who_took_a_list(boards: Boards) -> None:
    with boards.opened(ADVISER) as (_, scope):
        chosen = replace(scope, organisation="WIPO")
    with boards.database.transaction() as session:
        locator.note_file(session, chosen, Part.HERE, rows=3)
    with boards.database.reading() as session:
        kept = session.query(RegisterChange).one()

    assert (kept.register, kept.act, kept.by) == ("clearances", "EXPORTED", ADVISER)
    assert kept.after == {"format": "csv", "rows": 3, "query": f"board={AREA}&list=here&organisation=WIPO"}


def test_the_number_of_the_trip_goes_before_the_one_in_the_register(boards: Boards) -> None:
    with boards.database.transaction() as session:
        session.execute(update(Person).where(Person.code.in_((LINA, MARA))).values(mobile="+41795550111"))
    boards.put("IN_AREA", person=LINA, facts={"mobile": "+15550199"})
    boards.put("IN_AREA", person=MARA)

    reached = {row.person: row.reached for row in boards.board().lists[Part.HERE]}

    assert [reached[person].mobile for person in (LINA, MARA)] == ["+15550199", "+41795550111"]
