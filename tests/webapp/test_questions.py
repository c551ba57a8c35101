"""Asking the requester, answering, and handing a task over, in the browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from services.models import Task
from services.models.authority import RoleHolding
from services.models.base import new_id
from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.leave import APPROVER, REQUESTER, REVIEWER, STRANGER, watch_statements

ANSWER = re.compile(r'href="(/questions/\w+)"')


@pytest.fixture
def task_id(leave):
    return leave.open_task(leave.start()).id


@pytest.fixture
def number(leave, task_id):
    return leave.case(leave_case(leave, task_id)).number


def leave_case(leave, task_id):
    with leave.database.reading() as session:
        return session.get_one(Task, task_id).case_id


def give_role(leave, person, role="DSSO"):
    with leave.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person=person, role=role, area="XA-NOR", valid_from=NOW - timedelta(days=1)))


def test_a_question_goes_to_the_requester_and_its_answer_comes_back_to_the_card(enter, task_id, number):
    reviewer, requester = enter(REVIEWER), enter(REQUESTER)
    assert "Ask the requester" in reviewer.get(f"/tasks/{task_id}").text

    sent = reviewer.post(f"/tasks/{task_id}/ask", text="Which <days>?", audience="DECIDERS")
    card, home, case = (
        who.get(where) for who, where in ((reviewer, f"/tasks/{task_id}"), (requester, "/"), (requester, f"/cases/{number}"))
    )

    assert (sent.status_code, sent.location) == (303, f"/tasks/{task_id}")
    assert "Which &lt;days&gt;?" in card.text
    assert "The clock of this task has stood still since" in card.text
    assert "Take the question back" in card.text
    assert "Question from Yusra Ben-Halim" in home.text
    assert "Question to you" in home.text
    assert "Only the requester and those who may decide" in case.text
    address = ANSWER.search(home.text)[1]
    page = requester.get(address)
    for each in (card, home, case, page):
        assert flaws_of(each.text) == []

    answered = requester.post(address, text="The first three.")

    assert (answered.status_code, answered.location) == (303, f"/cases/{number}")
    card = reviewer.get(f"/tasks/{task_id}")
    assert "The first three." in card.text
    assert "has stood still" not in card.text
    assert "Question from" not in requester.get("/").text
    assert "asked a question" in requester.get(f"/cases/{number}").text
    assert requester.post(address, text="Once more").status_code == 409
    assert "needs no answer from you" in requester.get(address).text


def test_an_empty_question_or_answer_is_asked_for_again(enter, task_id):
    reviewer, requester = enter(REVIEWER), enter(REQUESTER)

    empty = reviewer.post(f"/tasks/{task_id}/ask", text=" ")
    reviewer.post(f"/tasks/{task_id}/ask", text="Where?")
    address = ANSWER.search(requester.get("/").text)[1]
    nothing = requester.post(address, text="")

    for page in (empty, nothing):
        assert page.status_code == 422
        assert "Write something first." in page.text
        assert flaws_of(page.text) == []


def test_a_stranger_finds_no_question_and_the_asker_takes_it_back(enter, task_id):
    reviewer, requester = enter(REVIEWER), enter(REQUESTER)
    reviewer.post(f"/tasks/{task_id}/ask", text="Where?")
    address = ANSWER.search(requester.get("/").text)[1]

    assert enter(STRANGER).get(address).status_code == 404
    assert enter(STRANGER).post(address, text="Here").status_code == 404
    assert reviewer.post(address, text="Here").status_code == 403
    back = reviewer.post(f"{address}/take-back")

    assert (back.status_code, back.location) == (303, f"/tasks/{task_id}")
    assert "Taken back" in reviewer.get(f"/tasks/{task_id}").text


def test_a_task_is_handed_over_to_somebody_from_the_list(leave, enter, task_id):
    reviewer = enter(REVIEWER)
    alone = reviewer.get(f"/tasks/{task_id}/hand-over")
    give_role(leave, APPROVER)
    page = reviewer.get(f"/tasks/{task_id}/hand-over")
    unchosen = reviewer.post(f"/tasks/{task_id}/hand-over", note="You know it")
    wrong = reviewer.post(f"/tasks/{task_id}/hand-over", to=STRANGER)

    done = reviewer.post(f"/tasks/{task_id}/hand-over", to=APPROVER, note="You know it")

    assert "Nobody else may act on this task now." in alone.text
    assert "Naledi Vanter" in page.text
    assert "Yusra Ben-Halim</label>" not in page.text
    assert unchosen.status_code == 422
    assert "You know it" in unchosen.text
    assert wrong.status_code == 403
    assert "may not act on this task" in wrong.text
    assert (done.status_code, done.location) == (303, "/inbox")
    assert "Naledi Vanter is working on this" in reviewer.get(f"/tasks/{task_id}").text
    assert enter(REQUESTER).get(f"/tasks/{task_id}/hand-over").status_code == 403
    assert enter(STRANGER).get(f"/tasks/{task_id}/hand-over").status_code == 404
    for each in (alone, page, unchosen):
        assert flaws_of(each.text) == []


def test_the_card_says_why_the_task_comes_to_its_reader(enter, task_id):
    page = enter(REVIEWER).get(f"/tasks/{task_id}")

    assert "Why you: You are UNDSS clearance officer for" in page.text
    assert f'href="/tasks/{task_id}/authority"' in page.text


def test_what_changed_since_the_reader_last_looked_is_said_old_and_new(leave, enter, task_id):
    reviewer = enter(REVIEWER)
    first = reviewer.get(f"/tasks/{task_id}")
    with leave.database.transaction() as session:
        session.get_one(Task, task_id).card = {"days": 5, "reason": "Rest"}

    changed, again = reviewer.get(f"/tasks/{task_id}"), reviewer.get(f"/tasks/{task_id}")

    assert "Changed since you saw it" not in first.text
    for page in (changed, again):
        assert re.search(r"<dt>Days</dt><dd><del>.*</span>3</del>.*<ins>.*</span>5</ins>", page.text)
        assert flaws_of(page.text) == []


def test_looking_again_at_the_same_card_writes_nothing(leave, enter, task_id):
    reviewer = enter(REVIEWER)
    reviewer.get(f"/tasks/{task_id}")
    writes = []
    stop = watch_statements(leave.database.engine, lambda said: writes.append(said) if not said.startswith("SELECT") else None)

    reviewer.get(f"/tasks/{task_id}")
    stop()

    assert [said for said in writes if not said.startswith(("PRAGMA", "SAVEPOINT"))] == []


def test_what_was_typed_is_a_draft_when_a_colleague_has_the_task_in_hand(leave, enter, task_id):
    give_role(leave, APPROVER)
    reviewer, colleague = enter(REVIEWER), enter(APPROVER)
    seen = reviewer.get(f"/tasks/{task_id}")
    revision, key = (re.search(rf'name="{name}" value="(\w+)"', seen.text)[1] for name in ("revision", "idempotency_key"))
    colleague.post(f"/tasks/{task_id}/claim")

    refused = reviewer.post(
        f"/tasks/{task_id}", revision=revision, idempotency_key=key, advice="RECOMMEND", remarks="I know <the> place"
    )

    assert refused.status_code == 409
    assert "Naledi Vanter has been working on this" in refused.text
    assert "I know &lt;the&gt; place" in refused.text
    assert "your text is also a draft" in refused.text
    assert flaws_of(refused.text) == []
    colleague.post(f"/tasks/{task_id}/release")
    assert "I know &lt;the&gt; place" in reviewer.get(f"/tasks/{task_id}").text


def set_due(leave, task_id, after):
    with leave.database.transaction() as session:
        session.get_one(Task, task_id).due_at = NOW + after


def test_a_task_that_is_due_within_a_day_is_not_put_off(enter, task_id, leave):
    set_due(leave, task_id, timedelta(hours=24))
    reviewer = enter(REVIEWER)

    refused = reviewer.post("/inbox/acts", task=task_id, act="put-off-tomorrow")

    assert "Put off:" not in reviewer.get(f"/tasks/{task_id}").text
    assert "due within 24 hours" in (reviewer.get(refused.location) if refused.location else refused).text
    assert "Leave of 3 days" in reviewer.get("/inbox?view=team").text


def test_a_task_is_put_off_from_its_pane(enter, task_id, leave):
    set_due(leave, task_id, timedelta(hours=25))
    reviewer = enter(REVIEWER)
    page = reviewer.get(f"/tasks/{task_id}")

    done = reviewer.post("/inbox/acts", task=task_id, act="put-off-tomorrow")

    assert "Put off:" in page.text
    assert flaws_of(page.text) == []
    assert done.status_code in {200, 303}
    assert "Leave of 3 days" not in reviewer.get("/inbox?view=team").text
