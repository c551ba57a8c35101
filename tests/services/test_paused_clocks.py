"""Time in which somebody else was asked is nobody's time: not of the timers of repeated steps, and not in any figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services import cases, definitions, questions
from services.cases.usual import list_usual_times
from services.database import Database, downgrade, upgrade
from services.models import Case, Task
from services.models.clearances import KpiEvent
from services.models.spans import paused_seconds, worked_seconds
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave

FOLDER = Path(__file__).parent / "processes" / "ballot"


def hours(number: float) -> datetime:
    """The moment so many hours after the beginning."""
    return NOW + timedelta(hours=number)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One case, and somebody who asks about its steps."""

    leave: Leave
    case_id: str

    @property
    def tasks(self) -> list[Task]:
        with self.leave.database.reading() as session:
            return list(session.scalars(select(Task).where(Task.case_id == self.case_id).order_by(Task.id)))

    def ask(self, at: datetime, task: str | None = None, *, by: str = REVIEWER) -> str:
        actor, task_id = self.leave.actor(by), task or self.tasks[0].id
        with self.leave.database.transaction() as session:
            return questions.ask_requester(session, task_id, text="Which?", actor=actor, now=at).id

    def answer(self, question: str, at: datetime) -> None:
        actor = self.leave.actor(REQUESTER)
        with self.leave.database.transaction() as session:
            questions.answer_question(session, question, text="This.", actor=actor, now=at)

    def wake_at(self) -> datetime | None:
        return self.leave.case(self.case_id).wake_at

    def pass_time(self, until: datetime) -> None:
        while (wake_at := self.wake_at()) is not None and wake_at <= until:
            with self.leave.database.transaction() as session:
                cases.fire_timers(session, self.case_id, wake_at)

    def measure(self) -> list[tuple[int, int]]:
        """For how many seconds each step lay with its person, and for how many its clock stood still."""
        with self.leave.database.reading() as session:
            spans = select(worked_seconds(Task), paused_seconds(Task, Task.closed_at)).where(
                Task.case_id == self.case_id, Task.closed_at.is_not(None)
            )
            return [(round(worked), round(paused)) for worked, paused in session.execute(spans.order_by(Task.id))]

    def upgrade_again(self) -> None:
        """Take the database back to before pauses were counted, and on again."""
        url = self.leave.database.url
        self.leave.database.dispose()
        downgrade(url, "0020")
        upgrade(url)


@pytest.fixture
def ballot(leave: Leave) -> Desk:
    with leave.database.transaction() as session:
        definitions.publish(session, definitions.read_folder(FOLDER), by="system", now=NOW)
    actor = leave.actor(REQUESTER)
    with leave.database.transaction() as session:
        return Desk(leave=leave, case_id=cases.start_case(session, "ballot", actor=actor, answers={}, now=NOW).id)


@pytest.fixture
def review(leave: Leave) -> Callable[[], Desk]:
    return lambda: Desk(leave=leave, case_id=leave.start())


def test_reminder_end_and_follow_up_of_a_repeated_step_move_on_by_the_time_that_any_of_its_runs_waited(ballot: Desk) -> None:
    one, two = (ballot.ask(hours(at), task.id) for at, task in enumerate(ballot.tasks, 1))
    ballot.pass_time(hours(10))
    ballot.answer(one, hours(3))
    assert ballot.wake_at() == hours(4 + 5 * 24 + 1), "the second still waits for its answer"
    ballot.answer(two, hours(11))

    assert ballot.wake_at() == hours(14), "from the first hour to the eleventh it stood, once for both"
    first, second = ballot.tasks
    assert (first.due_at, first.follow_up_at) == (hours(10), hours(4))
    assert (second.due_at, second.follow_up_at) == (hours(17), hours(11))
    ballot.pass_time(hours(18))
    assert {task.state for task in ballot.tasks} == {"CANCELLED"}
    assert ballot.measure() == [(16 * 3600, 2 * 3600), (9 * 3600, 9 * 3600)]
    assert ballot.leave.problems(now=hours(18)) == []


def test_what_was_late_before_somebody_asked_stays_late(review: Callable[[], Desk]) -> None:
    desk = review()
    [task] = desk.tasks
    assert task.due_at == hours(24)
    desk.pass_time(hours(25))

    asked = desk.ask(hours(25))
    assert desk.tasks[0].due_at == hours(24)
    desk.answer(asked, hours(40))

    assert desk.tasks[0].due_at == hours(24)
    assert desk.wake_at() == hours(48 + 15), "what is still to come moves"


def test_an_answer_that_comes_after_a_later_question_was_answered_moves_nothing_back(review: Callable[[], Desk]) -> None:
    desk = review()
    first = desk.ask(hours(1))
    second = desk.ask(hours(2 + 5 * 24))
    desk.answer(second, hours(5 + 5 * 24))
    due, wake_at = desk.tasks[0].due_at, desk.wake_at()
    assert due == hours(24 + 5 * 24 + 3)

    desk.answer(first, hours(6 + 5 * 24))

    assert (desk.tasks[0].due_at, desk.wake_at()) == (due, wake_at)
    assert (desk.tasks[0].paused_s, desk.tasks[0].held_from) == (5 * 86_400 + 3 * 3600, None)


def test_time_of_questions_is_in_no_usual_time_however_the_question_ended(review: Callable[[], Desk]) -> None:
    """Each of the five steps lay two hours with its person: answered, asked twice, unanswered, not waited for, never asked."""
    answered, twice, unanswered, overtaken, plain = (review() for _ in range(5))
    answered.answer(answered.ask(hours(1)), hours(11))
    twice.answer(twice.ask(hours(1)), hours(3))
    twice.answer(twice.ask(hours(4)), hours(5))
    unanswered.ask(hours(1))
    overtaken.ask(hours(2))
    for desk, at in ((answered, 12), (twice, 5), (unanswered, 122), (overtaken, 30), (plain, 2)):
        with desk.leave.database.reading() as session:
            revision = session.get_one(Case, desk.case_id).revision
        desk.leave.review(desk.case_id, now=hours(at), revision=revision)

    wanted = [[(2 * 3600, waited * 3600)] for waited in (10, 3, 120, 28, 0)]
    assert [desk.measure() for desk in (answered, twice, unanswered, overtaken, plain)] == wanted
    with plain.leave.database.reading() as session:
        [usual] = list_usual_times(session, {"leave_request"}, {"review"}, now=hours(200)).values()
    assert (usual.median, usual.most) == (timedelta(hours=2), timedelta(hours=2))

    plain.upgrade_again()
    found = [desk.measure() for desk in (answered, twice, unanswered, overtaken, plain)]
    assert found == wanted, "what was asked before pauses were counted counts too"


def test_a_clock_that_stood_when_pauses_began_to_be_counted_goes_on_as_any_other(review: Callable[[], Desk]) -> None:
    desk = review()
    asked = desk.ask(hours(1))
    desk.upgrade_again()

    desk.answer(asked, hours(5))

    assert (desk.tasks[0].due_at, desk.tasks[0].paused_s, desk.tasks[0].held_from) == (hours(28), 4 * 3600, None)


def test_the_risk_office_is_in_time_when_only_an_answer_to_its_own_question_took_long(demo_database: Database) -> None:
    leave = Leave(database=demo_database)
    asked = {"asked": [{"operator": "KARST"}], "route": "Marrow Bay to Halden", "first_flight": "2026-12-20T08:00:00Z"}
    more = {"purpose": "The only flight", "emergency": True}
    asker = leave.actor(REQUESTER)
    with demo_database.transaction() as session:
        case_id = cases.start_case(session, "aviation_advice", actor=asker, answers=asked | more, now=NOW).id
    leave.complete(leave.open_task(case_id).id, by="jonas.keel", answers={"air_decision": "ASK"}, now=hours(1))
    desk = Desk(leave=leave, case_id=case_id)
    office = "elena.kostova"
    step = leave.open_task(case_id).id

    desk.answer(desk.ask(hours(2), step, by=office), hours(20))
    advice = {"rating": "SUITABLE_WITH_REMARKS", "advice_remarks": "Day flights only."}
    leave.complete(step, by=office, answers=advice, revision=leave.case(case_id).revision, now=hours(21))

    with demo_database.reading() as session:
        counted = select(KpiEvent.facts).where(KpiEvent.case_id == case_id, KpiEvent.name == "avn.answered")
        assert session.scalars(counted).one() == {"hours": 2.0, "in_time": True}
