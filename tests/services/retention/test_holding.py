"""A case that somebody holds is neither emptied nor removed; who held it and why stays with it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services import jobs, people, retention, tasks
from services.errors import NotFound, OwnMatter, ReasonMissing
from services.models.audit import AuditEntry
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.cases import Case, CaseParty
from services.models.confinements import CaseConfinement
from services.models.retention import CaseHold, CaseHoldEnd
from tests.services.leave import NOW, REVIEWER, STRANGER, Leave
from tests.services.retention.trips import snapshot

LATER = NOW + timedelta(days=5000)


@pytest.fixture
def over(leave: Leave) -> str:
    """A case that has ended; its number."""
    return _over(leave)


def _over(leave: Leave) -> str:
    case_id = leave.start()
    leave.review(case_id)
    leave.approve(case_id)
    return leave.case(case_id).number


OWNER = "HR"
"""The role that owns the process."""


@pytest.fixture(autouse=True)
def owner(leave: Leave) -> None:
    """Somebody owns the process."""
    with leave.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person="pavel.eriksen", role=OWNER, valid_from=NOW))


def who_holds(leave: Leave, role: str) -> str:
    """Somebody of the demo world in this role."""
    if role == OWNER:
        return "pavel.eriksen"
    with leave.database.reading() as session:
        found = "SELECT person FROM role_holdings JOIN accounts USING (person) WHERE role = :role ORDER BY person"
        return str(session.execute(text(found), {"role": role}).scalars().first())


def hold(leave: Leave, number: str, person: str, reason: str = "A claim is before the tribunal.") -> CaseHold:
    with leave.database.transaction() as session:
        actor = people.actor_named(session, person)
        return retention.hold_case(session, number, reason=reason, actor=actor, now=NOW)


def lift(leave: Leave, number: str, person: str, reason: str = "The claim is settled.") -> CaseHoldEnd:
    with leave.database.transaction() as session:
        actor = people.actor_named(session, person)
        return retention.lift_hold(session, number, reason=reason, actor=actor, now=NOW)


def test_what_is_held_stays_as_it_is_until_the_hold_is_lifted(leave: Leave, over: str) -> None:
    hold(leave, over, who_holds(leave, "AUD"))
    before = snapshot(leave.database)

    jobs.forget_cases(leave.database, LATER)
    unchanged = snapshot(leave.database) == before
    lift(leave, over, who_holds(leave, "AUD"))
    jobs.forget_cases(leave.database, LATER)

    assert unchanged
    with leave.database.reading() as session:
        assert session.scalars(select(Case)).all() == session.scalars(select(CaseHold)).all() == []


def test_an_emptied_case_can_be_held_before_its_record_goes(leave: Leave, over: str) -> None:
    jobs.forget_cases(leave.database, NOW + timedelta(days=400))
    hold(leave, over, who_holds(leave, "AUD"))

    jobs.forget_cases(leave.database, LATER)

    with leave.database.reading() as session:
        case = session.scalars(select(Case)).one()
        assert (case.number, case.emptied_at is not None) == (over, True)
    assert leave.problems(now=LATER) == []


@pytest.mark.parametrize("role", ["AUD", "ADM", OWNER])
def test_those_who_look_after_processes_or_audit_them_may_hold(leave: Leave, over: str, role: str) -> None:
    person = who_holds(leave, role)

    hold(leave, over, person)
    lift(leave, over, person)

    with leave.database.reading() as session:
        (found,) = retention.list_holds(session, session.scalars(select(Case.id)).one())
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.seq)).all()[-2:]
        said = [session.scalars(select(AuditEntry.payload).where(AuditEntry.act == act)).one() for act in acts]
    assert (found.hold.by, found.hold.reason, found.end and found.end.reason) == (
        person, "A claim is before the tribunal.", "The claim is settled.",
    )  # fmt: skip
    assert acts == ["hold", "lift_hold"]
    assert "tribunal" not in str(said)
    assert leave.problems() == []


def test_nobody_else_may(leave: Leave, over: str) -> None:
    for person in (STRANGER, REVIEWER):
        with pytest.raises(NotFound):
            hold(leave, over, person)


def test_nobody_holds_or_lifts_in_a_matter_of_their_own(leave: Leave, over: str) -> None:
    auditor, other = who_holds(leave, "AUD"), who_holds(leave, "ADM")
    with leave.database.transaction() as session:
        case_id = session.scalars(select(Case.id)).one()
        session.add(CaseParty(id=new_id(), case_id=case_id, person=auditor, kind="TRAVELLER", line=None))
    with pytest.raises(OwnMatter):
        hold(leave, over, auditor)
    hold(leave, over, other)

    with pytest.raises(OwnMatter):
        lift(leave, over, auditor)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_hold_and_its_end_need_a_reason(leave: Leave, over: str, reason: str) -> None:
    auditor = who_holds(leave, "AUD")
    with pytest.raises(ReasonMissing):
        hold(leave, over, auditor, reason)
    hold(leave, over, auditor)

    with pytest.raises(ReasonMissing):
        lift(leave, over, auditor, reason)


def test_a_case_is_held_once_and_lifted_once(leave: Leave, over: str) -> None:
    auditor = who_holds(leave, "AUD")
    with pytest.raises(retention.NotHeld):
        lift(leave, over, auditor)
    hold(leave, over, auditor)
    with pytest.raises(retention.AlreadyHeld):
        hold(leave, over, who_holds(leave, "ADM"))


def test_a_confined_case_is_held_by_those_who_may_know_of_it(leave: Leave, over: str) -> None:
    counsellor = who_holds(leave, "COUN")
    with leave.database.transaction() as session:
        case_id = session.scalars(select(Case.id)).one()
        session.add(CaseConfinement(id=new_id(), case_id=case_id, role="COUN", since=NOW))
    with pytest.raises(NotFound):
        hold(leave, over, who_holds(leave, "AUD"))

    assert hold(leave, over, counsellor).role == "COUN"


@pytest.mark.parametrize("statement", ["UPDATE {table} SET reason = 'x'", "DELETE FROM {table}"])
@pytest.mark.parametrize("table", ["case_holds", "case_hold_ends"])
def test_the_database_refuses_to_change_holds(leave: Leave, over: str, table: str, statement: str) -> None:
    hold(leave, over, who_holds(leave, "AUD"))
    lift(leave, over, who_holds(leave, "AUD"))

    with pytest.raises(DBAPIError, match="append-only"), leave.database.transaction() as session:
        session.execute(text(statement.format(table=table)))


def test_a_hold_does_not_keep_a_decision_from_being_taken_back(leave: Leave) -> None:
    case_id = leave.start()
    task = leave.open_task(case_id).id
    leave.review(case_id)
    hold(leave, leave.case(case_id).number, who_holds(leave, "AUD"))

    with leave.database.transaction() as session:
        actor = people.actor_named(session, REVIEWER)
        tasks.take_back(session, task, actor=actor, now=NOW + timedelta(seconds=2))

    assert leave.open_task(case_id).element == "review"


def test_a_case_that_is_held_at_the_same_moment_is_not_emptied_afterwards(leave: Leave, over: str) -> None:
    auditor, barrier = who_holds(leave, "AUD"), threading.Barrier(2)
    case_id = _id_of(leave, over)

    def empty() -> None:
        barrier.wait(20)
        jobs.forget_cases(leave.database, LATER - timedelta(days=2000))

    def keep() -> None:
        barrier.wait(20)
        hold(leave, over, auditor)

    with ThreadPoolExecutor(2) as pool:
        for task in [pool.submit(empty), pool.submit(keep)]:
            task.result()

    with leave.database.reading() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.case_id == case_id).order_by(AuditEntry.seq)).all()
    assert list(acts)[-2:] in (["complete", "hold"], ["empty", "hold"])
    assert leave.problems() == []


def _id_of(leave: Leave, number: str) -> str:
    with leave.database.reading() as session:
        return session.scalars(select(Case.id).where(Case.number == number)).one()


def _see(leave: Leave, person: str | None, days: int, now: Any = NOW) -> retention.Preview:
    with leave.database.reading() as session:
        actor = people.SYSTEM if person is None else people.actor_named(session, person)
        return retention.preview(session, days=days, actor=actor, now=now)


def test_the_preview_counts_what_goes_and_names_what_stays(leave: Leave, over: str) -> None:
    second = _over(leave)
    hold(leave, over, who_holds(leave, "AUD"))

    for person in (None, who_holds(leave, "AUD"), who_holds(leave, OWNER)):
        far, near = _see(leave, person, 366), _see(leave, person, 364)
        (row,), (soon,) = far.rows, near.rows
        assert (row.process_key, row.days, row.record_days, row.to_empty, row.to_remove, row.held) == (
            "leave_request", 365, 3650, 1, 0, 1,
        )  # fmt: skip
        assert (soon.to_empty, soon.to_remove) == (0, 0)
        assert [(each.number, each.why) for each in far.staying] == [(over, "HOLD")]
    assert _see(leave, None, 3650, now=NOW + timedelta(days=10)).rows[0].to_remove == 1
    jobs.forget_cases(leave.database, LATER)
    assert _see(leave, None, 0, now=LATER).rows[0].removed == 1
    with leave.database.reading() as session:
        assert session.scalars(select(Case.number)).all() == [over] != [second]


def test_a_confined_case_is_named_to_nobody_else_in_the_preview(leave: Leave, over: str) -> None:
    hold(leave, over, who_holds(leave, "AUD"))
    with leave.database.transaction() as session:
        case_id = session.scalars(select(Case.id)).one()
        session.add(CaseConfinement(id=new_id(), case_id=case_id, role="COUN", since=NOW))

    assert [_see(leave, who_holds(leave, role), 30).staying for role in ("AUD", "ADM", OWNER)] == [[], [], []]


@pytest.mark.parametrize("person", [STRANGER, REVIEWER])
def test_the_preview_is_for_those_who_look_after_processes(leave: Leave, person: str) -> None:
    with pytest.raises(NotFound):
        _see(leave, person, 30)


@pytest.mark.parametrize("days", [-5, 10**9])
def test_odd_numbers_of_days_count_as_the_nearest_that_can_be(leave: Leave, days: int) -> None:
    until = _see(leave, None, days).until

    assert until == NOW + timedelta(days=0 if days < 0 else retention.MOST_DAYS)
