"""What is read from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.diagrams.building import definitions, process
from workflows.diagrams import Event, Loop, Note, read_diagram

TASK = '<userTask id="t"><extensionElements>{}</extensionElements></userTask>'
MESSAGE = (
    '<message id="m" name="MSG_PAID"><extensionElements><zeebe:subscription correlationKey="=case.number"/>'
    "</extensionElements></message>"
)


@pytest.fixture(scope="module")
def review():
    path = Path(__file__).with_name("plan_review.bpmn")
    return read_diagram(path.read_bytes(), name=path.name)


def test_a_diagram_of_a_modeler_is_read_without_a_complaint(review):
    assert review.ignored == ()
    assert review.name == "plan_review.bpmn"
    assert review.processes["review"].executable
    assert review.processes["review"].name == "Review of a plan"
    assert review.processes["review"].documentation == "How a plan is reviewed."


def test_everything_about_a_user_task_is_read_as_it_is_written(review):
    task = review.elements["draft"]

    assert (task.kind, task.name, task.documentation) == ("userTask", "Draft the plan", "Begin with last year's plan.")
    assert (task.form, task.assignee, task.candidate_groups, task.candidate_users) == (
        "plan",
        "=owner",
        "PLO, ASC",
        "=substitutes",
    )
    assert (task.due, task.follow_up, task.priority) == ('=now() + duration("P10D")', "P5D", "70")
    assert task.properties == {"scope.area": "=area", "act": "RECOMMEND"}
    assert task.headers == {"colour": "blue"}
    assert task.inputs == (("=last_plan", "template"),)
    assert task.outputs == (("=text", "plan.text"),)


def test_flows_are_tied_to_elements_in_the_order_of_the_file(review):
    assert review.elements["draft"].incoming == ("to_draft", "again")
    assert review.elements["choice"].outgoing == ("yes", "again")
    assert review.elements["choice"].default == "again"
    assert review.flows["yes"].condition == '=decision = "APPROVE"'
    assert review.flows["yes"].xml_position < review.flows["again"].xml_position
    assert (review.flows["again"].name, review.flows["again"].condition) == ("no", None)


def test_the_innermost_lane_that_lists_an_element_counts(review):
    assert review.elements["decide"].lane == "DO"
    assert review.elements["exercise"].lane == "ASC"


def test_inside_a_subprocess_the_lane_of_the_subprocess_counts(review):
    assert review.elements["run_exercise"].lane == "ASC"
    assert review.elements["run_exercise"].scope == "exercise"


def test_an_element_inside_a_subprocess_may_be_listed_by_another_lane(read):
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="DO"><flowNodeRef>sub</flowNodeRef></lane>'
        '<lane id="l2" name="CSA"><flowNodeRef>inner</flowNodeRef></lane></laneSet>'
    )

    diagram = read(f'{lanes}<subProcess id="sub"><userTask id="inner"/><userTask id="other"/></subProcess>')

    assert diagram.elements["inner"].lane == "CSA"
    assert diagram.elements["other"].lane == "DO"


def test_a_boundary_event_that_no_lane_lists_lies_where_its_activity_lies(read):
    lanes = '<laneSet id="ls"><lane id="l1" name="DO"><flowNodeRef>t</flowNodeRef></lane></laneSet>'

    diagram = read(f'{lanes}<userTask id="t"/><boundaryEvent id="b" attachedToRef="t"/>')

    assert diagram.elements["b"].lane == "DO"


def test_a_multi_instance_is_read_from_the_zeebe_element(review):
    assert review.elements["exercise"].loop == Loop(
        kind="sequential",
        input_collection="=sites",
        input_element="site",
        output_collection="reports",
        output_element="=report",
        completion_condition="=report.failed",
    )


def test_a_standard_loop_is_read(read):
    inner = "<loopCondition>=again</loopCondition>"
    loop = f'<standardLoopCharacteristics testBefore="true" loopMaximum="3">{inner}</standardLoopCharacteristics>'

    diagram = read(f'<task id="t">{loop}</task>')

    assert diagram.elements["t"].loop == Loop(kind="standard", condition="=again", test_before=True, maximum="3")


def test_timers_keep_their_raw_text(review):
    assert review.elements["remind_later"].event == Event(kind="timer", timer=("duration", "P5D"))
    assert not review.elements["remind_later"].interrupting
    assert review.elements["remind_later"].attached_to == "decide"


def test_messages_bring_their_correlation_key(read):
    catch = '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'

    diagram = read(f'{catch}<receiveTask id="r" messageRef="m"/>', beside=MESSAGE)

    expected = Event(kind="message", name="MSG_PAID", correlation_key="=case.number")
    assert diagram.elements["c"].event == expected
    assert diagram.elements["r"].event == expected
    assert diagram.messages == {"m": ("MSG_PAID", "=case.number")}


@pytest.mark.parametrize(
    ("definition", "beside", "event"),
    [
        ('<signalEventDefinition signalRef="s"/>', '<signal id="s" name="alarm"/>', Event(kind="signal", name="alarm")),
        (
            '<errorEventDefinition errorRef="e"/>',
            '<error id="e" errorCode="NO_SEAT"/>',
            Event(kind="error", name="NO_SEAT"),
        ),
        (
            '<escalationEventDefinition escalationRef="e"/>',
            '<escalation id="e" escalationCode="LATE"/>',
            Event(kind="escalation", name="LATE"),
        ),
        ("<errorEventDefinition/>", "", Event(kind="error")),
        (
            "<conditionalEventDefinition><condition>=x &gt; 1</condition></conditionalEventDefinition>",
            "",
            Event(kind="conditional", condition="=x > 1"),
        ),
    ],
)
def test_events_say_what_they_wait_for(read, definition, beside, event):
    diagram = read(f'<task id="t"/><boundaryEvent id="b" attachedToRef="t">{definition}</boundaryEvent>', beside=beside)

    assert diagram.elements["b"].event == event


def test_several_event_definitions_make_a_multiple_event(read):
    inner = "<errorEventDefinition/><terminateEventDefinition/>"

    diagram = read(f'<endEvent id="e">{inner}</endEvent>')

    event = diagram.elements["e"].event
    assert (event.kind, [part.kind for part in event.parts], event.parallel) == ("multiple", ["error", "terminate"], False)


def test_an_event_subprocess_and_its_start_are_read(read):
    start = (
        '<startEvent id="s" isInterrupting="false"><timerEventDefinition>'
        "<timeCycle>R3/PT1H</timeCycle></timerEventDefinition></startEvent>"
    )

    diagram = read(f'<subProcess id="sub" triggeredByEvent="true">{start}</subProcess>')

    assert diagram.elements["sub"].triggered_by_event
    assert not diagram.elements["s"].interrupting
    assert diagram.elements["s"].event.timer == ("cycle", "R3/PT1H")


@pytest.mark.parametrize(
    ("tag", "extension", "field", "value"),
    [
        ("serviceTask", '<zeebe:taskDefinition type="send_letter" retries="2"/>', "operation", "send_letter"),
        (
            "businessRuleTask",
            '<zeebe:calledDecision decisionId="D1.4" resultVariable="mode"/>',
            "called_decision",
            ("D1.4", "mode"),
        ),
        ("scriptTask", '<zeebe:script expression="=1 + 1" resultVariable="sum"/>', "script", ("=1 + 1", "sum")),
        (
            "callActivity",
            '<zeebe:calledElement processId="tsc_stop" propagateAllChildVariables="false"/>',
            "called_process",
            "tsc_stop",
        ),
        ("callActivity", '<zeebe:calledElement processId="x" propagateAllChildVariables="false"/>', "propagate_child", False),
        ("callActivity", '<zeebe:calledElement processId="x"/>', "propagate_parent", True),
    ],
)
def test_what_a_task_calls_is_read(read, tag, extension, field, value):
    diagram = read(f'<{tag} id="t"><extensionElements>{extension}</extensionElements></{tag}>')

    assert getattr(diagram.elements["t"], field) == value
    assert diagram.ignored == ()


def test_the_plain_called_element_of_bpmn_is_understood_too(read):
    assert read('<callActivity id="c" calledElement="tsc_stop"/>').elements["c"].called_process == "tsc_stop"


def test_a_script_in_bpmns_own_element_is_seen(read):
    diagram = read('<scriptTask id="t" scriptFormat="python"><script>print(1)</script></scriptTask>')

    assert diagram.elements["t"].script_language == "python"


def test_all_processes_of_a_collaboration_are_read(read):
    other = '<collaboration id="c"><participant id="x" name="Us" processRef="p"/></collaboration>'
    data = definitions(f'{other}<process id="p" isExecutable="true"/><process id="q"><task id="t"/></process>')

    diagram = read_diagram(data, name="two.bpmn")

    assert list(diagram.processes) == ["p", "q"]
    assert diagram.processes["q"].elements == ("t",)
    assert not diagram.processes["q"].executable
    assert diagram.process_of("t").id == "q"


def test_shapes_and_way_points_are_read_with_the_sheet_they_lie_on(review):
    assert (review.shapes["draft"].x, review.shapes["draft"].width) == (310, 100)
    assert not review.shapes["exercise"].expanded
    assert review.shapes["evaluate"].plane == "exercise"
    assert review.edges["to_draft"] == ((258, 160), (310, 160))
    assert review.edge_labels["yes"].x == 751
    assert review.elements["draft"].position == (310, 120)
    assert review.processes["review"].lanes[0].bounds.height == 160


@pytest.mark.parametrize("number", ["nan", "inf", "1e30", "x", ""])
def test_a_shape_without_usable_numbers_is_noted_and_left_out(number):
    plane = (
        '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p"><bpmndi:BPMNShape bpmnElement="t">'
        f'<dc:Bounds x="{number}" y="1" width="1" height="1"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
    data = definitions(f'<process id="p" isExecutable="true"><task id="t"/></process>{plane}')

    diagram = read_diagram(data, name="odd.bpmn")

    assert diagram.shapes == {}
    assert [type(found) for found in diagram.ignored] == [Note]


@pytest.mark.parametrize(
    ("inside", "word"),
    [
        (TASK.format('<zeebe:taskDefinition type="x"/>'), "zeebe:taskDefinition"),
        (TASK.format("<zeebe:executionListeners/>"), "zeebe:executionListeners"),
        (TASK.format('<zeebe:formDefinition formKey="x"/>'), "formKey"),
        (TASK.format('<zeebe:formDefinition formId="x"/><zeebe:formDefinition formId="y"/>'), "twice"),
        (TASK.format('<zeebe:ioMapping><zeebe:input source="=x" target=""/></zeebe:ioMapping>'), "mapping"),
        (TASK.format("<zeebe:ioMapping><zeebe:inputs/></zeebe:ioMapping>"), "zeebe:inputs"),
        (TASK.format('<zeebe:properties><zeebe:property name="a"/><zeebe:property name="a"/></zeebe:properties>'), "twice"),
        (TASK.format("<camunda:formData/>"), "Camunda 7"),
        ('<userTask id="t" camunda:assignee="x"/>', "Camunda 7"),
        ('<userTask id="t" zeebe:retryCounter="x"/>', "retryCounter"),
        ('<userTask id="t"><potentialOwner/></userTask>', "lane"),
        ('<userTask id="t"><timerEventDefinition/></userTask>', "timerEventDefinition"),
        ('<receiveTask id="t" instantiate="true"/>', "instantiate"),
        ('<task id="t" startQuantity="2"/>', "startQuantity"),
        ('<eventBasedGateway id="t" eventGatewayType="Parallel"/>', "eventGatewayType"),
        ('<flyingTask id="t"/>', "flyingTask"),
        ("<odd:thing/>", "not BPMN"),
        ('<task id="t"/><task id="t"/>', "2 times"),
        ('<task id="p"/>', "2 times"),
        ('<task id="1 bad"/>', "id"),
        ("<task/>", "id"),
        ('<endEvent id="e"><errorEventDefinition errorRef="none"/></endEvent>', "none"),
        (
            '<endEvent id="e"><messageEventDefinition><operationRef/></messageEventDefinition></endEvent>',
            "operationRef",
        ),
        ('<startEvent id="e"><timerEventDefinition/></startEvent>', "timer"),
        (
            (
                '<startEvent id="e"><timerEventDefinition><timeDate>x</timeDate><timeCycle>y</timeCycle>'
                "</timerEventDefinition></startEvent>"
            ),
            "more than one",
        ),
        (
            '<task id="t"><multiInstanceLoopCharacteristics behavior="One"/></task>',
            "behavior",
        ),
        (
            (
                '<task id="t"><multiInstanceLoopCharacteristics><loopDataInputRef>x</loopDataInputRef>'
                "</multiInstanceLoopCharacteristics></task>"
            ),
            "loopDataInputRef",
        ),
        (
            '<task id="t"><multiInstanceLoopCharacteristics camunda:collection="x"/></task>',
            "Camunda 7",
        ),
        (
            '<laneSet id="ls"><lane id="l" name="DO"><flowNodeRef>gone</flowNodeRef></lane></laneSet>',
            "gone",
        ),
        (
            '<task id="t"><dataInputAssociation id="d"><assignment/></dataInputAssociation></task>',
            "zeebe:ioMapping",
        ),
    ],
)
def test_what_nobody_would_use_is_named(read, inside, word):
    found = [problem for problem in read(inside).ignored if not isinstance(problem, Note)]

    assert found
    assert any(word in str(problem) for problem in found)
    assert all(problem.where for problem in found)


@pytest.mark.parametrize(
    ("beside", "word"),
    [
        (
            '<message id="m" name="x"><extensionElements><zeebe:script expression="1"/></extensionElements></message>',
            "script",
        ),
        ('<signal id="s"/><error id="s" errorCode="x"/>', "same id"),
        ('<correlationProperty id="c"/>', "correlationProperty"),
        ('<collaboration id="c"><participant id="x" processRef="gone"/></collaboration>', "gone"),
        ('<globalUserTask id="g"/>', "globalUserTask"),
    ],
)
def test_what_stands_beside_the_processes_and_is_not_used_is_named(read, beside, word):
    assert any(word in str(problem) for problem in read("", beside=beside).ignored)


def test_a_flow_that_ends_nowhere_is_named(read):
    diagram = read('<task id="t"/>', "t>gone", "absent>t")

    assert [(problem.where, problem.facts["id"]) for problem in diagram.ignored] == [("f1", "gone"), ("f2", "absent")]


def test_a_condition_in_another_language_is_named():
    condition = '<conditionExpression language="groovy">x</conditionExpression>'
    flow = f'<sequenceFlow id="f" sourceRef="a" targetRef="b">{condition}</sequenceFlow>'

    diagram = read_diagram(process(f'<task id="a"/><task id="b"/>{flow}'), name="x")

    assert [problem.facts["language"] for problem in diagram.ignored] == ["groovy"]


@pytest.mark.parametrize(
    "inside",
    [
        '<dataObject id="d"/><dataObjectReference id="r" name="Plan" dataObjectRef="d"/>',
        '<dataStoreReference id="r" name="Register"/>',
        '<userTask id="t"><ioSpecification/></userTask>',
        '<subProcess id="t"><property id="x" name="colour"/></subProcess>',
        '<property id="x" name="colour"/>',
        '<task id="t"><property id="x" name="__targetRef_placeholder"/><dataInputAssociation id="d"/></task>',
        TASK.format("<odd:note/>"),
        TASK.format('<zeebe:properties><zeebe:property name="camundaModeler:exampleOutputJson" value="{}"/></zeebe:properties>'),
        '<textAnnotation id="a"><text>x</text></textAnnotation>',
    ],
)
def test_what_only_documents_is_noted_at_most(read, inside):
    assert all(isinstance(problem, Note) for problem in read(inside).ignored)


def test_a_lane_of_a_lane_that_names_itself_harms_nobody(read):
    inner = '<childLaneSet><lane id="l" name="inner"><flowNodeRef>t</flowNodeRef></lane></childLaneSet>'

    diagram = read(f'<laneSet><lane id="l" name="outer">{inner}</lane></laneSet><task id="t"/>')

    assert diagram.elements["t"].lane == "inner"
