"""How a form becomes questions on a page: labels, problems, options, rows that come and go."""

from __future__ import annotations

import json

import pytest
from flask import render_template_string
from lxml import html

from tests.databases import NOW
from webapp.questions import ask
from workflows.errors import Problem
from workflows.forms import read_form

PAGE = """{% from "macros/forms.html" import error_summary, render_form %}
{{ error_summary(problems) }}<form>{{ render_form(form, answers, problems, scope) }}</form>"""


def form_of(*components):
    written = {"type": "default", "id": "f", "components": [{"id": f"c{n}", **each} for n, each in enumerate(components)]}
    return read_form(json.dumps(written).encode(), name="f.form")


@pytest.fixture
def write(app):
    """Write a form as a page and read it back."""

    def write(*components, answers=None, problems=(), scope=None):
        with app.test_request_context():
            form = form_of(*components)
            page = render_template_string(PAGE, form=form, answers=answers or {}, problems=problems, scope=scope or {})
        return html.fromstring(f"<div>{page}</div>")

    return write


PLACE = {"type": "textfield", "key": "place", "label": "Place", "description": "As on the ticket", "validate": {"required": True}}
STOPS = {
    "type": "dynamiclist",
    "path": "stops",
    "label": "Stops",
    "defaultRepetitions": 1,
    "allowAddRemove": True,
    "components": [{"id": "p", **PLACE}],
}
KINDS = [{"value": "O", "label": "Official"}, {"value": "P", "label": "Private"}]
KIND = {"type": "radio", "key": "kind", "label": "Kind", "values": KINDS}


def test_a_question_has_a_label_a_hint_and_what_was_typed(write):
    page = write(PLACE, answers={"place": "Halden <North>"})

    field = page.get_element_by_id("place")
    assert field.get("value") == "Halden <North>"
    assert field.get("aria-describedby") == "place-hint"
    assert page.xpath("//label[@for='place']")[0].text_content().strip() == "Place"
    assert page.get_element_by_id("place-hint").text_content().strip() == "As on the ticket"


def test_what_may_be_left_out_says_so(write):
    page = write(PLACE, {**PLACE, "key": "other", "validate": {}})

    assert "(optional)" not in page.xpath("//label[@for='place']")[0].text_content()
    assert "(optional)" in page.xpath("//label[@for='other']")[0].text_content()


def test_a_problem_stands_in_the_summary_and_beside_its_field_in_the_same_words(write):
    problem = Problem(where="stops.1.place", sentence="Enter the place of stop {stop}.", facts={"stop": 2})

    page = write(STOPS, answers={"stops": [{"place": "A"}, {"place": ""}]}, problems=[problem])

    link = page.xpath("//*[@role='alert']//a")[0]
    assert link.text_content().strip() == "Enter the place of stop 2."
    field = page.get_element_by_id(link.get("href")[1:])
    assert field.get("aria-invalid") == "true"
    assert "Enter the place of stop 2." in page.get_element_by_id(field.get("aria-describedby").split()[-1]).text_content()


def test_every_problem_of_a_choice_leads_to_its_first_option(write):
    page = write(KIND, problems=[Problem(where="kind", sentence="Choose a kind.")])

    assert page.get_element_by_id("kind").get("type") == "radio"


@pytest.mark.parametrize(
    ("component", "answer", "expected"),
    [
        ({**KIND}, "P", "//input[@type='radio' and @value='P' and @checked]"),
        ({**KIND, "type": "select"}, "P", "//option[@value='P' and @selected]"),
        ({**KIND, "type": "checklist"}, ["O", "P"], "//input[@type='checkbox' and @value='O' and @checked]"),
        ({"type": "checkbox", "key": "kind", "label": "Yes"}, True, "//input[@type='checkbox' and @checked]"),
        ({"type": "checkbox", "key": "kind", "label": "Yes"}, "true", "//input[@type='checkbox' and @checked]"),
        ({"type": "number", "key": "kind", "label": "Nights"}, 7, "//input[@value='7' and @inputmode]"),
        ({"type": "textarea", "key": "kind", "label": "Why"}, "two\nlines", "//textarea[text()='two\nlines']"),
    ],
)
def test_an_answer_is_shown_again_as_it_was_given(write, component, answer, expected):
    assert write(component, answers={"kind": answer}).xpath(expected)


@pytest.mark.parametrize(
    ("subtype", "answer", "kind", "shown"),
    [
        ("date", "2026-12-20", "date", "2026-12-20"),
        ("datetime", "2026-12-20T09:30:00+03:00", "datetime-local", "2026-12-20T09:30"),
        ("date", "32 December", "text", "32 December"),
        ("datetime", None, "datetime-local", ""),
    ],
)
def test_a_moment_that_cannot_be_read_stays_visible(write, subtype, answer, kind, shown):
    component = {"type": "datetime", "subtype": subtype, "key": "at", "label": "At", "dateLabel": "At"}

    field = write(component, answers={"at": answer}).get_element_by_id("at")

    assert (field.get("type"), field.get("value")) == (kind, shown)


def test_rows_come_and_go_without_scripts(write):
    page = write(STOPS, answers={"stops": [{"place": "A"}, {"place": "B"}]})

    assert [button.get("value") for button in page.xpath("//button[@name='_remove']")] == ["stops.0", "stops.1"]
    assert [button.get("value") for button in page.xpath("//button[@name='_add']")] == ["stops"]
    assert page.get_element_by_id("stops.1.place").get("value") == "B"


def test_pressing_enter_removes_no_row(write):
    first = write(STOPS, answers={"stops": [{"place": "A"}, {"place": "B"}]}).xpath("//form//button")[0]

    assert first.get("name") is None


def test_the_last_row_stays(write):
    assert not write(STOPS, answers={"stops": [{"place": "A"}]}).xpath("//button[@name='_remove']")


def test_a_hidden_question_is_not_asked_and_its_condition_is_watched(write):
    hidden = {**PLACE, "conditional": {"hide": '=kind != "P"'}}

    assert not write(KIND, hidden, answers={"kind": "O"}).xpath("//*[@id='place']")
    shown = write(KIND, hidden, answers={"kind": "P"})
    assert shown.xpath("//*[@id='place']")
    assert shown.get_element_by_id("kind").get("data-refreshes") is not None


def test_a_condition_may_look_at_what_the_case_knows(write):
    hidden = {**PLACE, "conditional": {"hide": "=level < 3"}}

    assert not write(hidden, scope={"level": 2}).xpath("//*[@id='place']")
    assert write(hidden, scope={"level": 4}).xpath("//*[@id='place']")


def test_what_people_type_is_never_worked_out(write):
    page = write(PLACE, answers={"place": "{{ 7 * 7 }} =1+1 ${7*7}"})

    assert page.get_element_by_id("place").get("value") == "{{ 7 * 7 }} =1+1 ${7*7}"


def test_ids_are_unique_whatever_the_form(write):
    page = write(KIND, PLACE, STOPS, {**KIND, "key": "more", "type": "checklist"}, answers={"stops": [{}, {}, {}]})

    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_long_choice_becomes_a_box(app):
    many = {**KIND, "values": [{"value": str(n), "label": str(n)} for n in range(30)]}

    assert [question.kind for question in ask(form_of(many), {}, [], {}, now=NOW)] == ["select"]


def test_a_long_summary_names_the_first_problems_and_counts_the_others(write):
    asked = [{**PLACE, "key": f"place{number}"} for number in range(20)]
    problems = [Problem(where=each["key"], sentence="Enter place") for each in asked]

    page = write(*asked, problems=problems)

    assert len(page.xpath("//*[@class='error-summary']//li")) == 12
    assert "8 more are marked beside their questions." in page.text_content()
    assert len(page.xpath("//*[@aria-invalid='true']")) == 20


def test_a_long_form_says_of_each_part_how_many_of_its_questions_are_answered(write):
    asked = {"validate": {"required": True}}
    inside = [{"id": f"q{n}", **KIND, "key": f"q{n}", **asked} for n in range(3)]
    remark = {"id": "r", "type": "textfield", "key": "remark", "label": "Remark"}
    parts = [{"type": "group", "path": f"s{n}", "label": f"Part {n}", "components": [*inside, remark]} for n in range(5)]
    parts = [
        {**part, "components": [{**each, "id": f"{part['path']}{each['id']}"} for each in part["components"]]} for part in parts
    ]

    page = write(*parts, answers={"s1": {"q0": "O", "q2": "P", "remark": "Well kept."}})

    said = [each.text_content() for each in page.xpath("//nav//*[@data-answered-in]")]
    assert said == [f"{done} of 3 answered" for done in (0, 2, 0, 0, 0)]
    assert len(page.xpath("//*[@id='s1']//*[@data-must]")) == 3


def test_only_what_must_be_answered_counts_and_a_blank_or_an_empty_box_is_no_answer(write):
    asked = {"validate": {"required": True}}
    inner = {"type": "group", "path": "inner", "label": "Inner", "components": [{"id": "d", **PLACE, "key": "deep"}]}
    inside = [
        {**PLACE, "key": "blank"},
        {"type": "textfield", "key": "remark", "label": "Remark"},
        {"type": "checkbox", "key": "sure", "label": "Sure", **asked},
        {**KIND, "key": "kind", **asked},
        {**KIND, "key": "kinds", "type": "checklist", **asked},
        {"type": "filepicker", "key": "papers", "label": "Papers", **asked},
        STOPS,
        inner,
    ]
    part = {
        "type": "group",
        "path": "s",
        "label": "Part",
        "components": [{"id": f"i{n}", **each} for n, each in enumerate(inside)],
    }
    names = ["s.blank", "s.sure", "s.kind", "s.kinds", "s.papers", "s.stops.0.place", "s.inner.deep"]

    def counted(**answers):
        (found,) = ask(form_of(part), {"s": answers}, (), {}, now=NOW)
        assert [each.name for each in found.must] == names
        return [each.name for each in found.must if each.is_answered]

    paper = {"id": "f1", "name": "a.pdf", "size": 1}
    assert counted(blank="  ", remark="Well kept.", sure=False, kind="", stops=[{}]) == []
    full = {"blank": "Halden", "sure": True, "kind": "O", "kinds": ["P"], "papers": [paper]}
    full |= {"stops": [{"place": "x"}], "inner": {"deep": "y"}}
    assert counted(**full) == names
    page = write(part, answers={"s": {}})
    assert len(page.xpath("//*[@data-must]")) == len(names)
