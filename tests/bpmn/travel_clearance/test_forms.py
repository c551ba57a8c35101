"""Moments typed into the forms of a journey are on the clock of the place that they are about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.bpmn.conftest import PROCESSES
from workflows.errors import AnswersInvalid
from workflows.forms import read_form

NOW = datetime(2026, 12, 21, 9, tzinfo=UTC)
KNOWN = {
    "stop": {"area": "XC-CAP"},
    "stops": [
        {"no": 1, "key": "TSC-1-S1", "area": "XB-HIG", "place": "Inland", "arrive_at": "2026-12-20T09:00:00Z"},
        {"no": 3, "key": "TSC-1-S3", "area": "XC-CAP", "place": "Tesh", "arrive_at": "2026-12-26T09:00:00Z"},
    ],
    "options": {
        "areas": [
            {"value": "XB-HIG", "label": "Highlands", "zone": "Atlantic/Azores"},
            {"value": "XC-CAP", "label": "Tesh", "zone": "Asia/Kabul"},
            {"value": "XH-CAP", "label": "Hestra", "zone": "Asia/Kathmandu"},
        ]
    },
}


def read(name, answers, known=None):
    form = read_form((PROCESSES / "travel_clearance" / "forms" / f"{name}.form").read_bytes(), name=name)
    return form.read_answers(answers, known or KNOWN, now=NOW)


@pytest.mark.parametrize(("name", "more"), [("F-TSC-05", {"choice": "AMEND"}), ("F-TSC-16", {})])
def test_new_dates_are_on_the_clock_of_their_stop(name, more):
    moved = {"kind": "DATES", "stop": "3", "arrive_at": "2026-12-27T10:00", "depart_at": "2026-12-28T10:00"}

    (change,) = read(name, {"changes": [moved], **more})["changes"]

    assert change["arrive_at"] == "2026-12-27T10:00:00+04:30"


def test_dates_of_a_further_stop_are_on_its_clock():
    added = {
        "kind": "NEW_AREA",
        "area": "XH-CAP",
        "place": "Hestra",
        "arrive_at": "2026-12-27T10:00",
        "depart_at": "2026-12-28T10:00",
    }

    (change,) = read("F-TSC-16", {"changes": [added]})["changes"]

    assert change["arrive_at"] == "2026-12-27T10:00:00+05:45"


def test_a_stop_that_has_no_number_yet_is_counted():
    stops = [{name: value for name, value in stop.items() if name != "no"} for stop in KNOWN["stops"]]
    moved = {"kind": "DATES", "stop": "2", "arrive_at": "2026-12-27T10:00", "depart_at": "2026-12-28T10:00"}

    answers = read("F-TSC-13", {"confirmation": "CORRECT", "changes": [moved]}, {**KNOWN, "stops": stops})

    assert answers["changes"][0]["arrive_at"] == "2026-12-27T10:00:00+04:30"


def test_the_validity_of_a_decision_is_on_the_clock_of_its_area():
    answers = read("F-TSC-03", {"decision": "GRANT", "valid_from": "2026-12-20T08:00"})

    assert answers["valid_from"] == "2026-12-20T08:00:00+04:30"


def test_a_reported_arrival_is_on_the_clock_of_its_stop():
    answers = read("F-TSC-08", {"kind": "ARRIVED", "stop": "TSC-1-S3", "at": "2026-12-21T08:00"})

    assert answers["at"] == "2026-12-21T08:00:00+04:30"


def test_a_report_without_a_time_needs_no_stop():
    assert read("F-TSC-08", {"kind": "ARRIVED"})["at"] is None
    with pytest.raises(AnswersInvalid, match="stop"):
        read("F-TSC-08", {"kind": "ARRIVED", "at": "2026-12-21T08:00"})
