"""Filling in the stops of a request from a pasted itinerary, without scripts."""

from __future__ import annotations

import html
import re

import pytest

from tests.pages import flaws_of
from tests.services.leave import REQUESTER, STRANGER

TEXT = """Flight LX 288
Departure: Geneva (GVA), Sat 12 Dec 2026 09:20
Arrival: Nairobi (NBO), Sat 12 Dec 2026 19:30
See you on 14 Dec 2026 at noon"""


@pytest.fixture
def traveller(enter):
    return enter(REQUESTER)


@pytest.fixture
def trip(traveller):
    """Give the address of the part of a new request that asks for stops."""
    return traveller.post("/requests/new/travel_clearance").location.removesuffix("/1") + "/2"


def hidden(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])


def values(page, name):
    return re.search(rf'id="{re.escape(name)}" name="{re.escape(name)}" value="([^"]*)"', page.text)[1]


def chosen(page, name):
    select = re.search(rf'<select[^>]* id="{re.escape(name)}".*?</select>', page.text, re.DOTALL)[0]
    return re.search(r'value="([^"]*)" selected', select)


def paste(person, trip, text=TEXT, **answers):
    revision = hidden(person.get(trip), "revision")
    return person.post(f"{trip}/itinerary", revision=revision, _itinerary=text, **answers)


def take(person, trip, shown, how="replace", **more):
    carried = {"revision": hidden(shown, "revision"), "order": hidden(shown, "order"), "_itinerary": hidden(shown, "_itinerary")}
    return person.post(f"{trip}/itinerary/take", how=how, **(carried | more))


def test_the_part_that_asks_for_stops_has_a_box_for_the_itinerary_and_no_other_has(traveller, trip):
    page = traveller.get(trip)

    assert page.text.count("Paste your itinerary") == 1
    assert f'formaction="{trip}/itinerary"' in page.text
    assert flaws_of(page.text) == []
    for part in ("/1", "/3"):
        assert "Paste your itinerary" not in traveller.get(trip.removesuffix("/2") + part).text


def test_what_was_understood_is_shown_and_what_was_not(traveller, trip):
    shown = paste(traveller, trip)

    assert shown.status_code == 200
    assert "Geneva, Switzerland" not in shown.text, "where a trip begins is no stop"
    for said in (
        "Nairobi (KE-NBO)",
        "12 Dec 2026 19:30 UTC+3",
        "LX 288",
        "Line 4 was not understood",
        "not certain, left for you",
    ):
        assert said in shown.text
    assert flaws_of(shown.text) == []


def test_nothing_is_filled_in_before_the_person_says_so_but_what_they_typed_is_kept(traveller, trip):
    paste(traveller, trip, **{"stops.0.place": "Halden", "purpose_text": "A workshop on seeds"})

    page = traveller.get(trip)
    assert values(page, "stops.0.place") == "Halden"
    assert "A workshop on seeds" in page.text
    assert "LX 288" not in page.text, "the text itself is not kept"


def test_the_stops_are_filled_in_and_can_be_corrected(traveller, trip):
    answer = take(traveller, trip, paste(traveller, trip))

    assert answer.status_code == 303
    assert answer.location == f"{trip}#stops.0"
    page = traveller.get(trip)
    assert "1 stop was filled in" in page.text
    assert values(page, "stops.0.place") == "Nairobi (NBO)"
    assert values(page, "stops.0.arrive_at") == "2026-12-12T19:30"
    assert values(page, "stops.0.depart_at") == ""
    assert chosen(page, "stops.0.area")[1] == "KE-NBO"
    assert chosen(page, "stops.0.operator") is None
    assert "stops.1.place" not in page.text
    assert "14 Dec" not in page.text


def test_stops_are_added_behind_those_that_are_there(traveller, trip):
    shown = paste(traveller, trip, **{"stops.0.place": "Halden", "stops.1.place": ""})

    answer = take(traveller, trip, shown, how="add")

    page = traveller.get(trip)
    assert "Your request has 1 stop already" in shown.text
    assert answer.location == f"{trip}#stops.1"
    assert [values(page, f"stops.{number}.place") for number in (0, 1)] == ["Halden", "Nairobi (NBO)"]
    assert "stops.2.place" not in page.text


def test_stops_that_are_there_are_replaced_only_when_the_person_says_so(traveller, trip):
    shown = paste(traveller, trip, **{"stops.0.place": "Halden"})

    refused = take(traveller, trip, shown, how="")
    before = values(traveller.get(trip), "stops.0.place")
    take(traveller, trip, shown, how="replace")

    assert refused.status_code == 400
    assert before == "Halden"
    assert values(traveller.get(trip), "stops.0.place") == "Nairobi (NBO)"


def test_more_stops_than_the_form_takes_are_not_added(traveller, trip):
    shown = paste(traveller, trip, **{f"stops.{number}.place": "Halden" for number in range(20)})

    answer = take(traveller, trip, shown, how="add")

    assert 'value="add"' not in shown.text
    assert answer.status_code == 422
    assert "There would be 21 stops, and the request takes 20 at most." in answer.text
    assert values(traveller.get(trip), "stops.19.place") == "Halden"


def test_a_date_that_can_mean_two_days_is_asked(traveller, trip):
    shown = paste(traveller, trip, "LX 288 Geneva - Nairobi 03/04/2027 09:20 19:30")
    again = traveller.post(f"{trip}/itinerary/again", _itinerary=hidden(shown, "_itinerary"), order="day_first")
    take(traveller, trip, again)

    assert "03/04 is April 3" in shown.text
    assert 'datetime="2027-0' not in shown.text
    assert flaws_of(shown.text) == []
    assert values(traveller.get(trip), "stops.0.arrive_at") == "2027-04-03T19:30"


@pytest.mark.parametrize("text", ["x" * 20_001, "x\n" * 300])
def test_a_text_that_is_too_long_is_refused_with_what_was_typed_kept(traveller, trip, text):
    answer = paste(traveller, trip, text, **{"stops.0.place": "Halden"})

    assert answer.status_code == 400
    assert "The text is too long" in answer.text
    assert 'href="#_itinerary"' in answer.text
    assert 'value="Halden"' in answer.text
    assert flaws_of(answer.text) == []
    assert traveller.post(f"{trip}/itinerary/take", how="replace", _itinerary=text).status_code == 400


def test_without_a_text_there_is_nothing_to_read(traveller, trip):
    answer = paste(traveller, trip, "  \n ")

    assert answer.status_code == 422
    assert "Paste the text of your itinerary first." in answer.text
    assert f'action="{trip}"' in answer.text, "the page goes on as that of the part"


def test_a_text_of_which_nothing_is_understood_fills_in_nothing(traveller, trip):
    shown = paste(traveller, trip, "Dear colleague,\nhave a <b>good</b> trip.")
    answer = traveller.post(f"{trip}/itinerary/take", how="replace", _itinerary="Dear colleague", revision="3")

    assert "No stop was understood" in shown.text
    assert "have a &lt;b&gt;good" in shown.text
    assert 'name="how"' not in shown.text
    assert flaws_of(shown.text) == []
    assert answer.status_code == 422


def test_a_window_that_was_quicker_is_not_overwritten(traveller, trip):
    shown = paste(traveller, trip, **{"stops.0.place": "Halden"})
    traveller.post(trip, revision=hidden(traveller.get(trip), "revision"), onward="list", **{"stops.0.place": "Tesh"})

    refused = take(traveller, trip, shown)
    before = values(traveller.get(trip), "stops.0.place")
    take(traveller, trip, refused)

    assert refused.status_code == 409
    assert "You changed this draft in another window at" in refused.text
    assert flaws_of(refused.text) == []
    assert before == "Tesh"
    assert values(traveller.get(trip), "stops.0.place") == "Nairobi (NBO)"


def test_pasting_into_a_part_that_another_window_saved_keeps_the_text(traveller, trip):
    seen = hidden(traveller.get(trip), "revision")
    traveller.post(trip, revision=seen, onward="list", **{"stops.0.place": "Tesh"})

    answer = traveller.post(f"{trip}/itinerary", revision=seen, _itinerary=TEXT, **{"stops.0.place": "Halden"})

    assert answer.status_code == 409
    assert "Departure: Geneva (GVA)" in answer.text
    assert values(traveller.get(trip), "stops.0.place") == "Tesh"


def test_the_addresses_of_a_foreign_draft_are_not_there_and_a_reload_leads_back(traveller, trip, enter):
    stranger = enter(STRANGER)

    answers = [
        stranger.post(f"{trip}/itinerary{below}", _itinerary=TEXT, how="add").status_code for below in ("", "/again", "/take")
    ]

    assert answers == [404] * 3
    assert [traveller.get(f"{trip}/itinerary{below}").location for below in ("", "/again", "/take")] == [trip] * 3


def test_a_part_that_takes_no_itinerary_says_so(traveller, trip):
    other = trip.removesuffix("/2") + "/1"

    assert traveller.post(f"{other}/itinerary/again", _itinerary=TEXT).status_code == 422
    assert traveller.post(f"{other}/itinerary/take", _itinerary=TEXT, how="replace").status_code == 422
