"""The pages of the editors: what they hand to their scripts, what the server adds, and who may see them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from services import process_drafts
from services.people import Actor
from tests.accounts import token_of
from tests.databases import NOW

OWNER = Actor(person="pavel.eriksen", account="pavel.eriksen", name="Pavel Eriksen")
DIAGRAM, TABLE, FORM = "tsc_main.bpmn", "D1.7_overall_status.dmn", "forms/F-TSC-13.form"
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def draft(leave):
    """Begin a draft of the travel clearance and give its address."""
    with leave.database.transaction() as session:
        return f"/studio/drafts/{process_drafts.open_draft(session, 'travel_clearance', actor=OWNER, now=NOW).id}"


@pytest.fixture
def put(leave, draft):
    """Give a function that saves a file of the draft."""

    def save(name, content):
        with leave.database.transaction() as session:
            key = draft.rsplit("/", 1)[-1]
            found = process_drafts.get_draft(session, key, actor=OWNER, now=NOW)
            known = {file.name: file.revision for file in process_drafts.list_files(session, found)}
            process_drafts.save_file(session, key, name, content, revision=known.get(name), actor=OWNER, now=NOW)

    return save


def facts_of(page):
    return json.loads(re.search(r'<script type="application/json" id="editor-facts"[^>]*>(.*?)</script>', page, re.DOTALL)[1])


def test_an_editor_gets_the_file_and_everything_that_can_be_chosen(enter, draft):
    answer = enter("pavel.eriksen").get(f"{draft}/edit/{DIAGRAM}")
    facts = facts_of(answer.text)

    assert answer.status_code == 200
    assert "style-src-attr 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert facts["content"].startswith("<?xml")
    assert facts["revision"] == 1
    assert {"code": "CSA", "name": "Chief Security Adviser"} in facts["roles"]
    assert {"F-TSC-13"} <= {each["id"] for each in facts["forms"]}
    assert {"D1.4", "D1.7"} <= {each["id"] for each in facts["decisions"]}
    assert {"tsc_main", "tsc_stop"} <= {each["id"] for each in facts["processes"]}
    opening = next(each for each in facts["operations"] if each["name"] == "clearance.open")
    assert opening["about"]
    assert opening["inputs"] == ["requester", "on_behalf_of", "travellers", "stops", "travel_kind"]
    names = {each["name"]: each for each in facts["variables"]}
    assert {"travel_kind", "stops", "effect", "confirmation"} <= names.keys()
    assert "area" in {each["name"] for each in names["stops"]["entries"]}


def test_a_broken_draft_opens_with_what_can_still_be_chosen(enter, draft, put):
    put(DIAGRAM, b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'><process id='half'/></definitions>")
    put(
        "D1.7_overall_status.dmn",
        b"<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/'><decision id='D1.7'/></definitions>",
    )
    put(FORM, b'{"components": [{"type": "iframe"}]}')

    facts = facts_of(enter("pavel.eriksen").get(f"{draft}/edit/{DIAGRAM}").text)

    assert facts["variables"] == []
    assert {"half", "tsc_stop"} <= {each["id"] for each in facts["processes"]}
    assert "D1.4" in {each["id"] for each in facts["decisions"]}


def test_nothing_that_a_file_holds_ends_the_block_of_facts(enter, draft, put):
    put(FORM, json.dumps({"id": "F-TSC-13", "components": [{"type": "text", "text": HOSTILE}]}).encode())
    text = enter("pavel.eriksen").get(f"{draft}/edit/{FORM}").text
    tags = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
    reader.feed(text)

    assert HOSTILE in json.loads(facts_of(text)["content"])["components"][0]["text"]
    assert not [tag for tag, attributes in tags if "onerror" in attributes]


def test_only_owners_see_an_editor_and_only_files_that_are_there(enter, draft):
    owner, traveller = enter("pavel.eriksen"), enter("lina.marchetti")

    assert traveller.get(f"{draft}/edit/{DIAGRAM}").status_code == 404
    assert traveller.get(f"{draft}/analysis/{TABLE}").status_code == 404
    assert traveller.post(f"{draft}/preview").status_code == 404
    assert owner.get(f"{draft}/edit/none.bpmn").status_code == 404
    assert owner.get(f"{draft}/analysis/none.dmn").status_code == 404
    assert owner.get(f"{draft}/analysis/{DIAGRAM}").status_code == 404
    # What no editor opens is shown as text.
    assert owner.get(f"{draft}/edit/process.toml").headers["Location"].endswith("/source/process.toml")


def test_the_tables_that_are_saved_are_analysed(enter, draft, put, leave):
    owner = enter("pavel.eriksen")
    with leave.database.reading() as session:
        found = process_drafts.get_draft(session, draft.rsplit("/", 1)[-1], actor=OWNER, now=NOW)
        table = process_drafts.read_file(session, found, TABLE).content

    assert owner.get(f"{draft}/analysis/{TABLE}").get_json() == {"problems": []}
    put(TABLE, re.sub(rb'(id="D1.7_r1_i1">\s*<text>)0', rb"\1-", table))
    problems = owner.get(f"{draft}/analysis/{TABLE}").get_json()["problems"]
    assert {"where": "D1.7_r2", "advice": False}.items() <= problems[0].items()
    assert "Rule 2 can never fire" in problems[0]["sentence"]
    assert problems[0]["way_out"] == "Move it up, or remove it."

    put(TABLE, b"<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/'><what/></definitions>")
    assert owner.get(f"{draft}/analysis/{TABLE}").get_json()["problems"]


def test_a_form_is_drawn_as_people_will_see_it_and_cannot_be_sent(enter, draft):
    owner = enter("pavel.eriksen")
    token = token_of(owner.get("/profile").text)

    def preview(*components):
        schema = json.dumps({"id": "F", "components": components})
        answer = owner.client.post(f"{draft}/preview", data=schema, headers={"X-CSRFToken": token})
        assert answer.status_code == 200
        return answer.text

    drawn = preview({"type": "textfield", "key": "why", "label": "<b>Why?</b>"})
    assert "&lt;b&gt;Why?" in drawn
    assert "<fieldset disabled>" in drawn
    assert "<form" not in drawn
    refused = preview({"type": "iframe", "id": "frame"})
    assert "iframe is not supported in forms." in refused
    assert owner.client.post(f"{draft}/preview", data="{}").status_code == 400  # without the token
