"""Two people at the same moment: exactly one decision, and a clear word for whoever came second."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from services import cases, jobs, tasks
from services.errors import AlreadyDecided, Busy, Conflict
from services.mailers import MemoryMailer
from services.models import AuditEntry, Decision
from services.models.authority import RoleHolding
from services.models.base import new_id
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave
from tests.statements import watch_statements

SECOND = "kofi.drummond"
WAIT_S = 20


@pytest.fixture
def team(leave: Leave) -> Leave:
    """Two people in the role of the reviewer."""
    with leave.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person=SECOND, role="DSSO", area="XA-NOR", valid_from=NOW))
    return leave


def meet_at_the_lock(leave: Leave, people: int) -> None:
    """Let nobody write before all have asked for the case, on the database where readers do not wait at BEGIN."""
    if leave.database.dialect != "postgresql":
        return
    asked = threading.Semaphore(0)
    first = threading.Lock()

    def before(statement: str) -> None:
        if "FOR NO KEY UPDATE" in statement:
            asked.release()
        if statement.startswith("UPDATE cases") and first.acquire(blocking=False):
            for _ in range(people):
                asked.acquire(timeout=WAIT_S)

    watch_statements(leave.database.engine, before)


def at_once(*acts: Any) -> list[Any]:
    """Do several things at the same moment; answers what came of each, errors too."""
    barrier = threading.Barrier(len(acts))

    def go(act: Any) -> Any:
        barrier.wait(WAIT_S)
        try:
            return act()
        except Conflict as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(WAIT_S * 2) for future in [pool.submit(go, act) for act in acts]]


@pytest.mark.parametrize("round_", range(3))
def test_two_deciders_at_once_make_one_decision(team: Leave, round_: int) -> None:
    case_id = team.start()
    task_id = team.open_task(case_id).id
    meet_at_the_lock(team, 2)

    came = at_once(
        lambda: team.complete(task_id, by=REVIEWER, answers={"advice": "RECOMMEND"}),
        lambda: team.complete(task_id, by=SECOND, answers={"advice": "NOT_RECOMMEND"}),
    )

    lost = [each for each in came if isinstance(each, Exception)]
    won = [each for each in came if not isinstance(each, Exception)]
    assert len(won) == len(lost) == 1
    assert isinstance(lost[0], AlreadyDecided)
    names = {REVIEWER: "Yusra Ben-Halim", SECOND: "Kofi Drummond"}
    decided = won[0].decision
    assert lost[0].facts == {"by": names[decided.actor_person], "at": NOW, "outcome": decided.outcome}
    with team.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision).where(Decision.task_id == task_id)) == 1
    assert team.problems() == []


def test_a_double_click_is_one_decision_and_both_get_its_answer(team: Leave) -> None:
    task_id = team.open_task(team.start()).id
    meet_at_the_lock(team, 2)

    def click() -> Any:
        return team.complete(task_id, by=REVIEWER, answers={"advice": "RECOMMEND"}, idempotency_key="one-form")

    first, second = at_once(click, click)

    assert first.decision.id == second.decision.id
    assert {first.repeated, second.repeated} == {True, False}
    assert team.problems() == []


def test_withdrawing_and_deciding_at_once_leaves_one_truth(team: Leave) -> None:
    case_id = team.start()
    task_id = team.open_task(case_id).id
    requester = team.actor(REQUESTER)
    meet_at_the_lock(team, 2)

    def withdraw() -> Any:
        with team.database.transaction() as session:
            return cases.withdraw(session, case_id, actor=requester, reason="Other plans", now=NOW)

    came = at_once(lambda: team.complete(task_id, by=REVIEWER, answers={"advice": "RECOMMEND"}), withdraw)

    assert sum(isinstance(each, Conflict) for each in came) <= 1
    case = team.case(case_id)
    assert (case.state, case.ended_at) == ("COMPLETED", NOW), "a withdrawal after the decision still ends the case"
    assert team.problems() == []


def test_a_deadline_and_a_decision_at_once_leave_exactly_one_winner(team: Leave) -> None:
    case_id = team.start()
    task_id = team.open_task(case_id).id
    later = NOW.replace(day=4)

    came = at_once(
        lambda: team.complete(task_id, by=REVIEWER, answers={"advice": "RECOMMEND"}, now=later),
        lambda: jobs.fire_due_timers(team.database, later),
    )

    lapsed = team.case(case_id).state == "COMPLETED"
    assert isinstance(came[0], Conflict) == lapsed
    assert team.problems(now=later) == []


def test_each_timer_fires_once_however_many_workers_there_are(team: Leave) -> None:
    ids = [team.start() for _ in range(4)]
    later = NOW.replace(hour=14)

    reports = at_once(*[lambda: jobs.run_once(team.database, MemoryMailer(), later) for _ in range(3)])

    assert sum(report.timers for report in reports) == len(ids)
    with team.database.reading() as session:
        fired = session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "timer"))
    assert fired == len(ids)
    assert team.problems(now=later) == []


def test_claiming_at_once_gives_the_task_to_one(team: Leave) -> None:
    task_id = team.open_task(team.start()).id
    actors = [team.actor(REVIEWER), team.actor(SECOND)]
    meet_at_the_lock(team, 2)

    def claim(actor: Any) -> Any:
        with team.database.transaction() as session:
            return tasks.claim_task(session, task_id, actor=actor, now=NOW).claimed_by

    came = at_once(lambda: claim(actors[0]), lambda: claim(actors[1]))

    winners = [each for each in came if isinstance(each, str)]
    assert len(winners) == 1
    assert team.problems() == []


def test_one_form_sent_twice_at_the_same_moment_starts_one_case(team: Leave) -> None:
    def send() -> Any:
        try:
            return team.start(idempotency_key="one-form")
        except Busy:
            return team.start(idempotency_key="one-form")

    first, second = at_once(send, send)

    assert first == second
    assert team.problems() == []
