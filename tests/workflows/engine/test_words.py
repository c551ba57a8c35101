"""What a task says to its person, in every language that the process speaks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflows import diagrams, engine, feel
from workflows.engine.program import compile_diagrams

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DIAGRAM = b"""\
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:t">
  <process id="leave" isExecutable="true">
    <startEvent id="begin"><outgoing>f1</outgoing></startEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="approve"/>
    <userTask id="approve">
      <extensionElements><zeebe:properties>
        <zeebe:property name="subject" value="=&quot;Leave of &quot; + string(days) + &quot; days&quot;"/>
        <zeebe:property name="question" value="May they go?"/>
        <zeebe:property name="card" value='=[{label: "Kind", value: if kind = "REST" then "rest" else "other"}]'/>
      </zeebe:properties></extensionElements>
      <incoming>f1</incoming><outgoing>f2</outgoing>
    </userTask>
    <sequenceFlow id="f2" sourceRef="approve" targetRef="done"/>
    <endEvent id="done"><incoming>f2</incoming></endEvent>
  </process>
</definitions>
"""
CHINESE = {"Leave of ": "请假", " days": "天", "May they go?": "可以去吗？", "Kind": "类别", "rest": "休息", "REST": "错"}


@pytest.fixture
def opened():
    diagram = diagrams.read_diagram(DIAGRAM, name="leave.bpmn")
    program = compile_diagrams([diagram], words={"zh": CHINESE, "fr": {"unknown": "inconnu"}})
    run = engine.start(program, variables={"days": 3, "kind": "REST"}, host=None, now=NOW)
    (task,) = run.changes.opened
    return task


def test_a_task_is_said_in_the_language_it_is_written_in(opened):
    assert opened.subject == "Leave of 3 days"
    assert opened.card == [{"label": "Kind", "value": "rest"}]


def test_a_task_is_said_in_the_other_languages_of_its_process(opened):
    assert opened.said == {"zh": {"subject": "请假3天", "question": "可以去吗？", "card": [{"label": "类别", "value": "休息"}]}}


def words_of(text):
    return feel.mark_words(feel.parse(text)).words


def test_what_is_only_compared_with_is_no_word():
    text = 'if kind = "REST" then "rest" else "other"'

    assert words_of(text) == ("rest", "other")
    assert list(feel.literals_of(feel.parse(text).tree)) == ["rest", "other"]


VARIABLES = {"days": 3, "kind": "REST", "legs": [{"to": "A", "risk": 2}, {"to": "B", "risk": 5}], "count of legs": 2}


@pytest.mark.parametrize(
    "text",
    [
        '"yes, " + string(days)',
        'if days > 2 and kind = "REST" then "yes" else legs[1].to',
        '[{label: "yes", value: legs[risk > 2].to}, {label: kind, value: count(legs)}]',
        'for leg in legs[risk > 1] return {label: "yes", to: leg.to, all: legs[item.to = leg.to]}',
        'for leg in legs, further in [leg.risk, days] return leg.to + "yes" + string(further)',
        '(for leg in legs return if leg.risk > 2 then {say: "yes"} else null)[item != null][1].say',
        '{a: days + 1, b: "yes " + string(a), c: days}.b',
        'get or else(get value({"REST": "yes", "WORK": "no"}, kind), kind)',
        'string join(["yes", kind], ", ")',
        'string(today()) + "yes"',
        'concatenate(["yes"], legs.to, [-days, days ** 2])',
        'append(flatten([["yes"], legs.to]), "yes yes")',
    ],
)
def test_whatever_an_expression_is_made_of_its_words_are_said_in_other_languages(text):
    worded = feel.mark_words(feel.parse(text))
    marked = worded.expression.evaluate(VARIABLES, now=NOW)

    said = feel.put_words(feel.to_json(marked), worded.marks({word: word.replace("yes", "oui") for word in worded.words}))

    written_so = feel.parse(text.replace("yes", "oui")).evaluate(VARIABLES, now=NOW)
    assert "oui" in str(said)
    assert said == feel.to_json(written_so)
    assert feel.put_words(feel.to_json(marked), worded.marks({})) == feel.to_json(feel.parse(text).evaluate(VARIABLES, now=NOW))


@pytest.mark.parametrize(
    "text",
    [
        'contains("yes", kind)',
        'substring("yes", 2)',
        'string length("yes") + days',
        'replace(input: "yes", pattern: "y", replacement: "Y")',
        'upper case("yes")',
        'list contains(["yes"], kind)',
        'some word in ["yes"] satisfies word = kind',
        '{a: "yes", b: if a = "yes" then 1 else 2}.b',
        '[{label: "yes"}][label = "yes"].label',
        '(function(word) word = "yes")("yes")',
        'if "yes" in ("yes", "no") then 1 else 2',
    ],
)
def test_what_is_looked_at_is_a_value_and_no_word(text):
    worded = feel.mark_words(feel.parse(text))

    assert worded.words == ()
    assert worded.expression.evaluate(VARIABLES, now=NOW) == feel.parse(text).evaluate(VARIABLES, now=NOW)


class Asked(dict):
    """Variables that count how often each is asked for."""

    def __init__(self, **variables):
        super().__init__(variables)
        self.times = dict.fromkeys(variables, 0)

    def get(self, name, default=None):
        if name in self.times:
            self.times[name] += 1
        return super().get(name, default)


def test_an_expression_is_worked_out_once_for_all_languages():
    worded = feel.mark_words(
        feel.parse('[{label: "Days", value: days}, {label: "Days", value: if days > 2 then "many" else kind}]')
    )
    variables = Asked(days=3, kind="REST")

    marked = worded.expression.evaluate(variables)
    said = [feel.put_words(marked, worded.marks({"Days": word})) for word in ("Jours", "Días", "天")]

    assert [card[0] for card in said] == [{"label": word, "value": 3} for word in ("Jours", "Días", "天")]
    assert [card[1]["value"] for card in said] == ["many", "many", "many"]
    assert variables.times == {"days": 2, "kind": 0}


def test_what_people_have_typed_stays_as_it_is():
    worded = feel.mark_words(feel.parse('"Days " + name'))
    typed = "Zoë 天 \U0001f6e9 \ue000"

    marked = worded.expression.evaluate({"name": typed})

    assert feel.put_words(marked, worded.marks({"Days ": "Jours "})) == "Jours " + typed


def test_more_words_than_there_are_marks_are_refused():
    text = "[" + ", ".join(f'"word {number}"' for number in range(2049)) + "]"

    with pytest.raises(feel.FeelLimitError, match="2048 words"):
        feel.mark_words(feel.parse(text, limits=feel.Limits(tokens=5_000)))
