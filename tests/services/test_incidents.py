"""When a step fails: what stays as it was, what is tried again and when, and how it is repaired."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from services import cases, drafts, jobs, timers
from services.cases import Attempt, caretaking, failing, incidents, repairing
from services.database import Database
from services.errors import (
    IncidentClosed,
    NotFound,
    OperationFailed,
    OwnMatter,
    ReasonMissing,
    RepairRefused,
)
from services.models import AuditEntry, CaseIncident, Decision, Task
from services.people import SYSTEM
from services.progress import Act, ensure_tasks_match, store_run
from tests.services.booking import ADMINISTRATOR, OTHER_OWNER, OWNER, ROOM, Booking, publish_booking
from tests.services.leave import NOW, REQUESTER, REVIEWER, STRANGER, Leave, count_rows, watch_statements
from workflows import engine

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DUE = NOW + HOUR


@pytest.fixture
def booking(leave: Leave, monkeypatch: pytest.MonkeyPatch) -> Booking:
    made = publish_booking(leave)
    made.enter_operations(monkeypatch.setitem)
    return made


@pytest.fixture
def embedded_booking(embedded_leave: Leave, monkeypatch: pytest.MonkeyPatch) -> Booking:
    made = publish_booking(embedded_leave)
    made.enter_operations(monkeypatch.setitem)
    return made


def sweep(booking: Booking, now) -> tuple[int, int]:
    return jobs.fire_due_timers(booking.database, now)


def stop(booking: Booking) -> str:
    """A case that was put aside because its reminder failed three times."""
    booking.fail("try.remind")
    case_id = booking.start_booking()
    for moment in (DUE, DUE + 2 * MINUTE, DUE + 6 * MINUTE):
        sweep(booking, moment)
    assert booking.case(case_id).state == "INCIDENT"
    return case_id


def repair(booking: Booking, act, incident_id: str, *, by: str = OWNER, now=DUE + HOUR, **more):
    actor = booking.actor(by)
    with booking.database.transaction() as session:
        return act(session, incident_id, actor=actor, now=now, **more)


# What a person does.


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


# Repair.


def test_trying_again_after_the_cause_is_mended_lets_the_case_go_on(booking: Booking) -> None:
    case_id = stop(booking)
    booking.mend("try.remind")

    repair(booking, repairing.retry_step, booking.incident(case_id).id)

    incident = booking.incident(case_id)
    assert (incident.state, incident.closed_by, incident.closed_how) == ("CLOSED", OWNER, "retry")
    assert (booking.case(case_id).state, booking.case(case_id).failures) == ("OPEN", 0)
    assert [entry.act for entry in all_entries(booking, case_id)] == ["start", "incident", "repair", "timer"]
    [entry] = booking.entries(case_id, "repair")
    assert (entry.actor, entry.payload["how"], entry.payload["state"]) == (OWNER, "retry", ["INCIDENT", "OPEN"])
    assert booking.problems(now=DUE + HOUR) == []


def all_entries(booking: Booking, case_id: str) -> list[AuditEntry]:
    with booking.database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.case_id == case_id).order_by(AuditEntry.seq)))


def test_trying_again_in_vain_changes_nothing_but_the_count(booking: Booking) -> None:
    case_id = stop(booking)
    incident = booking.incident(case_id)

    with pytest.raises(OperationFailed) as failed:
        repair(booking, repairing.retry_step, incident.id)
    with booking.database.transaction() as session:
        incidents.note_again(session, incident.id, failed.value, now=DUE + HOUR)

    again = booking.incident(case_id)
    assert (again.state, again.attempts, again.failed_at) == ("STOPPED", 4, DUE + HOUR)
    assert booking.case(case_id).state == "INCIDENT"
    assert booking.entries(case_id, "repair") == []


def test_a_step_can_be_left_out_with_a_reason(booking: Booking) -> None:
    case_id = stop(booking)
    calls = len(booking.calls)

    repair(booking, repairing.skip_step, booking.incident(case_id).id, reason="The desk knows.")

    assert len(booking.calls) == calls, "it is not carried out"
    [entry] = booking.entries(case_id, "repair")
    assert (entry.payload["how"], entry.payload["reason"], entry.payload["element"]) == ("skip", "The desk knows.", "remind")
    [fired] = booking.entries(case_id, "timer")
    assert ["skipped", "remind"] in fired.payload["trail"]
    assert ["left", "end_reminded"] in fired.payload["trail"]
    assert booking.case(case_id).state == "OPEN"
    assert booking.problems(now=DUE + HOUR) == []


def test_a_step_behind_a_task_is_left_out_when_the_person_tries_again(booking: Booking) -> None:
    booking.fail("try.book")
    case_id = booking.start_booking()
    incident = booking.ask_in_vain(case_id)
    calls = len(booking.calls)

    repair(booking, repairing.skip_step, incident.id, reason="Booked by telephone.", now=NOW)
    assert (booking.open_task(case_id).element, booking.incident(case_id).state) == ("ask", "FAILED")
    booking.ask(case_id)

    assert len(booking.calls) == calls
    assert booking.open_task(case_id).element == "confirm"
    assert booking.incident(case_id).state == "CLOSED"
    assert booking.problems() == []


def test_a_variable_that_the_step_reads_can_be_changed_and_no_other(booking: Booking) -> None:
    case_id = stop(booking)
    booking.mend("try.remind")
    incident_id = booking.incident(case_id).id
    with booking.database.reading() as session:
        assert repairing.names_of(session, booking.incident(case_id)) == ["room"]
    for values in ({"area": "XB"}, {}, {"room": "A", "outcome": "GRANTED"}):
        with pytest.raises(RepairRefused):
            repair(booking, repairing.change_variables, incident_id, values=values, reason="Typing error")

    repair(booking, repairing.change_variables, incident_id, values={"room": "Garden 3"}, reason="Typing error")

    assert booking.calls[-1] == ("try.remind", "Garden 3")
    [entry] = booking.entries(case_id, "repair")
    assert (entry.payload["variables"], entry.payload["reason"]) == (["room"], "Typing error")
    assert "Garden" not in str(entry.payload)
    with booking.database.reading() as session:
        case = cases.get_case(session, case_id)
        assert cases.loading.look_into(session, case, now=NOW).variables["room"] == "Garden 3"
    assert booking.problems(now=DUE + HOUR) == []


@pytest.mark.parametrize("act", [repairing.skip_step, repairing.dismiss_incident, repairing.break_glass])
def test_whatever_changes_or_shows_a_case_needs_a_reason(embedded_booking: Booking, act) -> None:
    booking = embedded_booking
    booking.fail("try.book")
    incident = booking.ask_in_vain(booking.start_booking())

    with pytest.raises(ReasonMissing):
        repair(booking, act, incident.id, reason="  ")


def test_a_failed_act_of_a_person_is_not_repeated_for_them_and_can_be_dismissed(booking: Booking) -> None:
    booking.fail("try.book")
    case_id = booking.start_booking()
    incident = booking.ask_in_vain(case_id)
    with pytest.raises(RepairRefused):
        repair(booking, repairing.retry_step, incident.id)

    repair(booking, repairing.dismiss_incident, incident.id, reason="Mended in the office.", now=NOW)

    assert (booking.incident(case_id).closed_how, booking.case(case_id).failures) == ("dismiss", 0)
    assert booking.entries(case_id, "repair")[0].payload["reason"] == "Mended in the office."
    with pytest.raises(IncidentClosed):
        repair(booking, repairing.dismiss_incident, incident.id, reason="Again.")
    with pytest.raises(RepairRefused):
        repair(booking, repairing.dismiss_incident, booking.incident(stop(booking)).id, reason="Let it be.")
    assert booking.problems(now=DUE + HOUR) == []


def test_the_values_are_shown_only_behind_a_glass_and_the_case_says_who_broke_it(booking: Booking) -> None:
    case_id = stop(booking)

    seen = repair(booking, repairing.break_glass, booking.incident(case_id).id, reason="To find the room.")

    assert seen.values == {"room": ROOM}
    [entry] = booking.entries(case_id, "break_glass")
    assert (entry.actor, entry.payload["variables"], entry.payload["reason"]) == (OWNER, ["room"], "To find the room.")
    with booking.database.reading() as session:
        view = cases.read_case(session, case_id, actor=booking.actor(REQUESTER), now=NOW)
    assert [event.act for event in view.history][-1] == "break_glass"
    assert booking.problems(now=DUE + HOUR) == []


def test_those_who_look_after_the_process_or_the_system_see_incidents_and_nobody_else(booking: Booking) -> None:
    case_id = stop(booking)
    incident_id = booking.incident(case_id).id
    for person, sees in ((OWNER, 1), (ADMINISTRATOR, 1), (OTHER_OWNER, 0), (REVIEWER, 0), (REQUESTER, 0), (STRANGER, 0)):
        actor = booking.actor(person)
        with booking.database.reading() as session:
            assert len(caretaking.list_incidents(session, actor=actor, now=NOW)) == sees, person
            count = caretaking.count_waiting(session, actor=actor, now=NOW)
        assert count == (sees if person in {OWNER, ADMINISTRATOR, OTHER_OWNER} else None), person
        if not sees:
            for act in (repairing.retry_step, repairing.break_glass):
                with pytest.raises(NotFound):
                    repair(booking, act, incident_id, by=person, **({"reason": "x"} if act is repairing.break_glass else {}))
    with booking.database.reading() as session, pytest.raises(NotFound):
        cases.read_case(session, case_id, actor=booking.actor(OWNER), now=NOW)


def test_nobody_repairs_the_own_case(booking: Booking) -> None:
    booking.fail("try.remind")
    case_id = booking.start_booking(by=OWNER)
    sweep(booking, DUE)

    with pytest.raises(OwnMatter):
        repair(booking, repairing.retry_step, booking.incident(case_id).id)


def test_an_incident_is_found_by_the_code_that_people_speak_of(embedded_booking: Booking) -> None:
    incident = embedded_booking.incident(stop(embedded_booking))
    actor = embedded_booking.actor(ADMINISTRATOR)

    with embedded_booking.database.reading() as session:
        found = caretaking.read_incident(session, cases.reference_of(incident), actor=actor, now=NOW)
        assert found.incident.id == incident.id
        for reference in ("", "%", "________", incident.id[:4]):
            with pytest.raises(NotFound):
                caretaking.read_incident(session, reference, actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("element", "may"),
    [
        ({"kind": "serviceTask", "operation": "notify.send"}, True),
        ({"kind": "scriptTask", "script": ("1", "x")}, True),
        ({"kind": "sendTask", "operation": "notify.send"}, True),
        ({"kind": "endEvent", "operation": "notify.send"}, True),
        ({"kind": "serviceTask", "operation": "x", "properties": {"act": "DECIDE"}}, False),
        ({"kind": "businessRuleTask", "called_decision": ("D1", "x")}, False),
        ({"kind": "userTask"}, False),
        ({"kind": "exclusiveGateway"}, False),
        ({"kind": "callActivity"}, False),
        ({"kind": "intermediateCatchEvent"}, False),
    ],
)
def test_only_what_the_system_carries_out_and_nobody_decides_is_left_out(element, may) -> None:
    assert (engine.why_not_left_out(engine.Element(id="x", **element)) == "") is may
