"""A trip from the first page to the certificate, in real browsers of the people who take part."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services.demo import PASSWORD
from tests.e2e.travel import (
    ADVISER,
    HIGHLANDS,
    OFFICER,
    OFFICIAL,
    SECOND_OFFICER,
    TESH,
    TRAVELLER,
    add_row,
    answer_task,
    begin_request,
    fill_rest,
    fill_stop,
    go_on,
    open_task,
    place_request,
    send_request,
)


@pytest.fixture
def traveller(sign_in):
    return sign_in(TRAVELLER)


def test_two_stops_are_decided_by_two_people_and_the_traveller_holds_the_certificate(traveller, sign_in):
    number = send_request(traveller, [TESH, HIGHLANDS])

    answer_task(sign_in(OFFICER), number, "Grant")
    answer_task(sign_in(SECOND_OFFICER), number, "Recommend")
    answer_task(sign_in(ADVISER), number, "Grant")

    traveller.goto(f"/cases/{number}")
    expect(traveller.locator(".page-head .status")).to_contain_text("Cleared")
    traveller.get_by_role("link", name=f"{number}-V1").click()
    sheet = traveller.locator(".certificate")
    expect(sheet).to_contain_text("Tesh, Cordavia")
    expect(sheet).to_contain_text("Belmora Highlands")
    expect(sheet.get_by_role("img")).to_have_js_property("complete", value=True)
    code = sheet.get_by_text("Check: ").inner_text().removeprefix("Check: ")
    traveller.goto(f"/verify/{number}-V1/{code}")
    expect(traveller.get_by_role("heading", name="Valid")).to_be_visible()


def test_a_denied_traveller_learns_why_and_chooses_what_to_do(traveller, sign_in, site):
    number = place_request(site.database, [TESH])
    officer = sign_in(OFFICER)

    open_task(officer, number)
    pane = officer.locator(".inbox-pane")
    pane.get_by_label("Deny", exact=True).check()
    pane.get_by_label("What is it about?").select_option("RISK")
    pane.get_by_label("Your reasons").fill("The road was attacked twice this week.")
    pane.get_by_role("button", name="Send decision").click()
    expect(officer.get_by_text(f"{number}: sent.")).to_be_visible()

    traveller.goto("/")
    waiting = traveller.get_by_role("region", name="Waiting for you")
    expect(waiting).to_contain_text(number)
    traveller.goto(f"/cases/{number}")
    expect(traveller.get_by_text("The road was attacked twice this week.").first).to_be_visible()
    expect(traveller.get_by_role("link", name=f"{number}-V1")).to_have_count(0)


def test_an_official_revokes_a_clearance_and_the_traveller_is_told_and_chooses(traveller, sign_in, site):
    number = place_request(site.database, [TESH])
    officer, official = sign_in(OFFICER), sign_in(OFFICIAL)
    answer_task(officer, number, "Grant")
    officer.goto(f"/cases/{number}")
    expect(officer.get_by_role("link", name="Revoke a clearance")).to_have_count(0)

    site.clock.advance(minutes=11)  # so that the password is asked
    official.goto(f"/cases/{number}")
    official.get_by_role("link", name="Revoke a clearance").click()
    revoke = official.get_by_role("button", name="Revoke the clearance")
    revoke.click()
    expect(official.get_by_role("heading", name="There is a problem")).to_be_visible()
    official.get_by_label("Whose clearance do you revoke?").select_option(label="1. Tesh, Cordavia: Ana Lucero")
    official.get_by_label("Why is the clearance revoked?").select_option("INCIDENT")
    official.get_by_label("What happened?").fill("The hotel of the delegation was attacked this morning.")
    official.get_by_label("What shall the travellers do now?").fill("Stay at home and wait for our call.")
    official.get_by_label("The number that the traveller shall call").fill("+15550199")
    official.get_by_label("Your password").fill("not this one")
    revoke.click()
    expect(official.get_by_label("What happened?")).to_have_value("The hotel of the delegation was attacked this morning.")
    official.get_by_label("Your password").fill(PASSWORD)
    revoke.click()

    expect(official.get_by_text("The clearance was revoked, and the travellers were told.")).to_be_visible()
    expect(official.get_by_role("link", name="Revoke a clearance")).to_have_count(0)
    traveller.goto(f"/cases/{number}")
    expect(traveller.get_by_text("Incident: The hotel of the delegation was attacked this morning.")).to_be_visible()
    expect(traveller.get_by_role("link", name="Choose what to do after the denial")).to_be_visible()
    traveller.get_by_role("link", name=f"{number}-V1").click()
    expect(traveller.locator(".certificate")).to_contain_text("Suspended")
    assert official.request.get(f"/cases/{number}/revoke").status == 409
    assert traveller.request.get(f"/cases/{number}/revoke").status == 409
    assert officer.request.get(f"/cases/{number}/revoke").status == 404


def test_a_withdrawn_request_leaves_the_inbox(traveller, sign_in, site):
    number = place_request(site.database, [TESH])
    officer = sign_in(OFFICER)
    officer.goto("/inbox?view=team")
    expect(officer.locator(".inbox-list")).to_contain_text(number)

    traveller.goto(f"/cases/{number}")
    traveller.get_by_role("link", name="Withdraw").click()
    traveller.get_by_label("Why do you withdraw").fill("The meeting was cancelled.")
    traveller.get_by_role("button", name="Withdraw the request").click()

    expect(traveller.get_by_text("The request was withdrawn.")).to_be_visible()
    expect(traveller.locator(".page-head .status")).to_contain_text("Withdrawn")
    officer.goto("/inbox?view=team")
    expect(officer.locator("main")).not_to_contain_text(number)


def test_the_diagram_opens_at_the_present_step(traveller, site):
    number = place_request(site.database, [TESH])

    traveller.goto(f"/cases/{number}/diagram")

    step = traveller.locator(".bpmn-userTask.mark-active").first
    frame = traveller.locator(".diagram-frame").filter(has=step)
    place, view = step.bounding_box(), frame.bounding_box()
    assert view["x"] <= place["x"] <= view["x"] + view["width"]
    assert view["y"] <= place["y"] <= view["y"] + view["height"]


def test_the_second_decider_keeps_the_text(sign_in, complaints, site):
    number = place_request(site.database, [TESH])
    slow, quick = sign_in(OFFICER), sign_in(OFFICER)
    open_task(slow, number)
    slow.locator(".inbox-pane").get_by_label("Wait until a place is free").check()
    slow.locator(".inbox-pane textarea").first.fill("Let us wait until Thursday.")

    answer_task(quick, number, "Grant")
    slow.locator(".inbox-pane .form-buttons .btn-primary").click()

    expect(slow.get_by_role("heading", name="Somebody was quicker")).to_be_visible()
    expect(slow.get_by_text("Mei Okafor-Lund")).not_to_have_count(0)
    expect(slow.get_by_label("Your text, to copy")).to_have_value(re.compile("Let us wait until Thursday."))
    slow.get_by_role("button", name="Copy").click()
    # The script that saves while somebody types may have learnt it first.
    complaints[:] = [each for each in complaints if not each.endswith("/autosave")]


def test_a_request_can_be_made_without_scripts(sign_in):
    page = sign_in(TRAVELLER, java_script_enabled=False)
    begin_request(page)
    page.get_by_label("What is the purpose?").select_option("MISSION")
    page.get_by_label("What will you do there?").fill("A meeting with the partners on site")
    fill_stop(page, 0, TESH)
    add_row(page, "stops", 1)
    expect(page.locator('[id="stops.0.place"]')).to_have_value("XC-CAP")
    page.locator('button[name="_remove"][value="stops.1"]').click()
    expect(page.locator('[id="stops.1"]')).to_have_count(0)
    go_on(page)

    fill_rest(page, [TESH])
    page.get_by_role("button", name="Send request").click()

    expect(page.get_by_role("heading", name="Sent")).to_be_visible()


def test_what_is_typed_is_saved_while_typing_and_survives_a_closed_window(traveller):
    begin_request(traveller)
    address = traveller.url

    traveller.get_by_label("What will you do there?").fill("Half a thought")
    expect(traveller.locator("[data-autosave-line]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    traveller.close()

    again = traveller.context.new_page()
    again.goto(address)
    expect(again.get_by_label("What will you do there?")).to_have_value("Half a thought")


def test_questions_come_and_go_with_an_answer(sign_in, site):
    number = place_request(site.database, [TESH])
    officer = sign_in(OFFICER)
    open_task(officer, number)
    pane = officer.locator(".inbox-pane")

    pane.get_by_label("Grant with conditions").check()
    expect(pane.get_by_role("group", name="Conditions")).to_be_visible()
    pane.get_by_label("Grant", exact=True).check()

    expect(pane.get_by_role("group", name="Conditions")).to_have_count(0)
