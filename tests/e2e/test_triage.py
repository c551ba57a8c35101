"""Twenty tasks by keyboard only, and the same acts without any script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from services import cases, people
from services.models.audit import Decision
from services.models.cases import OPEN, Task
from services.models.inbox import PutOff
from tests.databases import NOW
from tests.e2e.travel import OFFICER, TRAVELLER
from tests.services.travel.journeys import request_to

MORE = 12


@pytest.fixture
def waiting(site):
    """The demo world with a dozen more clearances that wait for the officer; one of them carries a warning."""
    with site.database.transaction() as session:
        actor = people.actor_named(session, TRAVELLER)
        for number in range(MORE):
            answers = request_to("XC-CAP", days=40 + 7 * number)
            cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW)
    with site.database.transaction() as session:
        chosen = select(Task).where(Task.state == OPEN, Task.role == "DSSO", Task.area == "XC-CAP", Task.element == "stop_decide")
        tasks = list(session.scalars(chosen.order_by(Task.departs_at)))
        for place, task in enumerate(tasks):
            task.due_at = NOW + timedelta(days=3, minutes=place)
            task.flagged = place == 3
            task.card = [{"label": "Hotel", "value": "not approved", "flag": True}] if place == 3 else []
        return site, [task.id for task in tasks]


def count(site, model, *only):
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*only))


def see_done(page, said):
    """Wait for the page that says what was done, until its keys act as well: a key that comes before its script is lost."""
    expect(page.get_by_text(said)).to_be_visible()
    page.wait_for_load_state()


def test_twenty_tasks_are_worked_through_by_keyboard_only(waiting, sign_in):
    site, ids = waiting
    assert len(ids) >= 20
    page = sign_in(OFFICER)
    page.goto("/inbox?view=team")
    rows, press = page.locator("a[data-inbox-row]"), page.keyboard.press

    # Walk, open, come back to the same place.
    press("j")
    expect(rows.nth(1)).to_be_focused()
    press("k")
    press("j")
    press("Enter")
    expect(page).to_have_url(re.compile("task="))
    expect(page.locator(".inbox-pane h2").first).to_be_focused()
    press("Escape")
    expect(rows.nth(1)).to_be_focused()

    # A range, put off until next Monday.
    page.goto("/inbox?view=team")
    for _ in range(17):
        press("j")
    press("x")
    press("j")
    press("j")
    press("Shift+X")
    expect(page.locator("[data-inbox-selected]")).to_have_text("3 selected")
    press("s")
    press("Tab")
    press("Enter")
    see_done(page, "3 tasks done")
    assert count(site, PutOff, PutOff.person == OFFICER) == 3

    # One is claimed.
    press("u")
    page.wait_for_url(re.compile(r"/inbox\?"))
    press("j")
    press("m")
    see_done(page, "1 task done")
    assert count(site, Task, Task.claimed_by == OFFICER) == 1

    # One key never approves: it asks, Escape lets it be, Enter confirms.
    press("u")
    page.wait_for_url(re.compile(r"/inbox\?"))
    before = count(site, Decision)
    press("a")
    expect(page.locator("dialog[data-confirm]")).to_be_visible()
    press("Escape")
    expect(page.locator("dialog[data-confirm]")).to_be_hidden()
    expect(rows.nth(0)).to_be_focused()
    assert count(site, Decision) == before
    press("a")
    press("Enter")
    see_done(page, "1 task done")
    assert count(site, Decision) == before + 1

    # Several at once: the server asks, and leaves out what carries a warning.
    press("u")
    page.wait_for_url(re.compile(r"/inbox\?"))
    press("x")
    press("j")
    press("j")
    press("Shift+X")
    press("a")
    expect(page.get_by_text("it carries a warning")).to_be_visible()
    page.get_by_role("button", name="Approve 2 tasks").press("Enter")
    see_done(page, "2 tasks done")
    assert count(site, Decision) == before + 3


def test_letters_lead_to_the_form_the_question_the_filter_and_the_lists_of_keys(waiting, sign_in):
    page = sign_in(OFFICER)
    page.goto("/inbox?view=team")
    press = page.keyboard.press

    press("r")
    expect(page.locator(".inbox-pane input[value='DENY']")).to_be_checked()
    press("Escape")
    expect(page.locator("a[data-inbox-row]").first).to_be_focused()
    press("j")
    press("q")
    expect(page).to_have_url(re.compile("#go-ask"))
    expect(page.locator("#ask textarea")).to_be_focused()
    press("Escape")
    press("f")
    expect(page.get_by_label("Words")).to_be_focused()
    press("Escape")
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    press("Control+k")
    page.keyboard.type("done")
    expect(page.get_by_role("dialog").get_by_role("link", name="Done")).to_be_visible()
    press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    press("g")
    press("d")
    expect(page).to_have_url(re.compile("view=done"))


def test_what_arrives_meanwhile_is_announced_and_nothing_moves(waiting, sign_in):
    site, _ = waiting
    page = sign_in(OFFICER)
    page.clock.install()
    page.goto("/inbox?view=team")
    third = page.locator("a[data-inbox-row]").nth(2)
    third.focus()
    place = third.bounding_box()
    site.clock.now = NOW + timedelta(minutes=1)
    with site.database.transaction() as session:
        actor = people.actor_named(session, TRAVELLER)
        answers = request_to("XC-CAP", days=33)
        cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW + timedelta(seconds=30))

    page.clock.fast_forward(31_000)

    expect(page.locator("[data-inbox-news]")).to_contain_text("1 new task – Show")
    expect(third).to_be_focused()
    assert third.bounding_box() == place


def test_keys_that_are_switched_off_do_nothing(waiting, sign_in):
    page = sign_in(OFFICER)
    page.goto("/profile")
    page.get_by_label("Single letters act").uncheck()
    page.get_by_role("button", name="Save choice about keys").click()
    page.goto("/inbox?view=team")

    for key in ("x", "a", "m", "s", "?"):
        page.keyboard.press(key)

    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("input[name='task']:checked")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/inbox\?view=team$"))


def test_without_scripts_everything_is_there_as_forms_and_links(waiting, sign_in):
    site, _ = waiting
    page = sign_in(OFFICER, java_script_enabled=False)
    page.goto("/inbox?view=team")
    page.get_by_role("link", name=re.compile("Select all")).click()
    assert page.locator("input[name='task']:checked").count() >= 20
    page.goto("/inbox?view=team")
    for place in (0, 1, 3):
        page.locator("input[name='task']").nth(place).check()
    page.get_by_role("button", name="Approve…").click()
    expect(page.get_by_text("it carries a warning")).to_be_visible()
    before = count(site, Decision)
    page.get_by_role("button", name="Approve 2 tasks").click()
    expect(page.get_by_text("2 tasks done")).to_be_visible()
    assert count(site, Decision) == before + 2

    page.get_by_role("link", name="Back to the inbox").click()
    page.locator("input[name='task']").first.check()
    page.locator("details[data-put-off] summary").click()
    page.locator("#inbox-form").get_by_role("button", name="Until tomorrow").click()
    expect(page.get_by_text("1 task done")).to_be_visible()
    page.goto("/inbox?view=put-off")
    expect(page.locator(".inbox-list").get_by_text("put off until")).to_have_count(1)
