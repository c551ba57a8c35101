"""The pages of the house by the person who reads them, and how to read them in another language."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from webapp.i18n import direction_of

#: Who opens which pages. What begins with "@" is found on the page before: the address of the first link below it.
#: What begins with "!" is pressed there.
PAGES = {
    "lina.marchetti": (
        "/",
        "/requests/new",
        "/requests/new/travel_clearance",
        "/cases",
        "@main a[href^='/cases/TSC']",
        "/search",
        "/search?q=lina",
        "/profile",
        "/profile/notifications",
        "/notifications",
        "/absences",
        "/absences/new",
    ),
    "mei.okafor-lund": (
        "/inbox?view=team",
        "@.inbox-list a[href*='task=']",
        "@.inbox-pane a[href$='/authority']",
        "/inbox/views",
    ),
    "amina.sorel": (
        "/indicators",
        "/indicators/K4",
        "/oversight",
        "/registers",
        "/registers/areas",
        "@main table a[href^='/registers/areas/']",
        "/nothing-here",
    ),
    "fatou.lindgren": ("/areas", "/areas/XA-NOR/board", "/safe"),
    "pavel.eriksen": ("/failed-steps",),
    "rosa.whitmore": (
        "/studio",
        "/studio/processes/delegation",
        "!main form[action$='/drafts'] button",
        "@.draft-bar a[href$='/publish']",
        "@.draft-bar a[href$='/try']",
        "@.draft-bar a[href$='/check']",
        "@.draft-bar .tabs a",
        "@main a[href*='/outline/'][href$='.bpmn']",
    ),
}


def speak(page: Page, language: str) -> None:
    """Switch the language as the reader does; the switch may be folded away."""
    with page.expect_navigation():
        page.locator(f'button[name="locale"][value="{language}"]').evaluate("button => button.click()")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == direction_of(language)


def walk(page: Page, person: str) -> Iterator[str]:
    """Open the pages of a person one after the other; what was opened is yielded as its address."""
    for address in PAGES[person]:
        if address.startswith("!"):
            with page.expect_navigation():
                page.locator(address[1:]).first.click()
            yield page.url
            continue
        page.goto(str(page.locator(address[1:]).first.get_attribute("href")) if address.startswith("@") else address)
        yield page.url
