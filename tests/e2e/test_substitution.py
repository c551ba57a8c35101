"""A task that waits is decided by a substitute, and every page says in whose place."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.travel import OFFICER, TESH, TRAVELLER, place_request

SUBSTITUTE = "leda.farahani"
IN_PLACE = "Leda Farahani for Mei Okafor-Lund"


def test_a_substitute_decides_what_waited_already_and_hands_back_a_report(sign_in, site):
    traveller, officer = sign_in(TRAVELLER), sign_in(OFFICER)
    number = place_request(site.database, [TESH])

    officer.goto("/absences/new")
    officer.get_by_label("Away from").fill("2026-12-01T08:00")
    officer.get_by_label("Back on").fill("2026-12-05T18:00")
    officer.get_by_label("Who stands in").select_option(SUBSTITUTE)
    officer.get_by_label("What your substitutes should know").fill("The ceiling of the compound is nearly reached.")
    officer.get_by_role("button", name="Declare the absence").click()
    expect(officer.get_by_text("Away now")).to_be_visible()

    substitute = sign_in(SUBSTITUTE)
    substitute.goto("/notifications")
    expect(substitute.get_by_role("link", name="Notifications")).to_contain_text("1")
    substitute.get_by_role("button", name="Open it").first.click()
    expect(substitute.get_by_text("The ceiling of the compound is nearly reached.")).to_be_visible()
    substitute.goto(f"/cases/{number}")
    substitute.locator(".case-acts .btn-primary").first.click()
    expect(substitute.locator("main")).to_contain_text("You act ad interim for Mei Okafor-Lund")
    substitute.get_by_label("Grant", exact=True).check()
    substitute.locator("main .form-buttons .btn-primary").click()
    expect(substitute.get_by_text(f"{number}: sent.")).to_be_visible()
    substitute.goto(f"/cases/{number}")
    expect(substitute.locator("main")).to_contain_text(IN_PLACE)

    traveller.goto(f"/cases/{number}")
    expect(traveller.locator("main")).to_contain_text(IN_PLACE)
    traveller.get_by_role("link", name=f"{number}-V1").click()
    expect(traveller.locator(".certificate")).to_contain_text(IN_PLACE)

    officer.goto("/inbox")
    expect(officer.locator(".away-notice")).to_contain_text("Leda Farahani acts for you.")
    officer.get_by_role("button", name="End now").click()
    expect(officer.get_by_text("Nobody acts in your place any more.")).to_be_visible()
    officer.get_by_role("link", name="What happened meanwhile").click()
    expect(officer.get_by_role("heading", name="Decided in your place (1)")).to_be_visible()
    expect(officer.get_by_role("row", name=number)).to_contain_text("Leda Farahani granted")
    substitute.goto("/absences")
    expect(substitute.locator("main")).not_to_contain_text("Mei Okafor-Lund")
