"""Reading itineraries: what is certain is taken over, what is not stays empty and is said."""

from __future__ import annotations

import random
from datetime import date

import pytest

from services.itineraries import MOST_STOPS, ItineraryTooLong, Names, read_itinerary
from tests.services.itineraries.texts import SAMPLES, TO_NAIROBI

TODAY = date(2026, 11, 23)
NAMES = Names(
    areas={
        **dict.fromkeys(("Geneva, Switzerland", "Geneva", "Genève", "Ginebra", "Женева", "日内瓦", "جنيف"), ("CH-GVA",)),
        **dict.fromkeys(("Nairobi", "Найроби", "内罗毕", "نيروبي"), ("KE-NBO",)),
        "Tesh": ("XC-CAP",),
        "Gallen": ("XG-CAP",),
        "Port Twice": ("XA-EST", "XA-NOR"),
    },
    operators={"Meridian Air": "MERIDIAN", "UN flight service": "UNFLIGHT"},
    zones={"CH-GVA": "Europe/Zurich", "KE-NBO": "Africa/Nairobi", "XC-CAP": "Asia/Kabul"},
)


def read(text, order=""):
    return read_itinerary(text, NAMES, today=TODAY, order=order)


def written(stop):
    moments = (each.isoformat(" ", "minutes") if each else "" for each in (stop.arrive_at, stop.depart_at))
    parts = (stop.stop_type, stop.place, stop.area, *moments, stop.transport_mode, stop.operator, stop.flight_number)
    return " | ".join(part or "-" for part in parts)


def said(reading):
    return [note.sentence.format(**note.facts) for note in reading.notes]


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_certain_is_read(name):
    sample = SAMPLES[name]

    reading = read(sample.text, sample.order)

    assert tuple(written(stop) for stop in reading.stops) == sample.stops
    assert len(said(reading)) == len(sample.notes), said(reading)
    for note, beginning in zip(said(reading), sample.notes, strict=True):
        assert note.startswith(beginning)


@pytest.mark.parametrize(
    "day",
    [
        "2026-12-12",
        "2026/12/12",
        "12.12.2026",
        "12 Dec 2026",
        "12-Dec-26",
        "12DEC2026",
        "Dec 12, 2026",
        "12th of December 2026",
        "12 déc. 2026",
        "12 de diciembre de 2026",
        "12 дек. 2026 г.",
        "2026年12月12日",
        "12 ديسمبر 2026",
        "Saturday, December 12, 2026",
        "sáb., 12 dic 2026",
        "сб, 12 декабря 2026 г.",
    ],
)
def test_dates_are_read_as_people_write_them(day):
    assert tuple(written(stop) for stop in read(f"LX 288 {day} Geneva - Nairobi 09:20 19:30").stops) == TO_NAIROBI


@pytest.mark.parametrize(
    "clock", ["19:30", "19h30", "7:30 pm", "7:30 p.m.", "19:30 Uhr", "19:30 hrs", "19:30:00", "下午7:30", "7:30 م"]
)
def test_times_are_read_as_people_write_them(clock):
    text = f"LX 288 12 Dec 2026\nDeparture: Geneva 09:20\nArrival: Nairobi {clock}"

    assert tuple(written(stop) for stop in read(text).stops) == TO_NAIROBI


@pytest.mark.parametrize("clock", ["25:10", "19:75", "13:20 am", "19.30", "half past seven"])
def test_what_is_no_time_is_never_taken_for_one(clock):
    assert all(stop.arrive_at is None for stop in read(f"12 Dec 2026\nDeparture: Geneva 09:20\nArrival: Nairobi {clock}").stops)


def test_a_name_that_two_areas_have_is_left_for_the_person():
    (stop,) = read("LX 288 12 Dec 2026 Geneva - Port Twice 09:20 19:30").stops

    assert (stop.place, stop.area) == ("Port Twice", "")


def test_a_code_is_known_once_the_text_itself_explains_it():
    text = "Departure: Geneva (GVA) 12 Dec 2026 09:20\nArrival: ADD 12 Dec 2026 19:30\nLX 9 ADD - GVA 20 Dec 2026 08:00 15:00"

    assert [stop.area for stop in read(text).stops] == ["", "CH-GVA"]


def test_what_can_mean_two_days_is_asked():
    assert read("LX 288 Geneva - Nairobi 03/04/2027 09:20 19:30").two_days == "03/04/2027"
    assert read("LX 288 Geneva - Nairobi 03/04/2027 09:20 19:30", "month_first").two_days == ""


def test_lines_are_counted_as_the_person_sees_them():
    assert said(read("\n\n31 Feb 2027"))[0].startswith("Line 3:")


def test_lines_that_say_nothing_of_a_trip_are_listed_apart():
    assert read("Dear colleague,\n\nLX 288 12 Dec 2026 Geneva - Nairobi 09:20 19:30").others == ["Dear colleague,"]


def test_more_stops_than_a_request_takes_are_cut_and_said():
    places = ["Geneva", "Nairobi"]
    text = "\n".join(f"LX {n} {places[n % 2]} - {places[(n + 1) % 2]}" for n in range(1, 31))

    reading = read(text)

    assert len(reading.stops) == MOST_STOPS
    assert said(reading)[0].startswith("The text has more than 20 stops.")


@pytest.mark.parametrize("text", ["a" * 20_001, "a\n" * 201])
def test_a_text_that_is_too_long_is_refused(text):
    with pytest.raises(ItineraryTooLong):
        read(text)


def test_a_text_of_the_longest_kind_with_lines_of_windows_is_read():
    text = "\r\n".join(["x" * 99] * 200)

    assert read(text).stops == []


JUNK = [
    "12:",
    "GVA-",
    "12 dec ",
    "( ",
    "\t ",
    "1",
    " ",
    "from to ",
    ", ",
    "12/",
    "-",
    "LX 288 ",
    "é",
    "\x00",
    "9 h ",
    "上午 ",
    "+1",
    "a b ",
    "- ",
]


@pytest.mark.parametrize("piece", JUNK)
def test_junk_of_20000_characters_is_read_without_stops(piece):
    reading = read((piece * 20_000)[:20_000])

    assert reading.stops == []


def test_what_is_thrown_together_makes_no_stop_that_is_left_before_it_is_reached():
    pieces = [
        "LX 288",
        "12 Dec 2026",
        "Geneva",
        "Nairobi",
        "(GVA)",
        "-",
        "09:20",
        "19:30",
        "+1",
        "\n",
        "\t",
        "Departure:",
        "Arrival:",
        "03/04/2027",
    ]
    chance = random.Random(7)

    for _ in range(300):
        stops = read(" ".join(chance.choices(pieces, k=60))).stops

        assert len(stops) <= MOST_STOPS
        stays = [(stop.arrive_at, stop.depart_at) for stop in stops if stop.arrive_at and stop.depart_at]
        assert all(arrived <= left for arrived, left in stays), stays
