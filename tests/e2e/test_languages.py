"""Every main page in every language: in its direction, for assistive technology, and on the narrowest of screens."""

from __future__ import annotations

import re

import pytest

from tests.e2e.flaws import flaws_in_words
from tests.e2e.languages import PAGES, speak, walk
from webapp.i18n import OFFERED, direction_of

#: What a message looks like whose facts were never filled in.
UNFILLED = re.compile(r"\{[a-z_]+\}|%\([a-z_]+\)[sd]")


@pytest.mark.parametrize("language", OFFERED)
def test_every_page_is_for_everybody_in_every_language(sign_in, language):
    found = []
    for person in PAGES:
        page = sign_in(person)
        speak(page, language)
        for address in walk(page, person):
            html = page.locator("html")
            found += flaws_in_words(page)
            if (html.get_attribute("lang"), html.get_attribute("dir")) != (language, direction_of(language)):
                found.append(f"{address} speaks another language")
            found += [f"{address} says {each}" for each in UNFILLED.findall(page.locator("main").inner_text())]
        page.context.close()

    assert found == []
