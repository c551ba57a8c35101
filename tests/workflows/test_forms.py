"""Forms: what they ask, what they accept, and how they say no."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from workflows import forms
from workflows.errors import AnswersInvalid
from workflows.forms.drafts import draft_answers
from workflows.forms.form import PageUnknown

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def form():
    """Build a form from components."""

    def build(*components, **more):
        schema = {"type": "default", "schemaVersion": 18, "id": "F-TEST", "components": list(components), **more}
        return forms.read_form(json.dumps(schema).encode(), name="test.form")

    return build


@pytest.fixture
def ask(form):
    """Answer a form of some components; returns the answers or the problems by place."""

    def answer(raw, *components, variables=None, files=None):
        try:
            return form(*components).read_answers(raw, variables or {}, now=NOW, files=files)
        except AnswersInvalid as refusal:
            return {problem.where: problem.sentence.format(**(problem.facts or {})) for problem in refusal.problems}

    return answer


def text(key="note", **more):
    return {"type": "textfield", "key": key, "label": key.capitalize(), **more}


def required(**more):
    return {"validate": {"required": True, **more}}


# ------------------------------------------------------------------ kinds


def test_texts_are_trimmed_and_line_breaks_are_one_kind(ask):
    area = {"type": "textarea", "key": "reasons", "label": "Reasons"}

    assert ask({"note": "  hello ", "reasons": "a\r\nb\r"}, text(), area) == {"note": "hello", "reasons": "a\nb"}


def test_what_is_not_answered_is_null(ask):
    parts = [
        text(),
        {"type": "number", "key": "count", "label": "Count"},
        {"type": "checkbox", "key": "agree", "label": "I agree"},
        {"type": "checklist", "key": "codes", "label": "Codes", "values": [{"value": "C01", "label": "One"}]},
        {"type": "filepicker", "key": "files", "label": "Files"},
        {"type": "group", "path": "contact", "label": "Contact", "components": [text("phone")]},
        {"type": "dynamiclist", "path": "stops", "label": "Stops", "components": [text("area")]},
    ]

    blank = {"note": None, "count": None, "agree": False, "codes": [], "files": [], "contact": {"phone": None}, "stops": []}
    assert ask({}, *parts) == blank
    assert ask({"note": " ", "count": "", "stops": [{"area": ""}]}, *parts) == blank


@pytest.mark.parametrize(("raw", "value"), [("3", 3), ("3.0", 3), (" -2.5 ", -2.5), (7, 7), (0, 0), (1.5, 1.5), ("0", 0)])
def test_numbers_come_out_as_numbers(ask, raw, value):
    answers = ask({"count": raw}, {"type": "number", "key": "count", "label": "Count"})

    assert answers == {"count": value}
    assert type(answers["count"]) is type(value)


@pytest.mark.parametrize("raw", ["x", "1,5", "1e9", "0x1", "٣", "--1", True, [], {"a": 1}, float("nan"), float("inf"), "9" * 40])
def test_what_is_no_number_is_refused(ask, raw):
    number = {"type": "number", "key": "count", "label": "Count", "validate": {"required": True}}

    assert ask({"count": raw}, number)["count"] in {"Count must be a number", "Enter count"}


def test_numbers_keep_to_their_range_and_places(ask):
    number = {"type": "number", "key": "hours", "label": "Hours", "decimalDigits": 0, "validate": {"min": 1, "max": 24}}

    assert ask({"hours": "0"}, number) == {"hours": "Hours must be 1 or more"}
    assert ask({"hours": "25"}, number) == {"hours": "Hours must be 24 or less"}
    assert ask({"hours": "2.5"}, number) == {"hours": "Hours must be a whole number"}
    assert ask({"hours": "1.25"}, number | {"decimalDigits": 1}) == {"hours": "Hours must have 1 decimal places or fewer"}


def test_a_limit_may_be_worked_out_from_what_the_case_knows(ask):
    number = {"type": "number", "key": "places", "label": "Places", "validate": {"max": "=free - 1"}}

    assert ask({"places": "3"}, number, variables={"free": 3}) == {"places": "Places must be 2 or less"}


@pytest.mark.parametrize(
    ("raw", "value"), [("on", True), ("true", True), (True, True), (["false", "true"], True), ("", False), (None, False)]
)
def test_a_checkbox_is_true_or_false(ask, raw, value):
    assert ask({"agree": raw}, {"type": "checkbox", "key": "agree", "label": "I agree"}) == {"agree": value}


def test_a_required_checkbox_must_be_ticked(ask):
    box = {"type": "checkbox", "key": "agree", "label": "I told the truth", **required()}

    assert ask({}, box) == {"agree": "Tick the box to confirm: I told the truth"}
    assert ask({"agree": "maybe"}, box) == {"agree": "Choose one of the listed options for I told the truth"}


@pytest.mark.parametrize(
    ("subtype", "raw", "value"),
    [
        ("date", "2026-12-20", "2026-12-20"),
        ("time", "09:30", "09:30:00"),
        ("datetime", "2026-12-20T09:30", "2026-12-20T09:30:00+00:00"),
        ("datetime", "2026-12-20T09:30:00+03:00", "2026-12-20T09:30:00+03:00"),
        ("datetime", "2026-12-20T09:30:00Z", "2026-12-20T09:30:00+00:00"),
    ],
)
def test_dates_and_moments_come_out_as_iso_texts(ask, subtype, raw, value):
    assert ask({"at": raw}, {"type": "datetime", "subtype": subtype, "key": "at", "dateLabel": "At"}) == {"at": value}


@pytest.mark.parametrize("raw", ["2026-02-30", "20261220", "2026-W50-1", "tomorrow", "2026-12-20T25:00", 5, ["2026-12-20"]])
def test_what_is_no_date_is_refused(ask, raw):
    assert "real date" in ask({"at": raw}, {"type": "datetime", "subtype": "date", "key": "at", "dateLabel": "At"})["at"]


def test_a_moment_without_offset_is_meant_in_the_zone_of_the_field(ask):
    moment = {"type": "datetime", "subtype": "datetime", "key": "at", "dateLabel": "At", "properties": {"zone": "=zone"}}

    assert ask({"at": "2026-12-20T09:30"}, moment, variables={"zone": "Africa/Nairobi"}) == {"at": "2026-12-20T09:30:00+03:00"}
    assert ask({"at": "2026-12-20T09:30"}, moment, variables={"zone": "../etc"}) == {"at": "2026-12-20T09:30:00+00:00"}


def test_a_day_that_is_over_everywhere_is_past(ask):
    day = {"type": "datetime", "subtype": "date", "key": "on", "dateLabel": "Arrival", "properties": {"not_past": "true"}}

    assert ask({"on": "2026-11-29"}, day) == {"on": "Arrival must be today or later"}
    assert ask({"on": "2026-12-01"}, day) == {"on": "2026-12-01"}
    moment = day | {"subtype": "datetime"}
    assert ask({"on": "2026-11-30T23:00:00+00:00"}, moment) == {"on": "Arrival must be today or later"}


# ------------------------------------------------------------------ required, lengths, patterns


def test_a_missing_answer_is_asked_for_by_its_label(ask):
    leave = {"type": "datetime", "subtype": "date", "key": "leave", "dateLabel": "The date you leave", **required()}
    kind = {"type": "select", "key": "kind", "label": "Kind of travel", "values": [{"value": "A", "label": "A"}], **required()}
    course = text("course", label="SSAFE course") | required()

    assert ask({}, leave, kind, course) == {
        "leave": "Enter the date you leave",
        "kind": "Choose kind of travel",
        "course": "Enter SSAFE course",
    }


def test_lengths_are_kept(ask):
    limited = text(validate={"minLength": 2, "maxLength": 5})

    assert ask({"note": "a"}, limited) == {"note": "Note must be 2 characters or more"}
    assert ask({"note": "abcdef"}, limited) == {"note": "Note must be 5 characters or fewer"}
    assert ask({"note": "安全许可证"}, limited) == {"note": "安全许可证"}


def test_a_pattern_is_kept_and_may_say_what_it_wants(ask):
    number = text(validate={"pattern": "^[A-Z]{2}[0-9]{3}$"})

    assert ask({"note": "AB123"}, number) == {"note": "AB123"}
    assert ask({"note": "nope"}, number) == {"note": "Note is not written in the form that is asked for"}
    assert ask({"note": "nope"}, number | {"properties": {"pattern_text": "Use two letters {and} digits"}}) == {
        "note": "Use two letters {and} digits"
    }
    assert ask({"note": "A" * 300}, number) == {"note": "Note must be 200 characters or fewer"}


def test_phone_numbers_are_kept_as_machines_dial_them(ask):
    phone = text("phone", properties={"phone": "E.164"})

    assert ask({"phone": "+41 (22) 555-01 00"}, phone) == {"phone": "+41225550100"}
    assert ask({"phone": "0041 22 555 01 00"}, phone) == {"phone": "+41225550100"}
    assert "country code" in ask({"phone": "022 555 01 00"}, phone)["phone"]


def test_email_addresses_are_looked_at(ask):
    mail = text("mail", validate={"validationType": "email"})

    assert ask({"mail": "a.b@example.org"}, mail) == {"mail": "a.b@example.org"}
    for wrong in ("a", "a@b", "a b@example.org", "a@example.org\nBcc: x@example.org", "a@example..org", "<a@example.org>"):
        assert ask({"mail": wrong}, mail) != {"mail": wrong}


@pytest.mark.parametrize("raw", ["a\x00b", "\ud800", "a\x1bb"])
def test_characters_that_cannot_be_saved_are_refused(ask, raw):
    assert ask({"note": raw}, text()) == {"note": "Note contains characters that cannot be saved"}


@pytest.mark.parametrize("raw", ["{{7*7}}", "${7*7}", "=1+1", "{x}", "__class__", "'; drop table", "%s %(x)s"])
def test_an_answer_is_never_worked_out(ask, raw):
    assert ask({"note": raw}, text()) == {"note": raw}
    assert ask({"note": raw}, text(validate={"maxLength": 1})) == {"note": "Note must be 1 characters or fewer"}
    assert ask({raw.replace(".", ""): "x"}, text()).popitem()[1] == f"This form has no field called {raw.replace('.', '')}."


# ------------------------------------------------------------------ options


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


# ------------------------------------------------------------------ conditions


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


# ------------------------------------------------------------------ groups, lists, files


def stops(**properties):
    contact = {"type": "group", "path": "contact", "label": "Contact", "components": [text("phone")]}
    return {
        "type": "dynamiclist",
        "path": "stops",
        "label": "Stops",
        "properties": properties,
        "components": [text("area") | required(), {"type": "number", "key": "level", "label": "Level"}, contact],
    }


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


# ------------------------------------------------------------------ pages, defaults, finding


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


# ------------------------------------------------------------------ names


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


# ------------------------------------------------------------------ what a form may not be


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
