"""Who sees a head count, who may call one, and what a check-in says to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services import authority, cases, people
from services.errors import AlreadyOpen, NotFound, NotYourRole
from services.models.headcounts import Headcount, HeadcountAnswer
from services.registers.areas import list_active
from services.registers.options import options
from tests.services.headcounts.counting import MINUTE, NORTH, THERE, Counting
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

ARRIVED = NOW + timedelta(days=19, hours=1)


def start(counting: Counting, person: str, area: str = NORTH, *, exercise: bool = False) -> str:
    with counting.database.transaction() as session:
        actor = people.actor_named(session, person)
        answers = {"area": area, "reason": "Yearly test of the warden system.", "exercise": exercise}
        return cases.start_case(session, "head_count", actor=actor, answers=answers, now=NOW).id


def sees(counting: Counting, person: str, case_id: str) -> bool:
    with counting.database.reading() as session:
        try:
            cases.read_case(session, case_id, actor=people.actor_named(session, person), now=NOW)
        except NotFound:
            return False
        return True


def test_wardens_advisers_officials_the_desk_and_auditors_see_it_and_nobody_else(counting: Counting) -> None:
    case = counting.call()

    allowed = ["fatou.lindgren", "yusra.ben-halim", "naledi.vanter", "ingrid.sollerman", "celeste.maron", "amina.sorel"]
    others = ["amadou.keita", "omar.brightwell", "emeka.strand", "dmitri.kovac", "jonas.keel", "pavel.eriksen", "kofi.drummond"]
    assert {person: sees(counting, person, case) for person in allowed} == dict.fromkeys(allowed, True)
    assert {person: sees(counting, person, case) for person in others} == dict.fromkeys(others, False)


def test_an_adviser_calls_one_in_the_own_area_only(counting: Counting) -> None:
    with pytest.raises(AnswersInvalid, match="area"):
        start(counting, "emeka.strand")
    with pytest.raises(NotYourRole):
        start(counting, "fatou.lindgren")
    assert counting.rows(Headcount) == []

    case = start(counting, "naledi.vanter", exercise=True)

    assert counting.rows(Headcount, case_id=case)[0].exercise
    with pytest.raises(AlreadyOpen):
        start(counting, "ingrid.sollerman")


@pytest.mark.parametrize("person", ["naledi.vanter", "ingrid.sollerman", "emeka.strand", "fatou.lindgren"])
def test_only_areas_are_offered_in_which_it_may_be_called(counting: Counting, person: str) -> None:
    with counting.database.reading() as session:
        asker = authority.asker_of(session, person, NOW)
        offered = {one["value"] for one in options(session, ["countable_areas"], asker=asker, now=NOW)["countable_areas"]}
        active = [area.code for area in list_active(session, NOW.date())]
        roles = ("CSA", "DO", "DOAI")
        allowed = {
            area
            for area in active
            if any(person in authority.people_in_role(session, role=role, area=area, now=NOW) for role in roles)
        }

    assert offered == allowed
    assert bool(offered) == (person != "fatou.lindgren")
    assert len(offered) < len(active)


def test_an_event_makes_an_exercise_real(counting: Counting) -> None:
    case = start(counting, "naledi.vanter", exercise=True)
    counting.go_on()
    counting.answer("amadou.keita", "SAFE", NOW + MINUTE)
    assert counting.told("N-HC-03") == set(THERE)

    counting.call(now=NOW + 2 * MINUTE)

    assert not counting.rows(Headcount, case_id=case)[0].exercise
    assert counting.states(case)["amadou.keita"] == "WAITING"
    assert counting.told("N-HC-01") == set(THERE)
    assert len(counting.rows(HeadcountAnswer)) == 1


@pytest.mark.parametrize(
    ("said", "state", "source"),
    [
        ({"safe": "SAFE"}, "SAFE", "CHECK_IN"),
        ({"safe": "NEED_HELP", "place": "Harbour road 4"}, "NEED_HELP", "CHECK_IN"),
        ({"safe": None}, "WAITING", None),
        ({"safe": "SAFE", "at": (ARRIVED - timedelta(hours=2)).isoformat(), "stop": "S1"}, "WAITING", None),
    ],
)
def test_a_check_in_that_says_how_the_person_is_counts(
    counting: Counting, said: dict[str, Any], state: str, source: str | None
) -> None:
    trip = counting.ask("iris.calder", "XA-CAP")
    case = counting.call(area="XA-CAP", now=ARRIVED)
    assert counting.persons(case)["iris.calder"].because == "EXPECTED"

    stop = counting.lines(trip)[0].stop_key if said.get("stop") else None
    checkin = {"kind": "ARRIVED", "person": None, "place": None, "at": None} | said | {"stop": stop}
    counting.send(trip, "MSG_CHECKIN", checkin, now=ARRIVED + MINUTE)
    counting.go_on(ARRIVED + MINUTE)

    row = counting.persons(case)["iris.calder"]
    assert (row.state, row.source) == (state, source)
    assert ("hc_help" in counting.open_tasks(case)) is (state == "NEED_HELP")


def test_a_check_in_speaks_for_nobody_outside_the_request(embedded_counting: Counting) -> None:
    trip = embedded_counting.ask("iris.calder", "XA-CAP")
    case = embedded_counting.call(now=ARRIVED)

    checkin = {"kind": "ARRIVED", "person": "amadou.keita", "stop": None, "place": None, "at": None, "safe": "SAFE"}
    embedded_counting.send(trip, "MSG_CHECKIN", checkin, now=ARRIVED + MINUTE)

    assert embedded_counting.states(case)["amadou.keita"] == "WAITING"
    assert embedded_counting.rows(HeadcountAnswer) == []
