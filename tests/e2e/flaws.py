"""What is wrong with a page for assistive technology, or on a telephone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

#: The narrowest is a screen of 1280 at 400 %. The last is left as it is found: a screen.
WIDTHS = (320, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Colours are the same in every language, and take axe most of its time.
OF_COLOURS = {"color-contrast": {"enabled": False}}


def flaws(page):
    """Say what axe finds on a telephone and on a screen, and whether the page scrolls sideways there."""
    return [flaw for width in WIDTHS for flaw in (*_violations(page, width), *_sideways(page, width))]


def flaws_in_words(page):
    """Say what another language may break on a page: names and structure on a telephone, and room for longer words there."""
    found = [*_violations(page, WIDTHS[0], rules=OF_COLOURS), *_sideways(page, WIDTHS[0])]
    page.set_viewport_size({"width": WIDTHS[-1], "height": 800})
    return found + _sideways(page, WIDTHS[-1])


def _violations(page, width, *, rules=None):
    page.set_viewport_size({"width": width, "height": 800})
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"], "rules": rules or {}})
    return [f"{page.url} {each['id']}: {each['nodes'][0]['html'][:160]}" for each in found.response["violations"]]


def _sideways(page, width):
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} is {wider} pixels too wide for {width}"] if wider > 0 else []
