"""When a step fails: what stays as it was, and what is tried again and when."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, text

from services import cases, drafts, jobs, timers
from services.cases import Attempt, failing, incidents, repairing
from services.database import Database
from services.errors import (
    OperationFailed,
    ReasonMissing,
    RepairRefused,
)
from services.models import AuditEntry, CaseIncident, Decision, Task
from services.people import SYSTEM
from services.progress import Act, ensure_tasks_match, store_run
from tests.services.booking import OWNER, ROOM, Booking
from tests.services.failing.steps import DUE, HOUR, MINUTE, repair, sweep
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave, count_rows
from tests.statements import watch_statements
from workflows import engine


def test_when_a_step_behind_a_task_fails_everything_is_as_before_and_the_person_may_try_again(booking: Booking) -> None:
    booking.fail("try.book")
    case_id = booking.start_booking()
    with booking.database.reading() as session:
        before = count_rows(session, AuditEntry, Decision, Task)

    first = booking.ask_in_vain(case_id)
    second = booking.ask_in_vain(case_id, now=NOW + MINUTE)

    with booking.database.reading() as session:
        assert count_rows(session, AuditEntry, Decision, Task) == before
    case = booking.case(case_id)
    assert (case.state, case.revision, case.failures) == ("OPEN", 1, 1)
    assert (first.id, second.attempts, second.failed_at) == (second.id, 2, NOW + MINUTE)
    assert (second.state, second.act, second.element, second.place) == ("FAILED", "complete", "book", "book")
    assert (second.operation, second.task_id) == ("try.book", booking.open_task(case_id).id)
    assert re.fullmatch(r"[0-9A-F]{8}", cases.reference_of(second))
    assert booking.problems() == []


def test_the_same_act_succeeding_closes_the_incident(booking: Booking) -> None:
    booking.fail("try.book")
    case_id = booking.start_booking()
    booking.ask_in_vain(case_id)
    booking.mend("try.book", booked=True)

    booking.ask(case_id, now=NOW + HOUR)

    incident = booking.incident(case_id)
    assert (incident.state, incident.closed_at, incident.closed_by) == ("CLOSED", NOW + HOUR, REVIEWER)
    assert booking.case(case_id).failures == 0
    assert booking.open_task(case_id).element == "confirm"
    assert booking.problems() == []


def test_an_incident_of_a_task_is_closed_when_the_case_goes_on_without_it(leave: Leave) -> None:
    case_id = leave.start()
    task = leave.open_task(case_id)
    attempt = Attempt(act="complete", actor=leave.actor(REVIEWER), case_id=case_id, task_id=task.id)
    with leave.database.transaction() as session:
        incidents.note_failure(session, OperationFailed(cause="No."), attempt, now=NOW)

    with leave.database.transaction() as session:
        cases.withdraw(session, case_id, actor=leave.actor(REQUESTER), reason="Other plans", now=NOW)

    with leave.database.reading() as session:
        assert session.scalars(select(CaseIncident.state)).all() == ["CLOSED"]
    assert leave.problems() == []


def test_a_message_that_cannot_be_handled_is_an_incident_and_its_success_closes_it(booking: Booking) -> None:
    booking.fail("try.move")
    case_id = booking.start_booking()
    number = booking.case(case_id).number
    with pytest.raises(OperationFailed) as failed, booking.database.transaction() as session:
        cases.send_message(session, "MSG_MOVE", number, {}, actor=SYSTEM, now=NOW)
    attempt = Attempt(act="message", actor=SYSTEM, case_id=case_id, about="MSG_MOVE")
    with booking.database.transaction() as session:
        incident = incidents.note_failure(session, failed.value, attempt, now=NOW)
    assert (incident.element, incident.place) == ("move", "moving/move")
    booking.mend("try.move")

    with booking.database.transaction() as session:
        cases.send_message(session, "MSG_MOVE", number, {}, actor=SYSTEM, now=NOW)

    assert booking.incident(case_id).state == "CLOSED"


def test_a_request_that_cannot_be_sent_is_an_incident_without_a_case_until_it_is_sent(booking: Booking) -> None:
    actor = booking.actor(REQUESTER)
    with booking.database.transaction() as session:
        draft_id = drafts.create_draft(session, "booking", actor=actor, now=NOW).id
    attempt = Attempt(act="start", actor=actor, process_key="booking", about=draft_id, typed={"room": ROOM})
    error = OperationFailed(cause=f"There is no room {ROOM}.")
    for _ in range(2):
        with booking.database.transaction() as session:
            incidents.note_failure(session, error, attempt, now=NOW)
    incident = booking.incident(None)
    assert (incident.process_key, incident.attempts, incident.cause) == ("booking", 2, "There is no room ….")

    booking.start_booking(draft_id=draft_id)

    assert booking.incident(None).state == "CLOSED"


def test_a_request_that_could_not_be_sent_is_dismissed_with_a_reason_that_is_kept(booking: Booking) -> None:
    attempt = Attempt(act="start", actor=booking.actor(REQUESTER), process_key="booking", about="a draft")
    with booking.database.transaction() as session:
        incident = incidents.note_failure(session, OperationFailed(cause="No."), attempt, now=NOW)
    for act in (repairing.skip_step, repairing.break_glass):
        with pytest.raises(RepairRefused):
            repair(booking, act, incident.id, reason="Please")
    with pytest.raises(ReasonMissing):
        repair(booking, repairing.dismiss_incident, incident.id, reason="")

    repair(booking, repairing.dismiss_incident, incident.id, reason="The draft was given up.")

    closed = booking.incident(None)
    assert (closed.state, closed.closed_by, closed.closed_how) == ("CLOSED", OWNER, "dismiss")
    assert closed.detail.startswith("The draft was given up.")


def test_an_act_without_failures_before_it_costs_no_more_statements(embedded_booking: Booking) -> None:
    booking = embedded_booking
    case_id = booking.start_booking()
    statements: list[str] = []
    end = watch_statements(booking.database.engine, statements.append)

    booking.ask(case_id)

    end()
    assert not [statement for statement in statements if "case_incidents" in statement]


# What happens by itself.


def test_what_fails_by_itself_is_tried_again_with_growing_pauses_and_put_aside_in_the_end(booking: Booking) -> None:
    booking.fail("try.remind")
    case_id, healthy = booking.start_booking(), booking.start()

    assert sweep(booking, DUE) == (0, 0)
    first = booking.incident(case_id)
    assert (first.state, first.attempts, first.retry_at) == ("RETRYING", 1, DUE + 2 * MINUTE)
    assert booking.case(case_id).state == "OPEN"
    assert sweep(booking, DUE + MINUTE) == (0, 0)
    assert booking.incident(case_id).attempts == 1, "nothing is tried before its time"

    sweep(booking, DUE + 2 * MINUTE)
    second = booking.incident(case_id)
    assert (second.id, second.attempts, second.retry_at) == (first.id, 2, DUE + 6 * MINUTE)

    assert sweep(booking, DUE + 6 * MINUTE) == (0, 1)
    last = booking.incident(case_id)
    assert (last.state, last.attempts, last.retry_at, last.element) == ("STOPPED", 3, None, "remind")
    assert (booking.case(case_id).state, booking.case(healthy).state) == ("INCIDENT", "OPEN")
    assert len(booking.calls) == 3
    assert sweep(booking, DUE + 24 * HOUR) == (1, 0), "the other case goes on"
    [entry] = booking.entries(case_id, "incident")
    assert (entry.actor, entry.payload["element"], entry.payload["attempts"]) == ("system", "remind", 3)
    assert booking.problems(now=DUE + 24 * HOUR) == []


def test_the_moment_of_the_next_attempt_survives_a_restart(booking: Booking) -> None:
    booking.fail("try.remind")
    case_id = booking.start_booking()
    sweep(booking, DUE)
    booking.mend("try.remind")

    restarted = Database(booking.database.url)
    with restarted.reading() as session:
        assert timers.next_due_at(session) == DUE + 2 * MINUTE
    fired = [jobs.fire_due_timers(restarted, moment) for moment in (DUE + MINUTE, DUE + 2 * MINUTE, DUE + 3 * MINUTE)]
    restarted.dispose()

    assert fired == [(0, 0), (1, 0), (0, 0)]
    assert booking.incident(case_id).state == "CLOSED"
    case = booking.case(case_id)
    assert (case.retry_at, case.failures) == (None, 0)
    assert booking.problems(now=DUE + 3 * MINUTE) == []


def test_people_go_on_working_in_a_case_whose_timer_fails(booking: Booking) -> None:
    booking.fail("try.remind")
    booking.mend("try.book", booked=True)
    case_id = booking.start_booking()
    sweep(booking, DUE)

    booking.ask(case_id, now=DUE + MINUTE)

    assert booking.open_task(case_id).element == "confirm"
    assert sweep(booking, DUE + HOUR) == (0, 0)
    assert booking.problems(now=DUE + HOUR) == []


def test_a_case_that_is_over_needs_no_incident(booking: Booking) -> None:
    case_id = booking.start()
    with booking.database.transaction() as session:
        cases.withdraw(session, case_id, actor=booking.actor(REQUESTER), reason="Other plans", now=NOW)

    with booking.database.transaction() as session:
        assert incidents.note_attempt(session, case_id, OperationFailed(cause="Late."), now=NOW) is None

    assert booking.case(case_id).state == "COMPLETED"


@pytest.mark.parametrize(
    ("operation", "retries", "headers", "attempts", "pauses"),
    [
        ("try.book", None, {}, 3, [1, 2, None]),
        ("try.book", "1", {}, 1, [None]),
        ("try.book", "4", {"retry.backoff": "PT10M"}, 4, [10, 20, 40, None]),
        ("try.book", "many", {"retry.backoff": "soon"}, 3, [1, 2, None]),
        ("try.book", "3", {"retry.backoff": "P1D"}, 3, [1440, 1440, None]),
        (None, None, {}, 1, [None]),
    ],
)
def test_the_diagram_says_how_often_and_how_soon(operation, retries, headers, attempts, pauses) -> None:
    element = engine.Element(id="book", kind="serviceTask", operation=operation, retries=retries, headers=headers)

    policy = failing.policy_of(element)

    assert policy.attempts == attempts
    moments = [policy.next_after(number, NOW) for number in range(1, len(pauses) + 1)]
    assert moments == [pause and NOW + pause * MINUTE for pause in pauses]


def test_an_error_of_the_program_is_told_by_its_kind_only(booking: Booking) -> None:
    booking.fail("try.book", KeyError(f"secret {ROOM}"))
    case_id = booking.start_booking()

    incident = booking.ask_in_vain(case_id)

    assert incident.cause == "The program made an error (KeyError)."
    assert "secret" in incident.detail


def test_a_cause_does_not_tell_what_the_case_knows_or_what_was_typed(booking: Booking) -> None:
    typed = "Ask for Amina\nafter nine"
    booking.fail("try.book", OperationFailed(cause=f"No room {ROOM} for {REQUESTER} at 4711: Ask for Amina after nine."))
    case_id = booking.start_booking()

    incident = booking.ask_in_vain(case_id, remarks=typed)

    assert ROOM not in incident.cause
    assert REQUESTER not in incident.cause
    assert "Amina" not in incident.cause
    assert failing.conceal("Room 12 costs 4711, 47 is no part of 4711x.", {"a": [{"b": 4711}], "c": True}) == (
        "Room 12 costs …, 47 is no part of 4711x."
    )


# Open tasks and stored tasks.


def test_an_act_that_would_give_up_a_task_that_is_not_open_is_undone_and_becomes_an_incident(booking: Booking) -> None:
    case_id = booking.start()
    with booking.database.transaction() as session:
        session.execute(text("UPDATE tasks SET state = 'CANCELLED' WHERE case_id = :id"), {"id": case_id})

    sweep(booking, NOW + 4 * HOUR)
    assert sweep(booking, NOW + 48 * HOUR) == (0, 1)

    case = booking.case(case_id)
    assert (case.state, case.ended_at) == ("INCIDENT", None)


def test_a_run_whose_open_tasks_are_not_those_that_it_tells_of_is_not_stored(booking: Booking) -> None:
    case_id = booking.start_booking()
    with booking.database.transaction() as session:
        case = cases.loading.take_case(session, case_id)
        run = cases.loading.restore_run(session, case, actor=SYSTEM, now=NOW)
        run.complete(booking.open_task(case_id).id, {})
        ensure_tasks_match(run)
        run.changes.opened.clear()

        with pytest.raises(OperationFailed):
            ensure_tasks_match(run)


def test_a_case_that_could_never_move_again_is_not_stored(booking: Booking) -> None:
    case_id = booking.start_booking()
    with booking.database.transaction() as session:
        case = cases.loading.take_case(session, case_id)
        run = cases.loading.restore_run(session, case, actor=SYSTEM, now=NOW)
        [reminder] = [task for task, _ in run.waiting() if task.task_spec.name == "reminder"]
        reminder.internal_data["host"] = "nobody"

        with pytest.raises(OperationFailed):
            store_run(session, case, run, Act(name="timer", actor=SYSTEM, now=NOW))
        session.rollback()

    assert booking.case(case_id).revision == 1
