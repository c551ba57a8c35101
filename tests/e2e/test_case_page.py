"""Following, changing and repeating a request in real browsers, on wide and on narrow screens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.flaws import flaws
from tests.e2e.travel import OFFICER, TESH, TRAVELLER, begin_request, fill_stop, open_task, place_request


@pytest.fixture
def traveller(sign_in):
    return sign_in(TRAVELLER)


def test_whoever_decides_sees_what_the_traveller_changed(traveller, sign_in, site):
    number = place_request(site.database, [TESH])
    traveller.goto(f"/cases/{number}")
    traveller.get_by_role("link", name="Change", exact=True).click()
    traveller.locator('[id="changes.0.kind"]').select_option("DATES")
    traveller.locator('[id="changes.0.stop"]').select_option(label="1. Tesh, Cordavia (XC-CAP)")
    traveller.locator('[id="changes.0.depart_at"]').fill("2026-12-23T10:00")
    traveller.get_by_role("button", name="Send change").click()
    expect(traveller.get_by_role("table", name="What changes")).to_contain_text("When do you leave?")
    traveller.get_by_role("button", name="Send change").click()
    expect(traveller.get_by_text("Changed since version 1 (1 field)")).to_be_visible()

    officer = sign_in(OFFICER)
    officer.goto(f"/cases/{number}")
    expect(officer.get_by_role("table", name="What changed in version 2")).to_contain_text("23 Dec")
    assert flaws(officer) == []
    open_task(officer, number)
    expect(officer.locator(".inbox-pane").get_by_role("list", name="Take note")).to_contain_text("sent a change that waits")
    expect(officer.locator(".inbox-pane").get_by_role("table", name="What changed in version 2")).to_contain_text("23 Dec")


def test_a_withdrawn_request_is_asked_for_again_with_new_dates(traveller, site):
    number = place_request(site.database, [TESH])
    traveller.goto(f"/cases/{number}/withdraw")
    traveller.get_by_label("Why do you withdraw the request?").fill("The meeting was moved.")
    traveller.get_by_role("button", name="Withdraw the request").click()

    traveller.get_by_role("button", name="Repeat this request").click()

    expect(traveller.get_by_text("without dates, files and confirmations")).to_be_visible()
    traveller.get_by_role("link", name=re.compile("Where do you go")).first.click()
    expect(traveller.locator('[id="stops.0.area"]')).to_have_value(TESH.area)
    expect(traveller.locator('[id="stops.0.arrive_at"]')).to_have_value("")


def test_beside_the_questions_stands_what_will_happen(traveller):
    begin_request(traveller)
    traveller.get_by_label("What is the purpose?").select_option("MISSION")
    traveller.get_by_label("What will you do there?").fill("Work with the partners of the office")

    fill_stop(traveller, 0, TESH)

    beside = traveller.get_by_role("complementary", name="What will happen")
    expect(beside).to_contain_text("Travel advisory not read yet")
    assert flaws(traveller) == []


def test_the_pages_of_a_case_are_good_on_a_telephone_and_on_a_screen(traveller, site):
    number = place_request(site.database, [TESH])

    found = []
    for address in (f"/cases/{number}", f"/cases/{number}/diagram", f"/cases/{number}/change", "/profile/calendar"):
        traveller.goto(address)
        found += flaws(traveller)

    assert found == []
