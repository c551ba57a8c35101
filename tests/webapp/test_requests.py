"""Making a request, page by page."""

from __future__ import annotations

import re

import pytest

from tests.pages import flaws_of
from tests.services.leave import REQUESTER, STRANGER

ANSWERS = {"days": "3", "reason": "Rest after the mission", "area": "XA-NOR"}


@pytest.fixture
def traveller(enter):
    return enter(REQUESTER)


def begin(person, process="leave_request"):
    return person.post(f"/requests/new/{process}").location


def revision_of(page):
    return re.search(r'name="revision" value="(\d+)"', page.text)[1]


def key_of(page):
    return re.search(r'name="idempotency_key" value="(\w+)"', page.text)[1]


def fill(person, address, **answers):
    return person.post(address, **({"revision": revision_of(person.get(address)), "onward": "next"} | answers))


def draft_of(address):
    return address.rpartition("/")[0]


def test_the_reader_chooses_among_what_they_may_start(traveller):
    page = traveller.get("/requests/new")

    assert "Leave request" in page.text
    assert flaws_of(page.text) == []


def test_nothing_is_kept_before_the_reader_starts(traveller):
    traveller.get("/requests/new/leave_request")

    assert "Drafts" not in traveller.get("/").text


def test_an_unknown_process_is_not_there(traveller):
    assert traveller.get("/requests/new/nothing").status_code == 404


def test_a_request_is_filled_in_checked_and_sent(traveller):
    address = begin(traveller)

    check = fill(traveller, address, **ANSWERS).location
    page = traveller.get(check)
    sent = traveller.post(check, idempotency_key=key_of(page)).location

    assert "Rest after the mission" in page.text
    assert flaws_of(page.text) == []
    confirmation = traveller.get(sent)
    assert "LV-2026-000001" in confirmation.text
    assert flaws_of(confirmation.text) == []
    assert "Drafts" not in traveller.get("/").text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(traveller):
    address = begin(traveller)

    answer = fill(traveller, address, days="many", reason="Rest", area="XA-NOR")

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert 'value="many"' in answer.text
    assert flaws_of(answer.text) == []
    assert 'value="many"' in traveller.get(address).text


def test_a_draft_can_be_left_with_something_wrong_in_it(traveller):
    address = begin(traveller)

    answer = fill(traveller, address, days="many", onward="list")

    assert answer.location == draft_of(address)
    page = traveller.get(draft_of(address))
    assert "In progress" in page.text
    assert flaws_of(page.text) == []


def test_an_incomplete_request_is_not_sent_and_links_to_what_is_missing(traveller):
    address = begin(traveller)
    check = f"{draft_of(address)}/check"

    answer = traveller.post(check)

    assert answer.status_code == 422
    assert f'href="{address}?checked=yes"' in answer.text
    assert "There is a problem" in traveller.get(f"{address}?checked=yes").text


def test_the_page_on_which_everything_is_checked_says_what_is_missing(traveller):
    address = begin(traveller)
    check = f"{draft_of(address)}/check"

    before = traveller.get(check)
    fill(traveller, address, **ANSWERS)
    after = traveller.get(check)

    assert "Missing before you can send it" in before.text
    assert f'href="{address}?checked=yes"' in before.text
    assert flaws_of(before.text) == []
    assert "Missing before you can send it" not in after.text


@pytest.mark.parametrize(("language", "asked"), [("fr", "À remplir"), ("ar", "يُرجى ملء")])
def test_what_is_missing_is_said_in_the_language_of_the_page(traveller, language, asked):
    travel = begin(traveller, "travel_clearance")
    traveller.post("/language", locale=language)

    check, step = traveller.get(f"{draft_of(travel)}/check").text, traveller.get(travel).text

    assert asked in check
    assert not re.search(r">(Enter|Choose|Tick|Add) ", check)
    assert "Leave it empty when you travel yourself" not in step


def test_a_request_that_is_sent_twice_is_one_case(traveller):
    address = begin(traveller)
    check = fill(traveller, address, **ANSWERS).location
    key = key_of(traveller.get(check))

    first = traveller.post(check, idempotency_key=key)
    second = traveller.post(check, idempotency_key=key)

    assert first.location == second.location == "/requests/sent/LV-2026-000001"


def test_two_windows_do_not_overwrite_each_other(traveller):
    address = begin(traveller)
    seen = revision_of(traveller.get(address))
    fill(traveller, address, days="3", onward="list")

    answer = traveller.post(address, revision=seen, days="7", onward="next")

    assert answer.status_code == 409
    assert "You changed this draft in another window at" in answer.text
    assert re.search(r'<th scope="row">[^<]+</th><td>3</td><td>7</td>', answer.text), "both versions stand side by side"
    assert 'value="7"' in answer.text
    assert 'value="3"' in traveller.get(address).text
    assert flaws_of(answer.text) == []


def test_saving_once_more_after_a_conflict_replaces_the_other_window(traveller):
    address = begin(traveller)
    seen = revision_of(traveller.get(address))
    fill(traveller, address, days="3", onward="list")
    conflict = traveller.post(address, revision=seen, days="7", onward="list")

    traveller.post(address, revision=revision_of(conflict), days="7", onward="list")

    assert 'value="7"' in traveller.get(address).text


def test_the_script_saves_while_somebody_types(traveller):
    address = begin(traveller)
    seen = revision_of(traveller.get(address))

    answer = traveller.post(f"{draft_of(address)}/autosave", step="1", revision=seen, days="12")

    assert answer.json["revision"] == int(seen) + 1
    assert 'value="12"' in traveller.get(address).text


def test_rows_of_a_list_come_and_go_without_scripts(traveller):
    address = begin(traveller, "travel_clearance").removesuffix("/1") + "/2"

    added = fill(traveller, address, **{"stops.0.place": "Halden", "_add": "stops"})
    with_two = traveller.get(address).text
    fill(traveller, address, **{"stops.0.place": "Halden", "stops.1.place": "Tesh", "_remove": "stops.0"})

    assert added.location == f"{address}#stops.1"
    assert 'name="stops.1.place"' in with_two
    left = traveller.get(address).text
    assert 'value="Tesh"' in left
    assert 'value="Halden"' not in left


def test_a_foreign_draft_is_as_if_it_were_not_there(traveller, enter):
    address = begin(traveller)
    stranger = enter(STRANGER)

    pages = [address, draft_of(address), f"{draft_of(address)}/check", f"{draft_of(address)}/delete"]
    answers = [stranger.get(page).status_code for page in pages]
    answers += [
        stranger.post(page, days="1").status_code
        for page in (address, f"{draft_of(address)}/check", f"{draft_of(address)}/autosave")
    ]

    assert answers == [404] * 7


def test_a_draft_is_deleted_after_a_question(traveller):
    address = begin(traveller)

    question = traveller.get(f"{draft_of(address)}/delete")
    traveller.post(f"{draft_of(address)}/delete")

    assert flaws_of(question.text) == []
    assert traveller.get(address).status_code == 404


def test_what_is_confirmed_as_read_stands_above_the_question(traveller):
    address = begin(traveller, "travel_clearance").removesuffix("/1")
    before = traveller.get(f"{address}/4").text
    fill(traveller, f"{address}/2", **{"stops.0.area": "XA-NOR", "_add": "stops"})

    page = traveller.get(f"{address}/4").text

    assert 'class="reading"' not in before
    assert "Invented advisory. Read it" in page
    assert 'name="advisory_ack" value="XA-NOR 1"' in " ".join(page.split())
    assert flaws_of(page) == []
