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
