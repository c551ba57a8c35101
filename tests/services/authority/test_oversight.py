"""Oversight: who holds what, what is missing, what waits, and that every duty leads to something that is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from services import oversight
from services.database import Database
from services.errors import NotFound
from services.indicators.catalogue import INDICATORS
from services.models.authority import Absence, RoleHolding
from services.models.confinements import CaseConfinement
from services.oversight.gaps import NO_HOLDER, NO_OFFICIAL, NOBODY_THERE, TERM_ENDS, WITH_POST
from services.people import LOCALES
from services.registry.declared import registers
from tests.services.case_rows import NOW, actor, add_case, add_line, add_task
from tests.statements import watch_statements

DAY = timedelta(days=1)
PROCESSES = Path(__file__).resolve().parents[3] / "bpmn"


@pytest.fixture
def session(demo_database: Database) -> Iterator[Session]:
    with demo_database.transaction() as opened:
        yield opened


def reach(session: Session, person: str) -> oversight.Reach:
    return oversight.reach_of(session, actor(person), NOW)


def gaps(session: Session, person: str) -> set[tuple[str, str, str | None]]:
    found = oversight.read_offices(session, reach(session, person), now=NOW)
    return {(gap.kind, gap.role, gap.area) for gap in oversight.find_gaps(found, {"DO", "CSA", "SA", "HOA"}, now=NOW)}


def test_who_oversees_what(session: Session) -> None:
    for person in ("amina.sorel", "gabriel.noor", "viktor.amsel"):
        assert reach(session, person).everywhere
    assert reach(session, "naledi.vanter").areas == reach(session, "ingrid.sollerman").areas == ("XA",)
    assert reach(session, "celeste.maron").areas == ("XA", "XB", "XC")
    assert reach(session, "thandi.roswell").areas == ("HQ",)
    assert reach(session, "mirela.castellan").organisations == ("WIPO",)
    for person in ("lina.marchetti", "yusra.ben-halim", "mika.tarn", "pavel.eriksen"):
        with pytest.raises(NotFound):
            oversight.ensure_oversees(session, actor(person), NOW)


def test_offices_are_those_inside_the_reach_and_those_that_hold_there_from_above(session: Session) -> None:
    ours = oversight.read_offices(session, reach(session, "naledi.vanter"), now=NOW)
    theirs = oversight.read_offices(session, reach(session, "mirela.castellan"), now=NOW)

    assert ours.designated == ("XA",)
    assert {one.area for one in ours.held if one.area} <= {"XA", "XA-CAP", "XA-NOR", "XA-EST", "FIELD"}
    assert [one.person for one in ours.holders("DO", "XA-NOR")] == ["ingrid.sollerman"]
    assert {one.organisation for one in theirs.held} == {"WIPO", None}
    certifier = next(one for one in theirs.held if one.person == "mirela.castellan" and one.role == "EXH")
    assert (certifier.capacity, certifier.delegation is not None) == ("DELEGATED", True)


def test_what_is_missing_is_found(session: Session) -> None:
    holdings = session.query(RoleHolding)
    assert (NO_OFFICIAL, "DO", "XA") not in gaps(session, "amina.sorel")
    assert (WITH_POST, "DO", "CH") in gaps(session, "amina.sorel")
    holdings.filter_by(role="DO", area="XC").one().valid_to = NOW - DAY
    holdings.filter_by(role="CSA", area="XB").one().valid_to = NOW + 29 * DAY
    for row in holdings.filter_by(role="SA"):
        row.valid_to = NOW - DAY
    away = {"valid_from": NOW - DAY, "valid_to": NOW + DAY}
    session.add(Absence(person="ingrid.sollerman", substitute=None, **away))
    session.flush()
    assert (NOBODY_THERE, "DO", "XA") not in gaps(session, "amina.sorel")  # the alternate is there
    session.add(Absence(person="bakari.thorne", substitute=None, **away))
    session.flush()

    found = gaps(session, "amina.sorel")

    assert {(NO_OFFICIAL, "DO", "XC"), (TERM_ENDS, "CSA", "XB"), (NOBODY_THERE, "DO", "XA"), (NO_HOLDER, "SA", "XA")} <= found
    assert {area for _, _, area in gaps(session, "naledi.vanter")} <= {"XA", "XA-CAP", "XA-NOR", "XA-EST", None}


def test_what_waits_is_counted_and_steps_that_hang_on_one_person_are_named(session: Session) -> None:
    before = _waiting(session, "naledi.vanter")
    case = add_case(session)
    add_line(session, case, area="XA-NOR")
    add_task(session, case, "DO", due_at=NOW - 3 * DAY)
    add_task(session, case, "EXH", act="CERTIFY")
    hidden = add_case(session, number=2)
    add_task(session, hidden, "DO", due_at=NOW - 9 * DAY)
    session.add(CaseConfinement(case_id=hidden.id, person="gabriel.noor", since=NOW, why="Drill"))
    session.flush()

    after = _waiting(session, "naledi.vanter")

    assert after[0].get("DO", 0) == before[0].get("DO", 0) + 1
    alone = {one.role: one for one in after[1]}
    assert "EXH" not in alone  # the offices of the organisation are not hers to know
    assert "EXH" in {one.role for one in _waiting(session, "amina.sorel")[1]}
    assert alone["DO"].holder is not None
    assert alone["DO"].holder.person == "ingrid.sollerman"
    ours = reach(session, "naledi.vanter")
    rows, others = oversight.list_overdue_tasks(session, ours, "DO", actor=actor("naledi.vanter"), now=NOW)
    assert case.number in {found.number for _, found in rows}
    assert hidden.number not in {found.number for _, found in rows}
    assert others == after[0]["DO"] - len(rows)
    assert oversight.list_overdue_tasks(session, reach(session, "emeka.strand"), "DO", actor=actor("emeka.strand"), now=NOW)[
        0
    ] == [(task, found) for task, found in rows if task.area in {"XB", "XB-CAP", "XB-HIG"}]


def _waiting(session: Session, person: str) -> tuple[dict[str, int], list[oversight.Strained]]:
    ours = reach(session, person)
    offices = oversight.read_offices(session, ours, now=NOW)
    overdue, strained = oversight.read_waiting(session, offices, ours, actor=actor(person), now=NOW)
    return {one.role: one.count for one in overdue}, strained


def test_the_number_of_queries_does_not_grow_with_what_is_overseen(session: Session) -> None:
    statements: list[str] = []
    watch_statements(session.connection(), statements.append)
    counts = []
    for person in ("naledi.vanter", "amina.sorel"):
        statements.clear()
        session.expunge_all()
        _waiting(session, person)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 8


def test_statements_of_the_page_are_built_once_for_whoever_oversees_as_much(session: Session) -> None:
    statements: list[Any] = []
    event.listen(session, "do_orm_execute", lambda state: statements.append(state.statement))
    asked = []
    for person in ("naledi.vanter", "emeka.strand"):
        _waiting(session, person)
        asked.append([id(statement) for statement in statements[-5:]])

    assert reach(session, "naledi.vanter") != reach(session, "emeka.strand")
    assert asked[0] == asked[1]


def test_every_duty_is_said_in_both_languages_and_leads_to_something_that_is_there() -> None:
    duties = oversight.read_duties()
    there = {
        "process": {folder.name for folder in PROCESSES.iterdir()},
        "register": set(registers()),
        "indicator": set(INDICATORS),
        "page": {"oversight.index", "certificates.show", "indicators.index"},
    }

    assert [duty.key for duty in duties] == [f"B{number:02}" for number in range(1, 53)]
    for duty in duties:
        assert all(duty.said.values()), duty.key
        assert duty.places or duty.lacks, duty.key
        assert set(duty.lacks) in (set(), set(LOCALES)), duty.key
        assert [place for place in duty.places if place.key not in there[place.kind]] == [], duty.key
