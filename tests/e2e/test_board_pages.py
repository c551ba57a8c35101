"""Boards of areas, and what a decider sees of a stay, for assistive technology and on a telephone."""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.e2e.flaws import flaws
from tests.e2e.travel import (
    HIGHLANDS,
    OFFICER,
    SECOND_OFFICER,
    TESH,
    TRAVELLER,
    answer_task,
    open_task,
    place_request,
)

WARDEN, AUDITOR = "fatou.lindgren", "amina.sorel"
ADDRESSES = ("/areas", "/areas/XA-NOR/board", "/areas/XA-NOR/board?day=yesterday", "/areas/XA-NOR/board/here")


def test_the_boards_of_areas_are_for_everybody(sign_in, site):
    place_request(site.database, [TESH, HIGHLANDS])
    found = []
    for person, below in ((WARDEN, ADDRESSES), (AUDITOR, ("/areas", "/areas/XC-CAP/board"))):
        page = sign_in(person)
        for address in below:
            page.goto(address)
            found += flaws(page)

    assert found == []


def test_what_is_known_of_a_stay_is_for_everybody(sign_in, site):
    number = place_request(site.database, [TESH, HIGHLANDS])
    found = []
    for person in (OFFICER, SECOND_OFFICER):
        page = sign_in(person)
        open_task(page, number)
        found += flaws(page)

    assert found == []
    expect(page.locator("main")).to_contain_text("Earlier in this area")


def test_an_alarm_stands_on_the_board_until_the_person_says_to_be_safe(sign_in, site):
    number = place_request(site.database, [TESH])
    officer, traveller = sign_in(OFFICER), sign_in(TRAVELLER)
    answer_task(officer, number, "Grant")
    site.clock.now = datetime.fromisoformat(f"{TESH.arrive_at}Z") - timedelta(hours=1)

    traveller.goto("/")
    traveller.get_by_role("button", name="I have arrived in").click()
    expect(traveller.get_by_text("Your check-in was recorded.")).to_be_visible()
    alarms = officer.get_by_role("region", name="Missing, asking for help or not heard of", exact=True)
    officer.goto("/areas/XC-CAP/board")
    expect(alarms).to_contain_text("nobody asks for help")
    expect(officer.get_by_role("region", name="Here now", exact=True)).to_contain_text("Ana Lucero")

    check_in(traveller, site, number, "I need help", place="Harbour road 4")
    officer.reload()
    expect(alarms.get_by_role("row", name="Ana Lucero")).to_contain_text("Harbour road 4")
    expect(officer.locator(".board-head--alarm")).to_have_text(["1 ⚑ Asking for help"])
    officer.goto("/areas")
    expect(officer.get_by_role("row", name="Tesh, Cordavia").locator("strong")).to_contain_text("1")

    check_in(traveller, site, number, "Yes")
    officer.goto("/areas/XC-CAP/board")
    expect(alarms).to_contain_text("nobody asks for help")
    expect(officer.locator(".board-head--alarm")).to_have_count(0)


def check_in(page, site, number, safe, *, place=""):
    """Say more than one press does, some minutes later; nobody but those who travel is there to choose."""
    site.clock.advance(minutes=5)
    page.goto(f"/cases/{number}/check-in")
    page.get_by_label("I have arrived").check()
    expect(page.get_by_label("Who?").get_by_role("option")).to_have_text(["Choose", "Ana Lucero (UNAH)"])
    page.get_by_label("Where are you?").fill(place)
    page.get_by_label(safe, exact=True).check()
    page.get_by_role("button", name="Send check-in").click()
    expect(page.get_by_text("Your check-in was recorded.")).to_be_visible()
