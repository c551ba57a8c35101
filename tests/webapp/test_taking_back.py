"""Undo: the button after a decision, the page that asks for a reason, and the word when it is too late."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.leave import APPROVER, REVIEWER, STRANGER
from tests.webapp.test_tasks import decide


def test_a_decision_is_undone_by_the_button_that_comes_after_it(leave, enter):
    reviewer, case_id = enter(REVIEWER), leave.start()
    task_id = leave.open_task(case_id).id
    decide(reviewer, task_id, advice="RECOMMEND", remarks="I know the place")

    page = reviewer.get("/inbox")
    address = re.search(r'action="(/tasks/[^"]+/take-back)"', page.text)[1]
    answer = reviewer.post(address)
    again = reviewer.get(answer.location)

    assert answer.status_code == 303
    assert answer.location == f"/tasks/{leave.open_task(case_id).id}"
    assert "Taken back." in again.text
    assert "I know the place" in again.text
    assert flaws_of(page.text) == flaws_of(again.text) == []


def test_later_it_asks_for_a_reason_and_the_history_keeps_it(leave, enter):
    reviewer, case_id = enter(REVIEWER), leave.start()
    task_id = leave.open_task(case_id).id
    leave.review(case_id, now=NOW - timedelta(hours=1))
    address = f"/tasks/{task_id}/take-back"

    asked, refused = reviewer.get(address), reviewer.post(address)
    reviewer.post(address, reason="I read the wrong dates")

    history = reviewer.get(f"/cases/{leave.case(case_id).number}").text
    assert "recommended" in asked.text
    assert refused.status_code == 422
    assert "Say why you take it back." in refused.text
    assert flaws_of(asked.text) == flaws_of(refused.text) == []
    assert "took the decision back" in history
    assert "I read the wrong dates" in history


def test_when_it_is_too_late_the_page_says_who_has_acted(leave, enter):
    reviewer, case_id = enter(REVIEWER), leave.start()
    task_id = leave.open_task(case_id).id
    leave.review(case_id)
    leave.approve(case_id)

    answer = reviewer.post(f"/tasks/{task_id}/take-back")

    assert answer.status_code == 409
    assert "Naledi Vanter has acted since" in answer.text
    assert flaws_of(answer.text) == []
    assert reviewer.get(f"/tasks/{task_id}/take-back").status_code == 409


def test_nobody_else_can_and_a_stranger_learns_nothing(leave, enter):
    case_id = leave.start()
    task_id = leave.open_task(case_id).id
    leave.review(case_id)

    assert enter(APPROVER).post(f"/tasks/{task_id}/take-back").status_code == 403
    assert enter(STRANGER).post(f"/tasks/{task_id}/take-back").status_code == 404
    assert leave.case(case_id).revision == 2
