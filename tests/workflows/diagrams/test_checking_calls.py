"""Whether it is said who does a task, and what is called exists."""

from __future__ import annotations

import pytest

from tests.workflows.diagrams.building import END, START, extended


@pytest.mark.parametrize(
    ("task", "word"),
    [
        ('<userTask id="t"/>', "Nobody is named"),
        (extended("userTask", '<zeebe:assignmentDefinition candidateGroups="DO, CSO"/>'), "“CSO” is no role. (CSA?)"),
        (extended("userTask", '<zeebe:formDefinition formId="pln"/>', '<zeebe:assignmentDefinition assignee="=x"/>'), "(plan?)"),
        (
            extended("userTask", '<zeebe:properties><zeebe:property name="scope.aera" value="=x"/></zeebe:properties>'),
            "(scope.area?)",
        ),
        (
            extended("userTask", '<zeebe:properties><zeebe:property name="seperate_from" value="x"/></zeebe:properties>'),
            "(separate_from?)",
        ),
        (
            extended("userTask", '<zeebe:properties><zeebe:property name="separate_from" value="drafft"/></zeebe:properties>'),
            "(draft?)",
        ),
        (
            extended("userTask", '<zeebe:properties><zeebe:property name="separate_from" value="t"/></zeebe:properties>'),
            "from itself",
        ),
    ],
)
def test_a_user_task_says_who_does_it_with_which_form(refused_task, task, word):
    found = refused_task(task, roles=["DO", "CSA"], forms=["plan"], tasks=["t", "draft"])

    assert any(where == "t" and word in sentence for where, sentence in found)


@pytest.mark.parametrize("lane", ["DO", "Whoever", ""])
def test_a_lane_with_user_tasks_is_named_by_a_role(refusals, lane):
    lanes = f'<laneSet id="ls"><lane id="l" name="{lane}"><flowNodeRef>t</flowNodeRef></lane></laneSet>'

    found = refusals(f'{lanes}{START}{END}<userTask id="t"/>', "s>t", "t>e", roles=["DO"])

    assert [where for where, _ in found] == ([] if lane == "DO" else ["t"])


def test_lanes_without_user_tasks_may_be_called_anything(refusals):
    lanes = '<laneSet id="ls"><lane id="l" name="System"><flowNodeRef>s</flowNodeRef></lane></laneSet>'

    assert refusals(lanes + START + END, "s>e", roles=["DO"]) == []


@pytest.mark.parametrize(
    ("task", "word"),
    [
        ('<serviceTask id="t"/>', "names no operation"),
        ('<sendTask id="t"/>', "names no operation"),
        (extended("serviceTask", '<zeebe:taskDefinition type="send_leter"/>'), "(send_letter?)"),
        (extended("serviceTask", '<zeebe:taskDefinition type="=x"/>'), "must be fixed"),
        ('<businessRuleTask id="t"/>', "names no decision"),
        (extended("businessRuleTask", '<zeebe:calledDecision decisionId="" resultVariable="x"/>'), "names no decision"),
        (extended("businessRuleTask", '<zeebe:calledDecision decisionId="D9.9" resultVariable="x"/>'), "no decision “D9.9”"),
        (extended("businessRuleTask", '<zeebe:calledDecision decisionId="D1.4"/>'), "no variable"),
        (
            extended(
                "businessRuleTask",
                '<zeebe:calledDecision decisionId="D1.4" resultVariable="x"/>',
                '<zeebe:taskDefinition type="send_letter"/>',
            ),
            "only one could run",
        ),
        ('<scriptTask id="t"/>', "holds no script"),
        (extended("scriptTask", '<zeebe:script expression="=" resultVariable="x"/>'), "holds no script"),
        (extended("scriptTask", '<zeebe:script expression="=1"/>'), "no variable"),
        ('<callActivity id="t"/>', "names no process"),
        (extended("callActivity", '<zeebe:calledElement processId="tsc_stp"/>'), "(tsc_stop?)"),
        (extended("callActivity", '<zeebe:calledElement processId="=x"/>'), "must be fixed"),
    ],
)
def test_what_is_called_must_exist(refused_task, task, word):
    found = refused_task(task, operations=["send_letter"], decisions=["D1.4"], processes=["tsc_stop"])

    assert any(where == "t" and word in sentence for where, sentence in found)


def test_a_process_of_the_same_file_may_be_called(refused_task):
    assert refused_task(extended("callActivity", '<zeebe:calledElement processId="p"/>'), processes=[]) == []
