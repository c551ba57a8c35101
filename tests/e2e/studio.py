"""The studio, as its owners use it: open a file, point at it with a mouse, wait until it is saved."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

#: An editor is large, and the check of a draft reads it as a whole.
LONG_MS = 15_000
OWNER = "pavel.eriksen"
SECOND_OWNER = "rosa.whitmore"
DIAGRAM = "tsc_main.bpmn"
FLOW = "f_gw_behalf__tsc_confirm_itinerary"
# Only one of two ways is ever taken, and the join waits for both.
DEADLOCK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="drawn" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="by_hand" name="Drawn by hand" isExecutable="true">
    <bpmn:startEvent id="h_start" name="Sent" />
    <bpmn:exclusiveGateway id="h_which" name="Which kind?" default="f_other" />
    <bpmn:userTask id="h_one" name="Look at an absence">TASK</bpmn:userTask>
    <bpmn:userTask id="h_two" name="Look at the rest">TASK</bpmn:userTask>
    <bpmn:parallelGateway id="h_join" />
    <bpmn:endEvent id="h_end" name="Done" />
    <bpmn:sequenceFlow id="f_begin" sourceRef="h_start" targetRef="h_which" />
    <bpmn:sequenceFlow id="f_absence" name="absence" sourceRef="h_which" targetRef="h_one">
      <bpmn:conditionExpression>=kind = "ABSENCE"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f_other" name="the rest" sourceRef="h_which" targetRef="h_two" />
    <bpmn:sequenceFlow id="f_one" sourceRef="h_one" targetRef="h_join" />
    <bpmn:sequenceFlow id="f_two" sourceRef="h_two" targetRef="h_join" />
    <bpmn:sequenceFlow id="f_end" sourceRef="h_join" targetRef="h_end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="by_hand">PLACES</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
TASK = """<bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="F-DOA-02" />
      <zeebe:assignmentDefinition candidateGroups="PRO" /></bpmn:extensionElements>"""
SHAPES = {
    "h_start": (160, 182, 36, 36),
    "h_which": (250, 175, 50, 50),
    "h_one": (360, 60, 100, 80),
    "h_two": (360, 260, 100, 80),
    "h_join": (520, 175, 50, 50),
    "h_end": (630, 182, 36, 36),
}
LINES = {
    "f_begin": ((196, 200), (250, 200)),
    "f_absence": ((275, 175), (275, 100), (360, 100)),
    "f_other": ((275, 225), (275, 300), (360, 300)),
    "f_one": ((460, 100), (545, 100), (545, 175)),
    "f_two": ((460, 300), (545, 300), (545, 225)),
    "f_end": ((570, 200), (630, 200)),
}


def begin_draft(page: Page, process: str) -> str:
    """Begin a draft of a process and give its id."""
    page.goto(f"/studio/processes/{process}")
    page.get_by_role("button", name="Begin a draft").click()
    expect(page.get_by_role("heading", name="Files of the draft")).to_be_visible()
    return page.url.rsplit("/", 1)[-1]


def list_pages(draft: str) -> list[str]:
    """Name the pages of a draft of the delegation, and those of its process."""
    below = ("", "/texts", "/check", "/compare", "/try", "/scenarios", "/replay", "/publish", "/import")
    files = ("outline/doa_main.bpmn", "source/doa_main.bpmn")
    process = "/studio/processes/delegation"
    return [
        "/studio",
        "/studio/new",
        process,
        f"{process}/running",
        f"{process}/versions/1/move",
        f"{process}/versions/1/roll-back",
        *(f"/studio/drafts/{draft}{each}" for each in below),
        *(f"/studio/drafts/{draft}/{each}" for each in files),
    ]


def open_editor(page: Page, draft: str, name: str, anchor: str = "") -> None:
    """Open a file of a draft and wait until it can be worked on."""
    page.goto(f"/studio/drafts/{draft}/edit/{name}{anchor}")
    expect(page.locator("[data-editor][data-ready]")).to_be_attached(timeout=LONG_MS)


def expect_saved(page: Page) -> None:
    """Wait until the server has what was changed."""
    expect(page.locator("[data-save-line]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"), timeout=LONG_MS)


def save(page: Page) -> None:
    """Save without waiting for the pause in the typing."""
    page.keyboard.press("Control+s")
    expect_saved(page)


def click_line(page: Page, place: str) -> None:
    """Click on a straight line, which has no width and so counts as invisible."""
    box = page.locator(place).first.evaluate("line => line.getBoundingClientRect().toJSON()")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6)


def write_condition(page: Page, more: str) -> None:
    """Type behind the condition of the way on which a trip is sent to its traveller."""
    click_line(page, f".djs-connection[data-element-id='{FLOW}'] .djs-hit")
    condition = page.locator("[data-entry-id='conditionExpression'] .cm-content")
    condition.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(more)
    page.keyboard.press("Escape")


def drawn_by_hand() -> str:
    """Give the diagram in which one way waits for ever."""
    shapes = (
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" /></bpmndi:BPMNShape>'
        for name, (x, y, width, height) in SHAPES.items()
    )
    lines = (
        f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">'
        + "".join(f'<di:waypoint x="{x}" y="{y}" />' for x, y in points)
        + "</bpmndi:BPMNEdge>"
        for name, points in LINES.items()
    )
    return DEADLOCK.replace("TASK", TASK).replace("PLACES", "".join([*shapes, *lines]))
