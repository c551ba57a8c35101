"""Lists of rows, and files."""

from __future__ import annotations

import json

from tests.workflows.forms.fields import NOW, required, stops, text
from workflows import forms
from workflows.forms.drafts import draft_answers


def test_a_list_gives_typed_rows(ask):
    raw = {"stops": [{"area": "XA", "level": "3", "contact": {"phone": "1"}}, {"area": "XB"}]}

    assert ask(raw, stops()) == {
        "stops": [
            {"area": "XA", "level": 3, "contact": {"phone": "1"}},
            {"area": "XB", "level": None, "contact": {"phone": None}},
        ]
    }


def test_problems_in_a_list_name_the_row_as_it_was_sent(ask):
    raw = {"stops": [{"area": "XA"}, {"area": ""}, {"level": "x", "colour": "red"}]}

    assert ask(raw, stops()) == {
        "stops.2.colour": "This form has no field called stops.2.colour.",
        "stops.2.area": "Enter area",
        "stops.2.level": "Level must be a number",
    }


def test_a_list_has_a_least_and_a_most(ask):
    assert ask({}, stops(minItems="1")) == {"stops": "Add at least one entry to stops"}
    assert ask({"stops": [{"area": "A"}]}, stops(minItems="2")) == {"stops": "Stops needs 2 entries or more"}
    assert ask({"stops": [{"area": "A"}] * 3}, stops(maxItems="2")) == {"stops": "Stops can have 2 entries or fewer"}
    assert "500" in ask({"stops": [{"area": "A"}] * 501}, stops())["stops"]
    assert ask({"stops": "x"}, stops()) == {"stops": "The answers must come by name"}


def test_a_moment_of_a_row_is_read_on_the_clock_of_the_place_that_the_row_names(ask):
    arrival = {
        "type": "datetime",
        "subtype": "datetime",
        "key": "arrive_at",
        "label": "Arrival",
        "properties": {"zone": "=zones[place = area][1].zone"},
    }
    rows = {"type": "dynamiclist", "path": "stops", "label": "Stops", "components": [arrival, text("area")]}
    form = forms.read_form(json.dumps({"id": "f", "type": "default", "components": [rows]}).encode(), name="f.form")
    raw = {"stops": [{"area": "XB", "arrive_at": "2026-12-20T09:00"}]}
    scope = {"zones": [{"place": "XB", "zone": "Etc/GMT+1"}]}

    assert form.read_answers(raw, scope, now=NOW)["stops"][0]["arrive_at"] == "2026-12-20T09:00:00-01:00"
    assert draft_answers(form.fields, raw, scope)["stops"][0]["arrive_at"] == "2026-12-20T09:00:00-01:00"


def test_a_condition_in_a_row_sees_its_row_and_what_is_around(ask):
    phone = text("phone", properties={"required_if": "=level >= 3 and parent.travel = true"})
    rows = {
        "type": "dynamiclist",
        "path": "rows",
        "label": "Rows",
        "components": [{"type": "number", "key": "level", "label": "L"}, phone],
    }
    travel = {"type": "checkbox", "key": "travel", "label": "Travel"}
    raw = {"rows": [{"level": 2}, {"level": 3}]}

    assert ask(raw | {"travel": True}, travel, rows) == {"rows.1.phone": "Enter phone"}
    assert len(ask(raw, travel, rows)["rows"]) == 2


def test_unknown_fields_are_refused_at_every_level(ask):
    assert ask({"note": "x", "role": "admin"}, text()) == {"role": "This form has no field called role."}
    assert "stops.0.contact.pin" in ask({"stops": [{"area": "A", "contact": {"pin": "1"}}]}, stops())


FILE = {"file": "f1", "name": "plan.pdf", "size": 2_000_000, "type": "application/pdf"}


def picker(**more):
    return {"type": "filepicker", "key": "files", "label": "Documents", **more}


def test_files_are_references_to_what_is_at_hand(ask):
    assert ask({"files": FILE}, picker()) == {"files": [FILE]}
    assert ask({"files": [{"file": "f1", "name": "x.exe", "size": 1, "type": "a/b"}]}, picker(), files={"f1": FILE}) == {
        "files": [FILE]
    }
    assert ask({"files": "f1"}, picker(), files={"f1": FILE}) == {"files": [FILE]}
    assert ask({"files": "f2"}, picker(), files={"f1": FILE}) == {
        "files": "A file for documents is no longer there. Add it again"
    }
    assert "no longer there" in ask({"files": [{"file": "f1"}]}, picker())["files"]


def test_files_keep_to_kind_size_and_number(ask):
    limited = picker(accept=".pdf,image/*", multiple=True, properties={"maxSize": "1 MB", "maxFiles": "2"})
    small = FILE | {"size": 10}

    assert ask({"files": [FILE]}, limited) == {"files": "The file plan.pdf must be smaller than 1 MB (yours is 2 MB)"}
    assert ask({"files": [small | {"name": "x.exe", "type": "application/x"}]}, limited) == {
        "files": "The file x.exe must be one of these: .pdf, image/*"
    }
    assert ask({"files": [small | {"name": "x.png", "type": "image/png"}]}, limited)["files"][0]["name"] == "x.png"
    many = [small | {"file": str(number)} for number in range(3)]
    assert ask({"files": many}, limited) == {"files": "Documents can have 2 files or fewer"}
    assert ask({"files": many}, picker()) == {"files": "Documents can have one file only"}
    assert ask({}, picker() | required()) == {"files": "Add a file for documents"}


def test_what_is_shown_and_not_asked_stays_with_its_row_when_rows_are_removed(form):
    number, name = {"type": "number", "key": "no", "label": "No"}, text("name", readonly=True)
    people = {"type": "dynamiclist", "path": "people", "label": "People", "components": [number, name, text("words")]}
    asked = form(text("office", readonly=True), people)
    known = {"office": "North", "people": [{"no": 1, "name": "Amadou"}, {"no": 2, "name": "Omar"}]}

    shown = asked.show_again({"people": [{"no": "2", "words": "called"}, {"no": "7"}]}, known)

    assert shown == {
        "office": "North",
        "people": [{"no": "2", "name": "Omar", "words": "called"}, {"no": "7", "name": None}],
    }
    assert asked.show_again({}, known) == {"office": "North"}
