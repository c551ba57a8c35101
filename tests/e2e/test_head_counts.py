"""A head count from the call to the sign-off, in real browsers of the people who take part."""

from __future__ import annotations

from playwright.sync_api import expect

from services.demo import PASSWORD
from tests.e2e.flaws import flaws
from tests.e2e.headcounts import ADVISER, COLLEAGUE, PARENT, WARDEN, answer, call_head_count, card_of, carry_on
from tests.e2e.travel import open_task

LIST = "Who is accounted for"


def test_a_head_count_goes_on_until_everybody_is_found_or_somebody_answers_for_ending_it(sign_in, site):
    adviser, warden = sign_in(ADVISER), sign_in(WARDEN)
    number = call_head_count(adviser, site, "Shells fell on the market of Halden.")

    parent = sign_in(PARENT)
    parent.get_by_role("link", name="Answer now").click()
    expect(card_of(parent, "are you safe?")).to_contain_text("Shells fell on the market of Halden.")
    answer(parent, site, "I need help", place="Mill Road 4")
    answer(sign_in(COLLEAGUE), site, "I am safe")
    answer(warden, site, "I am safe")

    warden.goto(f"/cases/{number}")
    first = warden.get_by_role("region", name=LIST).locator("tbody tr").first
    expect(first).to_contain_text("Amadou Keita")
    expect(first).to_contain_text("Mill Road 4")
    expect(first).to_contain_text("Nobody has taken up the call for help yet")
    warden.goto("/areas/XA-NOR/board")
    expect(warden.get_by_text("Needs help: 1")).to_be_visible()
    warden.get_by_role("link", name=f"Head count {number}").click()
    help_is_sent(adviser, "Amadou Keita")
    warden.reload()
    expect(warden.get_by_role("region", name=LIST)).not_to_contain_text("Nobody has taken up")

    site.clock.advance(minutes=31)
    carry_on(site)
    go_through_the_list(warden, number, leave_out="Maia Keita", found="Noe Keita")
    carry_on(site)

    site.clock.advance(hours=2)
    carry_on(site)
    sign_off(adviser, number, "The police looks for her from now on.")
    carry_on(site)
    warden.goto(f"/cases/{number}")
    expect(warden.get_by_text("Not reached when the head count was signed off: Maia Keita")).to_be_visible()
    parent.goto("/safe")
    expect(parent.get_by_text("Nobody asks you at the moment")).to_be_visible()


def help_is_sent(page, name):
    """Take up a call for help, as the adviser."""
    page.goto("/inbox?view=team")
    page.locator(".inbox-list").get_by_role("link", name=f"Help for {name}").click()
    pane = page.locator(".inbox-pane")
    pane.get_by_label("Who does what for this person?").fill("The patrol of the base brings him out.")
    pane.get_by_label("Help is under way").check()
    pane.locator(".form-buttons .btn-primary").click()
    expect(page.get_by_text(": sent.")).to_be_visible()


def go_through_the_list(page, number, *, leave_out, found):
    """Say of one silent person how they are, as the warden; names stay beside their rows when a row is taken away."""
    open_task(page, number)
    rows = page.locator("main").get_by_role("group", name="People who are silent")
    expect(rows.get_by_label("Name")).to_have_count(2)
    expect(rows.get_by_label("Name").first).to_have_value(leave_out)
    page.locator('button[name="_remove"][value="waiting.0"]').click()
    expect(rows.get_by_label("Name")).to_have_count(1)
    expect(rows.get_by_label("Name")).to_have_value(found)
    rows.get_by_label("How is the person?").select_option("SAFE")
    rows.get_by_label("What do you know?").fill("He is at school.")
    page.locator("main .form-buttons .btn-primary").click()
    expect(page.get_by_text(f"{number}: sent.")).to_be_visible()


def sign_off(page, number, reasons):
    """End a head count with somebody left, as the adviser."""
    open_task(page, number)
    pane = page.locator(".inbox-pane")
    pane.get_by_label("I end the head count").check()
    pane.get_by_label("Why?").fill(reasons)
    if pane.get_by_label("Your password").count():
        pane.get_by_label("Your password").fill(PASSWORD)
    pane.locator(".form-buttons .btn-primary").click()
    expect(page.get_by_text(f"{number}: sent.")).to_be_visible()


def test_the_pages_of_a_head_count_are_for_everybody(sign_in, site):
    adviser = sign_in(ADVISER)
    number = call_head_count(adviser, site, "Yearly test of the warden system.", exercise=True)
    parent = sign_in(PARENT)
    answer(parent, site, "I need help")

    found = flaws(parent)
    adviser.goto(f"/cases/{number}")
    found += flaws(adviser)

    assert found == []
    expect(adviser.get_by_text("This is an exercise.", exact=True)).to_be_visible()
