"""What holds for every page, also for one not yet written: title, language, one heading, labels, tokens, no inline script."""

from __future__ import annotations

import pytest

from services import demo
from services.database import Database
from tests.accounts import sign_in
from tests.pages import flaws_of

# One of each kind of reader: the pages differ by role.
READERS = ["lina.marchetti", "yusra.ben-halim", "ingrid.sollerman", "pavel.eriksen", "amina.sorel"]
LANGUAGES = ["en", "zh"]


@pytest.fixture
def demo_app(make_app, copy_database):
    database = Database(copy_database("sqlite", "demo"))
    yield make_app(database, demo=True)
    database.dispose()


def plain_addresses(app):
    """List the addresses of all pages that need no number or key."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    return sorted({rule.rule for rule in rules})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", READERS)
def test_every_page_is_titled_labelled_and_free_of_inline_script(demo_app, person, language):
    client = sign_in(demo_app.test_client(), f"{person}@demo.example", demo.PASSWORD)
    with client.session_transaction() as session:
        session["locale"] = language

    flaws = {}
    for address in plain_addresses(demo_app):
        answer = client.get(address, follow_redirects=True, headers={"Accept": "text/html"})
        assert answer.status_code in {200, 403, 404}, f"{address}: {answer.status_code}"
        if answer.mimetype == "text/html":
            flaws[address] = [
                *flaws_of(answer.text),
                *([] if f'lang="{language}"' in answer.text else ["it speaks another language"]),
            ]

    assert {address: found for address, found in flaws.items() if found} == {}
    assert "/profile" in flaws


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
