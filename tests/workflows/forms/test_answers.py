"""What an answer of each kind comes out as, and when it is asked for or refused."""

from __future__ import annotations

import pytest

from tests.workflows.forms.fields import required, text


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


@pytest.mark.parametrize("label", ["Trees do not help to climb in.", "Is the gate closed?", "大门可以锁闭。"])
def test_a_question_that_is_a_sentence_is_said_again_where_its_answer_is_missing(ask, label):
    radio = {"type": "radio", "key": "kept", "label": label, "values": [{"value": "YES", "label": "Kept"}], **required()}

    assert ask({}, radio) == {"kept": f"{label} Choose an answer"}


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


def test_a_missing_answer_is_asked_for_by_its_label(ask):
    leave = {"type": "datetime", "subtype": "date", "key": "leave", "dateLabel": "The date you leave", **required()}
    kind = {"type": "select", "key": "kind", "label": "Kind of travel", "values": [{"value": "A", "label": "A"}], **required()}
    course = text("course", label="SSAFE course") | required()
    second = text("second", label="A second address") | required()

    assert ask({}, leave, kind, course, second) == {
        "leave": "Enter the date you leave",
        "kind": "Choose kind of travel",
        "course": "Enter SSAFE course",
        "second": "Enter a second address",
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
