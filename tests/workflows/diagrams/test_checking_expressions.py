"""Whether every expression can be read."""

from __future__ import annotations

import pytest

from tests.workflows.diagrams.building import END, START, TIMER, extended, looped, over_list
from workflows.diagrams import check_diagram


@pytest.mark.parametrize(
    ("task", "word"),
    [
        (extended("userTask", '<zeebe:assignmentDefinition candidateGroups="=a +"/>'), "candidate groups"),
        (extended("userTask", '<zeebe:assignmentDefinition assignee="=("/>'), "assignee"),
        (extended("userTask", '<zeebe:taskSchedule dueDate="=1 +"/>'), "due date"),
        (extended("userTask", '<zeebe:taskSchedule followUpDate="=1 +"/>'), "follow-up date"),
        (extended("userTask", '<zeebe:priorityDefinition priority="=1 +"/>'), "priority"),
        (extended("userTask", '<zeebe:priorityDefinition priority="high"/>'), "whole number"),
        (
            extended("userTask", '<zeebe:properties><zeebe:property name="card" value="=["/></zeebe:properties>'),
            "property “card”",
        ),
        (
            extended("userTask", '<zeebe:ioMapping><zeebe:input source="=a b +" target="x"/></zeebe:ioMapping>'),
            "input mapping to “x”",
        ),
        (
            extended("userTask", '<zeebe:ioMapping><zeebe:output source="=)" target="x"/></zeebe:ioMapping>'),
            "output mapping to “x”",
        ),
        (
            extended("userTask", '<zeebe:ioMapping><zeebe:output source="=a" target="a-b"/></zeebe:ioMapping>'),
            "name of a variable",
        ),
        (
            extended("userTask", '<zeebe:ioMapping><zeebe:output source="=a" target="x."/></zeebe:ioMapping>'),
            "name of a variable",
        ),
        (extended("scriptTask", '<zeebe:script expression="=1 +" resultVariable="x"/>'), "script"),
        (extended("scriptTask", '<zeebe:script expression="import os" resultVariable="x"/>'), "“import os”"),
        (extended("scriptTask", '<zeebe:script expression="=1" resultVariable="if"/>'), "name of a variable"),
        (extended("businessRuleTask", '<zeebe:calledDecision decisionId="=+" resultVariable="x"/>'), "called decision"),
        (extended("callActivity", '<zeebe:calledElement processId="=+"/>'), "called process"),
        (extended("serviceTask", '<zeebe:taskDefinition type="x" retries="many"/>'), "whole number"),
        (over_list(inputCollection="=[", inputElement="x"), "input collection"),
        (over_list(inputCollection="stops", inputElement="x"), "fixed text"),
        (over_list(inputElement="x"), "over which list"),
        (over_list(inputCollection="=stops", outputCollection="all"), "only one of"),
        (over_list(inputCollection="=stops", inputElement="a b"), "name of a variable"),
        (looped("<loopCardinality>many</loopCardinality>"), "whole number"),
        (looped("", kind="standard"), "for ever"),
        (looped("<loopCondition>=a +</loopCondition>", kind="standard"), "condition of the repetition"),
        (f'<intermediateCatchEvent id="t">{TIMER.format("=duration(")}</intermediateCatchEvent>', "timer"),
        (
            (
                '<intermediateCatchEvent id="t"><conditionalEventDefinition><condition>=a +</condition>'
                "</conditionalEventDefinition></intermediateCatchEvent>"
            ),
            "condition",
        ),
        ('<receiveTask id="t" messageRef="bad"/>', "correlation key"),
        (
            '<intermediateThrowEvent id="t"><signalEventDefinition signalRef="bad_signal"/></intermediateThrowEvent>',
            "name or code",
        ),
    ],
)
def test_every_expression_must_be_readable(refusals, task, word):
    beside = (
        '<message id="bad" name="x"><extensionElements><zeebe:subscription correlationKey="=a +"/></extensionElements></message>'
        '<signal id="bad_signal" name="=a +"/>'
    )

    found = refusals(START + END + task, "s>t", "t>e", beside=beside)

    assert any(where == "t" and word in sentence for where, sentence in found)


def test_a_condition_that_cannot_be_read_is_named_with_its_place(read):
    diagram = read(START + END + '<exclusiveGateway id="g"/><task id="t"/>', "s>g", "g>e [=x = 1]", "g>t [=amount &gt; ]")

    problems = check_diagram(diagram)

    assert [problem.where for problem in problems] == ["f3"]
    assert problems[0].facts["position"] == 9
    assert problems[0].facts["text"] == "amount >"
