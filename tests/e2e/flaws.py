"""What is wrong with a page for assistive technology, or on a telephone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

#: The last is left as it is found: a screen.
WIDTHS = (360, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def flaws(page):
    """Say what axe finds on a telephone and on a screen, and whether the page scrolls sideways there."""
    return [flaw for width in WIDTHS for flaw in _flaws_at(page, width)]


def _flaws_at(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    listed = [f"{page.url} {each['id']}: {each['nodes'][0]['html'][:160]}" for each in found.response["violations"]]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return listed + ([f"{page.url} is {wider} pixels too wide for {width}"] if wider > 0 else [])
