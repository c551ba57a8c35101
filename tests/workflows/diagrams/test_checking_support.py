"""What the engine runs passes, and what it does not run is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.diagrams.building import END, START, TIMER, attached, extended, flows, looped, over_list
from workflows.diagrams import check_diagram, read_diagram


def test_a_diagram_of_a_modeler_has_no_problems():
    data = Path(__file__).with_name("plan_review.bpmn").read_bytes()
    known = {
        "operations": {"send_letter"},
        "roles": {"DO", "ASC", "PLO"},
        "forms": {"plan"},
        "decisions": set(),
        "processes": set(),
    }

    assert check_diagram(read_diagram(data, name="plan_review.bpmn"), **known) == []


@pytest.mark.parametrize(
    ("element", "word"),
    [
        ('<adHocSubProcess id="t"/>', "no activity inside"),
        ('<task id="t" isForCompensation="true"/>', "compensation activity"),
        ('<scriptTask id="t" scriptFormat="groovy"><script>x</script></scriptTask>', "zeebe:script"),
        ('<intermediateCatchEvent id="t"/>', "none"),
        ('<intermediateCatchEvent id="t"><errorEventDefinition/></intermediateCatchEvent>', "error"),
        ('<intermediateCatchEvent id="t"><compensateEventDefinition/></intermediateCatchEvent>', "compensation"),
        ('<intermediateThrowEvent id="t"><cancelEventDefinition/></intermediateThrowEvent>', "cancel"),
        ('<endEvent id="t"><cancelEventDefinition/></endEvent>', "transaction"),
        ('<task id="t"/>' + attached("<cancelEventDefinition/>"), "transaction"),
        ('<intermediateThrowEvent id="t"><errorEventDefinition/></intermediateThrowEvent>', "error"),
        ('<task id="t"/>' + attached("<compensateEventDefinition/>"), "no compensation activity"),
        ('<task id="t"/>' + attached(""), "none"),
        (
            (
                '<intermediateCatchEvent id="t"><messageEventDefinition messageRef="m"/><linkEventDefinition name="x"/>'
                "</intermediateCatchEvent>"
            ),
            "several events",
        ),
        ('<endEvent id="t"><errorEventDefinition/><terminateEventDefinition/></endEvent>', "two ways"),
        (
            '<task id="t"/>' + attached(TIMER.format("PT1H") + "<errorEventDefinition/>", attributes='parallelMultiple="true"'),
            "together with others",
        ),
        (extended("endEvent", '<zeebe:taskDefinition type="x"/>'), "calls no operation"),
        ('<parallelGateway id="t"><standardLoopCharacteristics loopMaximum="2"/></parallelGateway>', "repeated"),
        (
            extended(
                "intermediateCatchEvent",
                '<zeebe:ioMapping><zeebe:input source="=x" target="y"/></zeebe:ioMapping>',
                inner='<messageEventDefinition messageRef="m"/>',
            ),
            "input mappings",
        ),
    ],
)
def test_what_the_engine_does_not_run_is_refused_by_name(refused_task, element, word):
    found = refused_task(element)

    assert any(where in {"t", "b"} and word in sentence for where, sentence in found)


@pytest.mark.parametrize("definition", ["<errorEventDefinition/>", "<compensateEventDefinition/>", "<cancelEventDefinition/>"])
def test_a_case_does_not_begin_with_just_any_event(refusals, definition):
    found = refusals(f'<startEvent id="s">{definition}</startEvent>{END}', "s>e")

    assert any(where == "s" and "not supported here" in sentence for where, sentence in found)


@pytest.mark.parametrize("definition", ["<timerEventDefinition/>", "<conditionalEventDefinition/>"])
def test_a_path_does_not_end_with_just_any_event(refusals, definition):
    found = refusals(f'{START}<endEvent id="e">{definition}</endEvent>', "s>e")

    assert any(where == "e" and "not supported here" in sentence for where, sentence in found)


@pytest.mark.parametrize(
    "inside",
    [
        f'<subProcess id="t"><startEvent id="i"/><endEvent id="j"/>{flows("i>j", prefix="inner")}</subProcess>',
        '<manualTask id="t"/>' + attached("<errorEventDefinition/>"),
        '<userTask id="t"/>' + attached(TIMER.format("PT48H"), attributes='cancelActivity="false"'),
        '<receiveTask id="t" messageRef="m"/>' + attached('<messageEventDefinition messageRef="m"/>'),
        '<sendTask id="t" messageRef="m"/>',
        extended("serviceTask", '<zeebe:taskDefinition type="x"/>'),
        extended("scriptTask", '<zeebe:script expression="=1 + 1" resultVariable="two"/>'),
        extended("businessRuleTask", '<zeebe:calledDecision decisionId="D1.4" resultVariable="mode"/>'),
        extended("callActivity", '<zeebe:calledElement processId="other"/>'),
        over_list(inputCollection="=stops", inputElement="stop", outputCollection="all", outputElement="=one"),
        looped("<loopCardinality>3</loopCardinality>"),
        looped("<loopCondition>=again</loopCondition>", kind="standard"),
        '<intermediateThrowEvent id="t"/>',
        '<intermediateThrowEvent id="t"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>',
        '<inclusiveGateway id="t"/>',
        '<complexGateway id="t"/>',
        '<transaction id="t"><startEvent id="i"/></transaction>',
        '<adHocSubProcess id="t"><userTask id="i"/></adHocSubProcess>',
        '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>',
        (
            '<intermediateCatchEvent id="t" parallelMultiple="true"><messageEventDefinition messageRef="m"/>'
            + TIMER.format("PT1H")
            + "</intermediateCatchEvent>"
        ),
    ],
)
def test_what_the_engine_runs_passes(refused_task, inside):
    assert refused_task(inside) == []


def test_an_event_subprocess_passes(refusals):
    start = f'<startEvent id="hs" isInterrupting="false">{TIMER.format("PT1H")}</startEvent><endEvent id="he"/>'
    handler = (
        f'<subProcess id="h" triggeredByEvent="true">{start}<sequenceFlow id="hf" sourceRef="hs" targetRef="he"/></subProcess>'
    )

    assert refusals(START + END + handler, "s>e") == []


def test_links_lead_on(refusals):
    throw = '<intermediateThrowEvent id="a"><linkEventDefinition name="L"/></intermediateThrowEvent>'
    catch = '<intermediateCatchEvent id="b"><linkEventDefinition name="L"/></intermediateCatchEvent>'

    assert refusals(START + END + throw + catch, "s>a", "b>e") == []
