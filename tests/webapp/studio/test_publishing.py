"""The pages around a draft: lists, files as text, publishing, going back, watching, moving."""

from __future__ import annotations

import re

import pytest

from services import definitions, jobs
from services.mailers import MemoryMailer
from services.models.process_drafts import ProcessDraft
from services.scenarios.drafts import note_tried
from tests.databases import NOW
from tests.pages import flaws_of
from workflows import packages

OWNER, SECOND, TRAVELLER = "pavel.eriksen", "rosa.whitmore", "lina.marchetti"
KEY = "delegation"


@pytest.fixture
def draft(enter):
    owner = enter(OWNER)
    return owner.post(f"/studio/processes/{KEY}/drafts").location


def save(person, address, content, *, revision):
    page = person.get("/profile").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    headers = {"X-CSRFToken": token, "If-Match": f'"{revision}"'}
    return person.client.put(address, data=content, headers=headers)


def tried(leave, address):
    with leave.database.transaction() as session:
        note_tried(session, session.get_one(ProcessDraft, address.rsplit("/", 1)[-1]), NOW)


def test_the_studio_is_there_for_owners_alone(enter, draft):
    owner, traveller = enter(OWNER), enter(TRAVELLER)

    for address in ("/studio", f"/studio/processes/{KEY}", f"/studio/processes/{KEY}/running", draft, f"{draft}/publish"):
        assert owner.get(address).status_code == 200
        assert flaws_of(owner.get(address).text) == []
        assert traveller.get(address).status_code == 404
    for address in (f"{draft}/files/README.md", f"{draft}/source/README.md", f"/studio/processes/{KEY}/versions/1/move"):
        assert traveller.get(address).status_code == 404
    assert traveller.post(f"/studio/processes/{KEY}/drafts").status_code == 404
    assert "Studio" in owner.get("/").text
    assert "/studio" not in traveller.get("/").text


def test_a_file_is_saved_at_the_revision_that_was_read(enter, draft):
    owner, second = enter(OWNER), enter(SECOND)
    address = f"{draft}/files/README.md"

    saved = save(owner, address, b"One.", revision=1)
    late = save(second, address, b"Two.", revision=1)
    hostile = save(owner, f"{draft}/files/doa_main.bpmn", b'<!DOCTYPE x><x onload="alert(1)"/>', revision=1)

    assert (saved.status_code, saved.json["revision"]) == (200, 2)
    assert (late.status_code, late.json["by"], late.json["revision"]) == (412, "Pavel Eriksen", 2)
    assert hostile.status_code == 422
    assert "DOCTYPE" in hostile.json["error"]
    assert save(owner, address, b"One.", revision="x").status_code == 400
    kept = owner.get(address)
    assert kept.data == b"One."
    assert kept.headers["Content-Disposition"].startswith("attachment")


def test_what_was_typed_stays_when_somebody_was_quicker(enter, draft):
    owner, second = enter(OWNER), enter(SECOND)
    address = f"{draft}/source/README.md"
    assert owner.post(address, revision="1", content="<b>One</b>").status_code == 303

    late = second.post(address, revision="1", content="<i>Mine</i>")

    assert late.status_code == 409
    assert "&lt;i&gt;Mine&lt;/i&gt;" in late.text
    assert "&lt;b&gt;One&lt;/b&gt;" in late.text
    assert flaws_of(late.text) == []
    copied = second.post(f"{draft}/copy", name="README.md", content="<i>Mine</i>").location
    assert second.get(f"{copied}/files/README.md").data == b"<i>Mine</i>"


def test_a_file_is_taken_out_as_it_was_seen(enter, draft):
    owner = enter(OWNER)
    assert "Take this file out of the draft" in owner.get(f"{draft}/source/README.md").text
    assert "Take this file out of the draft" not in owner.get(f"{draft}/source/process.toml").text

    late = owner.post(f"{draft}/remove/README.md", revision="7")
    needed = owner.post(f"{draft}/remove/process.toml", revision="1")
    gone = owner.post(f"{draft}/remove/README.md", revision="1")

    assert (late.status_code, needed.status_code, gone.status_code) == (409, 422, 303)
    assert owner.get(f"{draft}/files/README.md").status_code == 404
    assert owner.post(f"{draft}/remove/process.toml").status_code == 400


def test_a_draft_goes_from_its_list_of_points_to_the_second_owners_inbox_and_into_use(enter, draft, leave):
    owner, second = enter(OWNER), enter(SECOND)
    save(owner, f"{draft}/files/README.md", b"What the owners know.", revision=1)
    missing = owner.get(f"{draft}/publish")
    refused = owner.post(f"{draft}/publish", note="Shorter notes.")
    tried(leave, draft)

    without_note = owner.post(f"{draft}/publish", note="")
    sent = owner.post(f"{draft}/publish", note="Shorter notes.")

    assert "have not been tried again" in missing.text
    assert "Send to the second owner" not in missing.text
    assert (refused.status_code, without_note.status_code, sent.status_code) == (422, 422, 303)
    page = owner.get(sent.location)
    number = re.search(r"PCH-\d{4}-\d{6}", page.text)[0]
    task = re.search(r"/tasks/([\w-]+)", second.get("/inbox?view=team").text)[1]
    card = second.get(f"/tasks/{task}")
    assert "See what the draft changes" in card.text
    assert flaws_of(card.text) == []
    revision = re.search(r'name="revision" value="(\d+)"', card.text)[1]
    key = re.search(r'name="idempotency_key" value="(\w+)"', card.text)[1]
    decided = second.post(f"/tasks/{task}", revision=revision, idempotency_key=key, decision="APPROVE")
    assert decided.status_code == 303
    process = owner.get(f"/studio/processes/{KEY}")
    assert "Shorter notes." in process.text
    assert number in owner.get(f"/cases/{number}").text
    back = f"/studio/processes/{KEY}/versions/1/roll-back"
    assert flaws_of(owner.get(back).text) == []
    assert owner.post(back, note="").status_code == 422
    assert owner.post(back, note="It was better before.").status_code == 303
    assert owner.post(back, note="It was better before.").status_code == 422
    assert "It was better before." in owner.get(f"/studio/processes/{KEY}").text


def test_running_cases_are_watched_moved_and_moved_back(enter, leave):
    owner = enter(OWNER)
    leave.start()
    with leave.database.transaction() as session:
        first = definitions.current_version(session, "leave_request")
        session.refresh(first, ["bundle"])
        files = {**definitions.unpack(first.bundle), "README.md": b"What the owners know."}
        owned = files["process.toml"].replace(b'owner_role = "HR"', b'owner_role = "PRO"')
        package = packages.read_package("leave_request", {**files, "process.toml": owned})
        definitions.publish(session, package, by=OWNER, now=NOW)
    process = "/studio/processes/leave_request"

    running = owner.get(f"{process}/running?version=1")
    plan = owner.get(f"{process}/versions/1/move")
    asked = owner.post(f"{process}/versions/1/move")
    jobs.run_once(leave.database, MemoryMailer(), NOW)
    moved = owner.get(f"{process}/versions/1/move")

    assert "Review the request" in running.text
    assert "Lina Marchetti" not in running.text + plan.text
    for page in (running, plan, moved):
        assert flaws_of(page.text) == []
    assert "Move 1 case" in plan.text
    assert asked.status_code == 303
    assert "1 moved, 0 not possible, 0 waiting" in moved.text
    back = re.search(r'action="([^"]+/back)"', moved.text)[1]
    assert enter(TRAVELLER).post(back).status_code == 404
    assert owner.post(back).status_code == 303
    jobs.run_once(leave.database, MemoryMailer(), NOW)
    assert "Move 1 case" in owner.get(f"{process}/versions/1/move").text
