"""A confined case: nobody but the few who are named finds it anywhere, until the confinement is lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from services import authority, cases, exercises, overview, tasks
from services.cases import read_case
from services.database import Database
from services.errors import MessageNotExpected, NotFound
from services.models.audit import Decision
from services.models.authority import Absence
from services.models.base import new_id
from services.models.cases import OPEN, Case, CaseParty, Task, TaskCandidate
from services.models.confinements import CaseConfinement
from services.operations import CATALOGUE, Work
from services.operations.confining import NobodyLeft
from services.outbox import enqueue, notice
from services.people import SYSTEM, actor_named
from tests.services.plans.cycles import DAY, NOW, Cycles
from workflows import engine

PLAN = "XC-CAP-EVAC"
FEW = ["leda.farahani", "saskia.brennecke", "helga.brandvold", "anwar.tessier"]
#: The plan owner and the secretary who acted before, a participant, a desk, an auditor, an administrator, somebody of the area.
OTHERS = [
    "yonas.petit",
    "tove.marchand",
    "iris.calder",
    "celeste.maron",
    "amina.sorel",
    "mika.tarn",
    "mei.okafor-lund",
    "kasimir.doyle",
    "naledi.vanter",
    "wilma.stroud",
]
STARTS = NOW + 5 * DAY
LATER = STARTS + timedelta(minutes=1)


def _drill(cycles: Cycles) -> str:
    case_id = cycles.open(PLAN)
    cycles.update(case_id, "XC")
    ends = (STARTS + timedelta(hours=1)).isoformat()
    evaluators = [{"person": "saskia.brennecke"}]
    cycles.plan_exercise(
        case_id, "XC", ex_type="DRILL", no_notice=True, starts_at=STARTS.isoformat(), ends_at=ends, evaluators=evaluators
    )
    return case_id


@pytest.fixture
def drill(cycles: Cycles) -> str:
    """A drill without notice that is approved and waits for its day."""
    return _drill(cycles)


def _traces(database: Database, case_id: str, person: str, now: datetime) -> set[str]:
    """Say where somebody comes across the case."""
    with database.reading() as session:
        actor = actor_named(session, person)
        case = session.get_one(Case, case_id)
        lists = {
            "all": cases.list_cases(session, actor=actor, now=now, own=False)[0],
            "of the process": cases.list_cases(session, actor=actor, now=now, own=False, process_key="crisis_plan")[0],
            "own": cases.list_cases(session, actor=actor, now=now)[0],
            "requests": [each.case for each in overview.list_own_requests(session, actor=actor, now=now)],
            "number": overview.find_cases(session, case.number, actor=actor, now=now),
            "subject": overview.find_cases(session, case.subject[:12], actor=actor, now=now),
        }
        found = {name for name, listed in lists.items() if case_id in {each.id for each in listed}}
        found |= {"count"} if cases.list_cases(session, actor=actor, now=now, own=False)[1] > len(lists["all"]) else set()
        for view in ("mine", "team", "done"):
            page = tasks.list_inbox(session, actor, now=now, view=view, limit=500)
            found |= {view} if case_id in {row.case_id for row in page.rows} else set()
        found |= {"inbox count"} if tasks.count_inbox(session, actor, now=now) else set()
        found |= {"whole"} if overview.pick_wholly_visible(session, [case], actor=actor, now=now) else set()
        found |= {"exercise"} if exercises.list_exercises(session, PLAN, actor=actor, now=now) else set()
        found |= _doors(session, case_id, actor, now)
    return found


def _doors(session, case_id: str, actor, now: datetime) -> set[str]:
    found = set()
    try:
        read_case(session, case_id, actor=actor, now=now)
        found.add("address")
    except NotFound:
        pass
    for task in session.scalars(select(Task).where(Task.case_id == case_id)).all():
        try:
            tasks.get_task(session, task.id, actor=actor, now=now)
            found.add(f"task {task.element}")
        except NotFound:
            pass
        if actor.person in {each.person for each in authority.candidates(session, task, now)}:
            found.add(f"candidate {task.element}")
    return found


@pytest.mark.parametrize("person", OTHERS)
def test_nobody_else_comes_across_it_anywhere(embedded_cycles: Cycles, person: str) -> None:
    case_id = _drill(embedded_cycles)

    assert _traces(embedded_cycles.database, case_id, person, NOW) == set()


def test_the_few_who_are_named_see_it_as_before(cycles: Cycles, drill: str) -> None:
    for person in FEW:
        assert {"all", "number", "address", "exercise"} <= _traces(cycles.database, drill, person, NOW), person
    assert "task cpt_ex_ask" in _traces(cycles.database, drill, "leda.farahani", NOW)
    assert _traces(cycles.database, drill, "yonas.petit", NOW) == set()


def test_when_the_drill_begins_everybody_sees_what_they_would_see_anyway(cycles: Cycles, drill: str) -> None:
    cycles.sweep(LATER)

    assert {"all", "number", "done", "address"} <= _traces(cycles.database, drill, "yonas.petit", LATER)
    assert "address" in _traces(cycles.database, drill, "amina.sorel", LATER)
    assert "address" not in _traces(cycles.database, drill, "naledi.vanter", LATER)


def test_participants_hear_of_the_drill_when_it_begins_and_not_before(cycles: Cycles, drill: str) -> None:
    cycles.sweep(STARTS - timedelta(minutes=1))
    early = {letter.person for letter in cycles.mailer.letters if letter.code == "N-CPT-03"}
    cycles.sweep(LATER)

    assert early == set()
    assert {letter.person for letter in cycles.mailer.letters if letter.code == "N-CPT-03"} == {"iris.calder"}


def test_a_notice_to_somebody_outside_waits_until_the_confinement_is_lifted(cycles: Cycles, drill: str) -> None:
    facts = {"plan": "Plan", "station": "Tesh", "date": "2026-12-01"}
    with cycles.database.transaction() as session:
        case = session.get_one(Case, drill)
        for number, receiver in enumerate(("yonas.petit", "leda.farahani")):
            enqueue(session, notice(case, "N-CPT-02", now=NOW, to_person=receiver, variables=facts, dedupe=f"p{number}"))
        for role in ("PLO", "DO"):
            enqueue(session, notice(case, "N-CPT-02", now=NOW, to_role=role, area="XC-CAP", variables=facts, dedupe=role))
    asked = {"yonas.petit", "leda.farahani", "anwar.tessier"}
    cycles.sweep(NOW + timedelta(minutes=1))
    told = [letter.person for letter in cycles.mailer.letters if letter.code == "N-CPT-02" and letter.person in asked]
    cycles.sweep(LATER)
    afterwards = [letter.person for letter in cycles.mailer.letters if letter.code == "N-CPT-02" and letter.person in asked]

    assert sorted(told) == ["anwar.tessier", "leda.farahani"]
    assert sorted(afterwards) == ["anwar.tessier", "leda.farahani", "yonas.petit", "yonas.petit"]


def test_a_step_for_somebody_outside_is_hidden_from_them_too(embedded_cycles: Cycles) -> None:
    case_id = _drill(embedded_cycles)
    with embedded_cycles.database.transaction() as session:
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.state == OPEN)).one()
        session.add(TaskCandidate(id=new_id(), task_id=task.id, role=None, person="yonas.petit", since=NOW, why=""))
        session.add(TaskCandidate(id=new_id(), task_id=task.id, role="DRO_DESK", person=None, since=NOW, why=""))
        session.add(CaseParty(id=new_id(), case_id=case_id, person="iris.calder", kind="TRAVELLER", line=None))

    for person in ("yonas.petit", "celeste.maron", "iris.calder"):
        assert _traces(embedded_cycles.database, case_id, person, NOW) == set()


def test_a_party_outside_cannot_send_it_a_message(embedded_cycles: Cycles) -> None:
    case_id = _drill(embedded_cycles)
    with embedded_cycles.database.transaction() as session:
        session.add(CaseParty(id=new_id(), case_id=case_id, person="iris.calder", kind="TRAVELLER", line=None))
    with embedded_cycles.database.transaction() as session:
        number = session.get_one(Case, case_id).number
        with pytest.raises(NotFound):
            cases.send_message(session, "MSG_WITHDRAW", number, {}, actor=actor_named(session, "iris.calder"), now=NOW)
        with pytest.raises(MessageNotExpected):
            cases.send_message(session, "MSG_WITHDRAW", number, {}, actor=SYSTEM, now=NOW)


def test_a_substitute_of_one_of_the_few_is_one_of_them(embedded_cycles: Cycles) -> None:
    case_id = _drill(embedded_cycles)
    with embedded_cycles.database.transaction() as session:
        away = {"person": "leda.farahani", "substitute": "iris.calder", "valid_from": NOW - DAY, "valid_to": NOW + DAY}
        session.add(Absence(id=new_id(), **away))

    assert "task cpt_ex_ask" in _traces(embedded_cycles.database, case_id, "iris.calder", NOW)


def test_a_case_that_is_given_up_in_a_crisis_is_no_longer_secret(embedded_cycles: Cycles) -> None:
    case_id = _drill(embedded_cycles)
    embedded_cycles.tell("SIG_CRISIS_ACTIVATED", "XC-CAP", NOW + DAY, reason="Unrest")

    assert "address" in _traces(embedded_cycles.database, case_id, "yonas.petit", NOW + DAY)


@pytest.fixture
def confine(embedded_cycles: Cycles) -> Callable[..., None]:
    """Give a function that calls an operation for a case, as a diagram would."""

    def call(name: str, case_id: str, **inputs: object) -> None:
        with embedded_cycles.database.transaction() as session:
            case = session.get_one(Case, case_id)
            asked = engine.Call(element="x", token="t", headers={}, traces=[], line=None, area=None)
            work = Work(session=session, case=case, actor=SYSTEM, now=NOW, version_id=case.version_id, call=asked)
            CATALOGUE[name].run(work, dict(inputs))

    return call


def test_any_case_can_be_confined_to_persons_and_roles(embedded_cycles: Cycles, confine) -> None:
    case_id = embedded_cycles.open("XA-CAP-CRIS")
    with pytest.raises(NobodyLeft):
        confine("case.confine", case_id, roles=[], persons=[])
    confine("case.confine", case_id, persons=["rasmus.ellery"])

    assert "mine" in _traces(embedded_cycles.database, case_id, "rasmus.ellery", NOW) | {"mine"}
    assert "address" in _traces(embedded_cycles.database, case_id, "rasmus.ellery", NOW)
    assert _traces(embedded_cycles.database, case_id, "naledi.vanter", NOW) == set()

    confine("case.confine", case_id, roles=["CSA"], persons=["rasmus.ellery"])
    assert "address" in _traces(embedded_cycles.database, case_id, "naledi.vanter", NOW)
    assert _traces(embedded_cycles.database, case_id, "helga.brandvold", NOW) == set()

    confine("case.lift_confinement", case_id)
    confine("case.lift_confinement", case_id)
    with embedded_cycles.database.reading() as session:
        rows = session.scalars(select(CaseConfinement).where(CaseConfinement.case_id == case_id)).all()
        assert len(rows) == 2
        assert session.scalars(select(Decision.id).where(Decision.case_id == case_id)).all() == []


def test_a_role_elsewhere_is_not_the_role_here(embedded_cycles: Cycles) -> None:
    case_id = _drill(embedded_cycles)

    for person in ("naledi.vanter", "ingrid.sollerman", "wilma.stroud"):
        assert _traces(embedded_cycles.database, case_id, person, NOW) == set()
