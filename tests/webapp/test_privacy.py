"""An itinerary is a secret: who decides on one stop reads nothing of the others."""

from __future__ import annotations

import pytest

from services import cases
from services.models.cases import Task
from tests.databases import NOW

TRAVELLER = "ana.lucero"
OFFICER = "mei.okafor-lund"
OTHER_STOP = ("XB-HIG", "Belmora", "Highlands", "22 Dec 2026 19:00")


def stop(area, arrive_at, depart_at):
    facts = {"stop_type": "DESTINATION", "transport_mode": "AIR", "operator": "MERIDIAN", "flight_number": "ME214"}
    reach = {"lodging_kind": "HOTEL", "contact_name": "Duty officer", "contact_phone": "+15550100"}
    return {"area": area, "place": area, "arrive_at": arrive_at, "depart_at": depart_at, **facts, **reach}


@pytest.fixture
def number(leave):
    """A trip with two stops that wait for two people."""
    answers = {
        "travel_kind": "OFFICIAL",
        "purpose_code": "MISSION",
        "purpose_text": "Work with the partners of the office on site",
        "stops": [
            stop("XC-CAP", "2026-12-20T09:00:00Z", "2026-12-22T09:00:00Z"),
            stop("XB-HIG", "2026-12-22T20:00:00Z", "2026-12-24T09:00:00Z"),
        ],
        "mobile": "+41795550100",
        "second_email": "traveller@example.org",
        "emergency_name": "Alex Doe",
        "emergency_relation": "SIBLING",
        "emergency_phone": "+41225550100",
        "advisory_ack": ["XC-CAP 1", "XB-HIG 1"],
        "declaration": True,
    }
    actor = leave.actor(TRAVELLER)
    with leave.database.transaction() as session:
        return cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW).number


def test_no_page_of_a_decider_names_another_stop(leave, enter, number):
    officer = enter(OFFICER)
    with leave.database.reading() as session:
        task_id = session.query(Task.id).filter(Task.area == "XC-CAP").scalar()

    addresses = ["/", "/inbox", f"/tasks/{task_id}", f"/cases/{number}", "/cases", f"/search?q={number}", "/search?q=ana"]
    pages = {address: officer.client.get(address, follow_redirects=True).text for address in addresses}

    assert all("Tesh" in pages[address] or "XC-CAP" in pages[address] for address in ("/inbox", f"/cases/{number}"))
    assert {address: text for address, page in pages.items() for text in OTHER_STOP if text in page} == {}


def test_the_subject_of_a_foreign_trip_cannot_be_searched(enter, number):
    assert number not in enter(OFFICER).get("/search?q=Highlands").text
    assert number in enter(TRAVELLER).get("/search?q=Highlands").text
