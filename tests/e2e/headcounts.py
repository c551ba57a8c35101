"""A head count, as its people use the pages: call it, answer it, go through the list."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from services import bus, jobs
from services.mailers import MemoryMailer

ADVISER, WARDEN = "naledi.vanter", "fatou.lindgren"
#: Three people work in this area; the family of the first lives there too: Maia and Noe Keita.
AREA, PARENT, COLLEAGUE = "XA-NOR", "amadou.keita", "omar.brightwell"


def carry_on(site: Any) -> None:
    """Do what a worker does: bring what happened to the cases that wait for it, let clocks run out, tell people."""
    for _ in range(2):
        jobs.run_once(site.database, MemoryMailer(), site.clock())
        bus.dispatch(site.database, site.clock())


def call_head_count(page: Page, site: Any, reason: str, *, exercise: bool = False) -> str:
    """Call a head count by hand, as the adviser of the area; its number."""
    page.goto("/requests/new/head_count")
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("In which area?").select_option(AREA)
    page.get_by_label("What has happened?").fill(reason)
    page.get_by_label("This is an exercise").set_checked(exercise)
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Send request").click()
    number = page.locator(".confirmation bdi").inner_text()
    carry_on(site)
    return number


def card_of(page: Page, question: str) -> Locator:
    """Find the question about one person on the page on which people answer."""
    return page.get_by_role("region", name=question)


def answer(page: Page, site: Any, button: str, *, about: str = "are you safe?", place: str = "") -> None:
    """Answer for oneself, or for one of the family."""
    page.goto("/safe")
    card = card_of(page, about)
    card.get_by_label("Where exactly?").fill(place)
    card.get_by_role("button", name=button).click()
    expect(card_of(page, about)).to_contain_text("Answered:")
    carry_on(site)
