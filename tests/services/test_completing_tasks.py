"""Completing a task: what is checked, in which order, and what is written."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services import cases, tasks
from services.errors import (
    AlreadyDecided,
    ClaimedByOther,
    IdempotencyMismatch,
    NotAllowed,
    NotFound,
    OwnMatter,
    StaleRevision,
    TaskClosed,
)
from services.models import AuditEntry, Decision, OutboxMessage, Task, TaskDraft
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.people import SYSTEM
from tests.services.leave import APPROVER, NOW, REQUESTER, REVIEWER, STRANGER, Leave, count_rows
from tests.statements import watch_statements
from workflows.errors import AnswersInvalid


def test_a_decision_closes_the_task_records_who_decided_and_opens_the_next(leave: Leave) -> None:
    case_id = leave.start()

    done = leave.review(case_id)

    assert (done.case.revision, done.case.state) == (2, "OPEN")
    assert (done.decision.actor_person, done.decision.actor_role, done.decision.capacity) == (REVIEWER, "DSSO", "OWN")
    assert (done.decision.act, done.decision.outcome) == ("RECOMMEND", "RECOMMEND")
    assert [(task.element, task.role, task.area) for task in done.next_tasks] == [("approve", "CSA", "XA-NOR")]
    assert leave.problems() == []


def test_the_last_decision_completes_the_case_and_tells_the_requester(leave: Leave) -> None:
    case_id = leave.start()
    leave.review(case_id)

    done = leave.approve(case_id)

    assert (done.case.state, done.case.outcome, done.case.ended_at, done.case.wake_at) == ("COMPLETED", "GRANTED", NOW, None)
    with leave.database.reading() as session:
        assert session.scalars(select(OutboxMessage.code)).all() == ["N-LV-01"]
    assert leave.problems() == []


def test_a_plain_approval_takes_at_most_nine_statements_and_one_commit(leave: Leave) -> None:
    case_id = leave.start()
    task, actor = leave.open_task(case_id), leave.actor(REVIEWER)
    leave.problems()  # the program is compiled, as it is on a server that runs
    statements: list[str] = []
    stop = watch_statements(leave.database.engine, statements.append)

    with leave.database.transaction() as session:
        tasks.complete_task(session, task.id, actor=actor, answers={"advice": "RECOMMEND"}, revision=1, now=NOW)
    stop()

    assert len(statements) <= 9, "\n".join(statements)
    writes = [statement for statement in statements if statement.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes[0].startswith("UPDATE cases SET revision="), "the first write checks the revision"


def test_the_second_decider_hears_who_was_first_when_and_with_what(leave: Leave) -> None:
    case_id = leave.start()
    task = leave.open_task(case_id)
    leave.review(case_id)

    with pytest.raises(AlreadyDecided) as told:
        leave.complete(task.id, by=REVIEWER, answers={"advice": "NOT_RECOMMEND"})

    assert told.value.facts == {"by": "Yusra Ben-Halim", "at": NOW, "outcome": "RECOMMEND"}


def test_a_refused_act_leaves_no_trace(leave: Leave) -> None:
    case_id = leave.start()
    task = leave.open_task(case_id)
    with leave.database.reading() as session:
        before = count_rows(session, AuditEntry, Decision, Task, OutboxMessage)

    for by, answers, error in (
        (REQUESTER, {"advice": "RECOMMEND"}, NotAllowed),
        (STRANGER, {"advice": "RECOMMEND"}, NotFound),
        (REVIEWER, {}, AnswersInvalid),
        (REVIEWER, {"advice": "RECOMMEND", "salary": 1}, AnswersInvalid),
    ):
        with pytest.raises(error):
            leave.complete(task.id, by=by, answers=answers)

    with leave.database.reading() as session:
        assert count_rows(session, AuditEntry, Decision, Task, OutboxMessage) == before
    assert leave.case(case_id).revision == 1


def test_a_stranger_cannot_tell_a_closed_task_from_none(leave: Leave) -> None:
    case_id = leave.start()
    task = leave.open_task(case_id)
    leave.review(case_id)

    with pytest.raises(NotFound):
        leave.complete(task.id, by=STRANGER, answers={"advice": "RECOMMEND"})
    with pytest.raises(NotFound):
        leave.complete("no-such-task", by=STRANGER, answers={"advice": "RECOMMEND"})


def test_nobody_decides_on_their_own_request(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start(by=REVIEWER)

    with pytest.raises(OwnMatter):
        embedded_leave.complete(embedded_leave.open_task(case_id).id, by=REVIEWER, answers={"advice": "RECOMMEND"})


def test_whoever_recommended_does_not_decide(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start()
    embedded_leave.review(case_id)
    with embedded_leave.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person=REVIEWER, role="CSA", area="XA-NOR", valid_from=NOW))

    with pytest.raises(NotAllowed):
        embedded_leave.complete(embedded_leave.open_task(case_id).id, by=REVIEWER, answers={"decision": "GRANT"}, revision=2)


def test_a_role_that_was_taken_away_after_the_page_was_opened_no_longer_decides(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start()
    task = embedded_leave.open_task(case_id)
    with embedded_leave.database.transaction() as session:
        for holding in session.scalars(select(RoleHolding).where(RoleHolding.person == REVIEWER)):
            holding.valid_to = NOW

    with pytest.raises((NotAllowed, NotFound)):
        embedded_leave.complete(task.id, by=REVIEWER, answers={"advice": "RECOMMEND"})


@pytest.mark.parametrize("revision", [0, 2, 99])
def test_a_revision_that_the_task_never_had_is_refused(embedded_leave: Leave, revision: int) -> None:
    case_id = embedded_leave.start()

    with pytest.raises(StaleRevision):
        embedded_leave.complete(
            embedded_leave.open_task(case_id).id, by=REVIEWER, answers={"advice": "RECOMMEND"}, revision=revision
        )


def test_the_same_key_and_answers_give_the_same_answer_and_change_nothing(leave: Leave) -> None:
    case_id = leave.start()
    task = leave.open_task(case_id)
    sent = {"by": REVIEWER, "answers": {"advice": "RECOMMEND"}, "idempotency_key": "form-1"}

    first = leave.complete(task.id, **sent)
    again = leave.complete(task.id, **sent)

    assert (first.repeated, again.repeated) == (False, True)
    assert again.decision.id == first.decision.id
    assert [task.id for task in again.next_tasks] == [task.id for task in first.next_tasks]
    assert leave.case(case_id).revision == 2
    assert leave.problems() == []


def test_the_same_key_with_other_answers_is_refused(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start()
    task = embedded_leave.open_task(case_id)
    embedded_leave.complete(task.id, by=REVIEWER, answers={"advice": "RECOMMEND"}, idempotency_key="form-1")

    with pytest.raises(IdempotencyMismatch):
        embedded_leave.complete(task.id, by=REVIEWER, answers={"advice": "NOT_RECOMMEND"}, idempotency_key="form-1")


def test_a_task_that_the_case_left_behind_is_closed(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start()
    task = embedded_leave.open_task(case_id)
    with embedded_leave.database.transaction() as session:
        cases.withdraw(session, case_id, actor=embedded_leave.actor(REQUESTER), reason="Other plans", now=NOW)

    with pytest.raises(TaskClosed):
        embedded_leave.complete(task.id, by=REVIEWER, answers={"advice": "RECOMMEND"})


def test_a_task_that_somebody_claimed_is_theirs_until_they_let_go(embedded_leave: Leave) -> None:
    leave = embedded_leave
    case_id = leave.start()
    task_id = leave.open_task(case_id).id
    second = "kofi.drummond"
    with leave.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person=second, role="DSSO", area="XA-NOR", valid_from=NOW))
    with leave.database.transaction() as session:
        tasks.claim_task(session, task_id, actor=leave.actor(second), now=NOW)

    with pytest.raises(ClaimedByOther):
        leave.complete(task_id, by=REVIEWER, answers={"advice": "RECOMMEND"}, revision=2)
    with pytest.raises(NotAllowed), leave.database.transaction() as session:
        tasks.release_task(session, task_id, actor=leave.actor(REVIEWER), now=NOW)
    with leave.database.transaction() as session:
        tasks.release_task(session, task_id, actor=leave.actor(second), now=NOW)
    leave.complete(task_id, by=REVIEWER, answers={"advice": "RECOMMEND"}, revision=3)
    assert leave.problems() == []


def test_a_draft_is_kept_until_the_task_is_done(embedded_leave: Leave) -> None:
    leave = embedded_leave
    task_id = leave.open_task(leave.start()).id
    actor = leave.actor(REVIEWER)
    for typed in ("half a sen", "half a sentence"):
        with leave.database.transaction() as session:
            tasks.save_draft(session, task_id, actor=actor, raw={"remarks": typed}, now=NOW)

    with leave.database.reading() as session:
        seen = tasks.get_task(session, task_id, actor=actor, now=NOW)
        assert (seen.draft, seen.may_act, seen.revision) == ({"remarks": "half a sentence"}, True, 1)
        assert seen.variables["days"] == 3
    leave.complete(task_id, by=REVIEWER, answers={"advice": "RECOMMEND"})
    with leave.database.reading() as session:
        assert session.scalars(select(TaskDraft)).all() == []


def test_a_declared_conflict_takes_the_case_out_of_the_inbox(embedded_leave: Leave) -> None:
    leave = embedded_leave
    case_id = leave.start()
    task_id = leave.open_task(case_id).id
    actor = leave.actor(REVIEWER)
    with leave.database.transaction() as session:
        decision = tasks.declare_conflict(session, task_id, actor=actor, now=NOW, reason="A friend")

    assert (decision.task_id, decision.conflict_declared) == (None, True)
    with leave.database.reading() as session:
        assert tasks.list_inbox(session, actor, now=NOW, view="team").rows == []
    with pytest.raises(NotAllowed):
        leave.complete(task_id, by=REVIEWER, answers={"advice": "RECOMMEND"}, revision=2)
    assert leave.problems() == []


def test_the_requester_sees_the_task_and_why_it_is_not_for_them(embedded_leave: Leave) -> None:
    task_id = embedded_leave.open_task(embedded_leave.start()).id

    with embedded_leave.database.reading() as session:
        seen = tasks.get_task(session, task_id, actor=embedded_leave.actor(REQUESTER), now=NOW)

    assert not seen.may_act
    assert seen.why_not


def test_the_system_holds_no_role_and_completes_nothing(embedded_leave: Leave) -> None:
    task_id = embedded_leave.open_task(embedded_leave.start()).id

    with pytest.raises(NotFound), embedded_leave.database.transaction() as session:
        tasks.complete_task(session, task_id, actor=SYSTEM, answers={"advice": "RECOMMEND"}, revision=1, now=NOW)


def test_the_inbox_takes_the_same_number_of_queries_for_one_task_and_for_thirty(embedded_leave: Leave) -> None:
    leave = embedded_leave
    actor = leave.actor(REVIEWER)
    counts = []
    for cases_more in (1, 29):
        for _ in range(cases_more):
            leave.start()
        statements: list[str] = []
        stop = watch_statements(leave.database.reading_engine, statements.append)
        with leave.database.reading() as session:
            page = tasks.list_inbox(session, actor, now=NOW, view="team", limit=50)
        stop()
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 4
    assert (len(page.rows), page.total, page.team, page.mine, page.roles) == (30, 30, 30, 0, {"DSSO": 30})
    assert [row.number for row in page.rows] == sorted(row.number for row in page.rows)


def test_the_inbox_shows_what_one_claimed_as_ones_own_and_what_one_did_as_done(embedded_leave: Leave) -> None:
    leave = embedded_leave
    actor = leave.actor(REVIEWER)
    first, second = leave.start(), leave.start()
    claimed = leave.open_task(first).id
    with leave.database.transaction() as session:
        tasks.claim_task(session, claimed, actor=actor, now=NOW)
    leave.review(second)

    with leave.database.reading() as session:
        mine = tasks.list_inbox(session, actor, now=NOW)
        team = tasks.list_inbox(session, actor, now=NOW, view="team")
        done = tasks.list_inbox(session, actor, now=NOW, view="done")

    assert [row.task_id for row in mine.rows] == [claimed]
    assert team.rows == []
    assert [(row.case_id, row.outcome) for row in done.rows] == [(second, "RECOMMEND")]
    with leave.database.reading() as session:
        assert [row.role for row in tasks.list_inbox(session, leave.actor(APPROVER), now=NOW, view="team").rows] == ["CSA"]
