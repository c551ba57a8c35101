"""Whose boards are whose: those who answer for security there, and nobody else; and of journeys the part in the area alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import locator
from services.errors import NotFound
from services.locator import Part
from services.models.authority import Absence, RoleHolding
from services.models.base import new_id
from services.roles import AREA_ROLES
from tests.services.case_rows import actor
from tests.services.locator.boards import ADVISER, AREA, AUDITOR, NOW, WARDEN, Boards

LINA, MARA, STRANGER = "lina.marchetti", "traveller.01", "traveller.05"


def hold(boards: Boards, person: str, role: str, area: str | None, organisation: str | None = None) -> None:
    with boards.database.transaction() as session:
        since = NOW - timedelta(days=9)
        session.add(RoleHolding(id=new_id(), person=person, role=role, area=area, organisation=organisation, valid_from=since))


@pytest.mark.parametrize("role", ["DSSO", "SA", "ASC", "CSA", "DO", "DOAI", "WDN"])
def test_who_answers_for_the_area_reads_its_board(boards: Boards, role: str) -> None:
    boards.put("IN_AREA", person=LINA)
    hold(boards, STRANGER, role, "XA")

    assert boards.people(Part.HERE, STRANGER) == [LINA]
    with pytest.raises(NotFound):
        boards.board(STRANGER, "XB-CAP")


@pytest.mark.parametrize(
    "role",
    ["SMT", "SMTSEC", "CELL", "HOA", "SFP", "HSSD", "DRO_DESK", "DRO_DIR", "USG", "HGL", "PLO", "ADM", "PRO", "COUN"],
)
def test_for_everybody_else_there_is_no_board(boards: Boards, role: str) -> None:
    boards.put("IN_AREA", person=STRANGER)
    hold(boards, STRANGER, role, "XA" if role in AREA_ROLES else None)

    with pytest.raises(NotFound):
        boards.board(STRANGER)
    with boards.database.reading() as session, pytest.raises(NotFound):
        locator.list_boards(session, actor=actor(STRANGER), now=NOW)


def test_an_auditor_reads_every_board(boards: Boards) -> None:
    boards.put("IN_AREA", person=LINA)

    assert boards.people(Part.HERE, AUDITOR) == [LINA]
    assert boards.board(AUDITOR, "XB-CAP").heads.here == 0


def test_an_area_that_is_not_there_and_one_above_others_have_no_board(boards: Boards) -> None:
    for area in ("XZ-NONE", "XA", "FIELD"):
        with pytest.raises(NotFound):
            boards.board(AUDITOR, area)


def test_a_warden_reads_the_board_of_the_own_area_alone(boards: Boards) -> None:
    with boards.database.reading() as session:
        mine, theirs = (locator.list_boards(session, actor=actor(person), now=NOW) for person in (WARDEN, ADVISER))

    assert [line.area.code for line in mine] == [AREA]
    assert [line.area.code for line in theirs] == ["XA-CAP", "XA-EST", AREA]
    with pytest.raises(NotFound):
        boards.board(WARDEN, "XA-CAP")


def test_an_administrator_with_another_role_reads_no_board(boards: Boards) -> None:
    hold(boards, "mika.tarn", "CSA", "XA")

    with pytest.raises(NotFound):
        boards.board("mika.tarn")


def test_a_role_for_one_organisation_reads_of_its_people_alone(boards: Boards) -> None:
    hold(boards, "hal.orsini", "WDN", AREA, "WIPO")
    boards.put("IN_AREA", person=LINA)
    boards.put("IN_AREA", person=MARA)

    board = boards.board("hal.orsini")

    assert [row.person for row in board.lists[Part.HERE]] == [LINA]
    assert (board.heads.here, board.organisations) == (1, ["WIPO"])
    with boards.database.reading() as session:
        listed = locator.list_boards(session, actor=actor("hal.orsini"), now=NOW)
    assert [line.heads.here for line in listed] == [1]


def test_who_stands_in_reads_the_board_of_the_areas_that_were_named(boards: Boards) -> None:
    with boards.database.transaction() as session:
        start, end = NOW - timedelta(days=1), NOW + timedelta(days=1)
        session.add(Absence(person=ADVISER, substitute="hal.orsini", area=AREA, valid_from=start, valid_to=end))
    boards.put("IN_AREA", person=LINA)

    assert boards.people(Part.HERE, "hal.orsini") == [LINA]
    with pytest.raises(NotFound):
        boards.board("hal.orsini", "XA-CAP")


def test_only_who_has_a_function_there_reads_numbers(boards: Boards) -> None:
    boards.put("IN_AREA", person=LINA, facts={"contact_phone": "+15550100"})

    warden, auditor = (boards.board(person).lists[Part.HERE][0].reached for person in (WARDEN, AUDITOR))

    assert warden is not None
    assert warden.contact_phone == "+15550100"
    assert auditor is None


def test_a_case_is_named_only_to_who_may_open_it(boards: Boards) -> None:
    stop = boards.put("IN_AREA", person=LINA)

    assert list(boards.board(ADVISER).numbers.values()) == [boards.number(stop)]
    assert boards.board(WARDEN).numbers == {}


def test_a_case_that_is_kept_among_few_is_neither_shown_nor_counted(boards: Boards) -> None:
    boards.confine(boards.put("IN_AREA", person=LINA))

    board = boards.board()

    assert (board.heads.here, board.totals[Part.HERE], board.lists[Part.HERE], board.organisations) == (0, 0, [], [])
    with boards.database.reading() as session:
        listed = locator.list_boards(session, actor=actor(ADVISER), now=NOW)
    assert {line.heads.here for line in listed} == {0}


def test_of_a_journey_a_board_tells_the_part_in_its_area(boards: Boards) -> None:
    boards.put("IN_AREA", person=LINA)
    boards.put("IN_AREA", person=MARA, area="XA-CAP")

    board = boards.board()

    assert {row.area for rows in board.lists.values() for row in rows} == {AREA}
    assert board.heads.here == 1
