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
    send_request,
)

AUDITOR = "amina.sorel"


def test_the_pages_of_a_request_are_for_everybody(sign_in):
    page = sign_in(TRAVELLER)
    found = []
    for address in ("/", "/requests/new", "/requests/new/travel_clearance", "/cases", "/search?q=tesh", "/search"):
        page.goto(address)
        found += flaws(page)

    begin_request(page)
    go_on(page)
    found += flaws(page)
    draft = draft_of(page)
    for below in ("", "/1", "/3", "/check", "/delete"):
        page.goto(draft + below)
        found += flaws(page)

    assert found == []


def draft_of(page):
    """The address of the draft that a page belongs to."""
    start, _, rest = page.url.partition("/requests/")
    return f"{start}/requests/{rest.split('/')[0]}"


def test_the_pages_of_a_decision_are_for_everybody(sign_in):
    traveller = sign_in(TRAVELLER)
    number = send_request(traveller, [TESH, HIGHLANDS])
    found = flaws(traveller)
    for below in ("", "/diagram", "/withdraw", "/change"):
        traveller.goto(f"/cases/{number}{below}")
        found += flaws(traveller)

    officer = sign_in(OFFICER)
    for address in ("/", "/inbox", "/inbox?view=mine", "/inbox?view=done"):
        officer.goto(address)
        found += flaws(officer)
    open_task(officer, number)
    found += flaws(officer)
    officer.locator(".inbox-pane .form-buttons .btn-primary").click()
    found += flaws(officer)

    answer_task(officer, number, "Grant")
    answer_task(sign_in(SECOND_OFFICER), number, "Recommend")
    answer_task(sign_in(ADVISER), number, "Grant")
    for address in (f"/cases/{number}", f"/certificates/{number}-V1", "/", "/verify/no-such-number/and-code"):
        traveller.goto(address)
        found += flaws(traveller)

    assert found == []


def test_the_pages_of_those_who_oversee_are_for_everybody(sign_in):
    page = sign_in(AUDITOR)
    found = []
    for address in ("/indicators", "/indicators/K4", "/oversight"):
        page.goto(address)
        found += flaws(page)

    page = sign_in(ADVISER)
    page.goto("/inbox?view=team")
    page.get_by_role("link", name="Who may decide this").first.click()
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
