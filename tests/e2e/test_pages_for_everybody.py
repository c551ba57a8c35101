"""Every page of a request and its decision, for assistive technology and on a telephone."""

from __future__ import annotations

from tests.e2e.flaws import flaws
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
