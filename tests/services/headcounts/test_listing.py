"""Who is counted: everybody in the area or one inside it, whatever register knows of them, and nobody twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.models.clearances import ClearanceLine, Movement
from services.models.headcounts import Headcount
from services.models.people import Dependant, Person
from services.models.residences import Occupant, Residence
from services.registers.phones import phones_of
from tests.services.headcounts.counting import MINUTE, NORTH, THERE, Counting
from tests.services.travel.journeys import NOW

DAY = timedelta(days=1)


def travel(counting: Counting, person: str, status: str, *, area: str = NORTH, begins: int = -1, ends: int = 2) -> ClearanceLine:
    """Somebody has a clearance for a stay that began and ends so many days from now."""
    case = counting.ask(person, "XB-CAP")
    with counting.database.transaction() as session:
        values: dict[str, Any] = {"area": area, "status": status, "arrive_at": NOW + begins * DAY, "depart_at": NOW + ends * DAY}
        session.execute(update(ClearanceLine).where(ClearanceLine.case_id == case).values(**values))
    return counting.lines(case)[0]


def move(counting: Counting, line: ClearanceLine, *kinds: str) -> None:
    for kind in kinds:
        counting.add(
            Movement(
                case_id=line.case_id,
                stop_key=line.stop_key,
                person=line.person,
                area=line.area,
                kind=kind,
                at=NOW - MINUTE,
                recorded_at=NOW - MINUTE,
                recorded_by=line.person,
            )
        )


def test_those_who_work_there_are_counted(counting: Counting) -> None:
    case = counting.call(reason="Shells fell on the market.")

    assert {person: row.because for person, row in counting.persons(case).items()} == dict.fromkeys(THERE, "RESIDENT")
    assert counting.case(case).status == "RUNNING"


def test_an_area_counts_those_of_the_areas_inside_it(embedded_counting: Counting) -> None:
    case = embedded_counting.call(area="XA")

    areas = {row.area for row in embedded_counting.persons(case).values()}
    assert {"XA-CAP", "XA-NOR"} <= areas
    assert set(THERE) <= embedded_counting.persons(case).keys()


@pytest.mark.parametrize(
    ("status", "begins", "ends", "because"),
    [
        ("IN_AREA", -1, 2, "TRAVELLER"),
        ("IN_AREA", -9, -2, "TRAVELLER"),
        ("GRANTED", -1, 2, "EXPECTED"),
        ("GRANTED_COND", -1, 2, "EXPECTED"),
        ("REGISTERED", -1, 2, "EXPECTED"),
        ("GRANTED", 1, 3, None),
        ("GRANTED", -9, -2, None),
        ("LEFT", -1, 2, None),
        ("DENIED", -1, 2, None),
        ("REVOKED", -1, 2, None),
    ],
)
def test_travellers_are_counted_who_are_there_or_should_be(
    embedded_counting: Counting, status: str, begins: int, ends: int, because: str | None
) -> None:
    travel(embedded_counting, "iris.calder", status, begins=begins, ends=ends)

    found = embedded_counting.persons(embedded_counting.call()).get("iris.calder")

    assert (found.because if found else None) == because


@pytest.mark.parametrize(("kinds", "is_counted"), [(("ARRIVED",), True), (("PRESENT",), True), (("ARRIVED", "DEPARTED"), False)])
def test_whose_clearance_was_revoked_on_the_spot_is_still_counted(
    embedded_counting: Counting, kinds: tuple[str, ...], is_counted: bool
) -> None:
    move(embedded_counting, travel(embedded_counting, "iris.calder", "REVOKED"), *kinds)

    assert ("iris.calder" in embedded_counting.states(embedded_counting.call())) is is_counted


def test_those_who_live_there_and_their_families_are_counted(counting: Counting) -> None:
    since = NOW.date() - 300 * DAY
    counting.add(
        Residence(code="RES-NOR-9", area=NORTH, kind="HOUSE", town="Halden", active_from=since),
        Dependant(sponsor="amadou.keita", person="traveller.01", relation="SPOUSE", birth_year=1985, recognised_from=since),
        Dependant(
            sponsor="amadou.keita",
            person="traveller.02",
            relation="CHILD",
            birth_year=2010,
            recognised_from=since,
            recognised_to=NOW.date() - DAY,
        ),
    )
    counting.add(
        Occupant(residence="RES-NOR-9", person="petra.strand", moved_in_on=since),
        Occupant(residence="RES-NOR-9", person="iris.calder", moved_in_on=since, moved_out_on=NOW.date() - DAY),
    )

    found = {person: row.because for person, row in counting.persons(counting.call()).items()}

    assert found == dict.fromkeys([*THERE, "petra.strand"], "RESIDENT") | {"traveller.01": "DEPENDANT"}


def test_whose_contract_is_over_is_no_longer_there(embedded_counting: Counting) -> None:
    with embedded_counting.database.transaction() as session:
        session.execute(update(Person).where(Person.code == "omar.brightwell").values(contract_to=NOW.date() - DAY))

    assert "omar.brightwell" not in embedded_counting.states(embedded_counting.call())


def test_one_head_count_is_open_for_an_area_and_a_second_event_adds_to_it(counting: Counting) -> None:
    case = counting.call("MSG_HEADCOUNT_ONE", person="iris.calder", stop="S1", case="TSC-2026-000001")
    assert counting.states(case) == {"iris.calder": "WAITING"}

    again = counting.call("MSG_HEADCOUNT", persons=["petra.strand", "nobody.known"], now=NOW + MINUTE)

    assert again == case
    assert counting.states(case) == dict.fromkeys([*THERE, "iris.calder", "petra.strand"], "WAITING")
    assert counting.told("N-HC-01") >= {"iris.calder", "petra.strand", *THERE}
    assert counting.problems(now=NOW + MINUTE) == []


def test_who_is_called_in_the_same_breath_is_not_lost(counting: Counting) -> None:
    """The bus opens a case for the first of two events; of the second it is not told, because that was there before it."""
    counting.post("MSG_HEADCOUNT_ONE", NORTH, person="iris.calder")
    counting.post("MSG_HEADCOUNT_ONE", NORTH, person="petra.strand")
    counting.post("MSG_HEADCOUNT", NORTH, persons=["ana.lucero"])

    case = counting.call("MSG_HEADCOUNT_ONE", person="nadia.ferrante")

    named = {person for person, row in counting.persons(case).items() if row.because == "NAMED"}
    assert named == {"iris.calder", "petra.strand", "ana.lucero", "nadia.ferrante"}
    assert set(THERE) <= counting.states(case).keys()
    assert len(counting.started("head_count")) == 1


@pytest.mark.parametrize("kind", ["SIG_CRISIS_ACTIVATED", "SIG_EVACUATION"])
def test_a_crisis_and_an_evacuation_count_everybody(embedded_counting: Counting, kind: str) -> None:
    case = embedded_counting.call(kind, reason="Heavy fighting since dawn.")

    assert set(embedded_counting.states(case)) == set(THERE)
    assert embedded_counting.rows(Headcount, case_id=case)[0].reason == "Heavy fighting since dawn."


def test_where_nobody_is_nobody_is_asked(embedded_counting: Counting) -> None:
    embedded_counting.post("MSG_HEADCOUNT", "XJ-DEL")
    with embedded_counting.database.transaction() as session:
        session.execute(update(Person).where(Person.duty_area == "XJ-DEL").values(duty_area=None))

    embedded_counting.go_on()

    found = embedded_counting.rows(Headcount, area="XJ-DEL")
    assert [row.outcome for row in found] == ["ALL_ACCOUNTED"]


def test_family_without_a_number_is_reached_by_that_of_the_staff_member(counting: Counting) -> None:
    family, staff = "traveller.01", "amadou.keita"
    counting.add(Dependant(sponsor=staff, person=family, relation="SPOUSE", birth_year=1985, recognised_from=(NOW - DAY).date()))
    with counting.database.transaction() as session:
        session.execute(update(Person).where(Person.code == family).values(mobile=None))
        session.execute(update(Person).where(Person.code == staff).values(mobile="+15550107"))

    with counting.database.reading() as session:
        found = phones_of(session, [family, staff], NOW)
        before = phones_of(session, [family], NOW - 2 * DAY)

    assert found == {family: "+15550107", staff: "+15550107"}
    assert before == {family: ""}
