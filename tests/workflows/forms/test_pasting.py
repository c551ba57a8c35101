"""Lists that are filled from a text which a person pastes."""

from __future__ import annotations

import json

import pytest

from workflows.forms.editing import FormSheet
from workflows.forms.reading import FormRefused, read_form


def form_of(kind, **properties):
    inner = {"type": "textfield", "id": "place", "key": "place", "label": "Place"}
    outer = {"type": kind, "id": "stops", "path": "stops", "label": "Stops", "components": [inner], "properties": properties}
    return json.dumps({"id": "F-1", "type": "default", "components": [outer]}).encode()


def test_a_list_says_what_may_be_pasted():
    (field,) = read_form(form_of("dynamiclist", paste="itinerary"), name="trip.form").fields

    assert field.paste == "itinerary"
    assert read_form(form_of("dynamiclist"), name="trip.form").fields[0].paste == ""


@pytest.mark.parametrize(("kind", "paste"), [("dynamiclist", "menu"), ("group", "itinerary")])
def test_anything_else_cannot_be_pasted(kind, paste):
    with pytest.raises(FormRefused) as refusal:
        read_form(form_of(kind, paste=paste), name="trip.form")

    assert [str(problem) for problem in refusal.value.problems] == [
        f"stops: Nothing can be pasted here as {paste}. Only a list can have the property paste; its value is one of: itinerary."
    ]


def test_the_property_stays_when_a_form_is_changed_without_a_drawing():
    sheet = FormSheet(form_of("dynamiclist", paste="itinerary"))

    sheet.describe("0", label="Your stops", key="stops", hint="", options=None, required=False)
    sheet.describe("0.0", label="Which place?", key="place", hint="", options=None, required=True)

    (field,) = read_form(sheet.write(), name="trip.form").fields
    assert (field.label, field.paste) == ("Your stops", "itinerary")
