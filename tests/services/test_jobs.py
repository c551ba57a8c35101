"""What happens without anybody asking: timers, incidents, notices; on restart, twice, and beside a broken case."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from services import cases, jobs, outbox, timers
from services.database import Database
from services.errors import NotFound, OperationFailed
from services.faults import FaultInjected
from services.mailers import FolderMailer, LogMailer, MemoryMailer, SmtpMailer, mailer_for
from services.models import AuditEntry, CaseIncident, OutboxMessage
from services.outbox import Letter
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave

HOUR = timedelta(hours=1)


class BrokenMailer:
    """Takes no letters."""

    def send(self, letter: Letter) -> None:
        raise ConnectionRefusedError(letter.code)


def test_nothing_fires_before_its_time_and_everything_at_it(leave: Leave) -> None:
    case_id = leave.start()
    assert leave.case(case_id).wake_at == NOW + 4 * HOUR

    early = jobs.run_once(leave.database, MemoryMailer(), NOW + 4 * HOUR - timedelta(seconds=1))
    on_time = jobs.run_once(leave.database, MemoryMailer(), NOW + 4 * HOUR)

    assert (early.timers, on_time.timers) == (0, 1)
    assert leave.case(case_id).wake_at == NOW + 48 * HOUR
    assert leave.problems(now=NOW + 4 * HOUR) == []


def test_timers_that_were_missed_while_nothing_ran_fire_after_the_restart_once(leave: Leave) -> None:
    case_id = leave.start()
    restarted = Database(leave.database.url)
    much_later = NOW + 100 * HOUR

    fired = [jobs.fire_due_timers(restarted, much_later) for _ in range(3)]
    restarted.dispose()

    assert fired == [(1, 0), (0, 0), (0, 0)]
    case = leave.case(case_id)
    assert (case.state, case.ended_at) == ("COMPLETED", much_later)
    with leave.database.reading() as session:
        trail = session.get_one(AuditEntry, (case_id, 2)).payload["trail"]
    passed = [element for kind, element in trail if kind == "entered"]
    assert passed.index("remind") < passed.index("end_lapsed"), "in the order of their moments"
    assert leave.problems(now=much_later) == []


def test_a_case_that_is_over_has_no_timers(leave: Leave) -> None:
    case_id = leave.start()
    with leave.database.transaction() as session:
        cases.withdraw(session, case_id, actor=leave.actor(REQUESTER), reason="Other plans", now=NOW)
    mailer = MemoryMailer()

    report = jobs.run_once(leave.database, mailer, NOW + 100 * HOUR)

    assert (report.timers, mailer.letters) == (0, [])
    with leave.database.reading() as session:
        assert timers.next_due_at(session) is None


def test_a_poisoned_case_becomes_an_incident_and_the_others_go_on(leave: Leave) -> None:
    poisoned, healthy = leave.start(), leave.start()
    with leave.database.transaction() as session:
        session.execute(text("UPDATE cases SET engine_state = :rot WHERE id = :id"), {"rot": b"rot", "id": poisoned})

    first = jobs.fire_due_timers(leave.database, NOW + 5 * HOUR)
    second = jobs.fire_due_timers(leave.database, NOW + 5 * HOUR)

    assert (first, second) == ((1, 1), (0, 0))
    assert (leave.case(poisoned).state, leave.case(healthy).state) == ("INCIDENT", "OPEN")
    with leave.database.reading() as session:
        incident = session.scalars(select(CaseIncident)).one()
        assert (incident.case_id, incident.closed_at) == (poisoned, None)
        assert "cannot be read" in incident.cause
    assert leave.problems(now=NOW + 5 * HOUR) == []
    with pytest.raises(OperationFailed):
        leave.complete(leave.open_task(poisoned).id, by=REVIEWER, answers={"advice": "RECOMMEND"}, revision=2)


def test_a_repaired_case_catches_up(leave: Leave) -> None:
    case_id = leave.start()
    with leave.database.transaction() as session:
        state = session.scalar(text("SELECT engine_state FROM cases"))
        session.execute(text("UPDATE cases SET engine_state = :rot"), {"rot": b"rot"})
    jobs.fire_due_timers(leave.database, NOW + 5 * HOUR)
    with leave.database.transaction() as session:
        session.execute(text("UPDATE cases SET engine_state = :state"), {"state": bytes(state)})
        incident_id = session.scalars(select(CaseIncident.id)).one()

    with leave.database.transaction() as session:
        cases.close_incident(session, incident_id, actor=leave.actor(REVIEWER), now=NOW + 6 * HOUR)
    fired = jobs.fire_due_timers(leave.database, NOW + 6 * HOUR)

    assert fired == (1, 0)
    assert leave.case(case_id).state == "OPEN"
    assert leave.problems(now=NOW + 6 * HOUR) == []
    with pytest.raises(NotFound), leave.database.transaction() as session:
        cases.close_incident(session, incident_id, actor=leave.actor(REVIEWER), now=NOW + 7 * HOUR)


def test_a_notice_leaves_once_to_whoever_it_is_for_in_their_words(leave: Leave) -> None:
    case_id = leave.start()
    leave.review(case_id)
    leave.approve(case_id)
    mailer = MemoryMailer()

    sent = [jobs.deliver(leave.database, mailer, NOW) for _ in range(2)]

    assert sent == [1, 0]
    [letter] = mailer.letters
    assert (letter.person, letter.to, letter.code) == (REQUESTER, "lina.marchetti@demo.example", "N-LV-01")
    assert letter.subject == "Your leave request LV-2026-000001 was decided"
    assert letter.body == "Your request LV-2026-000001 was decided: GRANT."


def test_a_notice_to_a_role_goes_to_those_who_hold_it_when_it_leaves(leave: Leave) -> None:
    leave.start()
    mailer = MemoryMailer()

    jobs.run_once(leave.database, mailer, NOW + 4 * HOUR)

    assert REVIEWER in {letter.person for letter in mailer.letters}
    assert {letter.code for letter in mailer.letters} == {"N-LV-02"}


def test_nothing_is_sent_of_what_was_not_committed(leave: Leave) -> None:
    case_id = leave.start()
    mailer = MemoryMailer()

    with pytest.raises(RuntimeError), leave.database.transaction() as session:
        case = cases.get_case(session, case_id)
        outbox.enqueue(session, outbox.notice(case, "N-LV-01", now=NOW, to_person=REQUESTER))
        session.flush()
        raise RuntimeError
    jobs.deliver(leave.database, mailer, NOW)

    assert mailer.letters == []


def test_whoever_dies_between_sending_and_noting_it_lets_it_be_sent_again_under_the_same_id(
    leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = leave.start()
    with leave.database.transaction() as session:
        outbox.enqueue(session, outbox.notice(cases.get_case(session, case_id), "N-LV-01", now=NOW, to_person=REQUESTER))
    mailer = MemoryMailer()
    monkeypatch.setenv("SC_FAULT", "outbox.before_mark=raise")
    with pytest.raises(FaultInjected):
        jobs.deliver(leave.database, mailer, NOW)
    monkeypatch.delenv("SC_FAULT")

    while_leased = jobs.deliver(leave.database, mailer, NOW + timedelta(seconds=30))
    after_lease = jobs.deliver(leave.database, mailer, NOW + outbox.LEASE)

    assert (while_leased, after_lease) == (0, 1)
    assert len(mailer.letters) == 2
    assert len({letter.message_id for letter in mailer.letters}) == 1


def test_a_mail_server_that_is_down_is_tried_less_and_less_often_and_given_up_in_the_end(leave: Leave) -> None:
    case_id = leave.start()
    with leave.database.transaction() as session:
        outbox.enqueue(session, outbox.notice(cases.get_case(session, case_id), "N-LV-01", now=NOW, to_person=REQUESTER))
    now, tries = NOW, 0
    while tries < 50:
        jobs.deliver(leave.database, BrokenMailer(), now)
        with leave.database.reading() as session:
            row = session.scalars(select(OutboxMessage)).one()
        if row.failed_at:
            break
        assert row.not_before > now
        now, tries = row.not_before, tries + 1

    assert row.attempts == outbox.MOST_ATTEMPTS
    assert row.error == "N-LV-01"
    assert jobs.deliver(leave.database, MemoryMailer(), now + 100 * HOUR) == 0


def test_of_all_notices_under_one_key_the_first_is_kept(leave: Leave) -> None:
    case_id = leave.start()
    for number in range(2):
        with leave.database.transaction() as session:
            case = cases.get_case(session, case_id)
            outbox.enqueue(
                session, outbox.notice(case, "N-LV-01", now=NOW, to_person=REQUESTER, dedupe="one", variables={"n": number})
            )

    with leave.database.reading() as session:
        assert [row.variables for row in outbox.list_of_case(session, case_id)] == [{"n": 0}]


def test_a_notice_whose_text_is_missing_does_not_keep_the_others_waiting(leave: Leave) -> None:
    case_id = leave.start()
    with leave.database.transaction() as session:
        case = cases.get_case(session, case_id)
        outbox.enqueue(session, outbox.notice(case, "N-NO-TEXT", now=NOW, to_person=REQUESTER))
        outbox.enqueue(session, outbox.notice(case, "N-LV-01", now=NOW, to_person=REQUESTER))

    assert jobs.deliver(leave.database, MemoryMailer(), NOW) == 1


def test_the_jobs_run_beside_the_server_until_they_are_told_to_stop(embedded_leave: Leave) -> None:
    embedded_leave.start()
    mailer = MemoryMailer()
    rounds = threading.Semaphore(0)

    def clock():
        rounds.release()
        return NOW + 4 * HOUR

    stop = jobs.start_thread(embedded_leave.database, mailer, clock, pause_s=0.01)
    for _ in range(2):
        assert rounds.acquire(timeout=20)
    stop.set()
    thread = next((thread for thread in threading.enumerate() if thread.name == "jobs"), None)
    if thread is not None:
        thread.join(20)

    assert mailer.letters


def test_a_line_break_in_a_name_or_subject_makes_no_header() -> None:
    letter = Letter(message_id="<1@x>", to="a@demo.example", name="A\r\nBcc: b@x", subject="Hi\r\nBcc: c@x", body="Text")

    mail = letter.as_mail("safeconduct@localhost")

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hi Bcc: c@x"
    assert mail["Message-ID"] == "<1@x>"


def test_the_same_letter_twice_is_one_file(tmp_path) -> None:
    mailer = FolderMailer(folder=tmp_path / "mail")
    letter = Letter(message_id="<1.a@x>", to="a@demo.example", name="A", subject="Hi", body="Text")

    mailer.send(letter)
    mailer.send(letter)

    assert len(list((tmp_path / "mail").iterdir())) == 1


@pytest.mark.parametrize(
    ("address", "kind", "tls", "port"),
    [
        (None, LogMailer, None, None),
        ("file:///var/mail", FolderMailer, None, None),
        ("smtp://mail.example", SmtpMailer, "none", 25),
        ("smtp://u:p%40ss@mail.example:2525", SmtpMailer, "starttls", 2525),
        ("smtps://u:p@mail.example", SmtpMailer, "tls", 465),
    ],
)
def test_a_setting_names_the_way_out(address, kind, tls, port) -> None:
    mailer = mailer_for(address, sender="safeconduct@localhost")

    assert isinstance(mailer, kind)
    assert (getattr(mailer, "tls", None), getattr(mailer, "port", None)) == (tls, port)
