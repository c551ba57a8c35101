"""A trip in Arabic, from the sign-in page to the certificate; and one of which no script knows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from services import demo
from tests.e2e.languages import speak
from tests.e2e.travel import OFFICER, PURPOSE, TESH, TRAVELLER, fill_stop, send_request

MAIN_BUTTON = "main form button.btn-primary"
ANSWERS = {
    "mobile": "+41795550100",
    "second_email": "traveller@example.org",
    "emergency_name": "Alex Doe",
    "emergency_phone": "+41225550100",
}


@pytest.fixture
def enter_in_arabic(new_context):
    """Give a function that signs somebody in who chooses Arabic on the very first page."""

    def enter(person):
        page = new_context(locale="ar").new_page()
        page.goto("/sign-in")
        speak(page, "ar")
        expect(page.get_by_role("heading", name="تسجيل الدخول")).to_be_visible()
        page.locator("#login").fill(f"{person}@demo.example")
        page.locator("#password").fill(demo.PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(lambda address: not address.endswith("/sign-in"))
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        return page

    return enter


def field(page, name):
    return page.locator(f'[id="{name}"]')


def go_on(page):
    with page.expect_navigation():
        page.locator(MAIN_BUTTON).click()


def send_in_arabic(page):
    """Make the request that `send_request` makes, without a word of English."""
    page.goto("/requests/new/travel_clearance")
    expect(page.get_by_role("heading", level=1)).to_have_text("التصريح الأمني للسفر")
    go_on(page)
    page.locator('input[name="travel_kind"][value="OFFICIAL"]').check()
    go_on(page)
    field(page, "purpose_code").select_option("MISSION")
    field(page, "purpose_text").fill("عمل مع الشركاء في الموقع")
    fill_stop(page, 0, TESH)
    go_on(page)
    for name, text in ANSWERS.items():
        field(page, name).fill(text)
    field(page, "emergency_relation").select_option(label="أخ أو أخت")
    go_on(page)
    page.locator(f'input[name="advisory_ack"][value="{TESH.area} 1"]').check()
    field(page, "declaration").check()
    go_on(page)
    expect(page.locator("main")).to_contain_text("عمل مع الشركاء في الموقع")
    assert page.locator("bdi[dir=ltr]").all_inner_texts().count(ANSWERS["mobile"]) == 1
    go_on(page)
    return page.locator(".confirmation bdi").inner_text()


def test_a_trip_is_asked_for_decided_and_certified_in_arabic(enter_in_arabic):
    traveller, officer = enter_in_arabic(TRAVELLER), enter_in_arabic(OFFICER)
    number = send_in_arabic(traveller)

    officer.goto("/inbox?view=team")
    officer.locator(".inbox-list a", has_text=number).first.click()
    pane = officer.locator(".inbox-pane")
    expect(pane).to_contain_text(number)
    pane.locator('input[type="radio"][value="GRANT"]').check()
    with officer.expect_navigation():
        pane.locator(".form-buttons .btn-primary").click()
    expect(officer.locator(".notice-success").first).to_contain_text(f"{number}: أُرسل.")

    traveller.goto(f"/cases/{number}")
    expect(traveller.locator(".page-head .status")).to_contain_text("صدر التصريح")
    traveller.get_by_role("link", name=f"{number}-V1").click()
    expect(traveller.locator("html")).to_have_attribute("dir", "rtl")
    expect(traveller.locator(".certificate")).to_contain_text("شهادة التصريح الأمني")
    expect(traveller.locator(".certificate")).to_contain_text("صالح")
    assert traveller.request.get(f"/certificates/{number}-V1.pdf").body().startswith(b"%PDF-")


def test_a_trip_goes_its_way_without_any_script(sign_in):
    traveller, officer = (sign_in(person, java_script_enabled=False) for person in (TRAVELLER, OFFICER))
    number = send_request(traveller, [TESH])

    officer.goto("/inbox?view=team")
    officer.locator(".inbox-list a", has_text=number).first.click()
    with officer.expect_navigation():
        officer.locator(".claim-bar button").click()
    officer.goto("/inbox?view=mine")
    officer.locator(".inbox-list a", has_text=number).first.click()
    officer.locator(".inbox-pane").get_by_label("Grant", exact=True).check()
    with officer.expect_navigation():
        officer.locator(".inbox-pane .form-buttons .btn-primary").click()
    expect(officer.get_by_text(f"{number}: sent.")).to_be_visible()

    traveller.goto(f"/cases/{number}")
    traveller.get_by_role("link", name=f"{number}-V1").click()
    expect(traveller.locator(".certificate")).to_contain_text("Tesh, Cordavia")
    traveller.goto(f"/cases/{number}")
    expect(traveller.locator("main")).to_contain_text(PURPOSE)
