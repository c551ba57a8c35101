"""Every page of a request and its decision, for assistive technology and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from services import process_drafts
from services.people import Actor
from tests.e2e.flaws import flaws
from tests.e2e.studio import LONG_MS, OWNER, begin_draft, drawn_by_hand, list_pages, open_editor
from tests.e2e.travel import (
    ADVISER,
    HIGHLANDS,
    OFFICER,
    SECOND_OFFICER,
    TESH,
    TRAVELLER,
    answer_task,
    begin_request,
    go_on,
    open_task,
    place_request,
)


def test_the_pages_of_a_request_are_for_everybody(sign_in):
    page = sign_in(TRAVELLER)
    found = []
    begin_request(page)
    go_on(page)
    found += flaws(page)
    draft = draft_of(page)
    page.get_by_text("Paste your itinerary").click()
    page.get_by_label("The text of your airline").fill("LX 288 Geneva - Nairobi 03/04/2027 09:20 19:30\n31 Feb 2027")
    found += flaws(page)
    page.get_by_role("button", name="Read the itinerary").click()
    expect(page.get_by_role("heading", name="Your itinerary, as it was understood")).to_be_visible()
    found += flaws(page)
    for below in ("", "/1", "/3", "/4", "/check", "/delete"):
        page.goto(draft + below)
        found += flaws(page)

    assert found == []


def draft_of(page):
    """The address of the draft that a page belongs to."""
    start, _, rest = page.url.partition("/requests/")
    return f"{start}/requests/{rest.split('/')[0]}"


def test_the_pages_of_a_decision_are_for_everybody(sign_in, site):
    traveller = sign_in(TRAVELLER)
    number = place_request(site.database, [TESH, HIGHLANDS])
    found = []
    for below in ("", "/diagram", "/withdraw", "/change"):
        traveller.goto(f"/cases/{number}{below}")
        found += flaws(traveller)

    officer = sign_in(OFFICER)
    for address in ("/inbox?view=mine", "/inbox?view=done"):
        officer.goto(address)
        found += flaws(officer)
    open_task(officer, number)
    found += flaws(officer)
    officer.locator(".inbox-pane .form-buttons .btn-primary").click()
    expect(officer.locator(".error-summary")).to_be_visible()
    found += flaws(officer)

    answer_task(officer, number, "Grant")
    answer_task(sign_in(SECOND_OFFICER), number, "Recommend")
    answer_task(sign_in(ADVISER), number, "Grant")
    for address in (f"/cases/{number}", f"/certificates/{number}-V1", "/", "/forgotten", "/verify/no-such-number/and-code"):
        traveller.goto(address)
        found += flaws(traveller)

    assert found == []


def test_what_opens_above_the_inbox_is_for_everybody(sign_in):
    page = sign_in(OFFICER)
    page.goto("/inbox?view=team")
    found = []
    for keys in ("?", "Control+k"):
        page.keyboard.press(keys)
        expect(page.locator("dialog[open]")).to_be_visible()
        found += flaws(page)
        page.keyboard.press("Escape")
    page.locator("input[name=task]").first.check()
    page.get_by_role("button", name="Hand over to…").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hand over")
    found += flaws(page)

    assert found == []


def test_the_pages_of_the_studio_are_for_everybody(sign_in, changed_draft):
    page = sign_in(OWNER)
    found = []
    for address in list_pages(changed_draft):
        page.goto(address)
        found += flaws(page)
    page.goto(f"/studio/drafts/{begin_draft(page, 'delegation')}/try")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_label("An absence", exact=True)).to_be_visible()
    found += flaws(page)

    assert found == []


def test_the_editors_of_the_studio_are_for_everybody(sign_in, changed_draft):
    page = sign_in(OWNER)
    found = []
    for name in ("doa_main.bpmn", "forms/F-DOA-01.form", "D9.1_what_may_be_given_to_whom.dmn"):
        open_editor(page, changed_draft, name)
        expect(page.locator("[data-problems-list] li").first).to_be_attached(timeout=LONG_MS)
        found += flaws(page)

    assert found == []


@pytest.fixture
def changed_draft(site):
    """Begin a draft of the delegation that asks something else and has a diagram in which a case waits for ever."""
    with site.database.transaction() as session:
        who = {"actor": Actor(person=OWNER, account=OWNER, name="Pavel Eriksen"), "now": site.clock()}
        draft = process_drafts.open_draft(session, "delegation", **who)
        process_drafts.save_file(session, draft.id, "by_hand.bpmn", drawn_by_hand().encode(), revision=None, **who)
        form = process_drafts.read_file(session, draft, "forms/F-DOA-01.form")
        content = form.content.replace(b'"minLength": 10', b'"minLength": 12')
        process_drafts.save_file(session, draft.id, form.name, content, revision=form.revision, **who)
        return draft.id
