"""Filling in a form in a real browser, with and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def begin(page):
    """Open the first part of a new travel request."""
    page.goto("/requests/new/travel_clearance")
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"/requests/\w{32}/1$"))
    return page


def part(page, number):
    page.goto(re.sub(r"/\d+$", f"/{number}", page.url))
    return page


def rows(page):
    return page.locator(".repeated")


def test_a_question_comes_and_goes_with_the_answer_before_it(sign_in):
    page = begin(sign_in("lina.marchetti"))
    entitlement = page.get_by_label(re.compile("entitlement", re.IGNORECASE)).and_(page.locator("select"))
    expect(entitlement).to_have_count(0)

    page.get_by_label("Entitlement travel").check()
    expect(entitlement).to_be_visible()

    page.get_by_label("Private travel").check()
    expect(entitlement).to_have_count(0)
    expect(page.get_by_label("Private travel")).to_be_checked()


def test_what_is_typed_is_saved_and_comes_back(sign_in):
    page = part(begin(sign_in("lina.marchetti")), 2)

    page.get_by_label("What will you do there?").fill("A workshop on seeds.")
    expect(page.locator("[data-autosave-line]")).to_have_text(re.compile(r"^Saved \d\d:\d\d"))
    page.reload()

    expect(page.get_by_label("What will you do there?")).to_have_value("A workshop on seeds.")


def test_rows_come_and_go_without_scripts_and_keep_what_was_typed(sign_in):
    page = part(begin(sign_in("lina.marchetti", java_script_enabled=False)), 2)

    page.get_by_label("Which place there?").fill("Halden")
    page.get_by_role("button", name="Add another").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Which place there?").nth(1).fill("Marrow Bay")

    page.get_by_role("button", name="Remove").first.click()
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_label("Which place there?")).to_have_value("Marrow Bay")


def test_enter_sends_the_part_and_removes_nothing(sign_in):
    page = part(begin(sign_in("lina.marchetti")), 2)
    page.get_by_role("button", name="Add another").click()
    expect(rows(page)).to_have_count(2)

    page.get_by_label("Which place there?").nth(1).press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    expect(rows(page)).to_have_count(2)


def test_the_summary_leads_to_the_field(sign_in):
    page = part(begin(sign_in("lina.marchetti")), 2)
    page.get_by_role("button", name="Save and continue").click()

    expect(page).to_have_title(re.compile("^Error: "))
    link = page.get_by_role("alert").get_by_role("link").first
    field = link.get_attribute("href").removeprefix("#")
    link.click()

    expect(page.locator(f'[id="{field}"]')).to_be_focused()
