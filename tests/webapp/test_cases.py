"""One case, for those whom it concerns."""

from __future__ import annotations

import pytest
from lxml import html

from tests.pages import flaws_of
from tests.services.leave import REQUESTER, REVIEWER, STRANGER

NUMBER = "LV-2026-000001"


def words_of(page):
    """All that a person reads on a page, the numbers of the address excepted."""
    text = " ".join(html.document_fromstring(page).find(".//main").text_content().split())
    return text.replace(NUMBER, "").replace("LV-2026-999999", "")


@pytest.fixture
def case_id(leave):
    return leave.start()


@pytest.fixture
def traveller(enter, case_id):
    return enter(REQUESTER)


def test_the_page_says_where_the_case_is_who_has_it_and_what_comes_next(traveller):
    page = traveller.get(f"/cases/{NUMBER}")

    for text in (
        "You sent the request",
        "Review the request",
        "UNDSS clearance officer (Yusra Ben-Halim",
        "Approve the request",
        "Rest",
    ):
        assert text in page.text
    assert flaws_of(page.text) == []


def test_the_history_says_who_decided_what(leave, traveller, case_id):
    leave.review(case_id)

    page = traveller.get(f"/cases/{NUMBER}")

    assert "<strong>Yusra Ben-Halim, UNDSS clearance officer</strong> recommended" in page.text
    assert flaws_of(page.text) == []


def test_the_diagram_is_drawn_without_styles_of_its_own(traveller):
    page = traveller.get(f"/cases/{NUMBER}/diagram")

    assert "<svg" in page.text
    assert flaws_of(page.text) == []


def test_a_withdrawal_asks_why(traveller):
    question = traveller.get(f"/cases/{NUMBER}/withdraw")
    without = traveller.post(f"/cases/{NUMBER}/withdraw", reason="")

    assert flaws_of(question.text) == []
    assert without.status_code == 422
    assert "<title>Error:" in without.text


def test_a_withdrawn_case_is_over(traveller):
    traveller.post(f"/cases/{NUMBER}/withdraw", reason="My plans changed")

    page = traveller.get(f"/cases/{NUMBER}")
    assert "withdrew the request" in page.text
    assert "My plans changed" in page.text
    assert "/withdraw" not in page.text
    assert traveller.get(f"/cases/{NUMBER}/withdraw").status_code == 409


def test_only_a_party_withdraws(enter, traveller):
    assert enter(REVIEWER).post(f"/cases/{NUMBER}/withdraw", reason="Not theirs").status_code == 404


def test_a_message_that_nobody_knows_is_not_there(traveller):
    assert traveller.get(f"/cases/{NUMBER}/anything").status_code == 404


@pytest.mark.parametrize("below", ["", "/diagram", "/withdraw"])
def test_a_foreign_case_answers_like_a_missing_one(enter, traveller, below):
    stranger = enter(STRANGER)

    foreign, missing = stranger.get(f"/cases/{NUMBER}{below}"), stranger.get(f"/cases/LV-2026-999999{below}")

    assert foreign.status_code == missing.status_code == 404
    assert words_of(foreign.text) == words_of(missing.text)


def test_a_whole_number_leads_straight_to_its_case(traveller):
    assert traveller.get(f"/search?q={NUMBER.lower()}").location == f"/cases/{NUMBER}"


def test_the_search_finds_by_title_and_never_what_is_not_the_readers(enter, traveller):
    mine, foreign = traveller.get("/search?q=leave"), enter(STRANGER).get("/search?q=leave")

    assert NUMBER in mine.text
    assert NUMBER not in foreign.text
    assert flaws_of(mine.text) == flaws_of(foreign.text) == []


def test_signs_of_the_search_language_are_plain_text(traveller):
    assert NUMBER not in traveller.get("/search?q=%25").text


def test_the_list_shows_what_the_reader_may_see(enter, traveller):
    assert NUMBER in traveller.get("/cases").text
    assert NUMBER in enter(REVIEWER).get("/cases").text
    assert NUMBER not in enter(STRANGER).get("/cases").text


def test_the_own_page_shows_whom_the_request_waits_for(traveller):
    page = traveller.get("/")

    assert "Waiting for UNDSS clearance officer" in page.text
    assert flaws_of(page.text) == []


def test_who_holds_a_role_sees_the_inbox_on_the_own_page(enter, traveller):
    page = enter(REVIEWER).get("/")

    assert "Your inbox" in page.text
    assert flaws_of(page.text) == []
