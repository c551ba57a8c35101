"""Ask, answer, decide: in a browser, from the decider to the requester and back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.flaws import flaws
from tests.e2e.travel import OFFICER, TESH, TRAVELLER, open_task, place_request


def test_the_requester_answers_and_the_decider_goes_on_with_more_time(sign_in, site):
    traveller, officer = sign_in(TRAVELLER), sign_in(OFFICER)
    number = place_request(site.database, [TESH])
    open_task(officer, number)
    pane = officer.locator(".inbox-pane")
    due = pane.locator(".task-head .deadline").inner_text()

    pane.get_by_text("Ask the requester").click()
    pane.get_by_label("Your question", exact=True).fill("Who meets you at the airport?")
    pane.get_by_role("button", name="Send question").click()
    expect(officer.get_by_text("The clock of this task has stood still since")).to_be_visible()
    assert flaws(officer) == []
    site.clock.advance(hours=6)

    traveller.goto("/")
    expect(traveller.get_by_text("Question to you")).to_be_visible()
    traveller.get_by_role("link", name=re.compile(f"^Answer.*{number}")).click()
    expect(traveller.get_by_label("Your answer")).to_be_visible()
    assert flaws(traveller) == []
    traveller.get_by_label("Your answer").fill("The driver of the office.")
    traveller.get_by_role("button", name="Send answer").click()
    expect(traveller.get_by_role("heading", name="Questions and answers")).to_be_visible()

    officer.reload()
    expect(officer.get_by_text("The driver of the office.")).to_be_visible()
    assert officer.locator(".task-head .deadline").inner_text() != due, "the six hours are given back"
    officer.get_by_label("Grant", exact=True).check()
    officer.get_by_role("button", name="Send decision").click()
    expect(officer.get_by_text(f"{number}: sent.")).to_be_visible()
