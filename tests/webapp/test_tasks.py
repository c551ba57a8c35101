"""The inbox and the decision."""

from __future__ import annotations

import re

import pytest

from services.models.cases import Task
from tests.pages import flaws_of
from tests.services.leave import APPROVER, REQUESTER, REVIEWER, STRANGER


@pytest.fixture
def case_id(leave):
    return leave.start()


@pytest.fixture
def task_id(leave, case_id):
    return leave.open_task(case_id).id


@pytest.fixture
def reviewer(enter):
    return enter(REVIEWER)


def hidden(page, name):
    return re.search(rf'name="{name}" value="(\w+)"', page.text)[1]


def decide(person, task_id, **answers):
    page = person.get(f"/tasks/{task_id}")
    return person.post(
        f"/tasks/{task_id}",
        **({"revision": hidden(page, "revision"), "idempotency_key": hidden(page, "idempotency_key")} | answers),
    )


def test_the_inbox_shows_what_waits_for_the_role_and_opens_the_first(reviewer, task_id):
    page = reviewer.get("/inbox")

    assert "UNDSS clearance officer" in page.text
    assert "Leave of 3 days" in page.text
    assert "Send advice" in page.text
    assert flaws_of(page.text) == []


def test_an_empty_inbox_says_so(enter, task_id):
    page = enter(REQUESTER).get("/inbox")

    assert "Nothing waits for you." in page.text
    assert flaws_of(page.text) == []


@pytest.mark.parametrize("query", ["view=all", "order=subject;drop", "page=0", "page=x", "page=99999999", "role=%27%22"])
def test_odd_addresses_of_the_inbox_fall_back_to_what_is_usual(reviewer, task_id, query):
    assert reviewer.get(f"/inbox?{query}").status_code == 200


def test_what_somebody_decided_stands_under_done(leave, reviewer, case_id):
    leave.review(case_id)

    page = reviewer.get("/inbox?view=done")

    assert "recommended" in page.text
    assert flaws_of(page.text) == []


def test_a_decision_leads_back_to_the_inbox_and_says_who_is_next(reviewer, task_id):
    answer = decide(reviewer, task_id, advice="RECOMMEND")

    assert answer.location == "/inbox"
    assert "It is now with: Chief Security Adviser." in reviewer.get("/inbox").text


def test_what_is_missing_is_said_and_what_was_typed_is_kept(reviewer, task_id):
    answer = decide(reviewer, task_id, remarks="I know the place")

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert "I know the place" in answer.text
    assert flaws_of(answer.text) == []


def test_the_second_decider_learns_who_was_quicker_and_keeps_the_text(leave, enter, case_id):
    leave.review(case_id)
    task_id = leave.open_task(case_id).id
    slow = enter(APPROVER)
    seen = slow.get(f"/tasks/{task_id}")
    leave.complete(task_id, by=APPROVER, answers={"decision": "GRANT"}, revision=int(hidden(seen, "revision")))

    answer = slow.post(
        f"/tasks/{task_id}",
        revision=hidden(seen, "revision"),
        idempotency_key=hidden(seen, "idempotency_key"),
        decision="DENY",
        reason_text="Too long",
    )

    assert answer.status_code == 409
    assert "Naledi Vanter" in answer.text
    assert "granted" in answer.text
    assert "Too long" in answer.text
    assert flaws_of(answer.text) == []


def test_a_decision_that_is_sent_twice_is_one(reviewer, task_id):
    page = reviewer.get(f"/tasks/{task_id}")
    form = {"revision": hidden(page, "revision"), "idempotency_key": hidden(page, "idempotency_key"), "advice": "RECOMMEND"}

    assert [reviewer.post(f"/tasks/{task_id}", **form).status_code for _ in range(2)] == [303, 303]


def test_a_decided_task_says_what_was_decided(leave, reviewer, case_id, task_id):
    leave.review(case_id)

    page = reviewer.get(f"/tasks/{task_id}")

    assert "Yusra Ben-Halim, UNDSS clearance officer recommended" in page.text
    assert "Send advice" not in page.text
    assert flaws_of(page.text) == []


def test_the_requester_sees_why_they_cannot_decide(enter, task_id):
    page = enter(REQUESTER).get(f"/tasks/{task_id}")

    assert "Why you cannot decide this" in page.text
    assert "Send advice" not in page.text
    assert flaws_of(page.text) == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("below", ["", "/claim", "/release", "/step-aside", "/autosave"])
def test_a_foreign_task_answers_like_a_missing_one(enter, task_id, method, below):
    if method == "get" and below:
        return
    stranger = enter(STRANGER)
    act = stranger.get if method == "get" else stranger.post

    assert act(f"/tasks/{task_id}{below}").status_code == act(f"/tasks/nothing{below}").status_code == 404


def test_a_task_is_taken_and_let_go(reviewer, task_id):
    reviewer.post(f"/tasks/{task_id}/claim")
    taken = reviewer.get(f"/tasks/{task_id}").text
    reviewer.post(f"/tasks/{task_id}/release")

    assert "You are working on this" in taken
    assert "Nobody is working on this yet." in reviewer.get(f"/tasks/{task_id}").text


def test_whoever_declares_a_conflict_is_rid_of_the_task(reviewer, task_id):
    reviewer.post(f"/tasks/{task_id}/step-aside", reason="My brother asks")

    assert "Leave of 3 days" not in reviewer.get("/inbox").text


def test_typed_text_is_kept_as_a_draft(reviewer, task_id):
    reviewer.post(f"/tasks/{task_id}/autosave", remarks="Half a thought")

    assert "Half a thought" in reviewer.get(f"/tasks/{task_id}").text


@pytest.mark.parametrize("typed", ["{{7*7}}", "${7*7}", "=1+1", "<script>alert(1)</script>", "__class__"])
def test_what_is_typed_stays_text(reviewer, enter, task_id, typed):
    decide(reviewer, task_id, advice="RECOMMEND", remarks=typed)

    page = enter(REQUESTER).get("/cases/LV-2026-000001").text

    assert typed.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "<script>alert" not in page


def test_the_script_that_saves_learns_who_was_quicker(leave, reviewer, case_id, task_id):
    leave.review(case_id)

    answer = reviewer.post(f"/tasks/{task_id}/autosave", remarks="Half a thought")

    assert answer.status_code == 409
    assert answer.json["sentence"].startswith("Yusra Ben-Halim decided this at Tue 12:00 UTC+3: recommended.")


@pytest.mark.parametrize(
    ("language", "colon", "said"),
    [
        ("fr", "\N{NO-BREAK SPACE}: ", "Agence des Nations Unies pour les récoltes"),
        ("zh", "：", "联合国收成署"),
        ("en", ": ", "UN Agency for Harvests"),
    ],
)
def test_a_card_names_organisations_in_the_language_of_its_reader(leave, reviewer, task_id, language, colon, said):
    with leave.database.transaction() as session:
        task = session.get_one(Task, task_id)
        task.card = [{"label": f"Part{colon}UN Agency for Harvests", "value": "With UN Agency for Harvests, UNAH"}]
        task.properties = {**task.properties, "said": {}}
    reviewer.post("/language", locale=language, next="/")

    page = reviewer.get(f"/tasks/{task_id}").text

    assert f"Part{colon}{said}" in page
    assert f"With {said}, UNAH" in page
