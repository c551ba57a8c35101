"""Every main page in every language: in its direction, for assistive technology, and on the narrowest of screens.

In English also on a screen, and its colours in light and in dark.
"""

from __future__ import annotations

import re

import pytest

from tests.e2e.flaws import NARROWEST, flaws, flaws_in_words
from tests.e2e.languages import PAGES, speak, walk
from webapp.i18n import OFFERED

#: What a message looks like whose facts were never filled in.
UNFILLED = re.compile(r"\{[a-z_]+\}|%\([a-z_]+\)[sd]")


@pytest.mark.parametrize("person", PAGES)
def test_every_page_is_for_everybody_in_every_language(sign_in, person):
    page = sign_in(person)
    found = []
    for language in OFFERED:
        speak(page, language)
        page.set_viewport_size({"width": NARROWEST, "height": 800})
        for address in walk(page, person):
            found += flaws(page) if language == "en" else flaws_in_words(page, language)
            found += [f"{address} says {each}" for each in UNFILLED.findall(page.locator("main").inner_text())]

    assert found == []
