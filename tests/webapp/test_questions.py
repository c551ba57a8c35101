"""Asking the requester, answering, and handing a task over, in the browser."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from services.models import AuditEntry, Task
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.cases import CaseParty
from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.leave import APPROVER, REQUESTER, REVIEWER, STRANGER
from tests.statements import watch_statements

PDF, PNG = b"%PDF-1.7\nhotel", b"\x89PNG\r\n\x1a\nmap"
KEPT = re.compile(r'name="files" value="(\w{32})" checked')
FILE = re.compile(r'href="(/attachments/\w+)"><bdi>([^<]+)</bdi>')
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
    assert "Take the question back" in card.text
    assert "Question from Yusra Ben-Halim" in home.text
    assert "Question to you" in home.text
    assert "Only the requester and those who may decide" in case.text
    assert [text.count("The clock of this task has stood still since") for text in (card.text, case.text)] == [1, 1]
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
    case = requester.get(f"/cases/{number}")
    assert "asked a question" in case.text
    assert "has stood still" not in case.text
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


def test_files_of_an_answer_are_opened_by_those_who_read_the_answer_and_by_nobody_else(leave, enter, task_id, number):
    with leave.database.transaction() as session:
        case_id = session.get_one(Task, task_id).case_id
        session.add(CaseParty(id=new_id(), case_id=case_id, person=APPROVER, kind="SUPERVISOR", line=None))
    officer, requester, supervisor = enter(REVIEWER), enter(REQUESTER), enter(APPROVER)
    officer.post(f"/tasks/{task_id}/ask", text="Which hotel?", audience="DECIDERS")
    address = ANSWER.search(requester.get("/").text)[1]
    page = requester.get(address)

    wrong = send_files(requester, address, "", ("map.png", PNG), ("page.pdf", b"<html>"))
    (kept,) = KEPT.findall(wrong.text)
    alone = send_files(requester, address, "", kept=kept)
    sent = send_files(requester, address, "The one on the map", ("hotel.pdf", PDF), kept=kept)

    assert "PDF, JPG, JPEG, PNG, 10 MB at most, up to 5 files" in page.text
    assert wrong.status_code == alone.status_code == 422
    assert "The file page.pdf is neither a PDF nor a picture" in wrong.text
    assert "Write something first." in alone.text
    assert f'value="{kept}" checked' in alone.text
    assert sent.status_code == 303
    for each in (page, wrong, alone):
        assert flaws_of(each.text) == []
    card, case = officer.get(f"/tasks/{task_id}"), requester.get(f"/cases/{number}")
    files = {name: address for address, name in FILE.findall(card.text)}
    assert set(files) == {"hotel.pdf", "map.png"}
    assert set(FILE.findall(case.text)) == set(FILE.findall(card.text))
    assert (officer.get(files["hotel.pdf"]).data, requester.get(files["map.png"]).data) == (PDF, PNG)
    assert officer.get(files["hotel.pdf"]).headers["Content-Disposition"] == "attachment; filename=hotel.pdf"
    seen = supervisor.get(f"/cases/{number}")
    assert seen.status_code == 200
    assert "hotel.pdf" not in seen.text
    assert [who.get(files["hotel.pdf"]).status_code for who in (supervisor, enter(STRANGER))] == [404, 404]


def test_the_audit_keeps_hashes_of_the_files_of_an_answer_and_not_their_names(leave, enter, task_id):
    requester = enter(REQUESTER)
    enter(REVIEWER).post(f"/tasks/{task_id}/ask", text="Which hotel?")
    send_files(requester, ANSWER.search(requester.get("/").text)[1], "This one", ("hotel.pdf", PDF))

    with leave.database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "answer"))
    (kept,) = entry.payload["attachments"]
    assert kept["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert "hotel" not in str(entry.payload)


def test_an_answer_has_five_files_at_most_and_only_those_of_its_person(enter, task_id):
    reviewer, requester = enter(REVIEWER), enter(REQUESTER)
    reviewer.post(f"/tasks/{task_id}/ask", text="Which hotel?")
    address = ANSWER.search(requester.get("/").text)[1]

    many = send_files(requester, address, "These", *((f"{number}.pdf", PDF) for number in range(6)))
    foreign = requester.post(address, text="These", files="0" * 32)

    assert "Files can have 5 files or fewer" in many.text
    assert len(KEPT.findall(many.text)) == 6
    assert (foreign.status_code, "hotel" in foreign.text) == (303, False), "what is not theirs does not come along"
    assert enter(STRANGER).post(address, files=[(BytesIO(PDF), "a.pdf")]).status_code == 404


def send_files(person, address, text, *files, kept=""):
    chosen = [(BytesIO(content), name) for name, content in files]
    return person.post(address, text=text, files=[*([kept] if kept else []), *chosen])


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
