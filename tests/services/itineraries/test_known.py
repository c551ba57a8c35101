"""What the registers know of the names in itineraries, on both databases."""

from __future__ import annotations

from services.itineraries import read_itinerary
from services.itineraries.known import list_names
from services.models.areas import Area
from tests.databases import NOW

TODAY = NOW.date()


def test_areas_are_known_by_their_names_in_all_languages_and_by_what_people_call_them(leave):
    with leave.database.transaction() as session:
        session.get(Area, "KE-NBO").name = {"en": "Nairobi", "ru": "Найроби"}

    with leave.database.reading() as session:
        names = list_names(session, today=TODAY)

    found = {text: names.find_area(text) for text in ("Nairobi", "Найроби", "geneva", "Geneva, Switzerland", "Halden", "KE-NBO")}
    assert found == {
        "Nairobi": "KE-NBO",
        "Найроби": "KE-NBO",
        "geneva": "CH-GVA",
        "Geneva, Switzerland": "CH-GVA",
        "Halden": "XA-NOR",
        "KE-NBO": "KE-NBO",
    }
    assert names.zones["KE-NBO"] == "Africa/Nairobi"


def test_a_country_a_code_of_an_airport_and_a_part_of_a_name_are_no_area(leave):
    with leave.database.reading() as session:
        names = list_names(session, today=TODAY)

    assert [names.find_area(text) for text in ("Arvenia", "Switzerland", "NBO", "SOU", "Belmora", "New Nairobi")] == [""] * 6


def test_a_name_that_two_areas_have_is_none(leave):
    with leave.database.transaction() as session:
        session.get(Area, "XA-EST").name = {"en": "Arvenia East (Halden)"}

    with leave.database.reading() as session:
        assert list_names(session, today=TODAY).find_area("Halden") == ""


def test_operators_are_known_by_name(leave):
    with leave.database.reading() as session:
        names = list_names(session, today=TODAY)

    (stop,) = read_itinerary("Meridian Air ME 214, 12 Dec 2026, Geneva - Tesh, 09:20 21:00", names, today=TODAY).stops
    assert (stop.operator, stop.area) == ("MERIDIAN", "XC-CAP")
