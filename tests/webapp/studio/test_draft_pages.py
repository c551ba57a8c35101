"""Checking, comparing, outlining and translating a draft, through the pages."""

from __future__ import annotations

from sqlalchemy import delete

from services.models.authority import RoleHolding
from tests.webapp.studio.drafting import DIAGRAM, OWNER, SECOND, STRANGER, begin, hidden, shown
from workflows.diagrams import read_diagram

OUTLINE = f"/outline/{DIAGRAM}"


def test_a_check_says_where_what_and_how_to_mend_it_and_tells_a_deadlock_as_steps(enter):
    draft = begin(enter(OWNER))
    assert "Nothing keeps this draft from being published." in draft.get("/check").text
    content = draft.read(DIAGRAM)
    joined = drawn_deadlock(content)
    assert draft.put(DIAGRAM, joined).status_code == 200

    page = draft.get("/check")
    told = draft.get("/check?as=json").json

    stuck = [finding for finding in told["findings"] if finding["story"]]
    assert stuck
    assert stuck[0]["file"] == DIAGRAM
    assert stuck[0]["way_out"]
    assert {step["element"] for step in stuck[0]["story"]} & {"dead_split", "dead_join"}
    assert told["proved"]["avn_operator_advice"] == "unsound"
    assert told["states"]["avn_operator_advice"] > 1
    assert page.text.count("finding-story") == len(stuck)
    assert "mark-active" in page.text
    assert f"{OUTLINE}?step={stuck[0]['where']}#{stuck[0]['where']}" in page.text


def drawn_deadlock(content):
    """Put a choice and a join of both its ways before the first end."""
    diagram = read_diagram(content, name=DIAGRAM)
    starts = [each for each in diagram.elements.values() if each.kind == "startEvent" and each.scope in diagram.processes]
    flow = diagram.flows[starts[0].outgoing[0]]
    text = content.decode()
    text = text.replace(
        f'id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}"',
        f'id="{flow.id}" sourceRef="{flow.source}" targetRef="dead_split"',
    )
    text = text.replace(f"<bpmn:incoming>{flow.id}</bpmn:incoming>", "<bpmn:incoming>dead_out</bpmn:incoming>")
    added = f"""<bpmn:exclusiveGateway id="dead_split" default="dead_a"><bpmn:incoming>{flow.id}</bpmn:incoming>
<bpmn:outgoing>dead_a</bpmn:outgoing><bpmn:outgoing>dead_b</bpmn:outgoing></bpmn:exclusiveGateway>
<bpmn:parallelGateway id="dead_join"><bpmn:incoming>dead_a</bpmn:incoming><bpmn:incoming>dead_b</bpmn:incoming>
<bpmn:outgoing>dead_out</bpmn:outgoing></bpmn:parallelGateway>
<bpmn:sequenceFlow id="dead_a" sourceRef="dead_split" targetRef="dead_join"/>
<bpmn:sequenceFlow id="dead_b" sourceRef="dead_split" targetRef="dead_join"><bpmn:conditionExpression
 xsi:type="bpmn:tFormalExpression">=true</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="dead_out" sourceRef="dead_join" targetRef="{flow.target}"/>"""
    return text.replace("</bpmn:process>", added + "</bpmn:process>", 1).encode()


def test_a_file_that_cannot_be_read_is_told_and_a_role_that_nobody_holds_is_advised(enter, leave):
    draft = begin(enter(OWNER))
    assert draft.get("/check?as=json").json["findings"] == []
    with leave.database.transaction() as session:
        session.execute(delete(RoleHolding).where(RoleHolding.role == "ARMO"))

    told = draft.get("/check?as=json").json["findings"]

    assert any("Nobody holds the role ARMO" in finding["sentence"] and finding["advice"] for finding in told)

    draft.put("forms/F-AVN-00.form", b"{")

    assert "forms/F-AVN-00.form" in shown(draft.get("/check").text)
    assert draft.get("/compare").status_code == 200
    assert "cannot be compared" in draft.get("/compare").text


def test_flows_that_lead_into_another_group_of_steps_are_told_and_nothing_is_said_to_be_proved(enter):
    draft = begin(enter(OWNER))
    content = draft.read(DIAGRAM)
    inner = next(each for each in read_diagram(content, name=DIAGRAM).elements.values() if each.is_subprocess)
    flow = read_diagram(content, name=DIAGRAM).flows[inner.outgoing[0]]
    first = next(each for each in read_diagram(content, name=DIAGRAM).elements.values() if each.scope == inner.id)
    crooked = content.replace(f'targetRef="{flow.target}"'.encode(), f'targetRef="{first.id}"'.encode())
    draft.put(DIAGRAM, crooked)

    told = draft.get("/check?as=json").json

    assert [finding for finding in told["findings"] if not finding["advice"]]
    assert told["proved"] == {"avn_operator_advice": "not proved"}


def test_the_pages_of_a_draft_are_there_for_owners_alone(enter):
    draft, stranger, second = begin(enter(OWNER)), enter(STRANGER), enter(SECOND)

    for place in ("/check", "/compare", OUTLINE, "/texts", "/import", "/export"):
        assert stranger.get(draft.address + place).status_code == 404, place
        assert second.get(draft.address + place).status_code == 200, place
    assert stranger.get("/studio/processes/aviation_advice/versions/1/export").status_code == 404
    assert stranger.get("/studio/new").status_code == 404


def test_the_outline_changes_a_step_and_what_it_changed_is_compared(enter):
    draft = begin(enter(OWNER))
    page = draft.get(f"{OUTLINE}?step=avn_decide").text
    assert 'id="avn_decide"' in page

    saved = draft.post(OUTLINE, act="save", step="avn_decide", revision=hidden(page, "revision"), name="Decide it", due="PT24H")
    added = draft.post(OUTLINE, act="add", step="avn_decide", revision=2, kind="userTask", new_name="Second look")

    assert (saved.status_code, added.status_code) == (303, 303)
    assert added.location.endswith("#userTask_1")
    compared = draft.get("/compare").text
    assert "is now called “Decide it”" in compared
    assert "The step “Second look” is new." in compared
    assert "difference-added" in compared
    assert compared.count("<svg") >= 2
    assert "mark-done" in compared
    assert draft.get("/compare?with=99").status_code == 404
    assert draft.get("/compare?with=1").status_code == 200


def test_a_change_of_the_outline_never_overwrites_another_one_and_keeps_what_was_typed(enter):
    draft, second = begin(enter(OWNER)), enter(SECOND)
    second.post(draft.address + OUTLINE, act="save", step="avn_review", revision=1, name="Review it")

    late = draft.post(OUTLINE, act="save", step="avn_decide", revision=1, name="Decide it")

    assert late.status_code == 409
    assert "Rosa Whitmore saved this" in late.text
    assert 'value="Decide it"' in late.text
    assert b"Decide it" not in draft.read(DIAGRAM)
    again = draft.post(OUTLINE, act="save", step="avn_decide", revision=hidden(late.text, "revision"), name="Decide it")
    assert again.status_code == 303
    assert b"Decide it" in draft.read(DIAGRAM)
    assert b"Review it" in draft.read(DIAGRAM)


def test_what_the_outline_cannot_do_is_said(enter):
    draft = begin(enter(OWNER))
    before = draft.read(DIAGRAM)
    choice = next(each for each in read_diagram(before, name=DIAGRAM).elements.values() if len(each.outgoing) > 1)
    page = draft.get(f"{OUTLINE}?step={choice.id}").text
    assert page.index('name="act" value="save"') < page.index('name="act" value="remove_way:'), "Enter would take a way out"
    start = next(each.id for each in read_diagram(before, name=DIAGRAM).elements.values() if each.kind == "startEvent")

    refused = draft.post(OUTLINE, act="remove", step=start, revision=1)

    assert refused.status_code == 422
    assert "nothing could begin" in refused.text
    assert draft.post(OUTLINE, act="nonsense", step=start, revision=1).status_code == 400
    assert draft.post(OUTLINE, act="remove", step=start).status_code == 400
    assert draft.read(DIAGRAM) == before


def test_what_somebody_wrote_is_shown_beside_what_was_saved_meanwhile(enter):
    draft = begin(enter(OWNER))
    mine = draft.read(DIAGRAM).decode().replace('name="Advice on an air operator"', 'name="Mine"')

    page = draft.post("/compare", name=DIAGRAM, content=mine)
    broken = draft.post("/compare", name="README.md", content="<b>no")

    assert page.status_code == 200
    assert "Copy mine to a new draft" in page.text
    assert "Line by line" in page.text
    assert "+&lt;b&gt;no" in broken.text
    assert draft.post("/compare", name="nothing.bpmn", content="").status_code == 404


def test_texts_are_translated_one_by_one_and_two_people_can_do_it_at_once(enter):
    draft, second = begin(enter(OWNER)), enter(SECOND)
    listed = draft.get("/texts?language=fr").text
    assert "Missing: 0." in listed
    stored = {name: hidden(listed, f"was:elements:{name}") for name in ("avn_decide", "avn_review")}
    one = {f"was:elements:{name}": text for name, text in stored.items()}

    second.post(f"{draft.address}/texts?language=fr", **one | {"text:elements:avn_review": "Revoir “tout”"})
    late = draft.post("/texts?language=fr", **one | {"text:elements:avn_review": "Autre", "text:elements:avn_decide": ""})

    assert late.status_code == 409
    assert "Somebody else wrote meanwhile:" in late.text
    assert draft.get("/texts?language=en").status_code == 404
    french = draft.read("i18n/fr.toml").decode()
    assert 'avn_review = "Revoir “tout”"' in french
    assert "Autre" in late.text
    assert "Autre" not in french


def test_a_text_that_is_missing_comes_first_and_a_notice_is_translated_too(enter):
    draft = begin(enter(OWNER))
    page = draft.get("/texts?language=fr").text
    was = hidden(page, "was:elements:avn_decide")
    draft.post("/texts?language=fr", **{"was:elements:avn_decide": was, "text:elements:avn_decide": ""})

    missing = draft.get("/texts?language=fr&show=missing").text
    notice = {"was:messages:N-AVN-01.subject": "Réponse concernant {operators}", "text:messages:N-AVN-01.subject": "Nouveau"}
    saved = draft.post("/texts?language=fr", **notice)

    assert "Missing: 1." in missing
    assert missing.count('class="text-pair"') == 1
    assert saved.status_code == 303
    assert "# fr\nNouveau\n\nVotre organisation" in draft.read("messages/N-AVN-01.md").decode()
    assert "# es\nRespuesta" in draft.read("messages/N-AVN-01.md").decode()
