"""What a telephone on a slow line has to fetch before it shows a page."""

from __future__ import annotations

import gzip

import pytest

from tests.e2e.travel import OFFICER, TRAVELLER

MOST_BYTES = 60_000


@pytest.mark.parametrize(
    ("person", "addresses"),
    [
        (TRAVELLER, ("/", "@main a[href^='/cases/']", "/requests/new/travel_clearance")),
        (OFFICER, ("/inbox?view=team", "@.inbox-list a[href*='task=']")),
    ],
)
def test_the_first_load_of_a_page_is_small(new_context, sign_in, person, addresses):
    page = sign_in(person)
    kept = page.context.storage_state()
    weights = {}
    for address in addresses:
        found = str(page.locator(address[1:]).first.get_attribute("href")) if address.startswith("@") else address
        page.goto(found)
        weights[found] = weight_of(new_context(storage_state=kept).new_page(), found)

    assert {address: weight for address, weight in weights.items() if weight > MOST_BYTES} == {}
    assert min(weights.values()) > MOST_BYTES / 10, "nothing was measured"


def weight_of(page, address):
    """Weigh everything that a browser with an empty cache fetches for a page, as it would be compressed."""
    fetched = []
    page.on("response", lambda response: fetched.append(response))  # noqa: PLW0108  Playwright does not take a built-in method
    page.goto(address, wait_until="networkidle")
    return sum(len(gzip.compress(response.body())) for response in fetched if response.ok)
