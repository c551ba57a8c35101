"""Steps that nobody does: reminders at half their time, further people when it is over, and nothing decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services import cases, definitions, questions
from services.models.cases import OPEN, Task, TaskCandidate
from services.models.outbox import OutboxMessage
from tests.rerunning import find_unlike
from tests.services.leave import NOW, REQUESTER, Leave

FOLDER = Path(__file__).parent / "processes" / "chased"
ADVISER = "helga.brandvold"
#: Tuesday at nine; in XC Friday and Saturday are free, so four working days end on Monday and two more on Wednesday.
HALF, DUE, LATE = (datetime(2026, 12, day, 9, tzinfo=UTC) for day in (3, 7, 9))


@dataclass(frozen=True, kw_only=True)
class Chased:
    """One case with two open steps."""

    leave: Leave
    case_id: str

    def task(self, element: str) -> Task:
        with self.leave.database.reading() as session:
            return session.scalars(select(Task).where(Task.case_id == self.case_id, Task.element == element)).one()

    def pass_time(self, until: datetime) -> list[datetime]:
        """Let everything happen until a moment; answers the moments at which something did."""
        seen: list[datetime] = []
        while (wake_at := self.leave.case(self.case_id).wake_at) is not None and wake_at <= until:
            seen.append(wake_at)
            with self.leave.database.transaction() as session:
                cases.fire_timers(session, self.case_id, wake_at)
        return seen

    def told(self, element: str) -> list[tuple[str, str, datetime]]:
        """Which notices went to whom about a step, and when."""
        with self.leave.database.reading() as session:
            rows = session.scalars(select(OutboxMessage).where(OutboxMessage.case_id == self.case_id))
            found = [row for row in rows if row.variables.get("element") == element]
            return sorted((row.code, row.to_role or row.to_person or "", row.created_at) for row in found)

    def added(self, element: str) -> list[str | None]:
        with self.leave.database.reading() as session:
            rows = select(TaskCandidate).where(TaskCandidate.task_id == self.task(element).id).order_by(TaskCandidate.since)
            return [row.role for row in session.scalars(rows)]

    def complete(self, element: str, at: datetime) -> None:
        revision = self.leave.case(self.case_id).revision
        self.leave.complete(self.task(element).id, by=ADVISER, answers={}, revision=revision, now=at)

    def ask(self, element: str, at: datetime) -> str:
        with self.leave.database.transaction() as session:
            asked = questions.ask_requester(
                session, self.task(element).id, text="Which?", actor=self.leave.actor(ADVISER), now=at
            )
            return asked.id

    def answer(self, question: str, at: datetime) -> None:
        with self.leave.database.transaction() as session:
            questions.answer_question(session, question, text="This.", actor=self.leave.actor(REQUESTER), now=at)


@pytest.fixture
def chased(leave: Leave) -> Chased:
    with leave.database.transaction() as session:
        definitions.publish(session, definitions.read_folder(FOLDER), by="system", now=NOW)
    actor = leave.actor(REQUESTER)
    with leave.database.transaction() as session:
        return Chased(leave=leave, case_id=cases.start_case(session, "chased", actor=actor, answers={}, now=NOW).id)


def test_a_due_date_that_is_a_duration_is_working_days_of_the_area_where_the_clock_counts_them(chased: Chased) -> None:
    assert chased.task("slow").due_at == DUE
    assert chased.task("quick").due_at == NOW + timedelta(hours=8)


def test_the_timers_on_its_boundary_are_working_days_too_round_by_round(chased: Chased) -> None:
    moments = chased.pass_time(LATE + timedelta(days=30))

    hours = [NOW + timedelta(hours=number) for number in (4, 8, 12)]
    assert moments == [*hours, HALF, DUE, LATE]


def test_a_replay_counts_the_same_days(chased: Chased) -> None:
    before = DUE - timedelta(days=1)
    chased.pass_time(before)
    chased.complete("quick", before)
    chased.complete("slow", before)

    assert chased.leave.case(chased.case_id).state == "COMPLETED"
    assert find_unlike(chased.leave.database) == []


def test_people_are_reminded_then_others_may_act_as_well_and_nobody_loses_the_step(chased: Chased) -> None:
    chased.pass_time(LATE + timedelta(days=30))

    assert chased.told("slow") == [
        ("N-ALL-10", ADVISER, HALF),
        ("N-ALL-11", "DO", DUE),
        ("N-ALL-11", "DRO_DESK", DUE),
        ("N-ALL-11", "DRO_DESK", LATE),
        ("N-ALL-11", "DRO_DIR", LATE),
    ]
    assert chased.added("slow") == ["DO", "DRO_DIR"]
    assert (chased.task("slow").state, chased.task("slow").role) == (OPEN, "CSA")
    assert chased.leave.problems(now=LATE) == []


def test_where_nobody_else_is_named_those_who_have_the_step_hear_of_it_again(chased: Chased) -> None:
    chased.pass_time(NOW + timedelta(days=1))

    codes = [(code, who) for code, who, _ in chased.told("quick")]
    assert codes == [("N-ALL-10", ADVISER), ("N-ALL-11", ADVISER), ("N-ALL-11", ADVISER)]
    assert chased.told("slow") == [], "the clock of one step says nothing about another"


def test_a_step_that_is_done_is_left_alone(chased: Chased) -> None:
    chased.pass_time(HALF)
    chased.complete("slow", HALF)

    chased.pass_time(LATE + timedelta(days=30))

    assert [code for code, _, _ in chased.told("slow")] == ["N-ALL-10"]
    assert chased.added("slow") == []


def test_a_question_moves_the_due_date_and_all_rounds_by_working_days(chased: Chased) -> None:
    asked = chased.ask("slow", NOW + timedelta(hours=1))
    chased.answer(asked, NOW + timedelta(days=1, hours=1))

    moments = chased.pass_time(LATE + timedelta(days=30))

    day = timedelta(days=1)
    assert chased.task("slow").due_at == DUE + day
    assert [moment for moment in moments if moment > NOW + day] == [datetime(2026, 12, 6, 9, tzinfo=UTC), DUE + day, LATE + day]
    assert [code for code, _, _ in chased.told("slow")] == ["N-ALL-10", *["N-ALL-11"] * 4]
