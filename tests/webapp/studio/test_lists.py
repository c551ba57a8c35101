"""Tables and forms of a draft as lists of fields."""

from __future__ import annotations

import json
import re

import pytest

from tests.pages import flaws_of

OWNER, SECOND = "pavel.eriksen", "rosa.whitmore"
TABLE = "D9.1_what_may_be_given_to_whom.dmn"
FORM = "forms/F-DOA-05.form"


@pytest.fixture
def draft(enter):
    return enter(OWNER).post("/studio/processes/delegation/drafts").location


def filled(page):
    """What a form of rules holds, as a browser would send it."""
    found = dict(re.findall(r'name="(rule\.[\w.]+)" value="([^"]*)"', page))
    found |= {name: value.replace("&#34;", '"').replace("&gt;", ">").replace("&lt;", "<") for name, value in found.items()}
    return {**found, "revision": re.search(r'name="revision" value="(\d+)"', page)[1], "table": "D9.1"}


def test_rules_are_changed_added_and_kept_when_somebody_was_quicker(enter, draft):
    owner, second = enter(OWNER), enter(SECOND)
    address = f"{draft}/rules/{TABLE}"
    page = owner.get(address)
    assert flaws_of(page.text) == []
    said = filled(page.text)

    unchanged = owner.post(address, **said, act="save")
    same = owner.get(f"{draft}/files/{TABLE}").headers["ETag"]
    changed = owner.post(address, **(said | {"rule.0.about": "Everything <else>", "rule.0.in.0": '"NOTHING"'}), act="add:0")
    late = second.post(address, **(said | {"rule.1.about": "Mine <too>"}), act="save")

    assert (unchanged.status_code, same) == (303, '"1"')
    assert changed.status_code == 303
    stored = owner.get(address)
    assert "Everything &lt;else&gt;" in stored.text
    assert stored.text.count('class="group"') == page.text.count('class="group"') + 1
    assert late.status_code == 409
    assert "Mine &lt;too&gt;" in late.text
    assert flaws_of(late.text) == []
    assert owner.get(f"{draft}/check?as=json").status_code == 200


def test_a_rule_is_moved_and_taken_out(enter, draft):
    owner = enter(OWNER)
    address = f"{draft}/rules/{TABLE}"
    said = filled(owner.get(address).text)
    second_rule = said["rule.1.id"]

    owner.post(address, **said, act="earlier:1")
    moved = filled(owner.get(address).text)
    owner.post(address, **moved, act="remove:0")

    assert moved["rule.0.id"] == second_rule
    assert second_rule not in owner.get(address).text


def test_what_a_form_asks_is_changed_added_moved_and_taken_out(enter, draft):
    owner, second = enter(OWNER), enter(SECOND)
    address = f"{draft}/fields/{FORM}"
    page = owner.get(f"{address}?field=0")
    assert flaws_of(page.text) == []
    said = {
        "field": "0",
        "label": "Do <you>?",
        "key": "decision",
        "hint": "",
        "options": "APPOINT = Yes\nREFUSE = No",
        "required": "yes",
    }

    changed = owner.post(address, **said, act="save", revision="1")
    late = second.post(address, **(said | {"label": "Mine?"}), act="save", revision="1")
    added = owner.post(address, field="0", kind="textfield", new_key="place", new_label="Where?", act="add", revision="2")

    assert (changed.status_code, late.status_code, added.status_code) == (303, 409, 303)
    assert "Mine?" in late.text
    assert flaws_of(late.text) == []
    assert owner.post(address, field="1", act="later", revision="3").status_code == 303
    form = json.loads(owner.get(f"{draft}/files/{FORM}").data)
    assert [each["key"] for each in form["components"]] == ["decision", "remarks", "place"]
    assert form["components"][0]["label"] == "Do <you>?"
    assert "Do &lt;you&gt;?" in owner.get(address).text
    assert owner.post(address, field="2", act="remove", revision="4").status_code == 303
    assert owner.post(address, field="2", act="remove", revision="5").status_code == 409


@pytest.mark.parametrize(
    "said", [{"act": "save"}, {"act": "dance", "revision": "1"}, {"act": "add", "kind": "iframe", "revision": "1", "field": "0"}]
)
def test_what_no_button_sends_changes_nothing(enter, draft, said):
    assert enter(OWNER).post(f"{draft}/fields/{FORM}", **said).status_code == 400


def test_nobody_else_sees_the_lists(enter, draft):
    stranger = enter("lina.marchetti")

    for address in (f"{draft}/rules/{TABLE}", f"{draft}/fields/{FORM}"):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, act="save", revision="1", table="D9.1").status_code == 404
    assert enter(OWNER).get(f"{draft}/rules/nothing.dmn").status_code == 404
