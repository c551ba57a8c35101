"""Travel of a senior official on the page of its case: one visit of several is cancelled, and it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import html

from services import cases, people
from tests.databases import NOW
from tests.pages import flaws_of

SENDER, OFFICIAL, UNIT, ADVISER_ELSEWHERE = "jonas.keel", "per.vane", "signe.akande", "helga.brandvold"
CASE, MESSAGE = "/cases/TN-2026-000001", "/cases/TN-2026-000001/visit-cancelled"
REASON = "The ministry has called the talks off."


@pytest.fixture
def notify(leave):
    """Give a function that gives notice of visits to some areas, some days apart."""

    def notified(*areas):
        visits = [
            {
                "area": area,
                "programme": f"Talks with the authorities of {area}.",
                "departs_at": (NOW + timedelta(days=14 + 4 * place)).isoformat(),
                "ends_at": (NOW + timedelta(days=16 + 4 * place)).isoformat(),
            }
            for place, area in enumerate(areas)
        ]
        answers = {"official": OFFICIAL, "contact": "Jonas Keel, 0100", "visits": visits}
        with leave.database.transaction() as session:
            cases.start_case(session, "official_travel", actor=people.actor_named(session, SENDER), answers=answers, now=NOW)

    return notified


def facts_of(page):
    """The facts of a case, as one text."""
    return " ".join(html.fromstring(page.text).xpath('//section[@aria-labelledby="facts"]')[0].text_content().split())


def test_a_visit_that_was_cancelled_says_so_and_why_and_the_other_does_not(notify, enter):
    notify("XA-NOR", "XC-CAP")
    sender = enter(SENDER)
    assert f'href="{MESSAGE}"' in sender.get(CASE).text
    asked = sender.get(MESSAGE)
    assert flaws_of(asked.text) == []

    sender.post(MESSAGE, which="V1", reason=REASON)

    first, second = facts_of(sender.get(CASE)).split("order of the journey: 2")
    assert f"Cancelled because{REASON}" in first
    assert "Cancelled because" not in second
    assert MESSAGE not in sender.get(CASE).text, "the visit that is left goes with the whole notice"
    assert REASON in facts_of(enter(UNIT).get(CASE))
    assert REASON not in enter(ADVISER_ELSEWHERE).get(CASE).text


def test_one_visit_alone_is_not_offered_to_be_cancelled_nor_anything_to_others(notify, enter):
    notify("XA-NOR", "XC-CAP")

    assert MESSAGE not in enter(UNIT).get(CASE).text
    assert enter(UNIT).get(MESSAGE).status_code == 404
    assert enter(UNIT).post(MESSAGE, which="V1", reason=REASON).status_code == 404
    refused = enter(SENDER).post(MESSAGE, which="V9", reason=REASON)
    assert refused.status_code == 422
    assert "Cancelled because" not in enter(SENDER).get(CASE).text
