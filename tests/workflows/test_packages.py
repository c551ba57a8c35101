"""Process folders: reading, texts, and whether the parts fit together."""

from __future__ import annotations

import hashlib
import json

import pytest

from workflows import packages
from workflows.errors import PackageRefused
from workflows.packages.wording import wordings

MANIFEST = b"""\
title = "Leave of absence"
main = "leave"
owner_role = "PRO"
number_prefix = "LOA"
start_roles = ["TRV"]
start_form = "F-1"
area = "=area"
retention_days = 365
sources = ["Policy 1, paragraph 2"]
"""

DIAGRAM = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d" targetNamespace="urn:t">
  <process id="leave" name="Leave" isExecutable="true">
    <laneSet id="lanes"><lane id="lane_1" name="DSSO">
      <flowNodeRef>begin</flowNodeRef><flowNodeRef>approve</flowNodeRef><flowNodeRef>rate</flowNodeRef>
      <flowNodeRef>tell</flowNodeRef><flowNodeRef>done</flowNodeRef>
    </lane></laneSet>
    <startEvent id="begin" name="Asked"><outgoing>f1</outgoing></startEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="approve" />
    <userTask id="approve" name="Approve">
      <extensionElements><zeebe:formDefinition formId="FORM" /><zeebe:taskSchedule dueDate="PT48H" />
      <zeebe:properties><zeebe:property name="no_clock" value="It is a test." /></zeebe:properties></extensionElements>
      <incoming>f1</incoming><outgoing>f2</outgoing>
    </userTask>
    <sequenceFlow id="f2" sourceRef="approve" targetRef="rate" />
    <businessRuleTask id="rate" name="Rate">
      <extensionElements><zeebe:calledDecision decisionId="DECISION" resultVariable="rating" /></extensionElements>
      <incoming>f2</incoming><outgoing>f3</outgoing>
    </businessRuleTask>
    <sequenceFlow id="f3" sourceRef="rate" targetRef="tell" />
    <serviceTask id="tell" name="Tell">
      <extensionElements>
        <zeebe:taskDefinition type="OPERATION" />
        <zeebe:ioMapping><zeebe:input source="=&quot;CODE&quot;" target="code" /></zeebe:ioMapping>
      </extensionElements>
      <incoming>f3</incoming><outgoing>f4</outgoing>
    </serviceTask>
    <sequenceFlow id="f4" sourceRef="tell" targetRef="done" />
    <endEvent id="done" name="Decided"><incoming>f4</incoming></endEvent>
  </process>
</definitions>
"""

TABLE = b"""\
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="Rating" namespace="urn:t">
  <decision id="D1" name="Rating"><decisionTable hitPolicy="FIRST">
    <input><inputExpression typeRef="number"><text>days</text></inputExpression></input>
    <output name="rating" typeRef="string" />
    <rule id="r1"><inputEntry><text>&gt; 5</text></inputEntry><outputEntry><text>"LONG"</text></outputEntry></rule>
    <rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>"SHORT"</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>
"""

FORM = {
    "id": "F-1",
    "type": "default",
    "components": [
        {"type": "number", "key": "days", "label": "Days"},
        {"type": "radio", "key": "decision", "label": "Decision", "values": [{"value": "GRANT", "label": "Grant"}]},
    ],
}

MESSAGE = """\
kind: request

# en
Leave {case.number}

{name}, your leave is decided: {rating}.

# Not a heading for a language
See {missing.path}.

# fr
Congé {case.number}

{name}, votre congé est décidé : {rating}. Voir {missing.path}.

# es
Licencia {case.number}

{name}, su licencia está decidida: {rating}. Véase {missing.path}.

# ru
Отпуск {case.number}

{name}, решение по вашему отпуску: {rating}. См. {missing.path}.

# zh
请假 {case.number}

{name}，请参阅 {missing.path}。您的请假已决定：{rating}。

# ar
إجازة {case.number}

{name}، بُتَّ في إجازتكم: {rating}. انظروا {missing.path}.
"""

CHINESE = """\
[process]
title = "请假"
[elements]
begin = "已申请"
approve = "批准"
rate = "评级"
tell = "通知"
done = "已决定"
leave = "请假"
[fields]
days = "天数"
decision = "决定"
[options]
decision.GRANT = "准许"
[tables]
D1 = "评级"
[columns]
days = "天数"
"""


SPOKEN = ("fr", "es", "ru", "zh", "ar")


def diagram(form="F-1", decision="D1", operation="notify", code="N-LOA-01"):
    text = DIAGRAM.replace("FORM", form).replace("DECISION", decision).replace("OPERATION", operation).replace("CODE", code)
    return text.encode()


@pytest.fixture
def files():
    return {
        "process.toml": MANIFEST,
        "leave.bpmn": diagram(),
        "rating.dmn": TABLE,
        "forms/F-1.form": json.dumps(FORM).encode(),
        "messages/N-LOA-01.md": MESSAGE.encode(),
        **{f"i18n/{language}.toml": CHINESE.encode() for language in SPOKEN},
        "scenarios/long.yaml": b"{process: leave, now: 2026-12-01T09:00:00Z, start: {as: lina.marchetti}}",
        "README.md": b"# Leave",
    }


@pytest.fixture
def read(files):
    def reader(changes=None, *, without=(), key="leave"):
        kept = {path: content for path, content in {**files, **(changes or {})}.items() if path not in without}
        return packages.read_package(key, kept)

    return reader


@pytest.fixture
def refused(read):
    def reader(changes=None, **more):
        with pytest.raises(PackageRefused) as refusal:
            read(changes, **more)
        return "\n".join(str(problem) for problem in refusal.value.problems)

    return reader


@pytest.fixture
def check(read):
    def checker(changes=None, **more):
        known = {"operations": {"notify": object()}, "roles": {"DSSO", "PRO", "TRV"}} | more
        return [str(problem) for problem in packages.check_package(read(changes), **known)]

    return checker


# ------------------------------------------------------------------ reading


def test_a_whole_folder_is_read(read):
    package = read()

    assert package.key == "leave"
    assert package.manifest.title == "Leave of absence"
    assert list(package.diagrams) == ["leave.bpmn"]
    assert package.decisions["D1"].decide("D1", {"days": 6}).value == "LONG"
    assert package.forms["F-1"].keys == ("days", "decision")
    assert list(package.messages) == ["N-LOA-01"]
    assert package.scenarios["long"]["process"] == "leave"
    assert package.find_text("zh", "options", "decision.GRANT", "GRANT") == "准许"
    assert package.find_text("fr", "options", "GRANT") is None


def test_a_manifest_can_be_stored_as_json(read):
    stored = dict(read().manifest)

    assert json.loads(json.dumps(stored)) == stored
    assert stored["start_roles"] == ["TRV"]
    assert stored["organisation"] is None


def test_the_digest_is_that_of_the_sorted_paths_and_contents(read, files):
    lines = [f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n" for path in sorted(files)]

    assert read().digest == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert read({"README.md": b"# Leaves"}).digest != read().digest


def test_hidden_files_do_not_count(read):
    assert read({".DS_Store": b"x", "forms/.swp": b"x"}).digest == read().digest


@pytest.mark.parametrize("path", ["script.py", "forms/deep/x.form", "../x.bpmn", "/etc/x.bpmn", "forms\\x.form", "i18n/x.json"])
def test_a_file_that_does_not_belong_is_refused(refused, path):
    assert path in refused({path: b"x"})


def test_every_problem_of_every_file_is_named(refused):
    said = refused(
        {
            "process.toml": b'title = "x"\nowner = "y"',
            "leave.bpmn": b"<a>",
            "rating.dmn": b"<!DOCTYPE x><x/>",
            "forms/F-1.form": b"{",
            "messages/N-LOA-01.md": b"hello",
            "i18n/zh.toml": b"[colours]\nred = 1",
            "i18n/xx.toml": b"=",
            "scenarios/long.yaml": b"[",
        },
        key="Bad Key",
    )

    for place in (
        "process.toml",
        "leave.bpmn",
        "rating.dmn",
        "forms/F-1.form",
        "N-LOA-01.md",
        "zh.toml",
        "xx.toml",
        "long.yaml",
        "Bad Key",
    ):
        assert place in said
    assert "DOCTYPE" in said
    assert "main is missing" in said


def test_a_folder_needs_its_manifest(refused):
    assert "no process.toml" in refused(without=["process.toml"])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b'number_prefix = "loa"', "capital letters"),
        (b"retention_days = -1", "0 or more"),
        (b"retention_days = true", "a whole number"),
        (b'start_roles = "TRV"', "a list of texts"),
        (b"sources = [1]", "a list of texts"),
        (b'area = "=1 +"', "area cannot be read"),
        (b'colour = "red"', "colour is not known"),
    ],
)
def test_a_manifest_is_read_strictly(refused, line, sentence):
    name = line.split(b" ")[0]
    kept = b"\n".join(each for each in MANIFEST.splitlines() if not each.startswith(name))

    assert sentence in refused({"process.toml": kept + b"\n" + line})


def test_a_decision_or_form_stands_in_one_file_only(refused):
    assert "another file too" in refused({"second.dmn": TABLE})
    assert "must be in the file forms/F-1.form" in refused({"forms/other.form": json.dumps(FORM).encode()})


LIMIT = b"""\
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="u" name="Limits" namespace="urn:limits">
  <decision id="D2" name="Limit">
    <variable name="Limit" typeRef="number"/><literalExpression><text>5</text></literalExpression>
  </decision>
</definitions>
"""


def test_a_table_may_build_on_a_decision_of_another_file(read):
    table = TABLE.replace(b'<decision id="D1" name="Rating">', IMPORTING).replace(b"&gt; 5", b"&gt; limits.Limit")

    package = read({"rating.dmn": table, "limits.dmn": LIMIT})

    assert package.decisions["D1"].decide("D1", {"days": 6}).value == "LONG"
    assert package.decisions["D1"].decide("D1", {"days": 4}).value == "SHORT"


IMPORTING = b"""\
<import name="limits" namespace="urn:limits" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
<decision id="D1" name="Rating"><informationRequirement><requiredDecision href="urn:limits#D2"/></informationRequirement>"""


def test_an_import_must_be_in_the_folder(refused):
    table = TABLE.replace(b'<decision id="D1" name="Rating">', IMPORTING)

    assert "rating.dmn: limits: It imports urn:limits, which is not among these files." in refused(
        {"rating.dmn": table, "other.dmn": LIMIT.replace(b"urn:limits", b"urn:other")}
    )


def test_a_folder_has_a_size(refused):
    assert "too much" in refused({f"f{number}.md": b"" for number in range(600)})


# ------------------------------------------------------------------ messages


@pytest.fixture
def message(read):
    return read().messages["N-LOA-01"]


def test_a_text_is_filled_in_the_language_of_its_reader(message):
    known = {"case": {"number": "LOA-2026-000001"}, "name": "Lina", "rating": "SHORT"}

    assert message.render("zh", known) == ("请假 LOA-2026-000001", "Lina，请参阅 —。您的请假已决定：SHORT。")
    subject, body = message.render("en-GB", known)
    assert subject == "Leave LOA-2026-000001"
    assert body == "Lina, your leave is decided: SHORT.\n\n# Not a heading for a language\nSee —."


def test_a_language_without_a_text_reads_english(message):
    assert message.render("nl", {})[0] == "Leave —"


def test_placeholders_are_known(message):
    assert message.placeholders == {"case.number", "name", "rating", "missing.path"}


@pytest.mark.parametrize(
    ("value", "shown"), [(3, "3"), (True, "true"), (["a", "b"], "a, b"), (0, "0"), ("", "—"), ([], "—"), (1.5, "1.5")]
)
def test_values_are_shown_as_text(message, value, shown):
    assert message.render("zh", {"rating": value})[1].endswith(f"{shown}。")


def test_values_may_be_written_for_the_reader(message):
    body = message.render("zh", {"rating": 3}, show=lambda value, language: f"<{value} {language}>")[1]

    assert "<3 zh>" in body


def test_a_value_is_never_filled_in_twice_and_cannot_break_a_subject(message):
    known = {"case": {"number": "1\r\nBcc: x@example.org"}, "name": "{rating}", "rating": "secret"}
    subject, body = message.render("en", known)

    assert subject == "Leave 1 Bcc: x@example.org"
    assert body.startswith("{rating}, your")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hello", "must begin with a line"),
        ("# en\nSubject only", "needs a subject"),
        ("# en\nSubject\nbody at once", "empty line"),
        ("# en\nS\n\nB\n# en\nS\n\nB", "stands twice"),
        ("# xx\nS\n\nB", "no language here"),
        ("# en\nS\n\n{1 + 1}", "no path"),
        ("# en\nS\n\n{}", "no path"),
        ("# en\nS\n\n{now()}", "no path"),
        ("kind: gossip\n\n# en\nS\n\nB", "no kind of notice gossip"),
        ("urgent: perhaps\n\n# en\nS\n\nB", "urgent must be yes or no"),
        ("colour: red\n\n# en\nS\n\nB", "names a language"),
    ],
)
def test_a_text_is_written_as_it_should_be(refused, text, sentence):
    assert sentence in refused({"messages/N-LOA-01.md": text.encode()})


# ------------------------------------------------------------------ whether it fits


def test_a_folder_that_fits_together_has_no_problems(check):
    assert check() == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"form": "F-9"}, "F-9"),
        ({"decision": "D9"}, "D9"),
        ({"operation": "launch"}, "launch"),
        ({"code": "N-LOA-99"}, "There is no notification text N-LOA-99"),
    ],
)
def test_what_a_diagram_names_must_exist(check, changed, sentence):
    (problem,) = check({"leave.bpmn": diagram(**changed)})

    assert problem.startswith("leave.bpmn: ")
    assert sentence in problem


def test_lanes_owners_and_starters_are_known_roles(check):
    problems = "\n".join(check(roles={"PRO"}))

    assert "DSSO" in problems
    assert "There is no role TRV" in problems


def test_what_is_not_known_is_not_checked(read):
    assert packages.check_package(read({"leave.bpmn": diagram(operation="launch")})) == []


def test_the_main_process_and_the_start_form_exist(check):
    wrong = MANIFEST.replace(b'"leave"', b'"other"').replace(b"F-1", b"F-2")

    problems = check({"process.toml": wrong})

    assert any("main process other" in problem for problem in problems)
    assert any("no form F-2" in problem for problem in problems)


def test_the_main_process_must_be_executable(check):
    drawn = diagram().replace(b'isExecutable="true"', b'isExecutable="false"')

    assert any("not marked as executable" in problem for problem in check({"leave.bpmn": drawn}))


def test_a_process_that_nothing_calls_would_never_run(check):
    other = diagram().replace(b'process id="leave"', b'process id="other"')

    (told,) = (line for line in check({"other.bpmn": other}) if "nothing calls it" in line)

    assert told.startswith("other.bpmn: other: The process other is marked as executable")
    assert not [line for line in check({"other.bpmn": other.replace(b' isExecutable="true"', b"")}) if "nothing calls it" in line]


def test_a_process_stands_in_one_diagram_only(check):
    assert any("stands in leave.bpmn too" in problem for problem in check({"second.bpmn": diagram()}))


def test_every_text_is_there_in_all_six_languages(check):
    text = b"kind: task\n\n# fr\nSujet\n\nTexte"

    assert check({"messages/N-LOA-01.md": text}) == ["messages/N-LOA-01.md: The text is missing in: en, es, ru, zh, ar."]


def test_a_text_tells_the_same_in_every_language(check):
    text = MESSAGE.replace("Congé {case.number}", "Congé").replace("{missing.path}.\n\n# es", "{rating}.\n\n# es")

    assert check({"messages/N-LOA-01.md": text.encode()}) == [
        (
            "messages/N-LOA-01.md: The texts in en and fr do not mention the same: case.number, missing.path. "
            "A person should be told the same in every language."
        )
    ]


def test_a_text_says_what_kind_of_notice_it_is_and_whether_it_can_wait(read, check):
    text = "\n\n".join(f"# {language}\nS\n\nB" for language in ("en", *SPOKEN))
    declared = read({"messages/N-LOA-01.md": f"kind: reminder\nurgent: yes\n\n{text}".encode()}).messages["N-LOA-01"]

    assert (declared.kind, declared.urgent, declared.texts["en"]) == ("reminder", True, ("S", "B"))
    [advice] = check({"messages/N-LOA-01.md": text.encode()})
    assert "of what kind the notice is" in advice


def test_a_language_is_spoken_completely(check):
    problems = check({"i18n/fr.toml": '[elements]\nbegin = "Demandé"\n[options]\nGRANT = "Accorder"'.encode()})

    assert problems == [
        "i18n/fr.toml: [process] lacks 1 texts: title.",
        "i18n/fr.toml: [elements] lacks 5 texts: approve, rate, tell, done, leave.",
        "i18n/fr.toml: [fields] lacks 2 texts: days, decision.",
        "i18n/fr.toml: [tables] lacks 1 texts: D1.",
        "i18n/fr.toml: [columns] lacks 1 texts: days.",
    ]


def test_english_names_and_labels_are_those_of_diagrams_and_forms(read):
    english = b'[elements]\napprove = "Before"\n[fields]\ndays = "Before"\nother = "Kept"\n[options]\nGRANT = "Granted"'

    texts = read({"i18n/en.toml": english}).texts["en"]

    assert (texts["elements"]["approve"], texts["fields"]["days"]) == ("Approve", "Days")
    assert (texts["fields"]["other"], texts["options"]["GRANT"]) == ("Kept", "Granted")
    narrow = [name for name in texts["options"] if name.endswith(".GRANT")]
    assert [texts["options"][name] for name in narrow] == ["Grant"], "another form may call the same value something else"


def test_english_tables_and_columns_are_called_as_the_table_has_it(read):
    headed = TABLE.replace(b"<input>", b'<input label="Days away">')

    texts = read({"rating.dmn": headed, "i18n/en.toml": b'[tables]\nD1 = "Before"\n[columns]\ndays = "Before"'}).texts["en"]

    assert (texts["tables"], texts["columns"]) == ({"D1": "Rating"}, {"days": "Days away", "D1.days": "Days away"})


def test_what_a_row_compares_with_may_be_put_into_words(read):
    rated = TABLE.replace(b"&gt; 5", b'"LONG", "GRANT"').replace(b'"number"><text>days<', b'"string"><text>decision<')

    found = [each for each in wordings(read({"rating.dmn": rated})) if each.table == "values"]

    assert [(each.names, each.is_required) for each in found] == [(("decision.LONG",), False)], "GRANT is offered by the form"


@pytest.mark.parametrize(
    ("card", "demanded"),
    [("=rating.note", {"long journeys"}), ("=row.note", {"long journeys"}), ("=rating.rating", set()), ("=leave.days", set())],
)
def test_what_a_table_answers_in_words_is_demanded_where_a_card_speaks_of_it(read, card, demanded):
    noted = TABLE.replace(b'<output name="rating"', b'<output name="note" typeRef="string" /><output name="rating"').replace(
        b"</inputEntry><outputEntry>", b'</inputEntry><outputEntry><text>"long journeys"</text></outputEntry><outputEntry>'
    )
    said = f'<zeebe:property name="card" value="{card}" /><zeebe:property name="no_clock"'.encode()
    shown = diagram().replace(b'<zeebe:property name="no_clock"', said)

    found = wordings(read({"rating.dmn": noted, "leave.bpmn": shown}))

    assert {each.written for each in found if each.table == "texts"} & {"long journeys"} == demanded


def test_a_folder_that_lacks_a_language_is_advised_to_learn_it(read):
    (advice,) = packages.check_package(read(without=("i18n/ru.toml", "i18n/ar.toml")))

    assert advice.is_advice
    assert str(advice).startswith("i18n: The process has no texts in: ru, ar.")
    assert "Write i18n/ru.toml." in str(advice)


ALL_WORDS = '"Leave of " = "请假："\n"May this person go?" = "可否离开？"\nDays = "天数"\nopen = "不限期"\nLeave = "请假"\n'


@pytest.fixture
def asking(check):
    def checker(properties, texts=""):
        said = "".join(f"<zeebe:property name={name!r} value={value!r} />" for name, value in properties.items())
        drawn = diagram().replace(b"<zeebe:properties>", f"<zeebe:properties>{said}".encode(), 1)
        others = {f"i18n/{language}.toml": f"{CHINESE}[texts]\n{ALL_WORDS}".encode() for language in SPOKEN}
        return check({"leave.bpmn": drawn, **others, "i18n/zh.toml": f"{CHINESE}[texts]\n{texts}".encode()})

    return checker


def test_a_language_has_the_words_inside_the_expressions_of_a_task(asking):
    said = {
        "subject": "=&quot;Leave of &quot; + name",
        "question": "May this person go?",
        "card": "=[{label: &quot;Days&quot;, value: if days = null then &quot;open&quot; else days}]",
    }

    assert asking(said) == ["i18n/zh.toml: [texts] lacks 4 texts: Leave of , May this person go?, Days, open."]
    assert asking(said, ALL_WORDS) == []


def test_codes_and_what_is_only_compared_with_are_no_words(asking):
    assert asking({"subject": "=if kind = &quot;Short&quot; then &quot;LOA-&quot; + number else &quot;, &quot; + name"}) == []


def test_only_what_is_said_to_a_person_is_put_into_words(asking):
    assert asking({"scope.area": "=&quot;everywhere&quot;"}) == []


def test_an_expression_that_cannot_be_read_is_told_once(asking):
    (told,) = asking({"subject": "=&quot;Leave&quot; +"})

    assert "[texts]" not in told


def test_a_table_with_a_gap_is_told_by_example(check):
    (told,) = check({"rating.dmn": TABLE.replace(b"<text>-</text>", b"<text>&lt; 3</text>")})

    assert told.startswith("rating.dmn: D1: No rule matches when days is ")


def test_a_table_that_asks_for_what_nothing_in_the_folder_speaks_of_is_told(check):
    (told, *_) = check({"rating.dmn": TABLE.replace(b"<text>days</text>", b"<text>dayz</text>")})

    assert told.startswith("rating.dmn: D1: Line 1, column 1: “dayz” is not known here.")
    assert "days" in told


def test_what_nobody_can_tell_by_a_table_alone_is_advice(read):
    package = read({"rating.dmn": TABLE.replace(b"<text>-</text>", b"<text>&lt;= rating + 1</text>")})

    (advice,) = packages.check_package(package)

    assert advice.is_advice
    assert "depends on more than constants" in str(advice)


def test_scenarios_are_about_their_own_process(check):
    other = b"{process: other, now: 2026-12-01T09:00:00Z, start: {as: a}}"

    assert any("another process: other" in problem for problem in check({"scenarios/long.yaml": other}))
