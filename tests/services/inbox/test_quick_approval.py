"""Approving from the list: only what the process allows for this very task, once, and never past a warning."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from services import tasks
from services.errors import AlreadyDecided, Busy, ClaimedByOther, Conflict, NotFound, StaleRevision
from services.models.audit import AuditEntry, Decision
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.cases import OPEN, Case, Task
from services.tasks.quick_answers import Flagged, NeedsOpening
from tests.databases import NOW
from tests.services.case_rows import actor

OFFICER, SECOND, TRAVELLER, STRANGER = "mei.okafor-lund", "emeka.strand", "ana.lucero", "dario.velasco"
WAIT_S = 30


def waiting(journeys, *, days: int = 19, **changes: object) -> Task:
    """A clearance that waits for its decider."""
    case_id = journeys.ask(TRAVELLER, "XC-CAP", days=days)
    with journeys.database.transaction() as session:
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.state == OPEN)).one()
        for name, value in changes.items():
            setattr(task, name, value)
        return task


def approve(journeys, task: Task, *, by: str = OFFICER, revision: int | None = None, key: str | None = None):
    with journeys.database.transaction() as session:
        seen = session.get_one(Case, task.case_id).revision if revision is None else revision
        return tasks.approve_quickly(session, task.id, actor=actor(by), revision=seen, now=NOW, idempotency_key=key)


def count(journeys, model: type, *only: object) -> int:
    with journeys.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*only)) or 0


def test_the_process_says_when_it_may_be_approved_and_with_what(embedded_journeys) -> None:
    journeys = embedded_journeys
    task = waiting(journeys)

    assert task.properties["quick.approve"] == {"decision": "GRANT"}
    assert (task.risk_rank, task.departs_at.isoformat()) == (4, "2026-12-20T09:00:00+00:00")
    assert not {"sort.departure", "sort.risk"} & set(task.properties)

    done = approve(journeys, task)

    assert (done.decision.outcome, done.decision.actor_person) == ("GRANT", OFFICER)
    assert journeys.open_tasks(task.case_id) == []


def test_what_carries_a_warning_or_has_to_be_read_is_never_approved_unopened(embedded_journeys) -> None:
    journeys = embedded_journeys
    flagged = waiting(journeys, card=[{"label": "Hotel", "value": "not approved", "flag": True}])
    with pytest.raises(Flagged):
        approve(journeys, flagged)
    with pytest.raises(NotFound):
        approve(journeys, flagged, by=STRANGER)

    with journeys.database.transaction() as session:
        task = session.get_one(Task, flagged.id)
        task.card, task.properties = [], {**task.properties, "quick.approve": None}
    with pytest.raises(NeedsOpening):
        approve(journeys, flagged)

    assert count(journeys, Decision, Decision.task_id == flagged.id) == 0
    assert count(journeys, AuditEntry, AuditEntry.case_id == flagged.case_id, AuditEntry.act == "complete") == 0


def test_what_was_not_seen_as_it_is_or_is_in_other_hands_is_not_approved(embedded_journeys) -> None:
    journeys = embedded_journeys
    task = waiting(journeys)
    with pytest.raises(StaleRevision):
        approve(journeys, task, revision=0)
    with journeys.database.transaction() as session:
        session.get_one(Task, task.id).claimed_by = SECOND
    with pytest.raises(ClaimedByOther):
        approve(journeys, task)

    assert journeys.open_tasks(task.case_id) == ["stop_decide"]


def test_an_approval_that_is_sent_twice_is_one(embedded_journeys) -> None:
    journeys = embedded_journeys
    task = waiting(journeys)
    first, again = (approve(journeys, task, revision=task.revision, key="the same form") for _ in range(2))

    assert (first.repeated, again.repeated, again.decision.id) == (False, True, first.decision.id)
    with pytest.raises(AlreadyDecided):
        approve(journeys, task, key="another form")


def test_two_people_who_approve_the_same_tasks_at_once_make_one_decision_each(journeys) -> None:
    several = [waiting(journeys, days=19 + 7 * number) for number in range(3)]
    with journeys.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person=STRANGER, role="DSSO", area="XC-CAP", valid_from=NOW))

    def go(who: str) -> list[str]:
        said = []
        for task in several:
            for _ in range(20):
                try:
                    approve(journeys, task, by=who, key=f"{who}-{task.id}")
                except Busy:
                    continue
                except Conflict as refusal:
                    said.append(type(refusal).__name__)
                else:
                    said.append("done")
                break
        return said

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(go, [OFFICER, STRANGER], timeout=WAIT_S))

    assert [pair.count("done") for pair in zip(*outcomes, strict=True)] == [1, 1, 1]
    for task in several:
        assert count(journeys, Decision, Decision.task_id == task.id) == 1
        assert count(journeys, AuditEntry, AuditEntry.case_id == task.case_id, AuditEntry.act == "complete") == 1
