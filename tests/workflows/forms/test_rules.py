"""Rules of a form beside its limits: several for a field, sentences with facts in them, and advice that refuses nothing."""

from __future__ import annotations

import pytest

from tests.workflows.forms.fields import NOW, required, text
from workflows import forms
from workflows.forms.checks import advice_on
from workflows.forms.drafts import draft_answers
from workflows.forms.rules import MomentText

MOMENT = {"type": "datetime", "subtype": "datetime"}
BEFORE = "parent.stops[i[1] - 1]"
ARRIVAL = {
    "valid_if": '=date and time(arrive_at) > date and time("2026-12-02T00:00:00Z")',
    "otherwise": "Arrive later",
    "valid_if_2": f"=i[1] = 1 or date and time(arrive_at) >= date and time({BEFORE}.leave_at)",
    "otherwise_2": "You reach stop {stop} before {left}",
    "usual_if": f'=i[1] = 1 or date and time(arrive_at) - date and time({BEFORE}.leave_at) <= duration("P2D")',
    "unusual": "Where are you before stop {stop}?",
    "missing": "Enter when you reach stop {stop}",
    "say_stop": "=i[1]",
    "say_left": f"=date and time({BEFORE}.leave_at)",
}
STOPS = {
    "type": "dynamiclist",
    "path": "stops",
    "label": "Stops",
    "components": [MOMENT | {"key": "arrive_at", "properties": ARRIVAL} | required(), MOMENT | {"key": "leave_at"}],
}


def stops(*moments):
    return {"stops": [dict(zip(("arrive_at", "leave_at"), each, strict=True)) for each in moments]}


def test_each_rule_of_a_field_has_its_own_sentence_with_facts_and_a_place(ask):
    early = stops(("2026-12-01T09:00", "2026-12-05T09:00"), ("2026-12-04T09:00", ""))
    missing = stops(("2026-12-03T09:00", ""), ("", "2026-12-05T09:00"))

    assert ask(early, STOPS) == {
        "stops.0.arrive_at": "Arrive later",
        "stops.1.arrive_at": "You reach stop 2 before 2026-12-05T09:00:00Z",
    }
    assert ask(missing, STOPS) == {"stops.1.arrive_at": "Enter when you reach stop 2"}
    assert "stops" in ask(stops(("2026-12-03T09:00", "2026-12-04T09:00"), ("2026-12-04T09:00", "")), STOPS)


def test_advice_is_said_and_refuses_nothing(ask, form):
    late = stops(("2026-12-03T09:00", "2026-12-04T09:00"), ("2026-12-06T09:01", ""))
    listed = form(STOPS).find_field("stops")

    assert len(ask(late, STOPS)["stops"]) == 2
    rows = draft_answers((listed,), late, {})["stops"]
    said = [
        [str(each) for each in advice_on(listed.fields[0], f"stops.{number}.arrive_at", known, NOW)]
        for number, row in enumerate(rows)
        for known in [{**row, "parent": {"stops": rows}, "i": [number + 1]}]
    ]
    assert said == [[], ["stops.1.arrive_at: Where are you before stop 2?"]]
    (advice,) = advice_on(listed.fields[0], "here", {**rows[1], "parent": {"stops": rows}, "i": [2]}, NOW)
    assert advice.is_advice


def test_a_moment_in_a_sentence_is_known_as_one(form):
    sayings = form(STOPS).find_field("stops.0.arrive_at").limits.sayings

    facts = sayings.facts_of("{left}", {"parent": {"stops": [{"leave_at": "2026-12-05T09:00:00Z"}]}, "i": [2]}, NOW)

    assert isinstance(facts["left"], MomentText)


@pytest.mark.parametrize(
    "properties",
    [
        {"missing": "Enter {what}"},
        {"valid_if": "=note != null", "otherwise": "Not {note.__class__}", "say_note": "=note"},
        {"usual_if_2": "=note != null", "unusual_2": "Never { alone"},
    ],
)
def test_braces_that_nothing_fills_are_refused(form, properties):
    with pytest.raises(forms.FormRefused, match="cannot be filled"):
        form(text(properties=properties))
