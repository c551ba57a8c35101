"""What a step of the travel clearance costs the database."""

from __future__ import annotations

from sqlalchemy import select

from services import people, tasks
from services.models.cases import OPEN, Case, Task
from tests.services.leave import watch_statements
from tests.services.travel.journeys import NOW, Journeys
from tests.services.travel.test_operations import halden


def test_an_advice_on_a_clearance_takes_at_most_nine_statements_and_one_commit(journeys: Journeys) -> None:
    case_id = halden(journeys)
    with journeys.database.reading() as session:
        adviser = people.actor_named(session, "naledi.vanter")
        task = session.scalars(select(Task.id).where(Task.case_id == case_id, Task.state == OPEN)).one()
        revision = session.scalars(select(Case.revision).where(Case.id == case_id)).one()
    statements: list[str] = []
    stop = watch_statements(journeys.database.engine, statements.append)

    with journeys.database.transaction() as session:
        tasks.complete_task(session, task, actor=adviser, answers={"advice": "RECOMMEND"}, revision=revision, now=NOW)
    stop()

    assert len(statements) <= 9, "\n".join(statements)
