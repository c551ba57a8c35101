"""Starting, messaging, withdrawing and reading cases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from services import bus, cases, definitions, drafts
from services.errors import DraftChanged, IdempotencyMismatch, MessageNotExpected, NotAllowed, NotFound, NotPublished
from services.models import AuditEntry, CaseParty, RequestDraft, Task
from services.people import SYSTEM
from tests.services.leave import ANSWERS, FOLDER, NOW, REQUESTER, REVIEWER, STRANGER, Leave
from tests.statements import watch_statements
from workflows.errors import AnswersInvalid


def test_a_case_gets_its_number_its_place_and_its_first_task(leave: Leave) -> None:
    case = leave.case(leave.start())

    assert (case.number, case.state, case.area, case.organisation) == ("LV-2026-000001", "OPEN", "XA-NOR", "WIPO")
    assert (case.requester, case.revision, case.audit_seq) == (REQUESTER, 1, 1)
    task = leave.open_task(case.id)
    assert (task.element, task.role, task.area, task.subject) == ("review", "DSSO", "XA-NOR", "Leave of 3 days")
    assert (task.card, task.due_at) == ({"days": 3, "reason": "Rest"}, NOW.replace(day=2))
    with leave.database.reading() as session:
        assert session.scalars(select(CaseParty.person)).all() == [REQUESTER]
    assert leave.problems() == []


def test_a_wrong_answer_starts_nothing(leave: Leave) -> None:
    for answers in ({**ANSWERS, "days": 31}, {**ANSWERS, "boss": "me"}, {}):
        with pytest.raises(AnswersInvalid), leave.database.transaction() as session:
            cases.start_case(session, "leave_request", actor=leave.actor(REQUESTER), answers=answers, now=NOW)
    with pytest.raises(NotPublished), leave.database.transaction() as session:
        cases.start_case(session, "coffee", actor=leave.actor(REQUESTER), answers={}, now=NOW)

    assert leave.case(leave.start()).number == "LV-2026-000001"


def test_the_same_request_sent_twice_is_one_case(leave: Leave) -> None:
    assert leave.start(idempotency_key="once") == leave.start(idempotency_key="once")
    with pytest.raises(IdempotencyMismatch), leave.database.transaction() as session:
        cases.start_case(
            session, "leave_request", actor=leave.actor(REQUESTER), answers={"days": 1}, now=NOW, idempotency_key="once"
        )


def test_a_request_that_is_sent_is_no_longer_a_draft(leave: Leave) -> None:
    actor = leave.actor(REQUESTER)
    with leave.database.transaction() as session:
        draft_id = drafts.create_draft(session, "leave_request", actor=actor, now=NOW, answers=ANSWERS).id

    leave.start(draft_id=draft_id)

    with leave.database.reading() as session:
        assert session.scalars(select(RequestDraft)).all() == []


def test_a_draft_is_its_owners_and_two_windows_do_not_overwrite_each_other(embedded_leave: Leave) -> None:
    database, actor = embedded_leave.database, embedded_leave.actor(REQUESTER)
    with database.transaction() as session:
        draft_id = drafts.create_draft(session, "leave_request", actor=actor, now=NOW).id
    with database.transaction() as session:
        saved = drafts.save_draft(session, draft_id, actor=actor, answers={"days": "2"}, step="days", revision=1, now=NOW)
        assert (saved.revision, saved.step) == (2, "days")

    with pytest.raises(DraftChanged), database.transaction() as session:
        drafts.save_draft(session, draft_id, actor=actor, answers={"days": "9"}, revision=1, now=NOW)
    with pytest.raises(NotFound), database.transaction() as session:
        drafts.get_draft(session, draft_id, actor=embedded_leave.actor(STRANGER))
    with database.transaction() as session:
        assert [draft.answers for draft in drafts.list_drafts(session, actor=actor)] == [{"days": "2"}]


def test_the_requester_takes_a_request_back_and_nothing_stays_open(leave: Leave) -> None:
    case_id = leave.start()
    with leave.database.transaction() as session:
        cases.withdraw(session, case_id, actor=leave.actor(REQUESTER), reason="Other plans", now=NOW)

    case = leave.case(case_id)
    assert (case.state, case.wake_at, case.revision) == ("COMPLETED", None, 2)
    with leave.database.reading() as session:
        assert session.scalars(select(Task.state)).all() == ["CANCELLED"]
        assert session.get_one(AuditEntry, (case_id, 2)).payload["payload"]["reason"] == "Other plans"
    assert leave.problems() == []


@pytest.mark.parametrize("payload", [{}, {"reason": ""}, {"reason": 7}, {"reason": "Mine", "withdrawn_by": "somebody.else"}])
def test_taking_back_asks_for_the_reason_and_nothing_else(leave: Leave, payload: dict[str, Any]) -> None:
    case_id = leave.start()
    number = leave.case(case_id).number

    with pytest.raises(AnswersInvalid), leave.database.transaction() as session:
        cases.send_message(session, "MSG_WITHDRAW", number, payload, actor=leave.actor(REQUESTER), now=NOW)
    assert leave.case(case_id).revision == 1

    with leave.database.transaction() as session:
        cases.send_message(session, "MSG_WITHDRAW", number, {"reason": "Mine"}, actor=leave.actor(REQUESTER), now=NOW)
    with leave.database.reading() as session:
        kept = session.get_one(AuditEntry, (case_id, 2)).payload["payload"]
    assert kept == {"reason": "Mine", "withdrawn_by": REQUESTER}


@pytest.mark.parametrize(("by", "error"), [(REVIEWER, NotAllowed), (STRANGER, NotFound)])
def test_nobody_else_takes_it_back(leave: Leave, by: str, error: type[Exception]) -> None:
    case_id = leave.start()

    with pytest.raises(error), leave.database.transaction() as session:
        cases.withdraw(session, case_id, actor=leave.actor(by), reason="Mine", now=NOW)
    assert leave.problems() == []


def test_a_message_that_nobody_waits_for_is_refused(leave: Leave) -> None:
    case_id = leave.start()
    number = leave.case(case_id).number

    for name, key in (("MSG_COFFEE", number), ("MSG_WITHDRAW", f"{number}-S1")):
        with pytest.raises(MessageNotExpected), leave.database.transaction() as session:
            cases.send_message(session, name, key, {}, actor=SYSTEM, now=NOW)
    with pytest.raises(NotFound), leave.database.transaction() as session:
        cases.send_message(session, "MSG_WITHDRAW", "LV-2026-999999", {}, actor=SYSTEM, now=NOW)
    assert leave.case(case_id).revision == 1


def test_a_message_sent_twice_under_one_key_arrives_once(leave: Leave) -> None:
    case_id = leave.start()
    for _ in range(2):
        with leave.database.transaction() as session:
            cases.withdraw(
                session, case_id, actor=leave.actor(REQUESTER), reason="Other plans", now=NOW, idempotency_key="take-back"
            )

    assert leave.case(case_id).revision == 2
    assert leave.problems() == []


def test_a_case_tells_where_it_stands_who_acted_and_what_lies_behind(leave: Leave) -> None:
    case_id = leave.start()
    leave.review(case_id)

    with leave.database.reading() as session:
        seen = cases.read_case(session, case_id, actor=leave.actor(REQUESTER), now=NOW)

    assert [(stage.element, stage.state, stage.who_name, stage.outcome) for stage in seen.stages] == [
        ("review", "DONE", "Yusra Ben-Halim", "RECOMMEND"),
        ("approve", "OPEN", None, None),
    ]
    assert [(line.act, line.actor_name, line.element) for line in seen.history] == [
        ("start", "Lina Marchetti", None),
        ("complete", "Yusra Ben-Halim", "review"),
    ]
    assert seen.marks == {"start": "done", "review": "done", "gw_review": "done", "approve": "active"}
    assert (seen.variables["days"], seen.is_party, seen.version.version) == (3, True, 1)


def test_a_case_is_closed_to_strangers(leave: Leave) -> None:
    case_id = leave.start()

    with pytest.raises(NotFound), leave.database.reading() as session:
        cases.read_case(session, case_id, actor=leave.actor(STRANGER), now=NOW)
    with leave.database.reading() as session:
        assert cases.list_cases(session, actor=leave.actor(STRANGER), now=NOW, own=False) == ([], 0)
        mine, total = cases.list_cases(session, actor=leave.actor(REQUESTER), now=NOW)
        assert ([case.id for case in mine], total) == ([case_id], 1)
        seen, total = cases.list_cases(session, actor=leave.actor(REVIEWER), now=NOW, own=False, state="OPEN")
        assert ([case.id for case in seen], total) == ([case_id], 1)


def test_reading_a_case_takes_the_same_number_of_queries_however_long_its_history(embedded_leave: Leave) -> None:
    leave = embedded_leave
    case_id = leave.start()
    counts = []
    for act in (lambda: None, lambda: (leave.review(case_id), leave.approve(case_id))):
        act()
        statements: list[str] = []
        stop = watch_statements(leave.database.reading_engine, statements.append)
        with leave.database.reading() as session:
            cases.read_case(session, case_id, actor=leave.actor(REQUESTER), now=NOW)
        stop()
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_message_that_nobody_waits_for_changes_nothing_even_when_the_caller_goes_on(leave: Leave) -> None:
    case_id = leave.start()
    number = leave.case(case_id).number

    with leave.database.transaction() as session, pytest.raises(MessageNotExpected):  # inside: the transaction is committed
        cases.send_message(session, "MSG_COFFEE", number, {}, actor=SYSTEM, now=NOW)

    assert leave.case(case_id).revision == 1
    assert leave.problems() == []


def test_a_message_that_one_case_throws_reaches_the_case_that_waits_for_it(leave: Leave) -> None:
    leave_id = leave.start()
    number = leave.case(leave_id).number
    actor = leave.actor(REQUESTER)
    with leave.database.transaction() as session:
        folder = FOLDER.parent / "leave_notice"
        definitions.publish(session, definitions.read_folder(folder), by="system", now=NOW)

    for told in (number, number, "LV-2026-999999"):
        with leave.database.transaction() as session:
            notice = cases.start_case(session, "leave_notice", actor=actor, answers={"leave": told}, now=NOW)
            assert notice.state == "COMPLETED"
    assert leave.case(leave_id).state == "OPEN", "each receiver has a transaction of its own"
    assert bus.dispatch(leave.database, NOW) == 3

    assert (leave.case(leave_id).state, leave.case(leave_id).revision) == ("COMPLETED", 2)
    assert leave.problems() == []
