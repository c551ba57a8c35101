"""Taking back a decision on a clearance: registers, places under a ceiling and the certificate are as they were."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import jobs, people, tasks
from services.errors import TooLateToTakeBack
from services.mailers import MemoryMailer
from services.models import Case, Task
from services.models.ceilings import CeilingEntry, CeilingNight
from services.models.clearances import Certificate, ClearanceLine
from services.registers import ceilings
from tests.services.travel.journeys import NOW, Journeys
from tests.services.travel.test_operations import halden

DECIDER = "ingrid.sollerman"


def take_back(journeys: Journeys, element: str, *, by: str = DECIDER, now=NOW, reason: str = "") -> None:
    with journeys.database.transaction() as session:
        task = session.scalars(select(Task.id).where(Task.element == element).order_by(Task.closed_at.desc()).limit(1)).one()
        tasks.take_back(session, task, actor=people.actor_named(session, by), now=now, reason=reason)


def registers(journeys: Journeys) -> list[object]:
    with journeys.database.reading() as session:
        lines = session.scalars(select(ClearanceLine).order_by(ClearanceLine.unit_key)).all()
        return [
            [(line.unit_key, line.status, line.decision_id, line.tier, line.valid_from, line.valid_to) for line in lines],
            session.scalars(select(Certificate.number)).all(),
            session.execute(select(CeilingNight.night, CeilingNight.taken).order_by(CeilingNight.night)).all(),
            [ceilings.count_held(session, line.unit_key) for line in lines],
        ]


def test_a_grant_that_is_taken_back_leaves_the_registers_as_they_were(journeys: Journeys) -> None:
    case = halden(journeys)
    journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    before = registers(journeys)
    journeys.do(case, DECIDER, "stop_decide", decision="GRANT")
    granted = registers(journeys)

    take_back(journeys, "stop_decide")
    after = registers(journeys)
    journeys.do(case, DECIDER, "stop_decide", decision="GRANT")

    assert after == before != granted
    again = registers(journeys)
    assert (again[2], again[3]) == (granted[2], granted[3])
    assert [line[1] for line in again[0]] == [line[1] for line in granted[0]]
    assert journeys.problems() == []


def test_an_endorsement_that_is_taken_back_gives_its_places_back_and_says_so_in_the_ledger(journeys: Journeys) -> None:
    halden(journeys)

    take_back(journeys, "tsc_hoa_endorse", by="clara.jimenez")

    with journeys.database.reading() as session:
        moved = session.execute(select(CeilingEntry.kind, CeilingEntry.quantity)).all()
        assert set(session.scalars(select(CeilingNight.taken))) == {0}
        assert session.scalars(select(Task.element).where(Task.state == "OPEN")).all() == ["tsc_hoa_endorse"]
    assert {kind for kind, _ in moved} == {"RESERVE", "RELEASE"}
    assert sum(quantity for _, quantity in moved) == 0
    assert journeys.problems() == []


def test_it_is_too_late_once_the_clock_has_moved_the_case(embedded_journeys: Journeys) -> None:
    journeys = embedded_journeys
    case = halden(journeys)
    journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    with journeys.database.reading() as session:
        due = session.get_one(Case, case).wake_at
    assert due is not None
    jobs.run_once(journeys.database, MemoryMailer(), due)

    with pytest.raises(TooLateToTakeBack):
        take_back(journeys, "stop_recommend", by="naledi.vanter", now=due + timedelta(minutes=1), reason="A slip")
