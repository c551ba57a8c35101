"""Pages of a form, what it starts with, its names, and what it may not be."""

from __future__ import annotations

import pytest

from tests.workflows.forms.fields import NOW, required, stops, text
from workflows import forms
from workflows.errors import AnswersInvalid
from workflows.forms.form import PageUnknown


@pytest.fixture
def stepwise(form):
    who = {"type": "group", "label": "Who", "properties": {"step": "who"}, "components": [text("name") | required()]}
    trip = {"type": "group", "label": "Trip", "properties": {"step": "trip"}, "components": [stops(minItems="1")]}
    late = {
        "type": "group",
        "label": "Why late",
        "properties": {"step": "late"},
        "conditional": {"hide": "=not(is_late)"},
        "components": [text("why") | required()],
    }
    return form(who, trip, late)


def test_a_stepwise_form_has_its_pages_in_order(stepwise):
    assert [(page.step, page.title, page.keys) for page in stepwise.pages()] == [
        ("who", "Who", ("name",)),
        ("trip", "Trip", ("stops",)),
        ("late", "Why late", ("why",)),
    ]
    assert [page.step for page in stepwise.pages({"is_late": False}, now=NOW)] == ["who", "trip"]


def test_a_page_is_checked_by_itself(stepwise):
    assert stepwise.read_page("who", {"name": "Lina"}, {}, now=NOW) == {"name": "Lina"}
    with pytest.raises(AnswersInvalid):
        stepwise.read_page("who", {"name": "Lina", "stops": []}, {}, now=NOW)
    with pytest.raises(PageUnknown, match="nowhere"):
        stepwise.read_page("nowhere", {}, {}, now=NOW)


def test_the_whole_form_is_checked_across_its_pages(stepwise):
    answers = stepwise.read_answers({"name": "Lina", "stops": [{"area": "XA"}]}, {"is_late": False}, now=NOW)

    assert set(answers) == {"name", "stops"}


def test_a_form_without_steps_is_one_page(form):
    (page,) = form(text()).pages()

    assert (page.step, page.keys) == ("", ("note",))


def test_a_form_starts_with_what_the_case_knows_and_its_own_defaults(form):
    whole = form(
        text("name"),
        text("mode", defaultValue="AUTO"),
        {"type": "checkbox", "key": "agree", "label": "Agree"},
        {"type": "group", "path": "contact", "label": "Contact", "components": [text("phone")]},
        stops(),
    )

    assert whole.default_answers({"name": "Lina", "contact": {"phone": "+41"}}) == {
        "name": "Lina",
        "mode": "AUTO",
        "agree": False,
        "contact": {"phone": "+41"},
        "stops": [{"area": None, "level": None, "contact": {"phone": None}}],
    }
    assert len(whole.default_answers({"stops": [{"area": "A"}, {"area": "B"}]})["stops"]) == 2


def test_a_place_leads_to_its_field(form):
    whole = form(stops(), {"type": "group", "label": "G", "components": [text()]})

    assert whole.keys == ("stops", "note")
    assert whole.find_field("stops.0.contact.phone").label == "Phone"
    assert whole.find_field("note").kind == "textfield"
    assert whole.find_field("stops.0.nothing") is None


def test_a_static_text_may_be_feel(form):
    field = form({"type": "text", "text": '="Level " + string(level)'}).fields[0]

    assert field.shown_text({"level": 3}, NOW) == "Level 3"


def test_flat_names_become_nested_answers_and_back():
    pairs = [
        ("note", "x"),
        ("stops.0.area", "XA"),
        ("stops.10.area", "XC"),
        ("stops.2.area", "XB"),
        ("codes", "A"),
        ("codes", "B"),
    ]

    nested = forms.nest(pairs)

    assert nested == {"note": "x", "stops": [{"area": "XA"}, {"area": "XB"}, {"area": "XC"}], "codes": ["A", "B"]}
    assert forms.nest(forms.flatten(nested).items()) == nested


def test_typed_answers_fill_a_page_again():
    answers = {"a": None, "b": True, "c": 3, "d": [{"e": 1.5}], "f": ["x", "y"]}

    assert forms.flatten(answers) == {"a": "", "b": "true", "c": "3", "d.0.e": "1.5", "f.0": "x", "f.1": "y"}


@pytest.mark.parametrize("pairs", [[("a", "1"), ("a.b", "2")], [("a.b", "2"), ("a", "1")], [(".".join("abcdefghijklmnop"), "1")]])
def test_names_that_contradict_each_other_are_refused(pairs):
    with pytest.raises(AnswersInvalid):
        forms.nest(pairs)


def test_a_huge_row_number_costs_nothing():
    assert forms.nest([("stops.99999999999999.area", "X")]) == {"stops": [{"area": "X"}]}


@pytest.mark.parametrize(
    ("component", "sentence"),
    [
        ({"type": "expression", "key": "x", "expression": "=1"}, "expression is not supported"),
        ({"type": "html", "content": "<b>"}, "html is not supported"),
        (text("a.b"), "cannot be used"),
        (text("case"), "meaning of its own"),
        (text(conditional={"hide": "=1 +"}), "cannot be read"),
        (text(validate={"pattern": "(a+)+$"}), "repeats itself"),
        (text(validate={"pattern": "(a|aa)*$"}), "repeats itself"),
        (text(validate={"pattern": "[a"}), "cannot be read"),
        (text(validate={"pattern": "a", "maxLength": 5000}), "at most"),
        (text(validate={"shape": "round"}), "not supported"),
        (text(validate={"min": "many"}), "must be a number"),
        ({"type": "select", "key": "x", "label": "X"}, "no options"),
        ({"type": "datetime", "subtype": "week", "key": "x"}, "no kind of date"),
        ({"type": "text", "text": "Hello {{name}}"}, "Templates"),
        ({"type": "dynamiclist", "label": "x", "components": []}, "cannot be used"),
        ({"type": "filepicker", "key": "x", "properties": {"maxSize": "huge"}}, "size such as"),
        ({"type": "group", "components": "x"}, "must be a list"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(form, component, sentence):
    with pytest.raises(forms.FormRefused) as refusal:
        form(component)

    assert sentence in str(refusal.value)


def test_two_fields_cannot_share_a_key(form):
    with pytest.raises(forms.FormRefused, match="Two fields have the key note"):
        form(text(), {"type": "group", "label": "G", "components": [text()]})


def test_a_question_outside_the_pages_of_a_stepwise_form_is_refused(form):
    page = {"type": "group", "label": "P", "properties": {"step": "p"}, "components": [text("inside")]}

    with pytest.raises(forms.FormRefused, match="outside the pages"):
        form(page, text())


@pytest.mark.parametrize(
    "source", [b"", b"[]", b"{", b'{"components": []}', b"[" * 100_000, b'{"id": "x", "components": [1]}', b"\xff"]
)
def test_what_is_no_form_is_refused(source):
    with pytest.raises(forms.FormRefused):
        forms.read_form(source, name="x.form")
