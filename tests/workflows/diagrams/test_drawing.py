"""The picture of a diagram."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from lxml import etree

from tests.workflows.diagrams.building import process
from workflows.diagrams import draw, draw_parts, read_diagram
from workflows.diagrams.pictures.scene import set_scene
from workflows.diagrams.pictures.windows import cut, window_around
from workflows.diagrams.pictures.wrapping import fit, width_of, wrap

PROCESSES = Path(__file__).resolve().parents[3] / "bpmn"
SVG = "{http://www.w3.org/2000/svg}"
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    "</title></svg><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "javascript:alert(1)",
    "&lt;script&gt;",
    "\u0000\u0008<b>",
]
EVERY_KIND = """<startEvent id="s"/><userTask id="user"/><serviceTask id="service"/><businessRuleTask id="rule"/>
<scriptTask id="script"/><sendTask id="send"/><receiveTask id="receive"/><manualTask id="manual"/><task id="plain"/>
<exclusiveGateway id="x"/><parallelGateway id="and"/><inclusiveGateway id="or"/><eventBasedGateway id="ev"/>
<complexGateway id="complex"/><callActivity id="call"/><transaction id="tx"/><adHocSubProcess id="adhoc"/>
<subProcess id="sub"><standardLoopCharacteristics/><task id="inner"/></subProcess>
<subProcess id="handler" triggeredByEvent="true">
<startEvent id="hs" isInterrupting="false"><signalEventDefinition/></startEvent></subProcess>
<intermediateThrowEvent id="throw"><linkEventDefinition name="a"/></intermediateThrowEvent>
<boundaryEvent id="b" attachedToRef="user" cancelActivity="false"><escalationEventDefinition/></boundaryEvent>
<boundaryEvent id="b2" attachedToRef="user"><conditionalEventDefinition/></boundaryEvent>
<endEvent id="e1"><compensateEventDefinition/></endEvent><endEvent id="e2"><cancelEventDefinition/></endEvent>
<endEvent id="e3"><errorEventDefinition/><messageEventDefinition/></endEvent>
<endEvent id="e4"><terminateEventDefinition/></endEvent>"""


@pytest.fixture(scope="module")
def review():
    path = Path(__file__).with_name("plan_review.bpmn")
    return read_diagram(path.read_bytes(), name=path.name)


def picture(*args, **kwargs):
    return etree.fromstring(draw(*args, **kwargs).encode())


def element(root, key):
    found = [node for node in root.iter() if node.get("data-element") == key]
    assert len(found) == 1, key
    return found[0]


def test_every_element_says_its_name_kind_and_state(review):
    root = picture(review, marks={"draft": "done", "decide": "active"})

    assert element(root, "draft").get("aria-label") == "Draft the plan, user task, done"
    assert element(root, "decide").get("aria-label") == "Decide on the plan, user task, open now"
    assert element(root, "choice").get("aria-label") == "Approved?, exclusive gateway"
    assert element(root, "draft").get("tabindex") == "0"
    assert element(root, "draft").get("role") == "listitem"
    assert element(root, "draft").getparent().get("role") == "list"


def test_the_picture_has_a_name_and_no_ids_of_its_own(review):
    root = picture(review)

    assert root.find(f"{SVG}title").text == "Review of a plan"
    assert root.get("aria-label") == "Review of a plan"
    assert root.get("role").split()[0] == "graphics-document"
    assert not [node for node in root.iter() if node.get("id")]


def test_there_is_neither_script_nor_inline_style(review):
    root = picture(review, marks={"draft": "incident"}, links={"draft": "/tasks/1"})

    assert not [node for node in root.iter() if node.tag in {f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject"}]
    assert not [name for node in root.iter() for name in node.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("mark", ["done", "active", "waiting", "cancelled", "incident", "possible"])
def test_a_state_is_a_class_and_a_sign_of_its_own_form(review, mark):
    root = picture(review, marks={"decide": mark, "yes": mark})

    node = element(root, "decide")
    badges = [part for part in node.iter() if f"bpmn-badge-{mark}" in (part.get("class") or "")]
    assert f"mark-{mark}" in node.get("class").split()
    assert len(badges) == 1
    assert f"mark-{mark}" in element(root, "yes").get("class").split()


def test_the_signs_of_the_states_differ_in_form_not_only_in_colour(review):
    forms = set()
    for mark in ("done", "active", "waiting", "cancelled", "incident", "possible"):
        node = element(picture(review, marks={"decide": mark}), "decide")
        sign = next(part for part in node.iter() if "bpmn-badge" in (part.get("class") or ""))[1]
        forms.add((sign.tag, sign.get("d")))

    assert len(forms) == 6


def test_an_unknown_state_is_left_out(review):
    root = picture(review, marks={"decide": '"><script>', "nowhere": "done"})

    assert "mark" not in element(root, "decide").get("class")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_name_says_never_becomes_markup(payload):
    safe = escape(payload, {'"': "&quot;", "\u0000": "", "\u0008": ""})
    inside = (
        f'<laneSet id="ls"><lane id="l" name="{safe}"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
        f'<userTask id="t" name="{safe}"><documentation>{safe}</documentation></userTask>'
        f'<endEvent id="e" name="{safe}"/><sequenceFlow id="f" name="{safe}" sourceRef="t" targetRef="e"/>'
    )
    diagram = read_diagram(process(inside, attributes=f'isExecutable="true" name="{safe}"'), name=payload)

    root = picture(
        diagram, names={"e": payload}, words={"userTask": payload}, title=payload, description=payload, links={"t": payload}
    )

    allowed = {f"{SVG}{tag}" for tag in ("svg", "g", "title", "desc", "rect", "circle", "path", "text", "tspan")}
    assert {node.tag for node in root.iter()} <= allowed
    assert not [name for node in root.iter() for name in node.attrib if name.startswith("on") or name == "href"]


@pytest.mark.parametrize("address", ["/tasks/1", "https://example.org/x?a=1&b=2", "#task", "?task=1"])
def test_an_element_can_be_a_link(review, address):
    node = element(picture(review, links={"draft": address}), "draft")

    link = node.find(f"{SVG}a")
    assert link.get("href") == address
    assert link.get("aria-label") == "Draft the plan, user task"
    assert node.get("tabindex") is None


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.org", " javascript:x", "JAVASCRIPT:x", ""]
)
def test_an_address_that_leads_astray_is_left_out(review, address):
    assert element(picture(review, links={"draft": address}), "draft").find(f"{SVG}a") is None


def test_every_kind_of_element_can_be_drawn_without_a_drawing(read):
    diagram = read(EVERY_KIND, "s>user", "user>service [=x]", "service>rule", "rule>user", "sub>e1", "b>e2", "x>and")

    root = picture(diagram, standalone=True)

    drawn = {node.get("data-element") for node in root.iter() if (node.get("class") or "").startswith("bpmn-element ")}
    assert drawn == set(diagram.elements)
    assert {node.get("data-element") for node in root.iter() if (node.get("class") or "").startswith("bpmn-flow")} == set(
        diagram.flows
    )


def test_shapes_that_are_laid_out_anew_do_not_lie_on_each_other(read):
    diagram = read(
        '<startEvent id="s"/><parallelGateway id="g"/><task id="a"/><task id="b"/><subProcess id="c">'
        '<startEvent id="i"/><task id="j"/><sequenceFlow id="ij" sourceRef="i" targetRef="j"/></subProcess>'
        '<parallelGateway id="h"/><endEvent id="e"/>',
        "s>g", "g>a", "g>b", "g>c", "a>h", "b>h", "c>h", "h>e",
    )  # fmt: skip
    from workflows.diagrams.pictures.scene import set_scene

    boxes = {key: box for key, box in set_scene(diagram, None, mirrored=False).shapes.items() if key not in {"i", "j"}}

    for one, box in boxes.items():
        for other, second in boxes.items():
            apart = box.x + box.width <= second.x or second.x + second.width <= box.x
            assert one == other or apart or box.y + box.height <= second.y or second.y + second.height <= box.y
    assert boxes["s"].x < boxes["g"].x < boxes["a"].x < boxes["h"].x < boxes["e"].x


def test_the_inside_of_a_collapsed_subprocess_is_a_picture_of_its_own(review):
    outside, inside = picture(review), picture(review, process="exercise")

    assert not [node for node in outside.iter() if node.get("data-element") == "evaluate"]
    assert element(inside, "evaluate") is not None
    assert not [node for node in inside.iter() if node.get("data-element") == "draft"]
    assert inside.find(f"{SVG}title").text == "Test the plan"


def test_one_process_of_several_can_be_drawn(review):
    root = picture(review, process="review")

    shown = {node.get("data-element") for node in root.iter() if node.get("data-element")}
    assert "host" not in shown
    assert {"office", "lane_do", "remark", "draft"} <= shown
    with pytest.raises(KeyError):
        draw(review, process="nowhere")


def test_mirrored_the_places_change_sides_and_the_text_stays(review):
    def middle(root, key):
        texts = list(element(root, key).iter(f"{SVG}tspan"))
        return float(texts[0].get("x")), "".join(text.text for text in texts)

    left, right = picture(review), picture(review, mirrored=True)

    (begin, name), (begin_mirrored, same_name) = middle(left, "begin"), middle(right, "begin")
    assert begin < middle(left, "draft")[0]
    assert begin_mirrored > middle(right, "draft")[0]
    assert name == same_name == "Plan is due"
    assert "scale(-1" not in draw(review, mirrored=True)


def test_names_can_be_translated(review):
    root = picture(review, names={"draft": "صياغة الخطة"}, words={"userTask": "مهمة", "done": "تم"}, marks={"draft": "done"})

    assert element(root, "draft").get("aria-label") == "صياغة الخطة, مهمة, تم"


def test_a_default_flow_and_a_conditional_flow_carry_their_marks(read):
    diagram = read('<task id="a" default="f2"/><task id="b"/>', "a>b [=x]", "a>b", "a>b")

    parts = {key: len(element(picture(diagram), key)) for key in ("f1", "f2", "f3")}

    assert parts == {"f1": 3, "f2": 3, "f3": 2}


def test_a_non_interrupting_boundary_event_is_dashed(review):
    root = picture(review)

    rings = list(element(root, "remind_later").iter(f"{SVG}circle"))[:2]
    assert all(ring.get("stroke-dasharray") for ring in rings)
    assert not [ring for ring in element(root, "begin").iter(f"{SVG}circle") if ring.get("stroke-dasharray")]


def test_a_picture_for_a_file_of_its_own_carries_its_style(review):
    assert "<style>" in draw(review, standalone=True)
    assert "<style>" not in draw(review)


def test_lines_break_between_words_and_within_words_that_are_too_wide():
    assert wrap("Decide on the plan", 70, most_lines=3) == ["Decide on", "the plan"]
    assert wrap("", 70, most_lines=3) == []
    assert all(width_of(line) <= 70 for line in wrap("Aufenthaltsbewilligungsverfahren", 70, most_lines=9))


def test_chinese_text_breaks_between_any_two_characters():
    lines = wrap("通知区域安保官员并等待答复", 72, most_lines=9)

    assert [len(line) for line in lines] == [6, 6, 1]


def test_what_does_not_fit_ends_in_an_ellipsis():
    lines = wrap("one two three four five six seven", 50, most_lines=2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_what_is_long_is_written_smaller_before_it_is_cut_off():
    short, long, endless = "Decide", "Record the decision", "every " * 40

    assert fit(short, 86, 54) == (["Decide"], 12.0)
    lines, size = fit("Let the alternate decide in the place of somebody", 80, 54)
    assert size < 12.0
    assert " ".join(lines) == "Let the alternate decide in the place of somebody"
    assert fit(long, 86, 54)[0] == wrap(long, 86, most_lines=3)
    assert fit(endless, 86, 54)[0][-1].endswith("…")


@pytest.fixture(scope="module")
def travel():
    path = PROCESSES / "travel_clearance" / "tsc_main.bpmn"
    return read_diagram(path.read_bytes(), name=path.name)


def drawn_in(root):
    return {node.get("data-element") for node in root.iter() if "bpmn-element" in (node.get("class") or "")}


def test_a_part_shows_an_element_with_its_surroundings_and_the_name_of_its_lane(travel):
    names = {"lane_tsc_main_SUP": "Supervisor"}
    part = picture(
        travel, process="tsc_main", around=["tsc_supervisor_endorse"], names=names, marks={"tsc_supervisor_endorse": "active"}
    )
    whole = picture(travel, process="tsc_main")

    assert "tsc_supervisor_endorse" in drawn_in(part)
    assert len(drawn_in(part)) < len(drawn_in(whole)) / 3
    assert float(part.get("width")) < 1300 < float(whole.get("width"))
    assert "Supervisor" in "".join(part.itertext())


def test_no_step_stands_upon_the_names_of_the_lanes_of_a_part():
    for path in sorted(PROCESSES.glob("*/*.bpmn")):
        diagram = read_diagram(path.read_bytes(), name=path.name)
        for key in diagram.processes:
            scene = set_scene(diagram, key, mirrored=False)
            for task in [element for element in scene.elements if element.kind == "userTask"]:
                part = cut(scene, window_around(scene, [task.id]))
                left, _, width, _ = part.box
                steps = [part.shapes[element.id] for element in part.elements if element.id not in part.open]
                assert all(left + 40 <= box.x and box.x + box.width <= left + width for box in steps), (path.name, task.id)


def test_elements_that_are_not_there_leave_the_picture_whole(travel):
    assert drawn_in(picture(travel, process="tsc_main", around=["nothing"])) == drawn_in(picture(travel, process="tsc_main"))


@pytest.mark.parametrize("mirrored", [False, True])
def test_parts_show_every_element_and_follow_each_other_in_the_order_of_reading(travel, mirrored):
    parts = [etree.fromstring(part.encode()) for part in draw_parts(travel, process="tsc_main", mirrored=mirrored)]

    assert set().union(*map(drawn_in, parts)) == drawn_in(picture(travel, process="tsc_main"))
    assert all(float(part.get("width")) < 1700 for part in parts)
    lefts = [float(part.get("viewBox").split()[0]) for part in parts]
    assert lefts == sorted(lefts, reverse=mirrored)
    assert "tsc_start" in drawn_in(parts[0])
