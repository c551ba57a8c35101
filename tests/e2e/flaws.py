"""What is wrong with a page for assistive technology, or on a telephone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from webapp.i18n import direction_of

#: A screen of 1280 at four times the size.
NARROWEST = 320
#: The last is left as it is found: a screen.
WIDTHS = (NARROWEST, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What the libraries draw in which diagrams, tables and forms are edited: none of ours. Each editor has another way beside it.
FOREIGN = [[".djs-container"], [".bio-properties-panel"], [".dmn-js-parent"], [".fjs-form-editor"]]
#: Colours are the same in every language, and take axe most of its time.
OF_COLOURS = {"color-contrast": {"enabled": False}}


def flaws(page):
    """Say what axe finds on a telephone and on a screen, and whether the page scrolls sideways there."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [*_violations(page), *_sideways(page)]
    return found


def flaws_in_words(page, language):
    """Say what another language may break on a page as wide as it is: its direction, names, and room for longer words."""
    spoken = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    strange = [] if spoken == [language, direction_of(language)] else [f"{page.url} speaks {spoken} instead of {language}"]
    return [*strange, *_violations(page, rules=OF_COLOURS), *_sideways(page)]


def _violations(page, *, rules=None):
    options = {"runOnly": RULES, "resultTypes": ["violations"], "rules": rules or {}}
    found = Axe().run(page, context={"exclude": FOREIGN}, options=options)
    return [f"{page.url} {each['id']}: {each['nodes'][0]['html'][:160]}" for each in found.response["violations"]]


def _sideways(page):
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} is {wider} pixels too wide"] if wider > 0 else []
