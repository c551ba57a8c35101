"""What happens in areas, and how running cases hear of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services import area_events, bus, cases, definitions, people
from services.errors import NotYourRole
from services.models.bus import BusEvent, BusReceipt
from services.models.cases import Case, CaseIncident
from services.registers import clearances
from tests.services.travel.journeys import NOW, Journeys
from workflows.packages import Package


def change(journeys: Journeys, area: str, *, by: str = "ingrid.sollerman", **changes: object) -> list[str]:
    """The official lets a new state begin; the kinds of events that follow."""
    with journeys.database.transaction() as session:
        actor = people.actor_named(session, by)
        return [event.kind for event in area_events.change_area(session, area, changes, actor=actor, now=NOW)]


def dispatch(journeys: Journeys) -> int:
    return bus.dispatch(journeys.database, NOW)


def count(journeys: Journeys, model: type) -> int:
    with journeys.database.reading() as session:
        return session.query(model).count()


def test_a_level_that_rises_reroutes_who_is_being_decided(journeys: Journeys) -> None:
    case = journeys.ask("ana.lucero", "XC-CAP")

    kinds = change(journeys, "XC-CAP", by="anwar.tessier", security_level=5)
    done = dispatch(journeys)

    assert (kinds, done) == (["SIG_LEVEL_UP"], 1)
    assert journeys.open_tasks(case) == ["stop_recommend"]
    assert journeys.lines(case)[0].tier == 3


def test_a_suspension_holds_and_its_lifting_resumes(journeys: Journeys) -> None:
    case = journeys.ask("ana.lucero", "XC-CAP")
    change(journeys, "XC-CAP", by="anwar.tessier", status="SUSPENDED")
    dispatch(journeys)

    assert journeys.open_tasks(case) == []
    assert journeys.lines(case)[0].status == "HELD"

    change(journeys, "XC-CAP", by="anwar.tessier", status="OPEN")
    dispatch(journeys)

    assert journeys.open_tasks(case) == ["stop_decide"]


def test_an_evacuation_stops_the_request_for_good(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("ana.lucero", "XC-CAP")

    change(embedded_journeys, "XC-CAP", by="anwar.tessier", status="EVACUATED")
    dispatch(embedded_journeys)

    assert embedded_journeys.case(case).status == "STOPPED_EVACUATION"
    assert embedded_journeys.lines(case)[0].status == "REVOKED"


def test_a_cleared_traveller_is_put_on_hold_when_the_level_becomes_high(journeys: Journeys) -> None:
    case = journeys.ask("iris.calder", "XA-CAP")
    assert [one.status for one in journeys.certificates(case)] == ["VALID"]

    change(journeys, "XA-CAP", security_level=5, clearance_mode="MANUAL")
    dispatch(journeys)

    assert [one.status for one in journeys.certificates(case)] == ["SUSPENDED"]
    assert journeys.lines(case)[0].status == "PENDING"


def test_whoever_is_there_when_the_level_becomes_high_is_counted(journeys: Journeys) -> None:
    case = journeys.ask("iris.calder", "XA-CAP")
    with journeys.database.transaction() as session:
        clearances.lines_of_case(session, case)[0].status = "IN_AREA"

    change(journeys, "XA-CAP", security_level=5)
    dispatch(journeys)

    with journeys.database.reading() as session:
        (called,) = session.scalars(select(BusEvent).where(BusEvent.kind == "MSG_HEADCOUNT")).all()
    assert (called.area, called.payload) == ("XA-CAP", {"persons": ["iris.calder"], "reason": "LEVEL_UP"})
    assert [one.status for one in journeys.certificates(case)] == ["VALID"]


def test_a_case_on_an_older_version_is_told_in_the_texts_that_it_has(
    embedded_journeys: Journeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")
    get_package = definitions.get_package

    def older(session: Session, version_id: str) -> Package:
        package = get_package(session, version_id)
        return replace(package, messages={code: text for code, text in package.messages.items() if code != "N-TSC-24"})

    monkeypatch.setattr(definitions, "get_package", older)
    change(embedded_journeys, "XA-CAP", security_level=1)
    dispatch(embedded_journeys)

    assert "N-TSC-13" in embedded_journeys.notices(case)
    assert "N-TSC-24" not in embedded_journeys.notices(case)


def test_an_event_is_told_once_however_often_it_is_dispatched(embedded_journeys: Journeys) -> None:
    embedded_journeys.ask("ana.lucero", "XC-CAP")
    embedded_journeys.ask("petra.strand", "XC-CAP", days=30)
    change(embedded_journeys, "XC-CAP", by="anwar.tessier", security_level=4)

    assert [dispatch(embedded_journeys) for _ in range(3)] == [1, 0, 0]
    assert count(embedded_journeys, BusReceipt) == 2


def test_what_was_told_before_a_crash_is_not_told_again(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("ana.lucero", "XC-CAP")
    change(embedded_journeys, "XC-CAP", by="anwar.tessier", security_level=4)
    dispatch(embedded_journeys)
    with embedded_journeys.database.transaction() as session:
        session.query(BusEvent).one().handled_at = None
    revision = embedded_journeys.case(case).revision

    assert dispatch(embedded_journeys) == 1
    assert embedded_journeys.case(case).revision == revision


def test_a_case_that_cannot_be_told_does_not_keep_the_others_waiting(embedded_journeys: Journeys) -> None:
    broken = embedded_journeys.ask("ana.lucero", "XC-CAP")
    sound = embedded_journeys.ask("petra.strand", "XC-CAP", days=30)
    with embedded_journeys.database.transaction() as session:
        row = session.get_one(Case, broken)
        state, row.engine_state = row.engine_state, b"nonsense"
    change(embedded_journeys, "XC-CAP", by="anwar.tessier", security_level=5)

    assert [dispatch(embedded_journeys), dispatch(embedded_journeys)] == [1, 0]

    assert embedded_journeys.open_tasks(sound) == ["stop_recommend"]
    assert (embedded_journeys.case(broken).state, embedded_journeys.open_tasks(broken)) == ("INCIDENT", ["stop_decide"])
    repair(embedded_journeys, broken, state)
    dispatch(embedded_journeys)
    assert embedded_journeys.open_tasks(broken) == ["stop_recommend"]


def repair(journeys: Journeys, case_id: str, state: bytes | None) -> None:
    """Somebody puts the state of a case right and lets it go on."""
    with journeys.database.transaction() as session:
        session.get_one(Case, case_id).engine_state = state
        session.flush()
        incident = session.scalars(select(CaseIncident.id).where(CaseIncident.case_id == case_id)).one()
        cases.close_incident(session, incident, actor=people.SYSTEM, now=NOW)


def test_an_event_announced_for_later_waits_for_its_moment(embedded_journeys: Journeys) -> None:
    embedded_journeys.ask("ana.lucero", "XC-CAP")
    later = NOW + timedelta(days=2)
    with embedded_journeys.database.transaction() as session:
        actor = people.actor_named(session, "anwar.tessier")
        area_events.raise_area_event(session, "INCIDENT_MAJOR", "XC-CAP", {}, actor, NOW, effective_at=later)

    assert dispatch(embedded_journeys) == 0
    assert bus.dispatch(embedded_journeys.database, later) == 1


def test_an_event_of_a_designated_area_reaches_every_area_in_it(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("ana.lucero", "XC-CAP")
    with embedded_journeys.database.transaction() as session:
        area_events.raise_area_event(session, "INCIDENT_MAJOR", "XC", {"reason": "Unrest"}, people.SYSTEM, NOW)

    dispatch(embedded_journeys)

    assert embedded_journeys.open_tasks(case) == ["stop_decide"]
    assert count(embedded_journeys, BusReceipt) == 1


@pytest.mark.parametrize("person", ["ana.lucero", "ingrid.sollerman", "mika.tarn", "amina.sorel"])
def test_nobody_speaks_for_an_area_that_is_not_theirs(embedded_journeys: Journeys, person: str) -> None:
    with pytest.raises(NotYourRole):
        change(embedded_journeys, "XC-CAP", by=person, security_level=5)
    assert count(embedded_journeys, BusEvent) == 0


def test_an_unknown_kind_of_event_is_refused(embedded_journeys: Journeys) -> None:
    with embedded_journeys.database.transaction() as session, pytest.raises(area_events.EventUnknown):
        area_events.raise_area_event(session, "SIG_RAIN", "XC-CAP", {}, people.SYSTEM, NOW)
