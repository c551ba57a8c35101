"""By which number travellers are reached: that of the trip, as long as they are on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from services import jobs, outbox
from services.models.cases import Case
from services.models.people import Person
from services.outbox import Letter
from services.registers.phones import TRIP_PHONE, phones_of
from tests.services.travel.journeys import NOW, Journeys

OWN, TRIP = "+41795550111", "+15550199"
DAY = timedelta(days=1)
IRIS, PAULA, OTHER = "iris.calder", "paula.reyes", "traveller.01"


@pytest.fixture
def travelling(journeys: Journeys) -> Journeys:
    """Iris has a number of her own in the register."""
    with journeys.database.transaction() as session:
        session.execute(update(Person).where(Person.code.in_((IRIS, OTHER))).values(mobile=OWN))
    return journeys


def reached(journeys: Journeys, *persons: str, days: int) -> list[str]:
    with journeys.database.reading() as session:
        found = phones_of(session, persons, NOW + days * DAY)
    return [found[person] for person in persons]


def test_who_travels_is_reached_by_the_number_of_the_trip_while_it_lasts(travelling: Journeys) -> None:
    travelling.ask(IRIS, "XA-CAP", days=8, nights=4, mobile=TRIP)

    assert [reached(travelling, IRIS, days=days) for days in (0, 8, 12, 15)] == [[OWN], [TRIP], [TRIP], [OWN]]


def test_the_number_of_a_request_is_the_requesters_alone(travelling: Journeys) -> None:
    travelling.ask(PAULA, "XA-CAP", days=8, mobile=TRIP, travellers=[{"person": PAULA}, {"person": OTHER}])

    assert reached(travelling, PAULA, OTHER, days=8) == [TRIP, OWN]


def test_who_asks_for_others_gives_the_number_of_one_who_travels_alone(travelling: Journeys) -> None:
    group = [{"person": f"traveller.{number:02}"} for number in (2, 3)]
    alone = travelling.ask(PAULA, "XA-CAP", days=8, mobile=TRIP, travellers=[{"person": OTHER}])
    many = travelling.ask(PAULA, "XA-CAP", days=40, mobile=TRIP, travellers=group)
    travelling.do(alone, OTHER, "tsc_confirm_itinerary", confirmation="ACCEPT")
    travelling.do(many, "traveller.02", "tsc_confirm_itinerary", confirmation="ACCEPT")

    assert [line.facts.get(TRIP_PHONE) for line in travelling.lines(alone)] == [TRIP]
    assert [line.facts.get(TRIP_PHONE) for line in travelling.lines(many)] == [None, None]


def test_what_is_urgent_reaches_the_phone_of_the_trip(travelling: Journeys) -> None:
    case_id = travelling.ask(IRIS, "XA-CAP", days=8, mobile=TRIP)
    letters: list[Letter] = []

    class Mailer:
        def send(self, letter: Letter) -> None:
            letters.append(letter)

    jobs.deliver(travelling.database, Mailer(), NOW)
    letters.clear()
    there = NOW + 8 * DAY
    with travelling.database.transaction() as session:
        facts = {"no": "1", "area": "XA-CAP", "phone": "-", "urgent": True}
        case = session.get_one(Case, case_id)
        outbox.enqueue(session, outbox.notice(case, "N-TSC-10", now=there, to_person=IRIS, variables=facts))
    jobs.deliver(travelling.database, Mailer(), there)

    assert [(letter.person, letter.phone) for letter in letters] == [(IRIS, TRIP)]
