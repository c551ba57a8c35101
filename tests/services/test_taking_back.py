"""Taking a decision back: until the next person has acted, by whoever took it, and never by editing what was written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services import authority, jobs, tasks
from services.errors import (
    ActedSince,
    AlreadyDecided,
    InOtherHands,
    NotAllowed,
    NotFound,
    ReasonMissing,
    TaskClosed,
    TooLateToTakeBack,
)
from services.mailers import MemoryMailer
from services.models import AuditEntry, Decision, OutboxMessage, Task, TaskDraft
from tests.services.leave import APPROVER, NOW, REQUESTER, REVIEWER, STRANGER, Leave
from tests.services.test_races import at_once, meet_at_the_lock

SOON, LATER = NOW + timedelta(seconds=9), NOW + timedelta(minutes=9)


def take_back(leave: Leave, task_id: str, *, by: str = REVIEWER, now: Any = SOON, reason: str = "") -> tasks.TakenBack:
    actor = leave.actor(by)
    with leave.database.transaction() as session:
        return tasks.take_back(session, task_id, actor=actor, now=now, reason=reason)


def rows_of(leave: Leave, table: Any) -> list[Any]:
    with leave.database.reading() as session:
        return list(session.scalars(select(table)))


def test_a_decision_is_taken_back_by_another_record_and_the_step_is_open_again(leave: Leave) -> None:
    case_id = leave.start()
    reviewed = leave.open_task(case_id).id
    first = leave.review(case_id).decision
    offered = leave.open_task(case_id).id

    taken = take_back(leave, reviewed)

    again = leave.open_task(case_id)
    assert (again.id, again.element, again.claimed_by) == (taken.task.id, "review", REVIEWER)
    assert again.id not in {reviewed, offered}
    states = {task.id: task.state for task in rows_of(leave, Task)}
    assert states == {reviewed: "DONE", offered: "CANCELLED", again.id: "OPEN"}
    kept = {decision.id: (decision.act, decision.outcome, decision.supersedes_id) for decision in rows_of(leave, Decision)}
    assert kept == {
        first.id: ("RECOMMEND", "RECOMMEND", None),
        taken.decision.id: ("TAKE_BACK", "RECOMMEND", first.id),
    }
    assert [draft.answers for draft in rows_of(leave, TaskDraft)] == [{"advice": "RECOMMEND"}]
    assert [entry.act for entry in rows_of(leave, AuditEntry)] == ["start", "complete", "take_back"]
    assert leave.problems() == []


def test_whoever_took_it_back_decides_again_and_only_that_counts(leave: Leave) -> None:
    case_id = leave.start()
    reviewed = leave.open_task(case_id).id
    leave.review(case_id)
    take_back(leave, reviewed)

    answers = {"advice": "RECOMMEND", "remarks": "With the right dates"}
    done = leave.complete(leave.open_task(case_id).id, by=REVIEWER, answers=answers, revision=3, now=SOON)
    leave.approve(case_id, now=SOON)

    assert done.decision.answers == answers
    assert leave.case(case_id).outcome == "GRANTED"
    assert leave.problems() == []


def test_taking_it_back_twice_does_it_once(leave: Leave) -> None:
    case_id = leave.start()
    reviewed = leave.open_task(case_id).id
    leave.review(case_id)

    first, second = take_back(leave, reviewed), take_back(leave, reviewed, now=LATER)

    assert (first.decision.id, first.task.id) == (second.decision.id, second.task.id)
    assert leave.case(case_id).revision == 3


def test_only_whoever_decided_takes_it_back(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start()
    reviewed = embedded_leave.open_task(case_id).id
    with pytest.raises(NotAllowed):
        take_back(embedded_leave, reviewed)
    embedded_leave.review(case_id)

    for person, refusal in ((APPROVER, NotAllowed), (REQUESTER, NotAllowed), (STRANGER, NotFound)):
        with pytest.raises(refusal):
            take_back(embedded_leave, reviewed, by=person)
    with pytest.raises(NotFound):
        take_back(embedded_leave, "no-such-task")

    assert embedded_leave.case(case_id).revision == 2


def test_it_is_too_late_once_the_next_person_has_acted(leave: Leave) -> None:
    case_id = leave.start()
    reviewed = leave.open_task(case_id).id
    leave.review(case_id)
    leave.approve(case_id)

    with pytest.raises(ActedSince) as told:
        take_back(leave, reviewed)

    assert told.value.facts == {"by": "Naledi Vanter", "at": NOW}
    assert leave.case(case_id).outcome == "GRANTED"


def test_it_is_too_late_while_somebody_has_the_next_step_in_hand(embedded_leave: Leave) -> None:
    leave = embedded_leave
    case_id = leave.start()
    reviewed = leave.open_task(case_id).id
    leave.review(case_id)
    following, approver = leave.open_task(case_id).id, leave.actor(APPROVER)
    with leave.database.transaction() as session:
        tasks.claim_task(session, following, actor=approver, now=SOON)

    with pytest.raises(InOtherHands) as told:
        take_back(leave, reviewed, now=SOON)
    with leave.database.transaction() as session:
        tasks.release_task(session, following, actor=approver, now=SOON)
    take_back(leave, reviewed, now=SOON)

    assert told.value.facts == {"by": "Naledi Vanter", "at": SOON}
    assert leave.problems() == []


def test_after_a_moment_it_needs_a_reason_which_stays_on_record(leave: Leave) -> None:
    case_id = leave.start()
    reviewed = leave.open_task(case_id).id
    leave.review(case_id)

    with pytest.raises(ReasonMissing):
        take_back(leave, reviewed, now=LATER, reason="  ")
    taken = take_back(leave, reviewed, now=LATER, reason="I read the wrong dates")

    assert taken.decision.reason_text == "I read the wrong dates"
    assert leave.problems() == []


def test_the_end_of_a_case_is_taken_back_only_at_once(leave: Leave) -> None:
    one, other = leave.start(), leave.start()
    approved = {}
    for case_id in (one, other):
        leave.review(case_id)
        approved[case_id] = leave.open_task(case_id).id
        assert leave.approve(case_id).case.state == "COMPLETED"

    take_back(leave, approved[one], by=APPROVER)
    with pytest.raises(TooLateToTakeBack):
        take_back(leave, approved[other], by=APPROVER, now=LATER, reason="A slip")

    case = leave.case(one)
    assert (case.state, case.outcome, case.ended_at, leave.open_task(one).element) == ("OPEN", None, None, "approve")
    assert leave.problems() == []


def test_what_an_ended_case_keeps_for_that_is_forgotten(leave: Leave) -> None:
    case_id = leave.start()
    leave.review(case_id)
    leave.approve(case_id)

    jobs.run_once(leave.database, MemoryMailer(), SOON)
    kept = leave.case(case_id).undo_of
    jobs.run_once(leave.database, MemoryMailer(), LATER)

    assert kept is not None
    assert leave.case(case_id).undo_of is None


def test_a_notice_that_is_held_back_never_leaves(leave: Leave) -> None:
    case_id, mailer = leave.start(), MemoryMailer()
    leave.review(case_id)
    approved = leave.open_task(case_id).id
    leave.approve(case_id, held=tasks.GRACE)

    jobs.run_once(leave.database, mailer, SOON)
    take_back(leave, approved, by=APPROVER)
    jobs.run_once(leave.database, mailer, LATER)

    assert mailer.letters == []
    assert rows_of(leave, OutboxMessage) == []


def test_a_notice_that_is_held_back_leaves_after_a_moment(leave: Leave) -> None:
    case_id, mailer = leave.start(), MemoryMailer()
    leave.review(case_id)
    leave.approve(case_id, held=tasks.GRACE)

    jobs.run_once(leave.database, mailer, NOW + tasks.GRACE)

    assert [letter.code for letter in mailer.letters] == ["N-LV-01"]


def test_whoever_was_told_is_told_that_it_was_taken_back_and_is_told_again(leave: Leave) -> None:
    case_id, mailer = leave.start(), MemoryMailer()
    leave.review(case_id)
    approved = leave.open_task(case_id).id
    leave.approve(case_id)
    jobs.run_once(leave.database, mailer, NOW)

    take_back(leave, approved, by=APPROVER)
    jobs.run_once(leave.database, mailer, SOON)
    leave.approve(case_id, now=SOON)
    jobs.run_once(leave.database, mailer, SOON)

    told = [(letter.code, letter.person) for letter in mailer.letters]
    assert told == [("N-LV-01", REQUESTER), ("N-ALL-04", REQUESTER), ("N-LV-01", REQUESTER)]


def test_taking_back_and_the_next_decision_at_once_leave_one_truth(leave: Leave) -> None:
    team = leave
    case_id = team.start()
    reviewed = team.open_task(case_id).id
    team.review(case_id)
    following = team.open_task(case_id).id
    meet_at_the_lock(team, 2)

    came = at_once(
        lambda: take_back(team, reviewed),
        lambda: team.complete(following, by=APPROVER, answers={"decision": "GRANT"}, revision=2),
    )

    lost = [each for each in came if isinstance(each, Exception)]
    assert len(lost) == 1
    assert isinstance(lost[0], TooLateToTakeBack | AlreadyDecided | TaskClosed)
    assert team.problems() == []


def test_a_taken_back_advice_keeps_nobody_from_deciding(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start()
    reviewed = embedded_leave.open_task(case_id).id
    embedded_leave.review(case_id)
    take_back(embedded_leave, reviewed)

    with embedded_leave.database.reading() as session:
        named = {each.person for each in authority.candidates(session, embedded_leave.open_task(case_id), SOON)}

    assert REVIEWER in named
