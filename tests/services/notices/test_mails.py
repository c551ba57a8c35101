"""Notices on pages and in mailboxes: once each, when and as each reader wants, with no more than each may read."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from sqlalchemy.orm import Session

from services import cases, jobs, notices, outbox
from services.errors import NotFound
from services.faults import FaultInjected
from services.mailers import GatewayUnfit, MemoryMailer, ensure_gateway, mailer_for
from services.models.authority import RoleHolding
from services.models.cases import CaseParty, Task
from services.models.confinements import CaseConfinement
from services.models.notices import Notice
from services.models.outbox import OutboxMessage
from services.models.people import Person
from services.outbox import ADDRESS, Letter
from services.people import actor_named
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave
from workflows.errors import AnswersInvalid

HOUR = timedelta(hours=1)
NIGHT = NOW + 13 * HOUR  # 23:00 in Geneva


class BrokenMailer:
    """Takes no letters."""

    def send(self, letter: Letter) -> None:
        raise ConnectionRefusedError(letter.code)


def put(leave: Leave, case_id: str, code: str = "N-LV-01", *, now: datetime = NOW, to: str = REQUESTER, **more) -> None:
    with leave.database.transaction() as session:
        outbox.enqueue(session, outbox.notice(cases.get_case(session, case_id), code, now=now, to_person=to, **more))


def choose(
    leave: Leave, person: str = REQUESTER, *, now: datetime = NOW, hours=("", ""), working_time=False, **kinds: str
) -> None:
    with leave.database.transaction() as session:
        notices.choose_habits(
            session,
            actor=actor_named(session, person),
            kinds=kinds,
            quiet_from=hours[0],
            quiet_to=hours[1],
            working_time=working_time,
            now=now,
        )


def deliver(leave: Leave, now: datetime = NOW) -> list[Letter]:
    mailer = MemoryMailer()
    jobs.deliver(leave.database, mailer, now)
    return mailer.letters


def on_page(leave: Leave, person: str = REQUESTER, *, locale: str = "en", now: datetime = NOW) -> list[notices.Told]:
    with leave.database.reading() as session:
        return notices.list_notices(session, actor=actor_named(session, person), now=now, locale=locale)[0]


def unread(leave: Leave, person: str = REQUESTER, now: datetime = NOW) -> int:
    with leave.database.reading() as session:
        return notices.count_unread(session, actor=actor_named(session, person), now=now)


def test_what_is_mailed_stands_on_the_page_in_the_language_of_whoever_reads_it_then(leave: Leave) -> None:
    put(leave, leave.start(), variables={"outcome": "GRANT"})

    assert len(deliver(leave)) == 1
    [told] = on_page(leave)
    [in_french] = on_page(leave, locale="fr")

    assert told.said.subject == "Your leave request LV-2026-000001 was decided"
    assert in_french.said.subject.startswith("Votre demande de congé LV-2026-000001")
    assert (told.said.path, told.kind, told.number) == ("/cases/LV-2026-000001", "request", "LV-2026-000001")
    assert unread(leave) == 1
    assert on_page(leave, REVIEWER) == []


def test_a_notice_is_read_by_opening_it_and_only_by_its_reader(leave: Leave) -> None:
    case_id = leave.start()
    put(leave, case_id)
    put(leave, case_id, variables={"outcome": "DENY"})
    deliver(leave)
    first = on_page(leave)[0]

    with leave.database.transaction() as session:
        path = notices.mark_read(session, first.id, actor=actor_named(session, REQUESTER), now=NOW)
    assert (path, unread(leave)) == ("/cases/LV-2026-000001", 1)

    with leave.database.transaction() as session:
        with pytest.raises(NotFound):
            notices.mark_read(session, first.id, actor=actor_named(session, REVIEWER), now=NOW)
        notices.mark_all_read(session, actor=actor_named(session, REQUESTER), now=NOW)
    assert unread(leave) == 0


def test_a_mail_that_is_tried_again_is_not_told_twice(leave: Leave, monkeypatch: pytest.MonkeyPatch) -> None:
    put(leave, leave.start())
    monkeypatch.setenv("SC_FAULT", "outbox.before_mark=raise")
    with pytest.raises(FaultInjected):
        jobs.deliver(leave.database, MemoryMailer(), NOW)
    monkeypatch.delenv("SC_FAULT")
    jobs.deliver(leave.database, BrokenMailer(), NOW + outbox.LEASE)

    again = deliver(leave, NOW + 2 * HOUR)

    assert len(again) == 1
    assert len(on_page(leave)) == 1
    assert unread(leave) == 1
    assert deliver(leave, NOW + 3 * HOUR) == []


def test_mails_wait_for_the_end_of_quiet_hours_and_the_page_does_not(leave: Leave) -> None:
    choose(leave, hours=("22:00", "06:30"))
    put(leave, leave.start(), now=NIGHT)

    assert deliver(leave, NIGHT) == []
    assert len(on_page(leave, now=NIGHT)) == 1
    assert deliver(leave, NIGHT + 6 * HOUR) == []
    [letter] = deliver(leave, NIGHT + 7.5 * HOUR)

    assert letter.person == REQUESTER
    assert deliver(leave, NIGHT + 9 * HOUR) == []


def test_what_is_urgent_leaves_at_once_whatever_was_chosen(leave: Leave) -> None:
    choose(leave, hours=("22:00", "06:30"), working_time=True, request="OFF", task="OFF")
    case_id = leave.start()
    put(leave, case_id, now=NIGHT)
    put(leave, case_id, now=NIGHT, variables={"urgent": True})

    [letter] = deliver(leave, NIGHT)

    assert letter.code == "N-LV-01"
    assert [told.urgent for told in on_page(leave, now=NIGHT)].count(True) == 1


def test_a_held_mail_that_cannot_be_sent_is_tried_again_and_once_it_is_off_dropped(leave: Leave) -> None:
    choose(leave, hours=("22:00", "06:30"))
    case_id = leave.start()
    put(leave, case_id, now=NIGHT)
    deliver(leave, NIGHT)
    jobs.deliver(leave.database, BrokenMailer(), NIGHT + 8 * HOUR)

    assert deliver(leave, NIGHT + 8 * HOUR) == []
    assert len(deliver(leave, NIGHT + 9 * HOUR)) == 1

    put(leave, case_id, now=NIGHT + 24 * HOUR)
    deliver(leave, NIGHT + 24 * HOUR)
    choose(leave, request="OFF")
    assert deliver(leave, NIGHT + 40 * HOUR) == []


def test_who_may_no_longer_know_of_a_case_gets_no_held_mail_and_reads_nothing_of_it(leave: Leave) -> None:
    choose(leave, REVIEWER, hours=("22:00", "06:30"))
    case_id = leave.start()
    put(leave, case_id, "N-LV-02", now=NIGHT, to=REVIEWER)
    with leave.database.transaction() as session:
        case = cases.get_case(session, case_id)
        outbox.enqueue(session, outbox.notice(case, "N-LV-02", now=NIGHT, to_role="DSSO", area="XA-NOR"))
    deliver(leave, NIGHT)
    assert unread(leave, REVIEWER, NIGHT) == 2
    with leave.database.transaction() as session:
        row = CaseConfinement(case_id=case_id, person="gabriel.noor", since=NIGHT, why="Drill")
        session.add(row)

    assert deliver(leave, NIGHT + 9 * HOUR) == []
    assert (on_page(leave, REVIEWER, now=NIGHT), unread(leave, REVIEWER, NIGHT)) == ([], 0)


def test_who_no_longer_holds_the_role_gets_no_held_mail(leave: Leave) -> None:
    choose(leave, REVIEWER, hours=("22:00", "06:30"))
    case_id = leave.start()
    with leave.database.transaction() as session:
        outbox.enqueue(
            session, outbox.notice(cases.get_case(session, case_id), "N-LV-02", now=NIGHT, to_role="DSSO", area="XA-NOR")
        )
    deliver(leave, NIGHT)
    with leave.database.transaction() as session:
        for holding in session.scalars(select(RoleHolding).where(RoleHolding.person == REVIEWER)):
            holding.valid_to = NIGHT + HOUR

    assert deliver(leave, NIGHT + 9 * HOUR) == []


def test_the_digest_comes_once_a_day_however_many_workers_look(leave: Leave) -> None:
    choose(leave, request="DAILY")
    case_id = leave.start()
    for outcome in ("GRANT", "DENY"):
        put(leave, case_id, variables={"outcome": outcome})
    assert deliver(leave) == []
    tomorrow = NOW + 24 * HOUR

    with leave.database.transaction() as first:
        prepared = notices.prepare_digests(first, tomorrow)
    with leave.database.transaction() as second:
        prepared_again = notices.prepare_digests(second, tomorrow)
    [digest] = deliver(leave, tomorrow)

    assert (prepared, prepared_again) == (1, 0)
    assert (digest.code, digest.subject) == ("N-ALL-07", "Your day: 2 news, 0 waiting for you")
    assert digest.body.count("Your leave request LV-2026-000001 was decided") == 2
    assert f"{ADDRESS}/cases/LV-2026-000001" in digest.body
    assert deliver(leave, tomorrow + HOUR) == []
    assert deliver(leave, tomorrow + 24 * HOUR) == [], "nothing new, nothing sent"
    assert {told.kind for told in on_page(leave, now=tomorrow)} == {"request"}, "a digest repeats what the page has"


def test_the_daily_overview_lists_what_waits_also_without_news(leave: Leave) -> None:
    choose(leave, REVIEWER, digest="DAILY")
    task = leave.open_task(leave.start())

    assert deliver(leave, NOW) == [], "this morning's hour is over"
    [digest] = deliver(leave, NOW + 23 * HOUR)

    assert digest.subject == "Your day: 0 news, 1 waiting for you"
    assert f"{ADDRESS}/tasks/{task.id}" in digest.body
    assert "LV-2026-000001" in digest.body


def test_a_mail_that_asks_for_a_step_says_what_to_do_by_when_and_leads_there(leave: Leave) -> None:
    case_id = leave.start()
    task = leave.open_task(case_id)
    with leave.database.transaction() as session:
        row = session.get_one(Task, task.id)
        row.act, row.due_at, row.subject = "DECIDE", NOW + 5 * HOUR, "Three days in the north"
        row.card = {"days": 3, "area": "XA-NOR", "flags": ["No deputy"]}
    for person in (REVIEWER, "greta.holm"):
        put(leave, case_id, "N-ALL-03", to=person, variables={"by": "X", "task": "Y", "subject": "Z", "due": "–", "note": "–"})

    to_reviewer, to_other = sorted(deliver(leave), key=lambda letter: letter.person == "greta.holm")

    assert to_reviewer.subject.startswith("[LV-2026-000001] Decide by Tue")
    assert to_reviewer.subject.endswith("): Three days in the north")
    assert "Days: 3" in to_reviewer.footer
    assert "⚑ No deputy" in to_reviewer.footer
    assert f"{ADDRESS}/tasks/{task.id}" in to_reviewer.footer
    assert "Days: 3" not in to_other.footer, "the card is for those who may act"
    assert f"{ADDRESS}/cases/LV-2026-000001" in to_other.footer


def test_places_of_a_journey_stand_only_in_mails_to_travellers_and_deciders(leave: Leave) -> None:
    case_id = leave.start()
    with leave.database.transaction() as session:
        session.add(CaseParty(case_id=case_id, person="joao.almeida", kind="TRAVELLER", line=None))
    for person in ("joao.almeida", "greta.holm", "jonas.keel"):
        put(leave, case_id, to=person, variables={"outcome": "XA-NOR", "urgent": person == "jonas.keel"})

    by_person = {letter.person: letter for letter in deliver(leave)}

    neutral = by_person["greta.holm"]
    assert neutral.subject == "[LV-2026-000001] News about a request that you follow"
    assert "decided" not in neutral.body
    assert "decided" in by_person["joao.almeida"].body
    assert "decided" in by_person["jonas.keel"].body, "what is urgent is said"
    assert "decided" in on_page(leave, "greta.holm")[0].said.body, "the page is behind a password"


def test_names_and_moments_are_written_for_people(leave: Leave) -> None:
    put(leave, leave.start(), variables={"outcome": ["XA-NOR", REVIEWER, "2026-12-02T09:00:00Z", 3]})

    [letter] = deliver(leave)

    assert "XA-NOR" not in letter.body
    assert "Yusra Ben-Halim" in letter.body
    assert "Wed" in letter.body
    assert "2026-12-02T" not in letter.body


def test_hours_and_kinds_that_are_none_are_refused(leave: Leave) -> None:
    with pytest.raises(AnswersInvalid) as refused:
        choose(leave, hours=("25:00", ""), task="SOMETIMES", digest="AT_ONCE", gossip="OFF")

    assert {problem.where for problem in refused.value.problems} == {
        "quiet_from",
        "quiet_to",
        "kinds.task",
        "kinds.digest",
        "kinds.gossip",
    }


class Box:
    """A mail server's box."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802  the name that aiosmtpd calls
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    kept = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


def test_a_mail_on_the_wire_says_that_nobody_wrote_it_and_how_to_get_fewer(embedded_leave: Leave, box) -> None:
    kept, port = box
    put(embedded_leave, embedded_leave.start())
    mailer = mailer_for(f"smtp://127.0.0.1:{port}", sender="no-reply@demo.example", address="https://safe.example/")

    jobs.deliver(embedded_leave.database, mailer, NOW)

    [mail] = kept.mails
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://safe.example/profile/notifications>"
    assert mail["Message-ID"].endswith(f".{REQUESTER}@safeconduct.invalid>")
    text = mail.get_content()
    assert "https://safe.example/cases/LV-2026-000001" in text
    assert ADDRESS not in text


@pytest.mark.parametrize(("phone", "told"), [("+41 79 555 01 00", ["no-reply@demo.example"]), (None, [])])
def test_what_is_urgent_reaches_the_phone_as_well(embedded_leave: Leave, box, phone: str | None, told: list[str]) -> None:
    kept, port = box
    with embedded_leave.database.transaction() as session:
        session.get_one(Person, REQUESTER).mobile = phone
    case = embedded_leave.start()
    put(embedded_leave, case, variables={"urgent": True})
    put(embedded_leave, case, "N-LV-02")
    way = {"sender": "no-reply@demo.example", "address": "https://safe.example", "gateway": "+{number}@sms.example"}

    jobs.deliver(embedded_leave.database, mailer_for(f"smtp://127.0.0.1:{port}", **way), NOW)

    short = [mail for mail in kept.mails if mail["To"].endswith("@sms.example")]
    assert [mail["From"] for mail in short] == told
    assert len(kept.mails) == 2 + len(told)
    for mail in short:
        assert mail["To"] == "+41795550100@sms.example"
        assert mail.get_content().strip().endswith(" https://safe.example/cases/LV-2026-000001")
        assert len(mail.get_content().strip()) <= 306


def test_a_gateway_needs_a_place_for_the_number() -> None:
    with pytest.raises(GatewayUnfit) as refused:
        ensure_gateway("sms@example.org")

    assert "such as {number}@sms.example.org" in str(refused.value)
    assert ensure_gateway("") == ""


def test_what_nobody_may_send_twice_is_kept_once(leave: Leave) -> None:
    def tell(session: Session) -> None:
        notices.tell(
            session, [REQUESTER], "N-ALL-06", source="absence-1-back", variables={"decided": 1}, address="/absences", now=NOW
        )

    for _ in range(2):
        with leave.database.transaction() as session:
            tell(session)

    assert len(deliver(leave)) == 1
    assert deliver(leave) == []
    with leave.database.reading() as session:
        assert len(session.scalars(select(Notice)).all()) == 1
        assert session.scalars(select(OutboxMessage)).all() == []
