"""Options to choose from, and fields that depend on other answers."""

from __future__ import annotations

import pytest

from tests.workflows.forms.fields import NOW, required, text

OPTIONS = [{"value": "A", "label": "Alpha"}, {"value": "B", "label": "Beta"}]


@pytest.mark.parametrize("kind", ["select", "radio"])
def test_one_of_the_listed_options_can_be_chosen(ask, kind):
    choice = {"type": kind, "key": "pick", "label": "Route", "values": OPTIONS}

    assert ask({"pick": "A"}, choice) == {"pick": "A"}
    assert ask({"pick": ["A", "B"]}, choice) == {"pick": "Choose one of the listed options for route"}
    assert ask({"pick": "C"}, choice) == {"pick": "Choose one of the listed options for route"}


@pytest.mark.parametrize("kind", ["checklist", "taglist"])
def test_several_of_the_listed_options_can_be_chosen(ask, kind):
    choice = {"type": kind, "key": "pick", "label": "Routes", "values": OPTIONS, **required()}

    assert ask({"pick": ["A", "B", "A"]}, choice) == {"pick": ["A", "B"]}
    assert ask({"pick": "B"}, choice) == {"pick": ["B"]}
    assert ask({"pick": ["A", "C"]}, choice) == {"pick": "Choose one of the listed options for routes"}
    assert ask({"pick": []}, choice) == {"pick": "Choose at least one option for routes"}


def test_options_may_come_from_a_variable_or_from_feel(ask):
    by_key = {"type": "select", "key": "pick", "label": "Stop", "valuesKey": "stops"}
    by_feel = {"type": "select", "key": "pick", "label": "Stop", "valuesExpression": "=for s in stops return s.value"}
    known = {"stops": [{"value": 1, "label": "First"}, {"value": 2, "label": "Second"}]}

    for field in (by_key, by_feel):
        assert ask({"pick": "2"}, field, variables=known) == {"pick": 2}
        assert ask({"pick": "3"}, field, variables=known) == {"pick": "Choose one of the listed options for stop"}


@pytest.mark.parametrize("listed", [["XA-NOR"], [{"value": "XA-NOR", "label": "North"}], {"XA-NOR": "North"}])
def test_a_reference_must_be_in_its_register(ask, listed):
    area = text("area", properties={"register": "areas"})

    assert ask({"area": "XA-NOR"}, area, variables={"options": {"areas": listed}}) == {"area": "XA-NOR"}
    assert "listed options" in ask({"area": "XX"}, area, variables={"options": {"areas": listed}})["area"]
    assert ask({"area": "XX"}, area) == {"area": "XX"}


def test_options_can_be_listed_for_a_page(form):
    field = form({"type": "select", "key": "area", "label": "Area", "properties": {"register": "areas"}}).fields[0]

    listed = field.choices.listed({"options": {"areas": {"XA-NOR": "North"}}}, NOW)

    assert [(choice.value, choice.label) for choice in listed] == [("XA-NOR", "North")]


def test_a_hidden_field_is_neither_asked_nor_returned(ask):
    kind = {
        "type": "select",
        "key": "kind",
        "label": "Kind",
        "values": [{"value": "X", "label": "X"}, {"value": "Y", "label": "Y"}],
    }
    reason = text("reason", conditional={"hide": '=kind = "X"'}) | required()

    assert ask({"kind": "X", "reason": "typed before"}, kind, reason) == {"kind": "X"}
    assert ask({"kind": "Y"}, kind, reason) == {"reason": "Enter reason"}


def test_a_condition_may_look_at_answers_further_down(ask):
    reason = text("reason", conditional={"hide": "=not(late)"}) | required()
    late = {"type": "checkbox", "key": "late", "label": "Late"}

    assert ask({}, reason, late) == {"late": False}
    assert ask({"late": "on"}, reason, late) == {"reason": "Enter reason"}


def test_a_hidden_answer_is_null_for_conditions_after_it(ask):
    first = {"type": "checkbox", "key": "first", "label": "First", "conditional": {"hide": "=true"}}
    second = text("second", conditional={"hide": "=first = true"})

    assert ask({"first": "on", "second": "x"}, first, second) == {"second": "x"}


def test_a_hidden_group_hides_what_is_in_it(ask):
    group = {"type": "group", "label": "More", "conditional": {"hide": "=true"}, "components": [text() | required()]}

    assert ask({}, group) == {}


def test_an_answer_can_be_required_by_a_condition(ask):
    kind = text("kind")
    reason = text("reason", properties={"required_if": '=kind != "PRIVATE"'})

    assert ask({"kind": "PRIVATE"}, kind, reason) == {"kind": "PRIVATE", "reason": None}
    assert ask({"kind": "OFFICIAL"}, kind, reason) == {"reason": "Enter reason"}


def test_a_locked_field_keeps_what_the_case_knows(ask):
    kind = text("kind", readonly=True)
    reason = text("reason", conditional={"hide": '=kind = "X"'})

    assert ask({"kind": "Y", "reason": "r"}, kind, reason, variables={"kind": "X"}) == {}
    assert ask({"kind": "Y", "reason": "r"}, kind | {"readonly": "=true"}, reason, variables={"kind": "X"}) == {}


def test_answers_must_fit_each_other_where_the_form_says_so(ask):
    moment = {"type": "datetime", "subtype": "datetime", "dateLabel": "Departure"}
    rule = {"valid_if": "=date and time(leave_at) > date and time(arrive_at)", "otherwise": "Departure must be after arrival"}
    parts = [moment | {"key": "arrive_at"}, moment | {"key": "leave_at", "properties": rule}]

    assert ask({"arrive_at": "2026-12-20T09:00", "leave_at": "2026-12-20T08:00"}, *parts) == {
        "leave_at": "Departure must be after arrival"
    }
    assert "leave_at" in ask({"arrive_at": "2026-12-20T09:00", "leave_at": "2026-12-20T10:00"}, *parts)
    assert ask({"arrive_at": "2026-12-20T09:00"}, *parts)["leave_at"] is None
