"""Why somebody may act on a task or may not: every check by itself, and all of them together the same as the decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services import authority, tasks
from services.authority.rules import examine
from services.database import Database
from services.errors import NotAllowed, NotFound
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.cases import Case, Task
from services.models.confinements import CaseConfinement
from services.models.people import FamilyLink, Person
from services.separation import objection, read_facts
from tests.services.case_rows import NOW, actor, add_candidate, add_case, add_decision, add_line, add_party, add_task
from tests.statements import watch_statements

DAY = timedelta(days=1)


@pytest.fixture
def session(demo_database: Database) -> Iterator[Session]:
    with demo_database.transaction() as opened:
        yield opened


@pytest.fixture
def case(session: Session) -> Case:
    found = add_case(session)
    add_line(session, found)
    return found


def explain(session: Session, person: str, task: Task) -> authority.Explanation:
    return authority.explain(session, person, task, session.get_one(Case, task.case_id), NOW)


def against(session: Session, person: str, task: Task) -> tuple[str, dict[str, Any]]:
    found = explain(session, person, task).against
    assert found is not None
    return found.check, dict(found.facts)


def test_the_way_through_is_named_with_role_place_period_and_delegation(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA", area="XA-CAP", properties={"authority": "TSC_TIER2"})

    found = explain(session, "naledi.vanter", task)

    facts = {finding.check: finding.facts for finding in found.findings if finding.holds}
    assert found.may_act
    assert found.capacity is not None
    assert found.capacity.capacity == "DELEGATED"
    assert facts["ROLE"]["role"] == "CSA"
    assert facts["SCOPE"]["area"] == "XA"
    assert facts["PERIOD"]["valid_from"] < NOW
    assert facts["DELEGATION"]["number"] == found.capacity.delegation_id


def test_the_nearest_holding_says_how_far_it_gets(session: Session, case: Case) -> None:
    task = add_task(session, case, "DO")
    period = {"valid_from": NOW - 9 * DAY, "capacity": "DELEGATED"}
    for person, columns in (
        ("petra.strand", {"valid_to": NOW - DAY}),
        ("rune.castellane", {"valid_from": NOW + DAY}),
    ):
        session.add(RoleHolding(person=person, role="DO", area="XA", **({"valid_from": NOW - 9 * DAY} | columns)))
    given = {"delegator": "ingrid.sollerman", "authority": "TSC_TIER2", "area": "XA-NOR", "valid_from": NOW - 9 * DAY}
    session.add(Delegation(number="DOA-1", delegate="hal.orsini", **given))
    session.add(Delegation(number="DOA-2", delegate="mina.tavares", accepted_at=NOW - DAY, revoked_at=NOW, **given))
    session.add(
        Delegation(number="DOA-3", delegate="omar.brightwell", accepted_at=NOW - DAY, **(given | {"delegator": "petra.strand"}))
    )
    session.flush()
    for number, person in enumerate(("hal.orsini", "mina.tavares", "omar.brightwell"), start=1):
        session.add(RoleHolding(person=person, role="DO", area="XA-NOR", delegation_id=f"DOA-{number}", **period))
    session.flush()

    assert against(session, "lina.marchetti", task) == ("ROLE", {"roles": ["DO"]})
    assert against(session, "anwar.tessier", task) == ("SCOPE", {"places": [{"area": "XC", "organisation": None}]})
    assert against(session, "petra.strand", task)[1]["period"] == "OVER"
    assert against(session, "rune.castellane", task)[1]["period"] == "LATER"
    assert against(session, "hal.orsini", task)[1] == {"number": "DOA-1", "delegator": "ingrid.sollerman", "fault": "UNACCEPTED"}
    assert against(session, "mina.tavares", task)[1]["fault"] == "REVOKED"
    assert against(session, "omar.brightwell", task)[1]["fault"] == "NOT_IN_POST"
    assert against(session, "yusra.ben-halim", add_task(session, case, None, assignee="odile.farrant"))[0] == "NAME"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("TRAVELLER", ("S1", {"relations": ["TRAVELLER"]})),
        ("PREPARER", ("S1", {"relations": ["PREPARER"]})),
        ("DRAFTER", ("S1", {"relations": ["DRAFTER"]})),
        ("HIERARCHY", ("S2", {"relations": ["HIERARCHY"]})),
        ("SUPERVISOR", ("S2", {"relations": ["SUPERVISOR"]})),
    ],
)
def test_a_part_in_the_matter_is_named_with_its_rule(session: Session, case: Case, kind: str, expected: Any) -> None:
    add_party(session, case, "ingrid.sollerman", kind)

    assert against(session, "ingrid.sollerman", add_task(session, case, "DO")) == expected


def test_family_earlier_acts_other_roles_and_declared_conflicts_are_named(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA", area="XB-HIG")
    session.add(FamilyLink(person_a="lina.marchetti", person_b="emeka.strand", kind="SIBLING"))
    add_decision(session, case, "naledi.vanter", "RECOMMEND", "CSA")
    add_decision(session, case, "helga.brandvold", "RECOMMEND", "DSSO", line=f"{case.number}-S7")
    add_decision(session, case, "ruth.abara", "CONFIRM", "CSA", conflict_declared=True)

    assert against(session, "emeka.strand", task) == ("S2", {"relations": ["FAMILY"]})
    assert against(session, "naledi.vanter", add_task(session, case, "CSA"))[1]["acts"] == ["RECOMMEND"]
    assert against(session, "helga.brandvold", add_task(session, case, "CSA", area="XC-CAP")) == ("S4", {"role": "DSSO"})
    assert against(session, "ruth.abara", add_task(session, case, "CSA", area="XH-CAP"))[0] == "S7"


def test_a_decision_in_the_place_of_somebody_concerned_is_named(session: Session) -> None:
    case = add_case(session, requester="ingrid.sollerman", organisation="UNFR")
    session.add(Absence(person="ingrid.sollerman", substitute="petra.strand", valid_from=NOW - DAY, valid_to=NOW + DAY))
    session.flush()

    assert against(session, "naledi.vanter", add_task(session, case, "CSA")) == ("S5", {"in_place_of": "OFFICIAL"})
    assert against(session, "petra.strand", add_task(session, case, "DO"))[1]["in_place_of"] == "ABSENT"


def test_whoever_administers_acts_on_nothing_and_a_task_in_other_hands_is_not_free(session: Session, case: Case) -> None:
    session.add(RoleHolding(person="ingrid.sollerman", role="ADM", valid_from=NOW - DAY))
    session.flush()
    taken = add_task(session, case, "DSSO", claimed_by="kofi.drummond", claimed_at=NOW)
    closed = add_task(session, case, "DSSO", state="DONE", closed_at=NOW)
    add_decision(session, case, "kofi.drummond", "DECIDE", "DSSO", task_id=closed.id, outcome="GRANT")

    assert against(session, "ingrid.sollerman", add_task(session, case, "DO"))[0] == "S9"
    assert against(session, "yusra.ben-halim", taken) == ("FREE", {"by": "kofi.drummond", "at": NOW})
    assert against(session, "yusra.ben-halim", closed)[1]["by"] == "kofi.drummond"


def test_nobody_left_leads_up_to_the_alternate_the_director_and_the_top(session: Session, case: Case) -> None:
    field, headquarters = add_task(session, case, "CSA"), add_task(session, case, "CSA", area="CH-GVA")
    add_party(session, case, "ingrid.sollerman", "TRAVELLER")

    found = {one.role: one.able for one in explain(session, "petra.strand", field).beyond}

    assert list(found) == ["DO", "DOAI", "DRO_DIR", "USG"]
    assert (found["DO"], found["DRO_DIR"], found["USG"]) == (0, 1, 1)
    assert [one.role for one in explain(session, "petra.strand", headquarters).beyond][2] == "DHSSS_DIR"


def test_stepping_aside_as_the_last_one_lets_the_next_role_act_at_once(session: Session, case: Case) -> None:
    task = add_task(session, case, "DO", area="XC-CAP", line=None)
    alternates = authority.people_in_role(session, role="DOAI", area="XC-CAP", now=NOW)

    tasks.declare_conflict(session, task.id, actor=actor("anwar.tessier"), now=NOW, reason="A friend")

    able = {(one.person, one.role, one.capacity) for one in authority.candidates(session, task, NOW)}
    assert able == {(person, "DOAI", "ESCALATED") for person in alternates}
    assert alternates


def test_the_number_of_queries_does_not_depend_on_how_many_could_act(session: Session, case: Case) -> None:
    task = add_task(session, case, "SMT", act="RECOMMEND", area="XA-CAP")
    alone = add_task(session, case, "SMTSEC", act="RECOMMEND", area="XA-CAP")
    statements: list[str] = []
    counts, able = [], []
    for each in (task, alone):
        session.commit()  # what was read is kept until then
        session.expunge_all()
        statements.clear()
        stop = watch_statements(session.connection(), statements.append)
        able.append(len(explain(session, "ilse.navarro", each).eligible))
        stop()
        counts.append(len(statements))

    assert able == [7, 1]
    assert counts[0] == counts[1] <= 20


def varied(session: Session) -> Iterator[Task]:
    """Tasks in a case with every kind of involvement."""
    case = add_case(session, requester="ingrid.sollerman", organisation="UNFR", number=7)
    add_party(session, case, "ingrid.sollerman", "TRAVELLER")
    add_party(session, case, "clara.jimenez", "SUPERVISOR")
    session.add(FamilyLink(person_a="ingrid.sollerman", person_b="viktor.amsel", kind="SPOUSE"))
    session.add(Absence(person="sofia.lindqvist-rao", substitute="iris.calder", valid_from=NOW - DAY, valid_to=NOW + DAY))
    session.add(Absence(person="ingrid.sollerman", substitute="petra.strand", valid_from=NOW - DAY, valid_to=NOW + DAY))
    add_decision(session, case, "naledi.vanter", "RECOMMEND", "CSA")
    add_decision(session, case, "clara.jimenez", "ENDORSE", "HOA", line=None, element="tsc_hoa_endorse")
    add_decision(session, case, "helga.brandvold", "RECOMMEND", "CSA", conflict_declared=True)
    for area in ("XA-NOR", "XB-HIG", None):
        for role, act in (("DO", "DECIDE"), ("CSA", "DECIDE"), ("CSA", "RECOMMEND"), ("DRO_DIR", "ENDORSE"), ("TRV", "ANSWER")):
            task = add_task(session, case, role, act=act, area=area, separate_from=["tsc_hoa_endorse"])
            add_candidate(session, task, role="DOAI")
            yield task
    yield add_task(session, case, "SUP", act="ENDORSE", area=None, line=None, assignee="clara.jimenez")


def test_the_checks_together_say_what_the_decision_says(session: Session) -> None:
    """Of each person and task: all checks hold exactly when the person may act, and each rule when nothing objects."""
    people = [
        *("ingrid.sollerman", "petra.strand", "clara.jimenez", "viktor.amsel", "naledi.vanter", "helga.brandvold"),
        *("iris.calder", "sofia.lindqvist-rao", "emeka.strand", "bakari.thorne", "mika.tarn", "lina.marchetti"),
    ]
    seen = set()
    for task in list(varied(session)):
        facts = read_facts(session, case_id=task.case_id, area=task.area, now=NOW)
        able = {one.person for one in authority.candidates(session, task, NOW)}
        for person in people:
            found = explain(session, person, task)
            may = _may(session, person, task)
            assert found.may_act is may is (person in able), (person, task.role, task.area, found.against)
            seen.add(found.against.check if found.against else "")
            for way in authority.find_ways(session, person, task, NOW):
                rules = examine(person, way=way, task=task, facts=facts)
                objected = objection(person, way=way, task=task, facts=facts) is not None
                assert any(rule.holds is False for rule in rules) is objected, (person, way, rules)

    assert seen >= {"", "ROLE", "SCOPE", "NAME", "S1", "S2", "S4", "S5"}


def _may(session: Session, person: str, task: Task) -> bool:
    try:
        authority.capacity_for(session, actor(person), task, NOW)
    except NotAllowed:
        return False
    return True


def test_only_who_oversees_asks_about_others_and_a_stranger_learns_nothing(session: Session, case: Case) -> None:
    task = add_task(session, case, "DO")

    def ask(reader: str, about: str | None = None) -> tasks.Asked:
        return tasks.explain_task(session, task.id, actor=actor(reader), now=NOW, about=about)

    for overseer in ("naledi.vanter", "viktor.amsel", "amina.sorel", "mirela.castellan"):
        asked = ask(overseer, "ingrid.sollerman@demo.example")
        assert (asked.person.code if asked.person else None, asked.may_ask_others) == ("ingrid.sollerman", True)
    assert ask("naledi.vanter", "Ingrid Sollerman").person == session.get(Person, "ingrid.sollerman")
    assert ask("naledi.vanter", "nobody.there").person is None
    assert not ask("lina.marchetti").may_ask_others
    assert not ask("lina.marchetti").may_read_names
    for reader, about in (
        ("lina.marchetti", "ingrid.sollerman"),
        ("tomas.rehberg", None),
        ("sofia.lindqvist-rao", None),
        ("mika.tarn", None),
    ):
        with pytest.raises(NotFound):
            ask(reader, about)


def test_a_confined_case_is_explained_to_nobody_whom_it_does_not_name(session: Session, case: Case) -> None:
    task = add_task(session, case, "DO")
    session.add(CaseConfinement(case_id=case.id, role="DO", area="XA-NOR", since=NOW, why="Drill"))
    session.flush()

    found = tasks.explain_task(session, task.id, actor=actor("ingrid.sollerman"), now=NOW, about="naledi.vanter")

    assert found.explanation is not None
    assert [one.holds for one in found.explanation.findings if one.check == "CONFINED"] == [False]
    for reader in ("amina.sorel", "naledi.vanter", "lina.marchetti"):
        with pytest.raises(NotFound):
            tasks.explain_task(session, task.id, actor=actor(reader), now=NOW)
