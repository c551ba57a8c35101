"""What a step of the travel clearance costs the database."""

from __future__ import annotations

from sqlalchemy import select

from services import people, tasks
from services.models.cases import OPEN, Case, Task
from tests.services.travel.journeys import NOW, Journeys
from tests.services.travel.test_operations import halden
from tests.statements import watch_statements


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


def test_confirming_asks_no_more_for_a_large_group_than_for_a_small_one(journeys: Journeys) -> None:
    few, many = (_confirm_statements(journeys, travellers) for travellers in (4, 20))

    assert len(many) <= len(few), "\n".join(many)


def _confirm_statements(journeys: Journeys, travellers: int) -> list[str]:
    """Have the first of so many travellers confirm the itinerary; answer what was asked of the database."""
    group = [{"person": f"traveller.{number:02}"} for number in range(1, travellers + 1)]
    case_id = journeys.ask("paula.reyes", "XA-CAP", travellers=group)
    statements: list[str] = []
    stop = watch_statements(journeys.database.engine, statements.append)
    journeys.do(case_id, "traveller.01", "tsc_confirm_itinerary", confirmation="ACCEPT")
    stop()
    return statements
