"""A trip and its people, as they use the pages: fill in, send, decide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from services import cases, people
from services.database import Database
from tests.databases import NOW
from tests.services.travel.journeys import request_to

TRAVELLER = "ana.lucero"
OFFICER = "mei.okafor-lund"
OFFICIAL = "anwar.tessier"
SECOND_OFFICER = "livia.arendt"
ADVISER = "emeka.strand"
PURPOSE = "Work with the partners of the office on site"


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A stop of a trip, as it is typed."""

    area: str
    arrive_at: str
    depart_at: str


TESH = Stop(area="XC-CAP", arrive_at="2026-12-20T09:00", depart_at="2026-12-22T09:00")
HIGHLANDS = Stop(area="XB-HIG", arrive_at="2026-12-22T20:00", depart_at="2026-12-24T09:00")


def go_on(page: Page) -> None:
    """Send one part of the form."""
    page.get_by_role("button", name="Save and continue").click()


def begin_request(page: Page) -> None:
    """Begin a request for travel and answer who travels."""
    page.goto("/requests/new/travel_clearance")
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Official travel", exact=True).check()
    go_on(page)
    expect(page.get_by_role("heading", name="Where do you go, and why?")).to_be_visible()


def fill_stop(page: Page, number: int, stop: Stop) -> None:
    """Fill in one row of the list of stops."""

    def field(name: str) -> Any:
        return page.locator(f'[id="stops.{number}.{name}"]')

    choices = {
        "stop_type": "DESTINATION",
        "area": stop.area,
        "transport_mode": "AIR",
        "operator": "MERIDIAN",
        "lodging_kind": "HOTEL",
    }
    for name, value in choices.items():
        field(name).select_option(value)
    texts = {"place": stop.area, "arrive_at": stop.arrive_at, "depart_at": stop.depart_at, "flight_number": "ME214"}
    for name, value in (texts | {"contact_name": "Duty officer", "contact_phone": "+15550100"}).items():
        field(name).fill(value)


def add_row(page: Page, name: str, row: int) -> None:
    """Press the button that adds a row, which works without scripts."""
    page.locator(f'button[name="_add"][value="{name}"]').click()
    expect(page.locator(f'[id="{name}.{row}"]')).to_be_attached()


def fill_contacts(page: Page) -> None:
    """Fill in where to reach the traveller."""
    answers = {
        "Your mobile phone": "+41795550100",
        "A second e-mail": "traveller@example.org",
        "Whom shall we call": "Alex Doe",
        "Phone of this person": "+41225550100",
    }
    for label, text in answers.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Who is this person").select_option("SIBLING")


def fill_declaration(page: Page, stops: list[Stop]) -> None:
    """Fill in what the traveller has read, and that everything is true."""
    for area in {stop.area for stop in stops}:
        page.locator(f'input[name="advisory_ack"][value="{area} 1"]').check()
    page.get_by_label("What I wrote is true").check()


def fill_rest(page: Page, stops: list[Stop]) -> None:
    """Fill in where to reach the traveller and what they declare, part by part."""
    fill_contacts(page)
    go_on(page)
    fill_declaration(page, stops)
    go_on(page)
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()


def send_request(page: Page, stops: list[Stop]) -> str:
    """Make a request from the first page to the last and give its number."""
    begin_request(page)
    page.get_by_label("What is the purpose?").select_option("MISSION")
    page.get_by_label("What will you do there?").fill(PURPOSE)
    for number, stop in enumerate(stops):
        if number:
            add_row(page, "stops", number)
        fill_stop(page, number, stop)
    go_on(page)
    fill_rest(page, stops)
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    return page.locator(".confirmation bdi").inner_text()


def place_request(database: Database, stops: list[Stop]) -> str:
    """Send the request of `send_request` past the pages, for tests that begin where it has been sent; its number."""
    filled = request_to(stops[0].area)
    rows = [
        filled["stops"][0]
        | {"area": stop.area, "place": stop.area, "arrive_at": f"{stop.arrive_at}Z", "depart_at": f"{stop.depart_at}Z"}
        for stop in stops
    ]
    answers = filled | {"stops": rows, "advisory_ack": [f"{area} 1" for area in {stop.area for stop in stops}]}
    with database.transaction() as session:
        actor = people.actor_named(session, TRAVELLER)
        case = cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW)
        return str(case.number)


def open_task(page: Page, number: str) -> None:
    """Open the task of a case from the inbox."""
    page.goto("/inbox?view=team")
    page.locator(".inbox-list").get_by_role("link", name=re.compile(number)).first.click()
    expect(page.locator(".inbox-pane").get_by_text(number).first).to_be_visible()


def answer_task(page: Page, number: str, choice: str, reasons: str | None = None) -> None:
    """Answer the task of a case: choose, say why, send."""
    open_task(page, number)
    pane = page.locator(".inbox-pane")
    pane.get_by_label(choice, exact=True).check()
    if reasons:
        pane.locator("textarea").first.fill(reasons)
    pane.locator(".form-buttons .btn-primary").click()
    expect(page.get_by_text(f"{number}: sent.")).to_be_visible()
