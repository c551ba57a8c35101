"""What holds for every page, also for one not yet written: title, language, one heading, labels, tokens, no inline script."""

from __future__ import annotations

import re

import pytest
from lxml import html

from services.database import Database
from tests.accounts import sign_in
from tests.pages import flaws_of
from webapp.i18n import OFFERED, direction_of

HTML = "text/html"
#: What a message looks like whose facts were never filled in.
UNFILLED = re.compile(r"\{[a-z_]+\}|%\([a-z_]+\)[sd]")
# One of each kind of reader: the pages differ by role.
READERS = ["yusra.ben-halim", "amina.sorel", "lina.marchetti", "ingrid.sollerman", "pavel.eriksen"]


@pytest.fixture
def demo_app(make_app, copy_database):
    database = Database(copy_database("sqlite", "demo"))
    yield make_app(database, demo=True)
    database.dispose()


def plain_addresses(app):
    """List the addresses of all pages that need no number or key."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    return sorted({rule.rule for rule in rules})


@pytest.mark.parametrize("language", OFFERED)
def test_every_page_is_titled_labelled_and_free_of_inline_script(demo_app, language):
    flaws = {}
    for person in READERS if language == "en" else READERS[:2]:
        client = sign_in(demo_app.test_client(), f"{person}@demo.example")
        with client.session_transaction() as session:
            session["locale"] = language
        for address in plain_addresses(demo_app):
            answer = client.get(address, follow_redirects=True, headers={"Accept": "text/html"})
            assert answer.status_code in {200, 403, 404}, f"{address}: {answer.status_code}"
            if answer.mimetype == HTML:
                flaws[f"{address} for {person}"] = [*flaws_of(answer.text), *flaws_of_language(answer.text, language)]

    assert {address: found for address, found in flaws.items() if found} == {}
    assert "/profile for amina.sorel" in flaws


def flaws_of_language(text, language):
    """Say whether a page speaks a language, in its direction, and whether a fact was left out of a sentence."""
    page = html.document_fromstring(text)
    if (page.get("lang"), page.get("dir")) != (language, direction_of(language)):
        yield "it speaks another language"
    # The texts of examples may well have braces.
    said = " ".join(page.xpath("//body//text()[not(ancestor::script or ancestor::code or ancestor::pre or ancestor::textarea)]"))
    yield from (f"it says {found}" for found in UNFILLED.findall(said))


def test_pages_of_strangers_and_of_errors_are_pages_too(demo_app):
    client = demo_app.test_client()

    pages = [client.get("/sign-in"), client.get("/nothing-here"), client.post("/sign-in", data={})]

    assert [page.status_code for page in pages] == [200, 404, 400]
    assert [flaws_of(page.text) for page in pages] == [[], [], []]


def test_every_page_of_a_demo_says_so(demo_app, client):
    assert "Demo data – not real security information" in demo_app.test_client().get("/sign-in").text
    assert "Demo data" not in client.get("/sign-in").text


def test_the_pages_that_flaws_are_found_on_would_be_reported():
    bad = '<html><body><h1>A</h1><h1>B</h1><input name="x"><script>1</script><form method="POST"></form></body></html>'

    assert len(flaws_of(bad)) >= 6
