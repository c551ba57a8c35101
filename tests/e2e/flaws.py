"""What is wrong with a page for assistive technology, on a telephone, or in the dark."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from webapp.i18n import direction_of

#: A screen of 1280 at four times the size.
NARROWEST = 320
WIDEST = 1280
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What the libraries draw in which diagrams, tables and forms are edited: none of ours. Each editor has another way beside it.
FOREIGN = [[".djs-container"], [".bio-properties-panel"], [".dmn-js-parent"], [".fjs-form-editor"]]
#: Colours are the same in every language and on every width, and take axe most of its time.
NO_COLOURS = {"runOnly": RULES, "rules": {"color-contrast": {"enabled": False}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
AXE = Axe().axe_script
RUN = """([exclude, options]) => axe.run({exclude}, {...options, resultTypes: ["violations"]}).then(found =>
    found.violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`))"""


def flaws(page):
    """Say what axe finds on a telephone and on a screen, in light and in dark, and whether the page scrolls sideways there.

    The page is left as it is found: in light, on a screen.
    """
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    found = flaws_of_form(page)
    page.set_viewport_size({"width": WIDEST, "height": 800})
    found += [*_violations(page, {"runOnly": RULES}), *_sideways(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark {each}" for each in _violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


def flaws_in_words(page, language):
    """Say what another language may break on a page as wide as it is: its direction, names, and room for longer words."""
    spoken = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    strange = [] if spoken == [language, direction_of(language)] else [f"{page.url} speaks {spoken} instead of {language}"]
    return [*strange, *flaws_of_form(page)]


def flaws_of_form(page):
    """Say what is wrong with a page as wide as it is, its colours aside."""
    # A click ends when the next page begins; what is measured is a page that is all there.
    page.wait_for_load_state()
    return [*_violations(page, NO_COLOURS), *_sideways(page), *_cut(page)]


def _violations(page, options):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return [f"{page.url} {each}" for each in page.evaluate(RUN, [FOREIGN, options])]


def _sideways(page):
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} is {wider} pixels too wide"] if wider > 0 else []


def _cut(page):
    captions = """() => [...document.querySelectorAll(".table-frame caption:not(.visually-hidden)")].filter((caption) => {
        const [said, frame] = [caption, caption.closest(".table-frame")].map((each) => each.getBoundingClientRect());
        return said.right > frame.right + 1 || said.left < frame.left - 1;
    }).map((caption) => caption.textContent.trim())"""
    return [f"{page.url} cuts the caption: {caption}" for caption in page.evaluate(captions)]
