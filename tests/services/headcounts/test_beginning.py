"""What begins a head count elsewhere: an incident where somebody travels, a missing sign of life, a crisis."""

from __future__ import annotations

from datetime import timedelta

from services import cases, jobs, people
from services.models.headcounts import Headcount
from tests.services.headcounts.counting import MINUTE, NORTH, THERE, Counting
from tests.services.travel.journeys import NOW

ARRIVAL = NOW + timedelta(days=19)


def test_a_major_incident_counts_everybody_where_somebody_travels(counting: Counting) -> None:
    trip = counting.ask("iris.calder", "XA-CAP")
    there = ARRIVAL + timedelta(hours=1)
    checkin = {"kind": "ARRIVED", "person": None, "stop": None, "place": None, "at": None, "safe": None}
    counting.send(trip, "MSG_CHECKIN", checkin, now=there)

    counting.post("INCIDENT_MAJOR", "XA-CAP", there + MINUTE, incident="INC-2026-000001")
    counting.go_on(there + MINUTE)

    found = counting.rows(Headcount, area="XA-CAP")
    assert len(found) == 1
    persons = counting.persons(found[0].case_id)
    assert persons["iris.calder"].because == "TRAVELLER"
    assert {row.because for row in persons.values()} >= {"TRAVELLER", "RESIDENT"}
    assert counting.told("N-HC-01") == set(persons)
    assert counting.problems(now=there + MINUTE) == []


def test_who_does_not_check_in_is_asked_and_looked_for(counting: Counting) -> None:
    counting.post("MSG_HEADCOUNT_ONE", NORTH, person="iris.calder", stop="S1", case="TSC-2026-000001")

    counting.go_on()

    found = counting.rows(Headcount, area=NORTH)
    assert counting.states(found[0].case_id) == {"iris.calder": "WAITING"}
    assert counting.told("N-HC-01") == {"iris.calder"}


def test_an_activated_crisis_counts_its_area(counting: Counting) -> None:
    with counting.database.transaction() as session:
        answers = {"kind": "CRISIS", "area": NORTH, "reason": "Heavy fighting since dawn close to the offices."}
        actor = people.actor_named(session, "naledi.vanter")
        crisis = cases.start_case(session, "crisis_activation", actor=actor, answers=answers, now=NOW).id

    counting.do(crisis, "ingrid.sollerman", "cri_confirm", decision="ACTIVATE")
    counting.go_on(NOW + MINUTE)

    found = counting.rows(Headcount, area=NORTH)
    assert counting.states(found[0].case_id) == dict.fromkeys(THERE, "WAITING")


def test_a_crisis_that_is_told_of_days_later_asks_nobody(embedded_counting: Counting) -> None:
    embedded_counting.post("SIG_CRISIS_ACTIVATED", NORTH, reason="It was over the same day.")

    jobs.run_once(embedded_counting.database, embedded_counting.mailer, NOW + timedelta(days=2))

    assert embedded_counting.rows(Headcount) == []
