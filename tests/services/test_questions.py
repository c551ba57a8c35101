"""Questions to those whose case it is: who asks and answers, who reads them, and what the clock does meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from services import authority, cases, questions, tasks
from services.errors import NotAllowed, NotFound
from services.models import AuditEntry, Case, OutboxMessage, Task
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.cases import CaseParty
from services.models.questions import Question
from tests.services.leave import APPROVER, NOW, REQUESTER, REVIEWER, STRANGER, Leave
from tests.services.test_races import at_once, meet_at_the_lock

SECOND = "kofi.drummond"


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A case in which something is asked."""

    leave: Leave
    case_id: str

    @property
    def task(self) -> Task:
        return self.leave.open_task(self.case_id)

    def ask(self, text: str = "Which days?", *, by: str = REVIEWER, now: datetime = NOW, **more: str) -> str:
        actor = self.leave.actor(by)
        with self.leave.database.transaction() as session:
            return questions.ask_requester(session, self.task.id, text=text, actor=actor, now=now, **more).id

    def answer(self, question: str, text: str = "The first three.", *, by: str = REQUESTER, now: datetime = NOW) -> None:
        actor = self.leave.actor(by)
        with self.leave.database.transaction() as session:
            questions.answer_question(session, question, text=text, actor=actor, now=now)

    def take_back(self, question: str, *, by: str = REVIEWER, now: datetime = NOW) -> None:
        actor = self.leave.actor(by)
        with self.leave.database.transaction() as session:
            questions.take_back_question(session, question, actor=actor, now=now)

    def read(self, by: str, *, now: datetime = NOW) -> list[questions.AskedQuestion]:
        actor = self.leave.actor(by)
        with self.leave.database.reading() as session:
            case = session.get_one(Case, self.case_id)
            sight = authority.may_see_case(session, actor, case, now)
            return questions.list_for_case(session, case, sight=sight, actor=actor)

    def waiting(self, by: str) -> list[questions.AskedQuestion]:
        with self.leave.database.reading() as session:
            return questions.list_waiting(session, actor=self.leave.actor(by), now=NOW)

    def pass_time(self, now: datetime) -> None:
        """Let everything happen that is due by then."""
        while (wake_at := self.leave.case(self.case_id).wake_at) is not None and wake_at <= now:
            with self.leave.database.transaction() as session:
                cases.fire_timers(session, self.case_id, wake_at)

    def told(self) -> list[tuple[str, str | None]]:
        with self.leave.database.reading() as session:
            return sorted((row.code, row.to_person) for row in session.scalars(select(OutboxMessage)))


@pytest.fixture
def talk(leave: Leave) -> Talk:
    return Talk(leave=leave, case_id=leave.start())


@pytest.fixture
def embedded_talk(embedded_leave: Leave) -> Talk:
    return Talk(leave=embedded_leave, case_id=embedded_leave.start())


def give_role(talk: Talk, person: str, role: str, area: str = "XA-NOR") -> None:
    with talk.leave.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person=person, role=role, area=area, valid_from=NOW - timedelta(days=1)))


def test_a_question_waits_for_the_requester_whose_answer_the_asker_reads(talk: Talk) -> None:
    asked = talk.ask()
    [waiting] = talk.waiting(REQUESTER)
    talk.answer(asked, now=NOW + timedelta(hours=3))

    assert (waiting.question.text, waiting.state, waiting.may_answer, waiting.names[REVIEWER]) == (
        "Which days?",
        "OPEN",
        True,
        "Yusra Ben-Halim",
    )
    [read] = talk.read(REVIEWER)
    assert (read.state, read.end.text, read.end.by, read.may_answer) == ("ANSWERED", "The first three.", REQUESTER, False)
    assert talk.waiting(REQUESTER) == []
    assert talk.told() == [("N-ALL-01", REQUESTER), ("N-ALL-02", REVIEWER)]
    with talk.leave.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.case_id == talk.case_id).order_by(AuditEntry.seq)).all()
    assert [(entry.act, entry.actor) for entry in entries] == [("start", REQUESTER), ("ask", REVIEWER), ("answer", REQUESTER)]
    assert "Which days?" not in str([entry.payload for entry in entries]), "who may not read it does not find it in the history"
    assert talk.leave.problems(now=NOW + timedelta(hours=3)) == []


def test_the_due_date_reminder_and_end_of_the_task_move_on_by_the_time_it_took(talk: Talk) -> None:
    due = talk.task.due_at
    asked = talk.ask(now=NOW + timedelta(hours=1))

    talk.pass_time(NOW + timedelta(hours=30))
    assert talk.told() == [("N-ALL-01", REQUESTER)], "nobody is reminded of what waits for somebody else"
    talk.answer(asked, now=NOW + timedelta(hours=31))

    assert talk.task.due_at == due + timedelta(hours=30)
    assert talk.leave.case(talk.case_id).wake_at == NOW + timedelta(hours=34)
    talk.pass_time(NOW + timedelta(hours=77))
    assert talk.task.state == "OPEN", "its two days are not over yet"
    talk.pass_time(NOW + timedelta(hours=78))
    assert talk.leave.case(talk.case_id).state == "COMPLETED"


def test_nobody_answering_for_five_days_lets_the_clock_run_on(embedded_talk: Talk) -> None:
    talk = embedded_talk
    due = talk.task.due_at
    first = talk.ask()

    talk.pass_time(NOW + timedelta(days=5, hours=4))
    assert "N-LV-02" in dict(talk.told())
    again = talk.ask(now=NOW + timedelta(days=6))
    talk.answer(first, now=NOW + timedelta(days=6, hours=1))
    talk.answer(again, now=NOW + timedelta(days=6, hours=2))

    assert talk.task.due_at == due + timedelta(days=5, hours=2)
    assert talk.leave.case(talk.case_id).wake_at == NOW + timedelta(days=7, hours=2)


def test_two_askers_at_once_hold_the_clock_until_both_have_their_answers(talk: Talk) -> None:
    give_role(talk, SECOND, "DSSO")
    due = talk.task.due_at
    meet_at_the_lock(talk.leave, 2)

    first, second = at_once(lambda: talk.ask("Where?"), lambda: talk.ask("Why?", by=SECOND))
    talk.answer(first, now=NOW + timedelta(hours=2))
    talk.pass_time(NOW + timedelta(hours=5))
    assert talk.task.due_at == due + timedelta(days=5)
    talk.take_back(second, by=SECOND, now=NOW + timedelta(hours=5))

    assert talk.task.due_at == due + timedelta(hours=5)
    assert talk.leave.case(talk.case_id).wake_at == NOW + timedelta(hours=9)
    assert {each.state for each in talk.read(REVIEWER)} == {"ANSWERED", "TAKEN_BACK"}
    assert talk.leave.problems(now=NOW + timedelta(hours=5)) == []


def test_a_question_ends_once(talk: Talk) -> None:
    asked = talk.ask()
    meet_at_the_lock(talk.leave, 2)

    came = at_once(lambda: talk.answer(asked), lambda: talk.take_back(asked))

    assert [type(each) for each in came if each is not None] == [questions.QuestionClosed]
    with pytest.raises(questions.QuestionClosed):
        talk.answer(asked)


def test_only_those_whose_case_it_is_answer_and_only_the_asker_takes_it_back(embedded_talk: Talk) -> None:
    talk = embedded_talk
    give_role(talk, SECOND, "DSSO")
    asked = talk.ask()

    for by, refused in ((REVIEWER, NotAllowed), (SECOND, NotAllowed), (STRANGER, NotFound)):
        with pytest.raises(refused):
            talk.answer(asked, by=by)
    for by, refused in ((REQUESTER, NotAllowed), (SECOND, NotAllowed), (STRANGER, NotFound)):
        with pytest.raises(refused):
            talk.take_back(asked, by=by)
    with pytest.raises(questions.TextMissing):
        talk.answer(asked, "  ")
    with pytest.raises(NotFound):
        talk.answer("no-such-question")

    assert talk.read(REQUESTER)[0].is_open


def test_who_may_not_act_asks_nothing_and_nobody_asks_themselves(embedded_talk: Talk) -> None:
    talk = embedded_talk
    with pytest.raises(NotAllowed):
        talk.ask(by=REQUESTER)
    with pytest.raises(NotFound):
        talk.ask(by=STRANGER)
    with pytest.raises(questions.TextMissing):
        talk.ask(" ")
    with talk.leave.database.transaction() as session:
        session.execute(update(Task).values(role="TRV"))
        session.add(CaseParty(id=new_id(), case_id=talk.case_id, person=SECOND, kind="TRAVELLER", line=None))
    with pytest.raises(questions.NobodyToAsk):
        talk.ask(by=SECOND)

    assert talk.told() == []


def test_what_is_asked_is_read_by_those_who_decide_or_by_all_who_see_the_case(embedded_talk: Talk) -> None:
    talk = embedded_talk
    give_role(talk, SECOND, "AUD", area="XA")
    with talk.leave.database.transaction() as session:
        session.add(CaseParty(id=new_id(), case_id=talk.case_id, person=STRANGER, kind="SUPERVISOR", line=None))
    talk.ask("Between us?")
    talk.ask("In the open?", audience=questions.CASE, now=NOW + timedelta(minutes=1))

    texts = {by: [each.question.text for each in talk.read(by)] for by in (REVIEWER, REQUESTER, SECOND, STRANGER)}

    assert texts[REVIEWER] == texts[REQUESTER] == texts[SECOND] == ["Between us?", "In the open?"]
    assert texts[STRANGER] == ["In the open?"]


def test_a_question_about_a_stop_is_not_read_by_those_who_approve_another(embedded_talk: Talk) -> None:
    talk = embedded_talk
    talk.ask(audience=questions.CASE)
    sight = authority.Sight(areas=frozenset({"XC-CAP"}), why="TASK", acts=True)
    with talk.leave.database.reading() as session:
        case = session.get_one(Case, talk.case_id)
        elsewhere = questions.list_for_case(session, case, sight=sight, actor=talk.leave.actor(APPROVER))
        here = questions.list_for_case(
            session, case, sight=authority.Sight(areas=frozenset({"XA-NOR"}), why="ROLE"), actor=talk.leave.actor(APPROVER)
        )

    assert (elsewhere, len(here)) == ([], 1)


def test_a_task_that_is_done_closes_its_question(embedded_talk: Talk) -> None:
    talk = embedded_talk
    asked = talk.ask()
    talk.leave.review(talk.case_id, revision=2)

    assert [each.state for each in talk.read(REQUESTER)] == ["CLOSED"]
    assert talk.waiting(REQUESTER) == []
    with pytest.raises(questions.QuestionClosed):
        talk.answer(asked)


def test_a_case_that_is_withdrawn_closes_its_question_and_its_clock_with_it(embedded_talk: Talk) -> None:
    talk = embedded_talk
    talk.ask()
    with talk.leave.database.transaction() as session:
        cases.withdraw(session, talk.case_id, actor=talk.leave.actor(REQUESTER), reason="Later", now=NOW)

    assert [each.state for each in talk.read(REQUESTER)] == ["CLOSED"]
    assert talk.leave.case(talk.case_id).wake_at is None
    assert talk.leave.problems() == []


def test_the_same_question_sent_twice_is_one(embedded_talk: Talk) -> None:
    talk = embedded_talk

    first = talk.ask(idempotency_key="form-1")

    assert talk.ask(idempotency_key="form-1") == first
    assert len(talk.read(REQUESTER)) == 1


def test_the_database_lets_no_question_be_changed(talk: Talk) -> None:
    asked = talk.ask()

    with pytest.raises(DBAPIError, match="append-only"), talk.leave.database.transaction() as session:
        session.execute(update(Question).where(Question.id == asked).values(text="Something else?"))


def test_a_clock_of_working_days_stands_for_working_days(embedded_talk: Talk) -> None:
    talk = embedded_talk
    friday, tuesday = datetime(2026, 12, 4, 12, tzinfo=NOW.tzinfo), datetime(2026, 12, 8, 12, tzinfo=NOW.tzinfo)
    monday = datetime(2026, 12, 14, 12, tzinfo=NOW.tzinfo)
    with talk.leave.database.transaction() as session:
        task = session.get_one(Task, talk.task.id)
        task.properties, task.due_at = {**task.properties, "clock": "working"}, monday
    asked = talk.ask(now=friday)
    talk.answer(asked, now=tuesday)

    assert talk.task.due_at == monday + timedelta(days=2), "the weekend between did not count"


def test_tasks_that_wait_for_an_answer_are_found(embedded_talk: Talk) -> None:
    talk = embedded_talk
    other = talk.leave.open_task(talk.leave.start(now=NOW)).id
    asked = talk.ask()

    with talk.leave.database.reading() as session:
        assert questions.find_on_tasks(session, [talk.task.id, other]) == {talk.task.id}
        assert questions.find_on_tasks(session, []) == set()
    talk.answer(asked)
    with talk.leave.database.reading() as session:
        assert questions.find_on_tasks(session, [talk.task.id]) == set()
        assert tasks.get_task(session, talk.task.id, actor=talk.leave.actor(REVIEWER), now=NOW).may_act


def test_a_task_that_protects_people_waits_for_no_answer(embedded_talk: Talk) -> None:
    talk = embedded_talk
    with talk.leave.database.transaction() as session:
        task = session.get_one(Task, talk.task.id)
        task.properties = {**task.properties, "clock": "case"}
    due, wake_at = talk.task.due_at, talk.leave.case(talk.case_id).wake_at

    asked = talk.ask()
    assert (talk.task.due_at, talk.leave.case(talk.case_id).wake_at) == (due, wake_at)
    talk.answer(asked, now=NOW + timedelta(hours=3))

    assert (talk.task.due_at, talk.leave.case(talk.case_id).wake_at) == (due, wake_at)
