"""Whatever happened to a case, it takes its own path again on its own version; and if it cannot, it is known why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import audit, cases, questions, replays, tasks
from services.cases import repairing
from services.models.audit import AuditEntry
from services.models.cases import Case
from tests.rerunning import find_unlike
from tests.services.booking import Booking, publish_booking
from tests.services.failing.steps import DUE, HOUR, repair, stop
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave


@pytest.fixture
def booking(embedded_leave: Leave, monkeypatch: pytest.MonkeyPatch) -> Booking:
    made = publish_booking(embedded_leave)
    made.enter_operations(monkeypatch.setitem)
    return made


def test_a_repaired_case_takes_the_path_that_the_repair_gave_it(booking: Booking) -> None:
    left_out = stop(booking)
    repair(booking, repairing.skip_step, booking.incident(left_out).id, reason="The desk knows.")
    changed = stop(booking)
    booking.mend("try.remind")
    repair(booking, repairing.change_variables, booking.incident(changed).id, values={"room": "Garden 3"}, reason="Typing error")
    in_vain = booking.start_booking()
    booking.fail("try.book")
    booking.ask_in_vain(in_vain)
    repair(booking, repairing.skip_step, booking.incident(in_vain).id, reason="It was booked.", now=NOW)
    booking.ask(in_vain, now=NOW + HOUR / 2)
    booking.mend("try.book", booked=True)
    booking.ask(left_out, now=DUE + 2 * HOUR)
    booking.ask(left_out, now=DUE + 3 * HOUR)

    assert booking.case(left_out).state == "COMPLETED"
    assert find_unlike(booking.database) == []

    forget(booking, left_out, "orders")
    [history] = read(booking, left_out)
    assert (history.acts, history.why) == (None, "UNRECORDED")


def test_clocks_that_stood_still_or_were_looked_at_late_run_the_same_way_again(embedded_leave: Leave) -> None:
    leave = embedded_leave
    asked, late, again = leave.start(), leave.start(), leave.start()
    with leave.database.transaction() as session:
        task = leave.open_task(asked)
        question = questions.ask_requester(session, task.id, text="Which days?", actor=leave.actor(REVIEWER), now=NOW + HOUR)
    with leave.database.transaction() as session:
        actor = leave.actor(REQUESTER)
        questions.answer_question(session, question.id, text="Three.", actor=actor, now=NOW + 31 * HOUR)
    leave.review(late, now=NOW + timedelta(days=9))
    decided = leave.review(again, now=NOW + HOUR)
    with leave.database.transaction() as session:
        tasks.take_back(session, decided.decision.task_id, actor=leave.actor(REVIEWER), now=NOW + HOUR)
    for case_id in (asked, late, again):
        with leave.database.transaction() as session:
            cases.fire_timers(session, case_id, NOW + timedelta(days=20))

    assert find_unlike(leave.database) == []
    [history] = read(leave, late)
    assert "remind" not in "".join(history.path[: history.path.index("approve")]), "nobody looked at its clock before"


def test_of_a_case_that_was_moved_to_another_version_it_is_known_that_it_cannot_be_run_again(embedded_leave: Leave) -> None:
    case_id = embedded_leave.start()
    with embedded_leave.database.transaction() as session:
        case = session.get_one(Case, case_id)
        audit.append(session, case, actor="system", act="migrate", at=NOW, payload={})

    histories = read(embedded_leave, case_id)
    found = replays.Replayed()
    with embedded_leave.database.reading() as session:
        replays.replay(session, None, histories, into=found)

    assert (found.unrecorded, dict(found.reasons)) == (1, {"MOVED": 1})
    assert replays.Replayed.of_json(found.as_json()) == found


def read(leave: Leave, case_id: str) -> list[replays.History]:
    with leave.database.reading() as session:
        return replays.read_histories(session, [case_id])


def forget(leave: Leave, case_id: str, name: str) -> None:
    """Leave something out of the record of a case, as if it were from before that was kept."""
    with leave.database.transaction() as session:
        session.connection().exec_driver_sql("DROP TRIGGER audit_no_update")
        for entry in session.scalars(select(AuditEntry).where(AuditEntry.case_id == case_id)):
            entry.payload = {key: value for key, value in entry.payload.items() if key != name}
