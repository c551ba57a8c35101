"""Changing a diagram without a canvas: only what was asked for changes, and the result still runs and is drawn."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from webapp.preparing import PROCESSES
from workflows.diagrams import check_diagram, draw, read_diagram
from workflows.diagrams.editing import (
    EditRefused,
    Sheet,
    add_after,
    add_way,
    ask_earlier,
    facts_of,
    remove_step,
    remove_way,
    say_step,
    set_lane,
)
from workflows.diagrams.soundness import prove

STOP = (PROCESSES / "travel_clearance" / "tsc_stop.bpmn").read_bytes()
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn elsewhere -->
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:odd="urn:odd" id="d" targetNamespace="urn:t">
  <process id="p" isExecutable="true" odd:colour="blue">
    <!-- begins -->
    <startEvent id="begin"><outgoing>f1</outgoing></startEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="look" odd:thick="3"/>
    <userTask id="look" name="Look &amp; see">
      <documentation><![CDATA[a < b]]></documentation>
      <extensionElements><odd:note size="2">keep me</odd:note></extensionElements>
      <incoming>f1</incoming><outgoing>f2</outgoing>
    </userTask>
    <sequenceFlow id="f2" sourceRef="look" targetRef="done"/>
    <endEvent id="done"><incoming>f2</incoming></endEvent>
  </process>
</definitions>
"""


def changed_lines(old, new):
    lines = unified_diff(old.decode().splitlines(), new.decode().splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def say(data, element, said, **mappings):
    sheet, diagram = Sheet(data), read_diagram(data, name="a.bpmn")
    say_step(sheet, diagram.elements[element], diagram, said, **mappings)
    return sheet.write()


@pytest.mark.parametrize("file", sorted(PROCESSES.glob("*/*.bpmn")), ids=lambda file: file.name)
def test_what_is_not_changed_is_written_byte_for_byte(file):
    data = file.read_bytes()

    assert Sheet(data).write() == data


def test_comments_and_what_nobody_here_knows_stay():
    written = say(FOREIGN.encode(), "look", {"name": "Look", "due": "PT4H"}).decode()

    kept = ("<!-- drawn elsewhere -->", "<!-- begins -->", 'odd:colour="blue"', 'odd:thick="3"', "<![CDATA[a < b]]>", "keep me")
    assert [text for text in kept if text not in written] == []
    assert 'dueDate="PT4H"' in written


def test_saying_something_of_a_step_changes_its_lines_alone():
    said = {"name": "Decide now", "due": "PT24H", "separate_from": "", "lane": "lane_tsc_stop_CSA"}

    written = say(STOP, "stop_decide", said)

    task = read_diagram(written, name="a.bpmn").elements["stop_decide"]
    assert (task.name, task.due, task.lane, "separate_from" in task.properties) == ("Decide now", "PT24H", "CSA", False)
    assert len(changed_lines(STOP, written)) <= 7
    assert say(STOP, "stop_decide", {"name": task.name[:0] or "Decide the clearance"}) == STOP


def test_ways_conditions_and_the_usual_way_can_be_said():
    sheet = Sheet(STOP)
    ask_earlier(sheet, "f_gw_mode__stop_mark_held")
    said = {"condition:f_gw_mode__stop_auto_grant": '=mode = "YES"', "default": "f_gw_mode__stop_mark_held"}

    written = say(sheet.write(), "gw_mode", said)

    diagram = read_diagram(written, name="a.bpmn")
    gateway = diagram.elements["gw_mode"]
    assert gateway.default == "f_gw_mode__stop_mark_held"
    assert diagram.flows["f_gw_mode__stop_mark_held"].condition is None
    assert diagram.flows["f_gw_mode__stop_auto_grant"].condition == '=mode = "YES"'
    assert gateway.outgoing.index("f_gw_mode__stop_mark_held") == 1


def test_what_a_step_reads_and_keeps_its_clock_and_its_table_can_be_said():
    written = say(STOP, "stop_facts", {}, inputs=[("=stop", "stop"), ("=1", "one")], outputs=[("=facts", "facts")])
    written = say(written, "b_hard", {"timer_kind": "duration", "timer": "PT1H"})
    written = say(written, "stop_mode", {"decision": "D1.5", "result": "way"})

    found = read_diagram(written, name="a.bpmn").elements
    assert found["stop_facts"].inputs == (("=stop", "stop"), ("=1", "one"))
    assert found["stop_facts"].outputs == (("=facts", "facts"),)
    assert found["b_hard"].event.timer == ("duration", "PT1H")
    assert found["stop_mode"].called_decision == ("D1.5", "way")


@pytest.mark.parametrize("kind", ["userTask", "serviceTask", "exclusiveGateway"])
def test_a_step_is_added_behind_another_one_and_drawn(kind):
    sheet = Sheet(STOP)

    key = add_after(sheet, "stop_facts", kind, name="New", lane="lane_tsc_stop_DO")

    diagram = read_diagram(sheet.write(), name="a.bpmn")
    new = diagram.elements[key]
    assert (new.kind, new.name, new.lane) == (kind, "New", "DO")
    assert diagram.flows[diagram.elements["stop_facts"].outgoing[0]].target == key
    assert diagram.flows[new.outgoing[0]].target == "stop_mode"
    assert [problem.sentence for problem in check_diagram(diagram) if "names no operation" not in problem.sentence] == []
    assert prove({"tsc_stop": diagram}, "tsc_stop").verdict == "SOUND"
    assert f'data-element="{key}"' in draw(diagram)
    boxes = [diagram.shapes[each] for each, element in diagram.elements.items() if element.scope == "tsc_stop"]
    mine = diagram.shapes[key]
    assert not any(
        other is not mine
        and other.x < mine.x + mine.width
        and mine.x < other.x + other.width
        and other.y < mine.y + mine.height
        and mine.y < other.y + other.height
        for other in boxes
    )


def test_what_was_added_can_be_taken_out_again():
    sheet = Sheet(STOP)
    key = add_after(sheet, "stop_facts", "userTask", name="New")
    choice = add_after(sheet, key, "exclusiveGateway", name="Well?")
    way = add_way(sheet, choice)

    remove_way(sheet, way)
    remove_way(sheet, sheet.flows(source=choice)[1].get("id"))
    remove_step(sheet, choice)
    remove_step(sheet, key)

    old, new = read_diagram(STOP, name="a.bpmn"), read_diagram(sheet.write(), name="a.bpmn")
    assert new.elements.keys() == old.elements.keys()
    assert new.flows.keys() == old.flows.keys()
    assert {key: facts_of(each, new) for key, each in new.elements.items()} == {
        key: facts_of(each, old) for key, each in old.elements.items()
    }


@pytest.mark.parametrize(
    ("step", "word"),
    [
        ("stop_start", "nothing could begin"),
        ("gw_mode", "several ways out"),
        ("stop_decide", "events that sit on"),
        ("e_undecided", "last step on its way"),
        ("nowhere", "There is no “nowhere”"),
    ],
)
def test_a_step_that_something_depends_on_stays(step, word):
    sheet = Sheet(STOP)

    with pytest.raises(EditRefused, match=word):
        remove_step(sheet, step)

    assert sheet.write() == STOP


def test_an_event_on_a_step_goes_with_what_only_it_led_to():
    sheet = Sheet(STOP)

    remove_step(sheet, "b_advice_late")

    diagram = read_diagram(sheet.write(), name="a.bpmn")
    assert {"b_advice_late", "gw_late", "stop_move_advice", "stop_no_advice"}.isdisjoint(diagram.elements)
    assert check_diagram(diagram) == []


def test_nothing_comes_after_an_end_and_a_lane_has_to_be_there():
    with pytest.raises(EditRefused, match="its way ends there"):
        add_after(Sheet(STOP), "e_granted", "userTask", name="")
    with pytest.raises(EditRefused, match="There is no lane"):
        set_lane(Sheet(STOP), "stop_facts", "nowhere")
