"""Filling in a form in a real browser, with and without scripts."""

from __future__ import annotations

import os
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


def test_without_a_connection_nothing_typed_is_lost_and_the_button_sends_it_later(sign_in):
    page = part(begin(sign_in("lina.marchetti")), 2)
    line, purpose = page.locator("[data-autosave-line]"), page.get_by_label("What will you do there?")

    page.route("**/autosave", lambda route: route.abort("internetdisconnected"))
    purpose.fill("A workshop on seeds.")
    expect(line).to_contain_text("No connection. Your answers are kept on this device")
    page.get_by_role("button", name="Save and come back later").click()
    expect(purpose).to_have_value("A workshop on seeds.")
    page.reload()

    expect(purpose).to_have_value("A workshop on seeds.")
    page.unroute("**/autosave")
    page.get_by_role("button", name="Save and come back later").click()
    page.wait_for_url(re.compile(r"/requests/\w{32}$"))


def test_a_button_pressed_while_questions_come_anew_is_not_lost(sign_in):
    page = part(begin(sign_in("lina.marchetti")), 2)

    for name, value in {"stop_type": "DESTINATION", "area": "XA-NOR", "transport_mode": "ROAD"}.items():
        page.locator(f'[id="stops.0.{name}"]').select_option(value)
    page.locator('button[name="_add"][value="stops"]').click()

    expect(rows(page)).to_have_count(2)


def test_stops_that_do_not_follow_one_another_are_said_beside_the_field_and_in_the_summary(sign_in):
    page = part(begin(sign_in("lina.marchetti", java_script_enabled=False)), 2)
    page.get_by_role("button", name="Add another").click()
    moments = (("Halden", "2026-12-20T09:00", "2026-12-22T09:00"), ("Tesh", "2026-12-21T09:00", "2026-12-28T09:00"))
    for number, (place, arrive_at, depart_at) in enumerate(moments):
        for name, value in {"place": place, "arrive_at": arrive_at, "depart_at": depart_at}.items():
            page.locator(f'[id="stops.{number}.{name}"]').fill(value)
        page.locator(f'[id="stops.{number}.area"]').select_option("XA-NOR")
    page.get_by_role("button", name="Save and continue").click()

    said = re.compile(
        r"The arrival at stop 2 \(Tesh\) must be the same as or after .*22 Dec 2026 09:00 UTC\+\d, when you leave stop 1"
    )
    expect(page.locator(".error-summary")).to_contain_text(said)
    expect(page.locator('[id="stops.1.arrive_at-error"]')).to_contain_text(said)
    page.locator('[id="stops.1.arrive_at"]').fill("2026-12-25T09:00")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator('[id="stops.1.arrive_at-advice"]')).to_contain_text(
        "More than 48 hours lie between leaving stop 1 (Halden)"
    )


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


def test_a_file_that_is_too_large_is_refused_when_it_is_chosen_and_the_others_stay(sign_in, tmp_path):
    page = part(begin(sign_in("lina.marchetti")), 4)
    small, other, large = (tmp_path / name for name in ("ticket.pdf", "hotel.pdf", "scans.pdf"))
    small.write_bytes(b"%PDF-1.4\n")
    other.write_bytes(b"%PDF-1.4\n")
    large.touch()
    os.truncate(large, 11_000_000)
    field = page.locator("input[type='file'][multiple]").first
    alert = field.locator("xpath=following-sibling::p[1]")

    field.set_input_files([small, large])
    expect(alert).to_have_text("The file scans.pdf must be smaller than 10 MB (yours is 11 MB).")
    assert field.evaluate("field => [...field.files].map(file => file.name)") == ["ticket.pdf"]

    field.set_input_files([other])
    expect(alert).to_be_hidden()


PART = """
<p><span data-answered-in="a-part" data-words="{done} of {total} answered">0 of 4 answered</span></p>
<div id="a-part">
  <div data-must><label>Text <input id="must-text"></label></div>
  <fieldset data-must><input type="hidden" name="k" value="x">
    <label><input type="radio" name="k" id="must-radio"> O</label></fieldset>
  <div data-must><label><input type="checkbox" id="must-box" value="true"> Sure</label></div>
  <div data-must><select id="must-select"><option value=""></option><option value="P">P</option></select></div>
  <label>Remark <input id="may-text"></label>
</div>
"""


def test_how_much_of_a_part_is_answered_is_counted_while_it_is_filled_in(sign_in):
    page = begin(sign_in("lina.marchetti"))
    page.evaluate("part => document.querySelector('main').insertAdjacentHTML('afterbegin', part)", PART)
    said = page.locator("[data-answered-in='a-part']")

    page.locator("#may-text").fill("Well kept.")
    page.locator("#must-text").fill("  ")
    expect(said).to_have_text("0 of 4 answered")
    page.locator("#must-text").fill("Halden")
    expect(said).to_have_text("1 of 4 answered")
    page.locator("#must-radio").check()
    page.locator("#must-select").select_option("P")
    page.locator("#must-box").check()
    expect(said).to_have_text("4 of 4 answered")
    page.locator("#must-box").uncheck()
    expect(said).to_have_text("3 of 4 answered")
