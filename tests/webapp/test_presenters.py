"""From values to words."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale

from services import audit, definitions
from services.cases.stages import Stage
from services.notices.wording import reading_locale, say_days
from services.registry.declared import registers
from services.roles import ROLES
from tests.databases import NOW
from webapp import i18n, rows
from webapp.preparing import PROCESSES
from webapp.presenters import history, moments, qr, reasons, values, where, words
from webapp.presenters.facts import collect_codes, read_card, say_answers, say_codes, say_inside
from webapp.presenters.registers import cells, lists
from webapp.presenters.retention import say_keeping
from webapp.presenters.roles import ROLE_NAMES, say_holder, say_roles
from webapp.presenters.task_words import say_button
from webapp.presenters.texts import Texts
from workflows import forms
from workflows.errors import Problem

NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.fixture(autouse=True)
def english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_a_near_moment_is_said_by_its_day_and_clock_with_the_zone():
    shown = moments.show_moment(NOW + timedelta(hours=5), now=NOW, zone=NAIROBI)

    assert ">Tue 17:00 UTC+3</time>" in shown
    assert 'datetime="2026-12-01T14:00:00Z"' in shown


def test_a_far_moment_is_said_with_its_year():
    assert "Sat, 12 Dec 2026" in moments.show_moment(datetime(2026, 12, 12, 9, tzinfo=UTC), now=NOW)


@pytest.mark.parametrize(
    ("line", "organisation", "said"),
    [
        ("UNAH", "UNAH", ["<bdi>Belmora</bdi> · <bdi>UNAH</bdi>"]),
        ("XB#1", None, ["<bdi>Belmora</bdi>"]),
        (None, "UNAH", []),
    ],
)
def test_steps_side_by_side_say_which_is_which(line, organisation, said):
    rest = dict.fromkeys(("role", "due_at", "closed_at", "who", "who_name", "act", "outcome"))
    stage = Stage(
        task_id="t",
        element="e",
        name="E",
        state="OPEN",
        since=NOW,
        why=[],
        **rest,
        area="XB",
        line=line,
        organisation=organisation,
    )

    assert where._place(stage, {"XB": "Belmora"}) == said


@pytest.mark.parametrize(
    ("process", "form", "act", "said"),
    [
        ("security_budget", "F-LCS-07", "CONFIRM", "Send answer"),
        ("delegation", "F-DOA-02", "CONFIRM", "Send answer"),
        ("travel_clearance", "F-TSC-18", "ACKNOWLEDGE", "Confirm"),
        ("travel_clearance", "F-TSC-22", "CONFIRM", "Confirm"),
    ],
)
def test_who_may_also_refuse_does_not_press_confirm(process, form, act, said):
    package = definitions.read_folder(PROCESSES / process)

    assert say_button(act, package.forms[form]) == said


@pytest.mark.parametrize("value", [None, "", "soon", "2026-13-45"])
def test_what_is_no_moment_is_shown_as_nothing(value):
    assert moments.show_moment(value) == ""


@pytest.mark.parametrize(
    ("hours", "tone", "text"), [(-3, "late", "overdue by 3 hours"), (5, "soon", "due in 5 hours"), (72, "calm", "due in 3 days")]
)
def test_a_deadline_says_what_is_left_and_when_it_is(hours, tone, text):
    deadline = moments.show_deadline(NOW + timedelta(hours=hours), now=NOW)

    assert deadline.tone == tone
    assert text in deadline.words


@pytest.mark.parametrize(
    ("language", "since", "left"),
    [
        ("en", "for 2 days", "due in 2 days ("),
        ("ru", "2 дня", "срок через 2 дня ("),
        ("ar", "يومين", "مستحق خلال يومين ("),
    ],
)
def test_how_long_something_lasts_is_said_as_its_language_does(language, since, left):
    with force_locale(language):
        assert f"{since}</time>" in moments.show_since(NOW - timedelta(days=2), now=NOW)
        assert left in moments.show_deadline(NOW + timedelta(days=2), now=NOW).words


def test_every_act_that_a_process_writes_down_has_words():
    written = {act for path in PROCESSES.glob("*/*.bpmn") for act in re.findall(r'name="act" value="(\w+)"', path.read_text())}

    unsaid = [act for act in sorted(written | set(audit.ANSWERS)) if act not in words._ACTS]

    assert len(written) > 10
    assert unsaid == []


def test_a_day_without_a_clock_has_no_zone():
    assert moments.show_date(date(2026, 12, 5)) == '<time datetime="2026-12-05">5 Dec 2026</time>'


def test_a_day_is_written_as_its_language_does(app):
    with app.test_request_context(), force_locale("zh"):
        assert "2026年12月5日" in moments.show_date(date(2026, 12, 5))


def test_two_days_are_one_span():
    assert moments.show_span(date(2026, 12, 5), date(2026, 12, 5)).count("<time") == 1
    assert moments.show_span(date(2026, 12, 5), date(2026, 12, 12)).count("<time") == 2


def test_every_role_has_a_name():
    assert set(ROLES) <= set(ROLE_NAMES)
    assert say_roles(["DO", "CSA", "DO"]) == "Designated Official and Chief Security Adviser"


@pytest.mark.parametrize(
    ("facts", "text", "tone"),
    [
        ({"status": "CLEARED", "state": "COMPLETED"}, "Cleared", "good"),
        ({"status": "DENIED", "state": "COMPLETED"}, "Refused", "bad"),
        ({"status": "WITHDRAWN", "state": "CANCELLED"}, "Withdrawn", "closed"),
        ({"status": None, "state": "INCIDENT"}, "Stopped by error", "bad"),
        ({"status": "IN_DECISION", "waiting_roles": ["DO"]}, "Waiting for Designated Official", "waiting"),
        ({"status": "IN_DECISION", "waiting_roles": ["DO", "CSA", "SFP"]}, "Waiting for 3 roles", "waiting"),
        ({"status": "IN_DECISION", "yours": True}, "Waiting for you", "yours"),
        ({"status": "IN_DECISION", "yours": True, "question": True}, "Question to you", "yours"),
        ({"status": "SOME_NEW_WORD"}, "Some new word", "waiting"),
        ({"status": None, "state": "COMPLETED"}, "Closed", "closed"),
    ],
)
def test_a_status_is_a_word_an_icon_and_a_tone(facts, text, tone):
    said = words.say_status(facts.pop("status"), **facts)

    assert (said.text, said.tone) == (text, tone)
    assert said.icon


def test_who_acted_is_said_with_role_and_capacity():
    assert words.say_actor("Naledi Vanter", "DO", "AD_INTERIM") == "Naledi Vanter, Designated Official, ad interim"
    assert words.say_actor("Naledi Vanter", "CSA", "OWN") == "Naledi Vanter, Chief Security Adviser"


@pytest.fixture
def used():
    return {
        "decision": "D1.4",
        "name": "Mode and tier",
        "rules": [{"number": 7, "outputs": {"who": "DSSO"}}],
        "inputs": {
            "residual_risk": "HIGH",
            "waiver_requested": False,
            "conflict": True,
            "delegation": "DSSO",
            "event": "LEVEL_UP",
        },
    }


def test_the_reason_of_a_route_names_table_row_and_facts(used):
    why = reasons.find_reasons([used, used], "DSSO", Texts(tables={}))

    officer = "UNDSS clearance officer"
    facts = f"residual risk is high, conflict, delegation is {officer}, event is LEVEL_UP"
    assert why.main == f"table D1.4 (Mode and tier), row 7, because {facts}"
    assert why.others == []


def test_the_reason_of_a_route_is_said_in_the_words_of_the_process(app, used):
    texts = Texts(
        tables={
            "tables": {"D1.4": "Mode et niveau"},
            "columns": {"residual_risk": "risque résiduel", "conflict": "autre", "D1.4.conflict": "conflit d’intérêts"},
            "options": {"event.LEVEL_UP": "Niveau relevé"},
            "values": {"residual_risk.HIGH": "élevé"},
        }
    )

    with app.test_request_context(headers={"Accept-Language": "fr"}):
        why = reasons.find_reasons([used], "CSA", texts)

    assert why.main.startswith("table D1.4 (Mode et niveau), ligne 7 (risque résiduel\u202f: élevé, conflit d’intérêts, ")
    assert why.main.endswith("event\u202f: niveau relevé)")


def test_the_reason_of_a_rule_is_said_in_the_language_of_the_page(app):
    with app.test_request_context(), force_locale("fr"):
        said = history.say_written("By rule, under standing order SO-XA-CAP.")

        assert said == "Par règle, en vertu de l’instruction permanente SO-XA-CAP."
        assert history.say_written("By rule, as ever.") == "By rule, as ever."


def test_codes_of_what_changes_are_said_in_words_and_words_in_capitals_are_left_alone():
    names = {"SECURITY_LEVEL": "niveau", "STATUS": "statut", "OPEN": "ouvert", "NO": "non", "YES": "oui", "WAY": "chemin"}

    assert say_inside("SECURITY_LEVEL: 4 → 5; STATUS: OPEN → SHUT", names) == "niveau: 4 → 5; statut: ouvert → SHUT"
    assert say_inside("CHECKIN: NO → YES", names) == "CHECKIN: non → oui"
    assert say_inside("There is NO WAY to OPEN it", names) == "There is NO WAY to OPEN it"
    with force_locale("ar"):
        assert say_inside("SECURITY_LEVEL: 4 → 5", names) == "niveau: 4 ← 5"


def test_a_card_is_read_whichever_way_it_was_written():
    as_list = read_card(
        [{"label": "Area", "value": "XA-NOR"}, {"label": "SSAFE", "value": "missing", "flag": True}], {"XA-NOR": "Arvenia North"}
    )
    as_context = read_card({"residual_risk": "VERY_HIGH", "empty": None, "flags": ["SSAFE missing"]}, {})

    assert [(fact.name, fact.value) for fact in as_list.facts] == [("Area", "Arvenia North")]
    assert as_list.flags == ["SSAFE: missing"]
    assert [(fact.name, fact.value) for fact in as_context.facts] == [("Residual risk", "Very high")]
    assert as_context.flags == ["SSAFE missing"]


@pytest.mark.parametrize(("language", "said"), [("en", "Gallen, Hestra"), ("zh", "Gallen，Hestra"), ("ar", "Gallen، Hestra")])
def test_parts_of_a_list_stand_beside_each_other_as_in_the_language_of_the_page(language, said):
    with force_locale(language):
        assert values.say_value(["Gallen", "Hestra"]) == said


def test_codes_inside_texts_of_a_card_are_said_by_their_names():
    texts = Texts(tables={"options": {"severity.BLOCK": "Must be repaired", "code.P-BSAFE": "No BSAFE"}})
    card = [
        {"label": "P-BSAFE", "value": "ben.starter, XB-CAP, BLOCK"},
        {"label": "Where", "value": "Near XB-CAP, in US offices."},
    ]
    names = {"ben.starter": "Ben Starter", "XB-CAP": "Porto Selene", "US": "New York", **say_codes(collect_codes(card), texts)}

    (first, second) = read_card(card, names).facts

    assert (first.name, first.value) == ("No BSAFE", "Ben Starter, Porto Selene, Must be repaired")
    assert second.value == "Near Porto Selene, in US offices."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Plan de sécurité de NO", "Plan de sécurité de Norvège"),
        ("关于NO的安全计划", "关于Norvège的安全计划"),
        ("Late notice: Ada, Norway Hills", "Late notice: Ada, Collines de Norway"),
        ("NO-1, NOTE, Norways", "NO-1, NOTE, Norways"),
        ("Area NO: CHECKIN: NO → YES, YES → NO", "Area Norvège: CHECKIN: NO → YES, YES → NO"),
    ],
)
def test_the_area_of_a_case_is_named_inside_a_text_by_code_or_by_its_english_name(text, said):
    assert say_inside(text, {}, {"NO": "Norvège", "Norway Hills": "Collines de Norway"}) == said


def test_a_card_names_the_area_of_its_task_inside_texts_and_no_other_word_of_two_letters():
    card = read_card(
        [{"label": "Plan", "value": ["Plan of Oslo, NO to all", 3]}], {}, place={"NO": "Norvège", "Oslo": "Oslo-ville"}
    )

    assert card.facts[0].value == "Plan of Oslo-ville, NO to all, 3"


@pytest.mark.parametrize(("label", "said"), [("Advice: CSA", "Advice: Chief"), ("建议：CSA", "建议：Chief"), ("CSA's", "CSA's")])
def test_a_word_that_stands_alone_between_signs_is_said(label, said):
    assert say_inside(label, {"CSA": "Chief"}) == said


@pytest.mark.parametrize(
    "text",
    ["Written by ben.starter@demo.example", "TSC-2026-000025", "SRM-XB-HIG-2026-02: Harvest", "See ben.starter/2", "OPEN it"],
)
def test_what_only_looks_like_a_code_is_left_as_it_is(text):
    names = dict.fromkeys(("ben.starter", "XB-HIG", "SRM-XB-HIG", "OPEN", "TSC"), "wrong")

    assert say_inside(text, names) == text


@pytest.mark.parametrize(
    ("value", "said"),
    [(True, "yes"), (False, "no"), (1200, "1,200"), (None, ""), (["a", "b"], "a, b"), ({"name": "Halden"}, "Halden")],
)
def test_values_are_said_plainly(value, said):
    assert values.say_value(value) == said


def test_values_never_become_markup():
    assert values.show_value("<b>{{7*7}}</b>") == "&lt;b&gt;{{7*7}}&lt;/b&gt;"


def test_a_code_is_drawn_without_styles():
    drawing = qr.draw_qr("https://example.org/verify/TSC-2026-000001-V1/0123456789abcdef")

    assert drawing.startswith("<svg")
    assert "style" not in drawing


def test_rows_are_added_at_the_end_and_removed_where_asked():
    answers = {"stops": [{"place": "Halden"}, {"place": "Tesh"}]}

    assert rows.change_rows(answers, {"_add": "stops"}) == "stops.2"
    assert rows.change_rows(answers, {"_remove": "stops.0"}) == "stops"
    assert answers == {"stops": [{"place": "Tesh"}, {}]}


@pytest.mark.parametrize("button", ["stops.9", "stops.x", "nothing.0", "stops", "", "stops.0.place.0"])
def test_a_button_that_names_no_row_changes_nothing(button):
    answers = {"stops": [{"place": "Halden"}]}

    rows.change_rows(answers, {"_remove": button})

    assert answers == {"stops": [{"place": "Halden"}]}


def test_the_first_row_of_an_empty_list_can_be_added():
    answers = {}

    assert rows.change_rows(answers, {"_add": "stops"}) == "stops.0"
    assert answers == {"stops": [{}]}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Lina: Hestra, 25–29 Jan 2027"),
        ("fr", "Lina: Hestra, 25–29 janv. 2027"),
        ("zh", "Lina: Hestra, 2027年1月25日至29日"),
    ],
)
def test_days_inside_a_title_are_written_as_the_reader_does(language, said):
    locale = reading_locale(language)

    assert say_days("Lina: Hestra, 2027-01-25/2027-01-29", locale) == said
    assert say_days("2027-01-25/2027-01-25", locale) == say_days("2027-01-25", locale) != "2027-01-25"
    for text in ("TSC-2026-01-25", "2027-01-25T09:00:00Z", "2027-13-45", "12027-01-25"):
        assert say_days(text, locale) == text


def test_codes_in_a_card_are_words_of_the_reader_where_their_process_has_one_word_for_them():
    texts = Texts(tables={"options": {"kind.OFFICIAL": "رسمي", "stop.RETURN": "العودة", "act.RETURN": "الإعادة"}})

    with force_locale("ar"):
        words = say_codes(["OFFICIAL", "RETURN", "VERY_HIGH", "XB-CAP", "lina.marchetti"], texts)

    assert words == {"OFFICIAL": "رسمي", "VERY_HIGH": "عالٍ جدًا"}


def test_days_inside_a_text_and_in_the_name_of_a_fact_are_said_as_the_reader_does():
    card = read_card({"Answer of 2026-11-15": ["Water for ten days (UNFR, 2027-06-11)", "SRM-XB-2026-01-01"]}, {})

    assert card.facts[0].name == "Answer of 15 Nov 2026"
    assert str(card.facts[0].value) == "Water for ten days (UNFR, 11 Jun 2027), SRM-XB-2026-01-01"


@pytest.mark.parametrize(
    ("approved_by", "said"),
    [("DO_INTERIM", "Ad interim, by the Designated Official"), ("DRO_DIR", "Director, Regional Operations")],
)
def test_what_approves_a_schedule_beside_the_roles_has_words_too(approved_by, said):
    column = next(each for each in registers()["residential-schedules"].columns if each.attribute == "authority")

    assert cells.say_text(column, approved_by, reading=None) == said
    assert (approved_by, said) in lists.options_of(column, {})


def test_what_a_table_answers_in_words_is_said_in_the_language_of_the_page():
    texts = Texts(tables={"texts": {"standard schedule": "barème ordinaire"}})
    card = [{"label": "Why", "value": "standard schedule"}, {"label": "Remarks", "value": "The standard schedule holds."}]
    subject = "Residential measures for XA-NOR: standard schedule"

    names = say_answers([card, subject], texts)

    assert names == {"standard schedule": "barème ordinaire"}
    assert [fact.value for fact in read_card(card, names).facts] == ["barème ordinaire", "The standard schedule holds."]
    assert say_inside(subject, names) == "Residential measures for XA-NOR: barème ordinaire"


def test_a_word_that_stands_by_itself_in_a_card_begins_with_a_capital_letter():
    card = read_card(
        [{"label": "Priority", "value": "CRITICAL"}, {"label": "Why", "value": "x: CRITICAL"}], {"CRITICAL": "critical"}
    )

    assert [fact.value for fact in card.facts] == ["Critical", "x: critical"]


def test_a_fact_that_is_a_sentence_is_not_put_into_another_one():
    texts = Texts(tables={"values": {"entered.TRACES": "Nobody was seen, but there are traces", "kind.OTHERS": "others"}})
    used = {"table": "D13.3", "rules": [{"number": 3}], "inputs": {"entered": "TRACES", "kind": "OTHERS"}}

    why = reasons.find_reasons([used], None, texts)

    assert why.main == "table D13.3, row 3, because entered: nobody was seen, but there are traces, kind is others"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "“Why now?” must be 10 characters or more"),
        ("fr", "« Pourquoi ? » doit comporter 10 caractères ou plus"),
        ("ar", "الحد الأدنى لعدد أحرف «لماذا؟» هو 10"),
    ],
)
def test_a_question_stands_in_an_error_with_quotation_marks_around_it(language, said):
    question = {"type": "textfield", "key": "why", "id": "f_why", "label": "Why now?"}
    form = forms.read_form(json.dumps({"id": "F-1", "components": [question]}).encode(), name="F-1.form")
    spoken = Texts(tables={"fields": {"f_why": {"fr": "Pourquoi ?", "ar": "لماذا؟"}.get(language, "Why now?")}})
    facts = {"label": "Why now?", "min": 10}
    short = Problem(where="why", sentence="{label} must be {min} characters or more", facts=facts)
    missing = Problem(where="why", sentence="{label} Enter an answer", facts={"label": "Why now?"})

    with force_locale(language):
        (told, asked) = spoken.problems(form, [short, missing])

        assert i18n.say(told).replace("\xa0", " ").replace("\u202f", " ") == said
    assert asked.facts == {"label": spoken.tables["fields"]["f_why"]}


def test_whoever_acts_in_the_own_matter_is_said_without_a_role():
    assert words.say_actor("Noemi Hart", "TRV", None) == "Noemi Hart"
    assert words.say_actor("Noemi Hart", "CSA", None) == "Noemi Hart, Chief Security Adviser"
    assert say_roles(["TRV", "CSA"]) == "those whom it is about and Chief Security Adviser"
    assert (say_holder("TRV"), say_holder("CSA")) == ("Those whom it is about", "Chief Security Adviser")


def test_days_in_a_list_and_the_key_of_a_register_are_said_in_words():
    reading = cells.Reading(names=None, locale="en")

    def shown(register, attribute, value):
        return cells.show_cell(registers()[register].column(attribute), value, reading)

    assert shown("calendars", "holidays", ["2026-12-25", "2027-01-01"]) == "25 Dec 2026, 1 Jan 2027"
    assert shown("register-changes", "register", "lodgings") == "Cleared lodgings"
    assert shown("register-changes", "register", "gone") == "gone"


@pytest.mark.parametrize(("days", "said"), [(3650, "10 years"), (365, "1 year"), (60, "60 days"), (400, "400 days")])
def test_how_long_something_is_kept_is_said_in_years_where_they_are_whole(days, said):
    assert say_keeping(days) == said
