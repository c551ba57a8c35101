"""The editors of the studio, with a real mouse: what is drawn, filled in and built is saved, and no text of a file runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from services import process_drafts
from services.people import Actor
from tests.e2e.studio import DIAGRAM, FLOW, OWNER, click_line, expect_saved, open_editor

PAVEL = Actor(person=OWNER, account=OWNER, name="Pavel Eriksen")
HOSTILE = "<img src=x onerror=window.ran=1>"
TABLE, FORM = "D1.7_overall_status.dmn", "forms/F-TSC-13.form"
SPACE = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
FOREIGN = "{http://elsewhere.example/notes}"

# As Camunda Modeler writes it, with what only other programs know.
MODELER_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  xmlns:notes="http://elsewhere.example/notes" id="d" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler"
  exporterVersion="5.31.0" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.7.0">
  <bpmn:process id="extra" name="Extra" isExecutable="false">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="look" name="LABEL" notes:colour="red">
      <bpmn:extensionElements>
        <notes:talk by="someone"><notes:line number="1">Keep me</notes:line></notes:talk>
        <zeebe:userTask />
        <zeebe:assignmentDefinition candidateGroups="DSSO" notes:why="history" />
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="look" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="extra">
    <bpmndi:BPMNShape id="begin_di" bpmnElement="begin"><dc:Bounds x="160" y="100" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="look_di" bpmnElement="look"><dc:Bounds x="260" y="78" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="f1_di" bpmnElement="f1"><di:waypoint x="196" y="118" /><di:waypoint x="260" y="118" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


@pytest.fixture
def draft(site):
    """Begin a draft of the travel clearance and give its id."""
    with site.database.transaction() as session:
        return process_drafts.open_draft(session, "travel_clearance", actor=PAVEL, now=site.clock()).id


@pytest.fixture
def put(site, draft):
    """Give a function that puts a file into the draft behind the editor's back."""

    def save(name: str, content: str) -> None:
        with site.database.transaction() as session:
            found = process_drafts.get_draft(session, draft, actor=PAVEL, now=site.clock())
            known = {file.name: file.revision for file in process_drafts.list_files(session, found)}
            process_drafts.save_file(
                session, draft, name, content.encode(), revision=known.get(name), actor=PAVEL, now=site.clock()
            )

    return save


@pytest.fixture
def stored(site, draft):
    """Give a function that reads a file of the draft from the database."""

    def read(name: str) -> str:
        with site.database.reading() as session:
            found = process_drafts.get_draft(session, draft, actor=PAVEL, now=site.clock())
            return process_drafts.read_file(session, found, name).content.decode()

    return read


def wait_until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until something holds that only the database tells."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    assert holds()


def drag(page: Page, place: str, *, by: tuple[int, int]) -> None:
    box = page.locator(place).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2, steps=4)
    page.mouse.move(x + by[0], y + by[1], steps=4)
    page.mouse.up()


def test_a_condition_is_changed_in_the_panel_and_saved(sign_in, draft, stored):
    page = sign_in(OWNER)
    open_editor(page, draft, DIAGRAM, f"#{FLOW}")
    page.locator(".djs-shape[data-element-id='tsc_open'] .djs-hit").first.click()
    expect(page.get_by_label("Operation")).to_have_value("clearance.open")
    expect(page.get_by_text("Find out who travels", exact=False)).to_be_visible()
    # What would do nothing here cannot be drawn.
    expect(page.locator(".djs-palette [data-action='create.task']")).to_be_visible()
    expect(page.locator(".djs-palette [data-action='create.data-object']")).to_have_count(0)

    click_line(page, f".djs-connection[data-element-id='{FLOW}'] .djs-hit")
    condition = page.locator("[data-entry-id='conditionExpression'] .cm-content")
    condition.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and list con")
    offered = page.locator(".cm-tooltip-autocomplete li")
    expect(offered.filter(has_text="list contains(")).to_be_visible()
    for _ in "list con":
        page.keyboard.press("Backspace")
    page.keyboard.type("from")
    page.wait_for_timeout(300)
    expect(offered.filter(has_text="fromAi")).to_have_count(0)  # another engine's
    for _ in "from":
        page.keyboard.press("Backspace")
    page.keyboard.type("travel_k")
    expect(page.locator(".cm-tooltip-autocomplete").get_by_text("travel_kind", exact=True)).to_be_visible()
    page.keyboard.type('ind = "OFFICIAL"')
    page.keyboard.press("Escape")

    def condition_now() -> str:
        flow = etree.fromstring(stored(DIAGRAM).encode()).find(f".//{SPACE}sequenceFlow[@id='{FLOW}']")
        return flow.find(f"{SPACE}conditionExpression").text

    wait_until(page, lambda: condition_now().endswith('and travel_kind = "OFFICIAL"'))
    expect_saved(page)

    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert page.locator(".bjs-powered-by").evaluate(
        "logo => { logo.scrollIntoView(); const box = logo.getBoundingClientRect();"
        " return logo.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"
    ), "the logo of bpmn.io is covered"
    # Plug-ins that read the older names of the colours are not drawn in none.
    colour = page.locator(".djs-minimap .toggle").evaluate("place => getComputedStyle(place).color")
    assert colour == "rgb(20, 33, 43)"


def test_the_owners_words_write_the_extension_elements(sign_in, draft, stored):
    page = sign_in(OWNER)
    open_editor(page, draft, DIAGRAM, "#tsc_confirm_itinerary")
    page.locator("[data-entry-id='studio-candidate_groups'] select").select_option("CSA")
    page.locator("[data-group-id='group-studio-separate'] .bio-properties-panel-add-entry").click()
    policy = page.locator("[data-entry-id='studio-source'] input")
    policy.fill("Policy 4.2")
    policy.press("Tab")
    page.keyboard.press("Control+s")
    wait_until(page, lambda: "Policy 4.2" in stored(DIAGRAM))
    expect_saved(page)

    task = etree.fromstring(stored(DIAGRAM).encode()).find(f".//{SPACE}userTask[@id='tsc_confirm_itinerary']")
    zeebe = "{http://camunda.org/schema/zeebe/1.0}"
    kept = {each.get("name"): each.get("value") for each in task.iter(f"{zeebe}property")}
    assert task.find(f".//{zeebe}assignmentDefinition").get("candidateGroups") == "CSA"
    assert kept["source"] == "Policy 4.2"
    assert kept["separate_from"]
    assert kept["question"].startswith("Is this your trip")

    # All of it can be taken back, step by step, by mouse.
    for _ in range(3):
        page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()


def test_what_other_programs_wrote_survives_and_labels_run_nothing(sign_in, draft, put, stored):
    put("extra.bpmn", MODELER_FILE.replace("LABEL", HOSTILE.replace("<", "&lt;")))
    page = sign_in(OWNER)
    open_editor(page, draft, "extra.bpmn")
    expect(page.locator(".djs-shape[data-element-id='look'] text")).to_contain_text("onerror")
    drag(page, ".djs-shape[data-element-id='look'] .djs-hit", by=(60, 40))
    expect_saved(page)

    before, after = etree.fromstring(MODELER_FILE.encode()), etree.fromstring(stored("extra.bpmn").encode())
    task = after.find(f".//{SPACE}userTask")
    assert after.find(".//{*}BPMNShape[@bpmnElement='look']/{*}Bounds").get("x") != "260"
    assert task.get("name") == HOSTILE
    assert task.get(f"{FOREIGN}colour") == "red"
    assert after.get("{http://camunda.org/schema/modeler/1.0}executionPlatformVersion") == "8.7.0"
    assert after.find(".//{*}assignmentDefinition").get(f"{FOREIGN}why") == "history"
    talk = [told(tree.find(f".//{FOREIGN}talk")) for tree in (before, after)]
    assert talk[0] == talk[1]
    assert page.evaluate("window.ran") is None


def told(node):
    return (node.tag, dict(node.attrib), (node.text or "").strip(), [told(child) for child in node])


def test_a_cell_is_changed_and_what_no_rule_reaches_is_told_beside_the_table(sign_in, draft, put, stored):
    put(TABLE, stored(TABLE).replace("No stop needs a clearance.", HOSTILE.replace("<", "&lt;")))
    page = sign_in(OWNER)
    open_editor(page, draft, TABLE)
    expect(page.get_by_text("No gaps and no overlaps.")).to_be_visible()
    expect(page.locator("td.annotation").first).to_contain_text("onerror")

    page.locator("td[data-element-id='D1.7_r1_i1']").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("-")
    wait_until(page, lambda: re.search(r'id="D1.7_r1_i1">\s*<text>-</text>', stored(TABLE)))
    finding = page.locator("[data-analysis] li").filter(has_text="D1.7_r2").first
    expect(finding).to_contain_text("Rule 2 can never fire")
    finding.get_by_role("button", name="Show").click()
    expect(page.locator("td[data-row-id='D1.7_r2'].studio-found").first).to_be_visible()
    assert page.evaluate("window.ran") is None


def test_a_label_is_changed_and_the_server_draws_the_form(sign_in, draft, stored):
    page = sign_in(OWNER)
    open_editor(page, draft, FORM)
    preview = page.locator("[data-preview]")
    expect(preview.get_by_text("Is this your trip?")).to_be_visible()
    expect(page.locator(".fjs-palette-field[data-field-type='textfield']")).to_be_visible()
    expect(page.locator(".fjs-palette-field[data-field-type='iframe']")).to_be_hidden()
    expect(preview.locator("input").first).to_be_disabled()

    page.locator(".fjs-form-field-radio").first.click(position={"x": 200, "y": 8})
    page.locator("[data-group-id='group-general'] .bio-properties-panel-group-header").click()
    label = page.locator(
        "[data-entry-id='label'] .cm-content, [data-entry-id='label'] input, [data-entry-id='label'] textarea"
    ).first
    label.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(HOSTILE)
    wait_until(page, lambda: json.loads(stored(FORM))["components"][0]["label"] == HOSTILE)
    # A choice that a register fills gets no options of the editor's own.
    assert '"Value"' not in stored(FORM)
    expect(preview.get_by_text(HOSTILE)).to_be_visible()
    assert page.evaluate("window.ran") is None


def test_two_people_save_and_nobody_loses_anything(sign_in, site, draft, put, stored, complaints):
    page = sign_in(OWNER)
    open_editor(page, draft, FORM)
    put(FORM, stored(FORM).replace("Is this your trip?", "Is it yours?"))
    page.get_by_role("button", name="Save", exact=True).click()

    dialog = page.get_by_role("dialog", name="Somebody saved this file meanwhile")
    expect(dialog).to_contain_text("Pavel Eriksen")
    dialog.get_by_role("button", name="Copy mine to a new draft").click()
    page.wait_for_url(lambda address: draft not in address)

    assert "Is it yours?" in stored(FORM)
    copied = page.url.rsplit("/", 1)[-1]
    with site.database.reading() as session:
        found = process_drafts.get_draft(session, copied, actor=PAVEL, now=site.clock())
        assert b"Is this your trip?" in process_drafts.read_file(session, found, FORM).content
    complaints[:] = [each for each in complaints if not each.startswith("412 ")]


def test_what_could_not_be_sent_is_offered_again(sign_in, draft, stored):
    page = sign_in(OWNER)
    open_editor(page, draft, TABLE)
    page.context.set_offline(True)
    page.locator("td[data-element-id='D1.7_r1_i1']").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("7")
    expect(page.locator("[data-save-line]")).to_contain_text("The server cannot be reached")
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(False)
    before = stored(TABLE)
    page.close(run_before_unload=False)

    again = page.context.new_page()
    again.goto(f"/studio/drafts/{draft}/edit/{TABLE}")
    again.get_by_role("button", name="Take it up again").click()
    expect_saved(again)

    assert not re.search(r'id="D1.7_r1_i1">\s*<text>7<', before)
    assert re.search(r'id="D1.7_r1_i1">\s*<text>7<', stored(TABLE))


def test_without_scripts_the_page_leads_to_the_other_ways(sign_in, draft):
    page = sign_in(OWNER, java_script_enabled=False)
    page.goto(f"/studio/drafts/{draft}/edit/{DIAGRAM}")

    expect(page.get_by_text("Drawing needs a script", exact=False)).to_be_visible()
    expect(page.get_by_role("link", name="Text", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_hidden()


def test_problems_are_shown_on_the_drawing_and_told_as_a_story(sign_in, draft, put, stored):
    # A gateway that joins ways of which only one is ever taken waits for ever.
    text = stored(DIAGRAM)
    whole = re.search(r'<bpmn:exclusiveGateway id="gw_changes".*?</bpmn:exclusiveGateway>', text, re.DOTALL)[0]
    put(DIAGRAM, text.replace(whole, whole.replace("exclusiveGateway", "parallelGateway")))
    page = sign_in(OWNER)
    open_editor(page, draft, DIAGRAM)
    finding = page.locator("[data-problems-list] li").filter(has=page.get_by_role("button", name="Play the story")).first
    finding.get_by_role("button", name="Show").click()
    expect(page.locator(".studio-mark.studio-found")).to_have_text("Problem")

    finding.get_by_role("button", name="Play the story").click()
    player = page.get_by_role("group", name="How it comes to this")
    expect(player).to_contain_text("Step 1 of")
    player.get_by_role("button", name="Next").click()
    expect(player).to_contain_text("Step 2 of")
    expect(page.locator(".djs-element.studio-step")).to_have_count(1)
    player.get_by_role("button", name="Close").click()
    expect(page.locator(".djs-element.studio-step")).to_have_count(0)

    page.keyboard.press("F6")
    assert page.evaluate("document.activeElement.closest('[data-region]') !== null")
