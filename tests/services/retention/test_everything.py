"""The cases of all processes go when their time is over, but those on which something in force rests."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, text

from services import invariants, jobs, people, retention
from services.database import Database
from services.models.assessments import Assessment
from services.models.base import new_id
from services.models.cases import Case, CaseIncident
from services.models.clearances import ClearanceLine, Waiver
from services.models.headcounts import Headcount
from services.models.incidents import Crisis, RiskAvoidance
from services.models.plans import PlanSignOff
from services.models.residences import ClaimLine, Residence
from services.waiting import NOT_OVER
from tests.databases import NOW
from tests.services.leave import Leave

LATER = NOW + timedelta(days=4000)


def staying(database: Database, now: Any = LATER) -> dict[str, str]:
    with database.reading() as session:
        found = retention.preview(session, days=0, actor=people.SYSTEM, now=now).staying
        return {each.number: each.why for each in found}


def test_all_that_can_go_goes_and_nothing_dangles(demo_database: Database, caplog: pytest.LogCaptureFixture) -> None:
    with demo_database.reading() as session:
        is_open = set(session.scalars(select(Case.number).where(Case.state.in_(NOT_OVER))))
        over = session.scalar(select(func.count()).select_from(Case)) - len(is_open)
        assessments = session.scalar(select(func.count()).select_from(Assessment))

    with caplog.at_level(logging.WARNING):
        jobs.forget_cases(demo_database, LATER)

    kept = staying(demo_database)
    with demo_database.reading() as session:
        assert set(session.scalars(select(Case.number))) == is_open | set(kept)
        assert session.scalar(select(func.count()).select_from(Assessment)) == assessments
        assert [str(each) for _, found in invariants.check_cases(session, now=NOW) for each in found] == []
    assert over > 15
    assert set(kept.values()) == {"SIGN_OFF"}
    assert caplog.messages == []
    assert dangling(demo_database) == []


def dangling(database: Database) -> list[str]:
    """Columns that hold the id of a case or a task that is not there, also where no key keeps it."""
    with database.engine.connect() as connection:
        known = {str(row[0]) for table in ("cases", "tasks") for row in connection.execute(text(f"SELECT id FROM {table}"))}
        found = []
        for table in inspect(connection).get_table_names():
            for column in inspect(connection).get_columns(table):
                if column["name"] in {"case_id", "task_id", "created_by_case"}:
                    rows = connection.execute(text(f"SELECT DISTINCT {column['name']} FROM {table}")).scalars()
                    found += [f"{table}.{column['name']}: {value}" for value in rows if value is not None and value not in known]
    return found


@pytest.fixture
def over(leave: Leave) -> Case:
    """A case that has ended."""
    case_id = leave.start()
    leave.review(case_id)
    leave.approve(case_id)
    return leave.case(case_id)


def _line(case: Case) -> ClearanceLine:
    stay = {"arrive_at": LATER, "depart_at": LATER + timedelta(days=2), "created_at": NOW, "changed_at": NOW}
    about = {"person": case.requester, "organisation": "WIPO", "area": "XA-CAP", "travel_kind": "OFFICIAL"}
    key = {"stop_key": "S1", "unit_key": "S1", "stop_no": 1, "stop_type": "DESTINATION"}
    return ClearanceLine(id=new_id(), case_id=case.id, **key, **stay, **about)


def _claim(case: Case, residence: str) -> ClaimLine:
    about = {"measure": "RM01", "cost_kind": "ONE_OFF", "months": 1, "amount_cents": 100, "invoice_on": NOW.date()}
    ends = {"status": "PREAPPROVED", "valid_to": LATER.date(), "changed_at": NOW}
    return ClaimLine(case_id=case.id, line_no=1, residence=residence, person=case.requester, **about, **ends)


def _row(code: str, case: Case, residence: str) -> Any:
    about: dict[str, Any] = {"id": new_id(), "case_id": case.id, "number": "X-1", "area": "XA-CAP", "reason": "x"}
    failed = {"version_id": case.version_id, "process_key": case.process_key, "state": "FAILED", "act": "complete", "actor": "x"}
    asked = {"person": case.requester, "code": "X", "stop_key": "S1", "reason": "x", "asked_at": NOW}
    return {
        "FAILURE": lambda: CaseIncident(id=new_id(), case_id=case.id, cause="x", opened_at=NOW, failed_at=NOW, **failed),
        "CLEARANCE": lambda: _line(case),
        "WAIVER": lambda: Waiver(id=new_id(), case_id=case.id, valid_to=LATER.date(), **asked),
        "CLAIM": lambda: _claim(case, residence),
        "CRISIS": lambda: Crisis(**about, status="ACTIVE", reported_at=NOW),
        "AVOIDANCE": lambda: RiskAvoidance(**about, status="IN_FORCE", measure="EVACUATION", groups=[], essential=[]),
        "HEADCOUNT": lambda: Headcount(case_id=case.id, number="X-1", area="XA-CAP", reason="x", started_at=NOW),
    }[code]()


@pytest.mark.parametrize("code", ["FAILURE", "CLEARANCE", "WAIVER", "CLAIM", "CRISIS", "AVOIDANCE", "HEADCOUNT"])
def test_what_is_in_force_keeps_its_case_and_the_preview_says_why(leave: Leave, over: Case, code: str) -> None:
    with leave.database.transaction() as session:
        residence = session.scalars(select(Residence.code).limit(1)).one()
        session.add(_row(code, over, residence))

    jobs.forget_cases(leave.database, LATER)

    assert staying(leave.database) == {over.number: code}
    with leave.database.reading() as session:
        kept = session.scalars(select(Case)).one()
        assert (kept.emptied_at is None) == (code in {"FAILURE", "CLEARANCE", "WAIVER", "CLAIM"})


def test_a_later_signature_lets_the_case_of_the_one_before_go(demo_database: Database) -> None:
    jobs.forget_cases(demo_database, LATER)
    with demo_database.transaction() as session:
        signed = session.scalars(select(PlanSignOff)).all()
        newest = max(signed, key=lambda each: each.signed_at)
        elsewhere = session.scalars(select(Case).where(Case.state.in_(NOT_OVER)).limit(1)).one()
        facts = {name: getattr(newest, name) for name in ("cycle", "exercise", "decision", "status", "signed_by")}
        later = {"signed_at": newest.signed_at + timedelta(days=400), "case_id": elsewhere.id}
        session.add(PlanSignOff(id=new_id(), conditional_until=newest.conditional_until, **facts, **later))
        number = session.get_one(Case, newest.case_id).number

    assert staying(demo_database)[number] == "BUILT_ON"
