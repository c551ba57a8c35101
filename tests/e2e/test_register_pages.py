"""Registers for assistive technology, on a telephone and by the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.flaws import flaws

OFFICER, OFFICIAL = "yusra.ben-halim", "ingrid.sollerman"
ADDRESSES = (
    "/registers",
    "/registers/clearances?area=XA&search=a",
    "/registers/areas/XA-NOR",
    "/registers/lodgings/XA-NOR-01",
    "/registers/lodgings/XA-NOR-01/edit",
    "/registers/lodgings/new",
    "/registers/lodgings/import",
)


def test_the_pages_of_registers_are_for_everybody(sign_in):
    page = sign_in(OFFICER)
    found = []
    for address in ADDRESSES:
        page.goto(address)
        found += flaws(page)

    assert found == []


def test_an_official_changes_an_entry_by_the_keyboard(sign_in):
    page = sign_in(OFFICIAL)
    page.goto("/registers/duty-stations?search=marrow")
    page.get_by_role("link", name="XA-CAP").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Change this entry").press("Enter")
    page.get_by_label("Phase").select_option("CRISIS")
    page.get_by_role("button", name="Save the change").press("Enter")

    expect(page.locator(".error-summary")).to_contain_text("There is a problem")
    expect(page.get_by_label("Phase")).to_have_value("CRISIS")
    page.get_by_label("Why do you change this?").fill("Fighting has reached the town")
    page.get_by_role("button", name="Save the change").press("Enter")
    expect(page.get_by_text("The change is saved.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Fighting has reached the town")
