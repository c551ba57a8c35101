"""What people wrote goes after five years, the record after ten; nothing goes before, by halves, or twice."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from services import jobs, people, retention
from services.authority import may_see_case
from services.cases import CaseView, read_case, repeat_request
from services.errors import CaseEmptied
from services.models import Base
from services.models.base import new_id
from services.models.bus import BusEvent, BusReceipt
from services.models.cases import Case
from services.models.ceilings import CeilingEntry
from services.models.clearances import Movement, MovementTotal
from services.models.questions import SeenCard
from services.models.residences import Survey
from services.models.retention import Forgetting, ForgottenTotal
from services.retention import forgetting
from tests.services.leave import NOW as LEAVE_NOW
from tests.services.leave import Leave
from tests.services.power import PowerFailure, fail_at
from tests.services.retention.trips import DECIDER, RECORD, STRINGS, TRAVELLER, places_of, snapshot
from tests.services.travel.journeys import Journeys
from tests.statements import watch_statements

ROOT = Path(__file__).resolve().parents[3]
CONTENT_DAYS, RECORD_DAYS = 1825, 3650
#: What is needed to find the case again, and what its record is made of.
KEPT_TABLES = {"audit", "case_parties", "cases", "decisions", "kpi_events", "tasks"}


def the_case(journeys: Journeys) -> Case:
    with journeys.database.reading() as session:
        return session.scalars(select(Case)).one()


def after(case: Case, days: int, **more: float) -> datetime:
    """So long after the end of a case, and a second."""
    assert case.ended_at is not None
    return case.ended_at + timedelta(days=days, seconds=1, **more)


def read(journeys: Journeys, case: Case, person: str, now: datetime) -> CaseView:
    with journeys.database.reading() as session:
        return read_case(session, case.id, actor=people.actor_named(session, person), now=now)


def test_after_five_years_only_the_record_names_what_people_wrote(trip: Journeys) -> None:
    case = the_case(trip)
    before = places_of(trip.database, STRINGS)
    later = after(case, CONTENT_DAYS)

    jobs.forget_cases(trip.database, later)

    assert places_of(trip.database, STRINGS) == {"audit.payload", "decisions.answers", "decisions.reason_text"} <= RECORD
    assert len(before) > 8  # the look finds them where they are
    assert {place.partition(".")[0] for place in places_of(trip.database, (case.id, case.number))} == KEPT_TABLES
    emptied = the_case(trip)
    assert (emptied.emptied_at, emptied.subject, emptied.words, emptied.number) == (later, "", "", case.number)
    assert (emptied.requester, emptied.ended_at, emptied.status) == (case.requester, case.ended_at, case.status)
    assert trip.problems(now=later) == []


def test_up_to_the_last_moment_nothing_is_changed(trip: Journeys) -> None:
    case = the_case(trip)
    before = snapshot(trip.database)

    jobs.forget_cases(trip.database, after(case, CONTENT_DAYS - 1))
    jobs.forget_cases(trip.database, after(case, CONTENT_DAYS) - timedelta(seconds=2))

    assert snapshot(trip.database) == before


def test_after_ten_years_no_row_of_any_table_names_the_case(trip: Journeys) -> None:
    case = the_case(trip)
    jobs.forget_cases(trip.database, after(case, CONTENT_DAYS))
    later = after(case, RECORD_DAYS)
    jobs.forget_cases(trip.database, later - timedelta(seconds=2))
    assert the_case(trip).number == case.number

    jobs.forget_cases(trip.database, later)

    assert places_of(trip.database, (case.id, case.number, *STRINGS)) == set()
    with trip.database.reading() as session:
        assert session.scalars(select(Case)).all() == session.scalars(select(Forgetting)).all() == []
        (total,) = session.scalars(select(ForgottenTotal))
        assert (total.process_key, total.day, total.cases) == ("travel_clearance", later.date(), 1)
    assert trip.problems(now=later) == []


def test_one_round_after_ten_years_takes_all_at_once(embedded_trip: Journeys) -> None:
    case = the_case(embedded_trip)

    jobs.forget_cases(embedded_trip.database, after(case, RECORD_DAYS))

    assert places_of(embedded_trip.database, (case.id, case.number)) == set()


def test_what_came_to_a_case_after_it_was_emptied_goes_with_its_record(embedded_trip: Journeys) -> None:
    case = the_case(embedded_trip)
    jobs.forget_cases(embedded_trip.database, after(case, CONTENT_DAYS))
    with embedded_trip.database.transaction() as session:
        session.add(SeenCard(case_id=case.id, person=DECIDER, element="stop_decide", seen_at=LEAVE_NOW))

    jobs.forget_cases(embedded_trip.database, after(case, RECORD_DAYS))

    assert places_of(embedded_trip.database, (case.id, case.number)) == set()


def test_every_reference_to_a_case_or_a_task_is_followed(embedded_trip: Journeys) -> None:
    """A table that is added later and refers to cases must say here what becomes of its rows."""
    from services.retention import contents, records

    case_id = the_case(embedded_trip).id
    with embedded_trip.database.reading() as session:
        case = session.get_one(Case, case_id)
        statements = [*contents._statements(case_id), *records._statements(session, case)]
    known = {statement.table.name for statement in statements} | {"movements", "cases", "support_contacts"}

    referring = _referring()
    assert referring - known == set()
    assert len(referring) > 35


def _referring() -> set[str]:
    """The tables that refer to cases, and those whose rows cannot stay when such a row goes, however far away."""
    tables = Base.metadata.tables.values()
    named = {table.name for table in tables for key in table.foreign_keys if key.column.table.name == "cases"}
    gone, more = {"cases"}, {"cases"}
    while more:
        more = {
            table.name
            for table in tables
            for key in table.foreign_keys
            if key.column.table.name in gone and not key.parent.nullable and table.name not in gone
        }
        gone |= more
    return (named | gone) - {"cases"}


def test_what_is_not_the_case_s_own_stays(trip: Journeys) -> None:
    case = the_case(trip)
    with trip.database.transaction() as session:
        about = {"residence": "XB-R1", "surveyed_on": date(2026, 12, 2), "surveyor": DECIDER, "valid_to": date(2027, 12, 2)}
        residence = session.execute(text("SELECT code FROM residences")).scalars().first()
        session.add(Survey(**about | {"residence": residence}, occupants=[], findings=[], case_id=case.id))
        heard = BusEvent(id=new_id(), kind="X", payload={}, created_by="system", at=LEAVE_NOW, effective_at=LEAVE_NOW)
        heard.handled_at = LEAVE_NOW
        session.add(heard)
        session.flush()
        for receiver, of_case in ((case.id, case.id), ("opens x", case.id)):
            session.add(BusReceipt(event_id=heard.id, receiver=receiver, case_id=of_case, action="told", at=LEAVE_NOW))
        unit = trip.lines(case.id)[0].unit_key
        entry = {"area": "XC-CAP", "night": date(2026, 12, 20), "kind": "RESERVE", "quantity": 1, "at": LEAVE_NOW}
        session.add(CeilingEntry(id=new_id(), unit_key=unit, **entry))
        moved = {"person": TRAVELLER, "area": "XC-CAP", "kind": "ARRIVED", "at": LEAVE_NOW, "recorded_at": LEAVE_NOW}
        session.add(Movement(id=new_id(), case_id=case.id, recorded_by=TRAVELLER, **moved))

    jobs.forget_cases(trip.database, after(case, RECORD_DAYS))

    with trip.database.reading() as session:
        survey = session.scalars(select(Survey).where(Survey.surveyed_on == date(2026, 12, 2))).one()
        assert survey.case_id is None
        assert [receipt.receiver for receipt in session.scalars(select(BusReceipt))] == ["opens x"]
        assert sum(entry.quantity for entry in session.scalars(select(CeilingEntry).where(CeilingEntry.unit_key == ""))) == 1
        assert session.scalars(select(Movement)).all() == []
        assert session.scalars(select(MovementTotal.movements)).all() != []
    assert places_of(trip.database, (case.id, case.number)) == set()


def test_the_traveller_still_sees_that_it_was_and_others_see_no_more_than_before(trip: Journeys) -> None:
    case = the_case(trip)
    later = after(case, CONTENT_DAYS)
    seen = _sights(trip, case, LEAVE_NOW)
    jobs.forget_cases(trip.database, later)

    own = read(trip, case, TRAVELLER, later)

    assert (own.variables, own.request_versions, own.open_tasks, own.is_party) == ({}, [], [], True)
    assert [decision.act for decision in own.decisions if decision.act == "DECIDE"]
    assert own.history[-1].act == "empty"
    grown = {person for person, areas in _sights(trip, case, LEAVE_NOW).items() if areas is None and seen[person] is not None}
    assert grown == set()


def _sights(journeys: Journeys, case: Case, now: datetime) -> dict[str, Any]:
    """How much of a case each person sees: None is all of it, an empty set nothing."""
    found: dict[str, Any] = {}
    with journeys.database.reading() as session:
        for code in session.execute(text("SELECT person FROM accounts")).scalars().all():
            try:
                sight = may_see_case(session, people.actor_named(session, code), session.get_one(Case, case.id), now)
            except people.SafeconductError:
                found[code] = frozenset()
            else:
                found[code] = sight.areas
    return found


def test_an_emptied_request_cannot_be_repeated(trip: Journeys) -> None:
    case = the_case(trip)
    later = after(case, CONTENT_DAYS)
    jobs.forget_cases(trip.database, later)

    with pytest.raises(CaseEmptied), trip.database.transaction() as session:
        repeat_request(session, case.id, actor=people.actor_named(session, TRAVELLER), now=later)


@pytest.mark.parametrize("forget", [retention.empty_case, retention.remove_case])
def test_two_workers_at_once_do_it_once(trip: Journeys, forget: Any) -> None:
    case = the_case(trip)
    later = after(case, RECORD_DAYS)
    if forget is retention.remove_case:
        with trip.database.transaction() as session:
            retention.empty_case(session, case.id, now=later)
    barrier = threading.Barrier(2)

    def work() -> bool:
        barrier.wait(20)
        with trip.database.transaction() as session:
            return bool(forget(session, case.id, now=later))

    with ThreadPoolExecutor(2) as pool:
        done = sorted(task.result() for task in [pool.submit(work) for _ in range(2)])

    assert done == [False, True]
    with trip.database.reading() as session:
        acts = session.execute(text("SELECT act FROM audit WHERE act = 'empty'")).scalars().all()
        assert len(acts) == (1 if forget is retention.empty_case else 0)
    assert trip.problems(now=later) == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("forget", [retention.empty_case, retention.remove_case])
def test_a_failure_at_any_statement_leaves_the_case_whole(leave: Leave, forget: Any, when: str) -> None:
    case_id = _over(leave)
    later = after(leave.case(case_id), RECORD_DAYS)
    if forget is retention.remove_case:
        with leave.database.transaction() as session:
            retention.empty_case(session, case_id, now=later)
    before, failed = snapshot(leave.database), 0

    for number in range(1, 120):
        stop = fail_at(leave.database, number, when)
        try:
            with leave.database.transaction() as session:
                forget(session, case_id, now=later)
        except PowerFailure:
            failed += 1
            stop()
            assert snapshot(leave.database) == before
            continue
        stop()
        break

    assert failed > 25
    assert snapshot(leave.database) != before
    assert leave.problems(now=later) == []


def _over(leave: Leave) -> str:
    case_id = leave.start()
    leave.review(case_id)
    leave.approve(case_id)
    assert leave.case(case_id).ended_at is not None
    return case_id


def test_a_round_that_is_killed_at_any_statement_leaves_a_case_whole_emptied_or_gone(leave: Leave) -> None:
    case_id = _over(leave)
    later = after(leave.case(case_id), RECORD_DAYS)
    step = 1 if leave.database.dialect == "sqlite" else 3  # a failure at each statement there is tried above, in one process
    program = [sys.executable, "-B", "-m", "tests.services.retention.dying", leave.database.url, later.isoformat(), str(step)]

    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)

    found = json.loads(done.stdout)
    killed, last = found[1:-1], found[-1]
    assert len(killed) > 40 / step
    assert {death["ended"] for death in killed} == {137}
    assert len({death["digest"] for death in found}) == 3
    assert [death["problems"] for death in found if death["problems"]] == []
    assert (found[0]["cases"], last["ended"], last["cases"]) == (1, 0, 0)


def test_a_case_goes_by_the_days_of_its_own_version(leave: Leave) -> None:
    case_id = _over(leave)

    jobs.forget_cases(leave.database, after(leave.case(case_id), 365) - timedelta(seconds=2))
    kept = leave.case(case_id).emptied_at
    jobs.forget_cases(leave.database, after(leave.case(case_id), 365))

    assert (kept, leave.case(case_id).emptied_at) == (None, after(leave.case(case_id), 365))


def test_cases_that_cannot_go_do_not_keep_the_others(leave: Leave, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = sorted((leave.case(_over(leave)) for _ in range(5)), key=lambda case: (case.ended_at, case.id))
    stuck, others = {case.id for case in ended[:3]}, [case.id for case in ended[3:]]
    empty = retention.empty_case

    def stumble(session: Any, case_id: str, *, now: datetime) -> bool:
        if case_id in stuck:
            raise RuntimeError("broken")
        return empty(session, case_id, now=now)

    monkeypatch.setattr(retention, "empty_case", stumble)
    monkeypatch.setattr(forgetting, "MOST_AT_ONCE", 2)
    jobs.forget_cases(leave.database, after(ended[-1], 365))

    assert [leave.case(case_id).emptied_at is not None for case_id in (*sorted(stuck), *others)] == [False] * 3 + [True] * 2


def test_an_open_case_never_goes(leave: Leave) -> None:
    case_id = leave.start()

    jobs.forget_cases(leave.database, LEAVE_NOW + timedelta(days=20_000))

    assert leave.case(case_id).emptied_at is None


@pytest.mark.parametrize("table", ["decisions", "audit"])
def test_the_database_lets_go_only_what_is_being_forgotten(leave: Leave, table: str) -> None:
    first, second = _over(leave), _over(leave)
    removing = text(f"DELETE FROM {table} WHERE case_id = :case")

    for whole, of_case in ((False, first), (True, second)):
        with pytest.raises(DBAPIError, match="append-only"), leave.database.transaction() as session:
            session.add(Forgetting(case_id=of_case, whole=whole))
            session.flush()
            session.execute(removing, {"case": first})


def test_forgetting_one_case_asks_a_bounded_number_of_things(embedded_leave: Leave) -> None:
    case_id = _over(embedded_leave)
    asked: list[str] = []
    stop = watch_statements(embedded_leave.database.engine, asked.append)

    with embedded_leave.database.transaction() as session:
        retention.empty_case(session, case_id, now=after(embedded_leave.case(case_id), 365))
    stop()

    assert len(asked) < 45
    assert inspect(embedded_leave.database.engine).has_table("forgettings")
