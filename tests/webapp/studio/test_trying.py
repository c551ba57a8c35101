"""The pages on which an owner tries a draft, runs its scenarios, and sees what would have become of finished cases."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from services import cases, jobs, people, process_drafts
from services.people import Actor
from tests.databases import NOW

OWNER = Actor(person="pavel.eriksen", account="pavel.eriksen", name="Pavel Eriksen")
ABSENCE = {
    "kind": "ABSENCE",
    "on_behalf_of": "naledi.vanter",
    "delegate": "kofi.drummond",
    "valid_from": "2026-12-10T00:00",
    "valid_to": "2026-12-20T00:00",
    "reason": "Travel of the holder.",
}


def begin(leave, key, **changed):
    with leave.database.transaction() as session:
        draft = process_drafts.open_draft(session, key, actor=OWNER, now=NOW)
        for name, content in changed.items():
            process_drafts.save_file(session, draft.id, name, content, revision=1, actor=OWNER, now=NOW)
        return f"/studio/drafts/{draft.id}"


@pytest.fixture
def owner(enter):
    return enter("pavel.eriksen")


def test_a_walk_from_its_start_to_a_scenario_of_the_draft(leave, owner):
    draft = begin(leave, "delegation")
    page = owner.get(f"{draft}/try").text
    assert "Who starts the case" in page
    assert "Paula Reyes" in page

    owner.post(f"{draft}/try", **{"as": "paula.reyes", "now": "2026-12-01T09:00"})
    page = owner.get(f"{draft}/try").text
    assert "As Paula Reyes" in page
    refused = owner.post(f"{draft}/try/start?revision={first(page)}", kind="ABSENCE")
    assert refused.status_code == 422
    assert "There is a problem" in refused.text

    owner.post(f"{draft}/try/start?revision={first(page)}", **ABSENCE)
    page = owner.get(f"{draft}/try").text
    assert "Naledi Vanter" in page
    assert "mark-active" in page
    task = re.search(r"\?task=([\w-]+)&amp;as=naledi.vanter", page)[1]

    stranger = owner.post(f"{draft}/try/do?task={task}&as=kofi.drummond&revision={first(page)}", decision="SIGN")
    assert stranger.status_code in {403, 404, 409}
    assert 'role="alert"' in stranger.text

    done = owner.post(f"{draft}/try/do?task={task}&as=naledi.vanter&revision={first(page)}", decision="SIGN")
    assert done.status_code == 303
    page = owner.get(f"{draft}/try").text
    assert "Kofi Drummond" in page
    assert "naledi.vanter: Sign (SIGN)" in unescape(page)

    owner.post(f"{draft}/try/wait", **{"for": "day", "revision": first(page)})
    page = owner.get(f"{draft}/try").text
    assert "Wed, 2 Dec 2026" in page
    assert "1 day later" in page
    owner.post(f"{draft}/try/back", revision=first(page))
    assert "Tue, 1 Dec 2026" in owner.get(f"{draft}/try").text

    recorded = owner.post(f"{draft}/try/record", name="signed", about="It is signed: then somebody accepts.")
    assert recorded.status_code == 303
    page = owner.get(f"{draft}/scenarios").text
    assert "It is signed: then somebody accepts." in page
    assert owner.post(f"{draft}/try/record", name="../no", about="Nothing").status_code == 422

    owner.post(f"{draft}/try/end")
    assert "Who starts the case" in owner.get(f"{draft}/try").text


def test_scenarios_are_run_in_the_background_and_say_what_none_of_them_passes(leave, owner):
    draft = begin(leave, "delegation")

    owner.post(f"{draft}/scenarios", name="never_delegable")
    page = owner.get(f"{draft}/scenarios").text
    assert '<meta http-equiv="refresh"' in page
    assert "Run all scenarios" not in page
    jobs.try_drafts(leave.database, lambda: NOW, lambda: True)

    page = owner.get(f"{draft}/scenarios").text
    assert "Run all scenarios" in page
    assert page.count("status--good") == 1
    assert "Never passed" in page
    assert "doa_register" in page
    assert "f_doa_register__doa_tell" in page
    assert "mark-done" in page
    assert owner.post(f"{draft}/scenarios", name="no_such").status_code == 404


def test_a_replay_counts_cases_and_names_where_they_differ_and_none_of_them(leave, owner):
    with leave.database.transaction() as session:
        actor = people.actor_named(session, "dario.velasco")
        answers = {"kind": "DELEGATION", "authority_code": "OTHER", "delegate": "nils.oberg", "reason": "Travel of the holder."}
        dates = {"valid_from": "2026-12-02T08:00:00Z", "valid_to": "2027-02-28T18:00:00Z"}
        case = cases.start_case(session, "delegation", actor=actor, answers={**answers, **dates}, now=NOW - timedelta(days=1))
        number = case.number
    drawn = b'targetRef="doa_tell_refused"'
    draft = begin(leave, "delegation")
    with leave.database.transaction() as session:
        row = process_drafts.get_draft(session, draft.rpartition("/")[2], actor=OWNER, now=NOW)
        kept = process_drafts.read_file(session, row, "doa_main.bpmn")
        changed = kept.content.replace(drawn, b'targetRef="doa_end_refused"')
        process_drafts.save_file(session, row.id, kept.name, changed, revision=kept.revision, actor=OWNER, now=NOW)

    owner.post(f"{draft}/replay")
    jobs.try_drafts(leave.database, lambda: NOW, lambda: True)

    page = unescape(owner.get(f"{draft}/replay").text)
    assert "Not delegable" in page
    assert "Tell that it cannot be given" in page
    assert "It comes to its end." in page
    assert number not in page
    assert "Velasco" not in page


def test_a_draft_that_cannot_be_read_leads_to_what_is_wrong_with_it(leave, owner):
    draft = begin(leave, "delegation", **{"process.toml": b"nothing = "})

    for place in ("try", "scenarios", "replay"):
        answer = owner.get(f"{draft}/{place}")
        assert answer.status_code == 200
        assert f"{draft}/check" in answer.text


def test_the_pages_are_there_for_owners_alone(leave, owner, enter):
    draft = begin(leave, "delegation")

    for place in ("try", "scenarios", "replay"):
        assert enter("lina.marchetti").get(f"{draft}/{place}").status_code == 404
        assert owner.get(f"{draft}/{place}").status_code == 200
        assert enter("rosa.whitmore").get(f"{draft}/{place}").status_code == 200


def first(page):
    found = re.search(r'name="revision" value="(\d+)"|revision=(\d+)', page)
    return found[1] or found[2]
