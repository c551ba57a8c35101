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


def test_what_is_only_compared_with_is_no_word():
    expression = feel.parse('if kind = "REST" then "rest" else "other"')

    assert list(feel.literals_of(expression.tree)) == ["rest", "other"]
    assert feel.reword(expression, {"REST": "x"}) is None


VARIABLES = {"days": 3, "kind": "REST", "legs": [{"to": "A", "risk": 2}, {"to": "B", "risk": 5}], "count of legs": 2}


@pytest.mark.parametrize(
    "text",
    [
        '"yes, " + string(days)',
        'if days > 2 and kind = "REST" then "yes" else legs[1].to',
        '[{label: "yes", value: legs[risk > 2].to}, {label: kind, value: count(legs)}]',
        'for leg in legs[risk > 1] return {label: "yes", to: leg.to, all: legs[item.to = leg.to]}',
        'for leg in legs, further in [leg.risk, days] return leg.to + "yes" + string(further)',
        'some leg in legs satisfies contains("yes", lower case(leg.to))',
        'legs[contains("yes " + to, "A")].risk',
        '{a: days + 1, b: "yes " + string(a), c: days}.b',
        '{say: function(n) if n < 1 then "yes" else later(n), later: function(n) say(n - days)}.say(days)',
        '(function(days) "yes " + string(days))(legs[2].risk)',
        'replace(input: "a yes", pattern: "a", replacement: legs[1].to)',
        'get or else(get value({"REST": "yes", "WORK": "no"}, kind), kind)',
        'string(today()) + "yes"',
        'days in (< 2, [3..4]) and list contains(["yes", kind], kind)',
        'concatenate(["yes"], legs.to, [-days, days ** 2])',
    ],
)
def test_whatever_an_expression_is_made_of_only_its_words_are_others(text):
    written_so = feel.parse(text.replace("yes", "oui"))

    reworded = feel.reword(
        feel.parse(text), {word: word.replace("yes", "oui") for word in feel.literals_of(feel.parse(text).tree)}
    )

    assert written_so.evaluate(VARIABLES, now=NOW) is not None
    assert reworded.evaluate(feel.Parts(VARIABLES, NOW), now=NOW) == written_so.evaluate(VARIABLES, now=NOW)


class Asked(dict):
    """Variables that count how often each is asked for."""

    def __init__(self, **variables):
        super().__init__(variables)
        self.times = dict.fromkeys(variables, 0)

    def get(self, name, default=None):
        if name in self.times:
            self.times[name] += 1
        return super().get(name, default)


def test_what_holds_no_words_is_worked_out_once_for_all_languages():
    expression = feel.parse('[{label: "Days", value: days}, {label: "Days", value: if days > 2 then "many" else kind}]')
    variables = Asked(days=3, kind="REST")
    parts = feel.Parts(variables, NOW)

    said = [feel.reword(expression, {"Days": word}).evaluate(parts) for word in ("Jours", "Días", "天")]

    assert [card[0] for card in said] == [{"label": word, "value": 3} for word in ("Jours", "Días", "天")]
    assert variables.times == {"days": 2, "kind": 0}  # as itself and in the condition; nobody asked for the other


def test_the_parts_of_an_expression_share_one_budget():
    costly = "count(for day in 1..{} return day)"
    text = f'[{{label: "Days", value: {costly.format(4000)}}}, {{label: "Days", value: {costly.format(4001)}}}]'
    reworded = feel.reword(feel.parse(text), {"Days": "Jours"})

    with pytest.raises(feel.FeelLimitError):
        reworded.evaluate(feel.Parts({}, NOW))
