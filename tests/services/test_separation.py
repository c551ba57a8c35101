"""Separation of duties, rule by rule (specification 16.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from services import audit, authority
from services.database import Database
from services.errors import AlreadyActed, NotYourRole, OwnMatter
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.base import new_id
from services.models.cases import Case, Task
from services.models.people import Dependant, FamilyLink
from services.separation import (
    ConflictDeclared,
    Fact,
    JudgedBefore,
    OtherCapacity,
    OwnMatterOfDelegator,
    kind_of_involvement,
    read_facts,
)
from tests.services.case_rows import NOW, actor, add_candidate, add_case, add_decision, add_party, add_task


@pytest.fixture
def session(demo_database: Database) -> Iterator[Session]:
    with demo_database.transaction() as opened:
        yield opened


@pytest.fixture
def case(session: Session) -> Case:
    return add_case(session)


def refusal(session: Session, person: str, task: Task) -> type[Exception]:
    """What keeps somebody from a task."""
    with pytest.raises(Exception) as caught:  # noqa: PT011  the test looks at the class itself
        authority.capacity_for(session, actor(person), task, NOW)
    return caught.type


@pytest.mark.parametrize("kind", ["TRAVELLER", "REQUESTER", "PREPARER", "FAMILY"])
def test_s1_s2_nobody_decides_in_the_own_or_the_familys_matter(session: Session, case: Case, kind: str) -> None:
    add_party(session, case, "ingrid.sollerman", kind)

    assert refusal(session, "ingrid.sollerman", add_task(session, case, "DO", area="XH-CAP", line=None)) is NotYourRole
    assert refusal(session, "ingrid.sollerman", add_task(session, case, "DO")) is OwnMatter


def test_s1_nobody_endorses_the_own_journey(session: Session) -> None:
    case = add_case(session, requester="odile.farrant")
    task = add_task(session, case, "SUP", act="ENDORSE", area=None, line=None)

    assert refusal(session, "odile.farrant", task) is OwnMatter


def test_s2_a_spouse_is_kept_out_also_when_the_case_does_not_name_the_family(session: Session) -> None:
    case = add_case(session, requester="petra.strand", organisation="UNAH")
    add_party(session, case, "petra.strand", "TRAVELLER")

    assert refusal(session, "emeka.strand", add_task(session, case, "CSA", area="XB-HIG")) is OwnMatter


def test_s2_a_family_link_counts_in_both_directions(session: Session) -> None:
    case = add_case(session, requester="lina.marchetti")
    session.add(FamilyLink(person_a="mei.okafor-lund", person_b="lina.marchetti", kind="PARENT"))
    session.add(FamilyLink(person_a="lina.marchetti", person_b="helga.brandvold", kind="SIBLING"))
    session.flush()

    assert refusal(session, "mei.okafor-lund", add_task(session, case, "DSSO", area="XC-CAP")) is OwnMatter
    assert refusal(session, "helga.brandvold", add_task(session, case, "CSA", area="XC-CAP", act="RECOMMEND")) is OwnMatter


def test_s1_the_sponsor_of_a_travelling_dependant_is_kept_out(session: Session, case: Case) -> None:
    add_party(session, case, "iris.calder", "TRAVELLER")
    session.add(
        Dependant(sponsor="dario.velasco", person="iris.calder", relation="CHILD", birth_year=2010, recognised_from=NOW.date())
    )
    session.flush()

    assert refusal(session, "dario.velasco", add_task(session, case, "DO", area="XH-CAP")) is OwnMatter


def test_s2_a_supervisor_may_endorse_but_not_decide(session: Session, case: Case) -> None:
    add_party(session, case, "clara.jimenez", "SUPERVISOR")
    session.add(RoleHolding(person="clara.jimenez", role="DSSO", area="XH", valid_from=NOW - timedelta(days=1)))
    session.flush()

    endorsing = add_task(session, case, "HOA", act="ENDORSE", area="XA-NOR", line=None)

    assert authority.capacity_for(session, actor("clara.jimenez"), endorsing, NOW).role == "HOA"
    assert refusal(session, "clara.jimenez", add_task(session, case, "DSSO", area="XH-CAP")) is OwnMatter


def test_s3_who_recommended_a_line_does_not_decide_it(session: Session, case: Case) -> None:
    add_decision(session, case, "naledi.vanter", "RECOMMEND", "CSA")
    same, other = add_task(session, case, "CSA"), add_task(session, case, "CSA", line=f"{case.number}-S2")

    assert refusal(session, "naledi.vanter", same) is JudgedBefore
    assert authority.capacity_for(session, actor("naledi.vanter"), other, NOW).role == "CSA"


def test_s3_who_endorsed_the_case_decides_no_line_of_it(session: Session, case: Case) -> None:
    add_decision(session, case, "naledi.vanter", "ENDORSE", "CSA", line=None)

    assert refusal(session, "naledi.vanter", add_task(session, case, "CSA")) is JudgedBefore


def test_s3_the_diagram_may_keep_steps_apart(session: Session, case: Case) -> None:
    add_decision(session, case, "naledi.vanter", "CONFIRM", "CSA", element="tsc_first_look", line=None)
    task = add_task(session, case, "CSA", act="CONFIRM", element="tsc_second_look", separate_from=["tsc_first_look"])
    other = add_task(session, case, "CSA", act="CONFIRM", separate_from=["tsc_first"])

    assert refusal(session, "naledi.vanter", task) is AlreadyActed
    assert authority.capacity_for(session, actor("naledi.vanter"), other, NOW).role == "CSA"


def test_a_decider_may_decide_again_after_a_question(session: Session, case: Case) -> None:
    add_decision(session, case, "naledi.vanter", "DECIDE", "CSA", outcome="RETURN", element="stop_decide")

    assert authority.capacity_for(session, actor("naledi.vanter"), add_task(session, case, "CSA"), NOW).role == "CSA"


def test_s4_the_first_act_fixes_the_role_for_the_whole_case(session: Session) -> None:
    case = add_case(session)
    add_decision(session, case, "wanjiru.otieno", "RECOMMEND", "DSSO", line=f"{case.number}-S1")
    as_adviser = add_task(session, case, "CSA", area="KE-NBO", act="RECOMMEND", line=f"{case.number}-S2")
    as_officer = add_task(session, case, "DSSO", area="KE-NBO", act="RECOMMEND", line=f"{case.number}-S2")

    assert refusal(session, "wanjiru.otieno", as_adviser) is OtherCapacity
    assert authority.capacity_for(session, actor("wanjiru.otieno"), as_officer, NOW).role == "DSSO"


def test_s5_nobody_decides_for_the_official_who_travels(session: Session) -> None:
    case = add_case(session, requester="ingrid.sollerman", organisation="UNFR")
    add_party(session, case, "ingrid.sollerman", "TRAVELLER")

    assert refusal(session, "naledi.vanter", add_task(session, case, "CSA")) is OwnMatterOfDelegator
    assert refusal(session, "bakari.thorne", add_task(session, case, "DOAI")) is OwnMatterOfDelegator
    assert authority.capacity_for(session, actor("viktor.amsel"), add_task(session, case, "DRO_DIR"), NOW).role == "DRO_DIR"
    advice = add_task(session, case, "CSA", act="RECOMMEND", line=f"{case.number}-S9")
    assert authority.capacity_for(session, actor("naledi.vanter"), advice, NOW).role == "CSA"


def test_s5_a_substitute_does_not_decide_on_the_matter_of_the_absent(session: Session) -> None:
    case = add_case(session, requester="dario.velasco", organisation="UNFR")
    session.add(Absence(person="dario.velasco", substitute="ruth.abara", valid_from=NOW, valid_to=NOW + timedelta(days=2)))
    session.flush()

    assert refusal(session, "ruth.abara", add_task(session, case, "DO", area="XH-CAP")) is OwnMatterOfDelegator


def test_s5_a_delegate_does_not_decide_on_the_delegators_matter(session: Session) -> None:
    case = add_case(session, requester="per.vane")
    period = {"valid_from": NOW - timedelta(days=9), "valid_to": NOW + timedelta(days=9)}
    session.add(
        Delegation(
            number="DOA-2026-0700",
            delegator="per.vane",
            delegate="jonas.keel",
            authority="EXH_CERTIFY",
            organisation="WIPO",
            accepted_at=NOW - timedelta(days=9),
            **period,
        )
    )
    session.flush()
    session.add(
        RoleHolding(
            person="jonas.keel", role="EXH", organisation="WIPO", capacity="DELEGATED", delegation_id="DOA-2026-0700", **period
        )
    )
    session.flush()

    assert refusal(session, "jonas.keel", add_task(session, case, "EXH", act="CERTIFY", line=None)) is OwnMatterOfDelegator


def test_s6_escalation_adds_and_takes_nothing_away(session: Session, case: Case) -> None:
    task = add_task(session, case, "DSSO")
    add_candidate(session, task, role="CSA")

    assert {one.person for one in authority.candidates(session, task, NOW)} == {"yusra.ben-halim", "naledi.vanter"}


def test_s7_a_declared_conflict_ends_it_for_that_person(session: Session, case: Case) -> None:
    add_decision(session, case, "naledi.vanter", "RECOMMEND", "CSA", conflict_declared=True, line=f"{case.number}-S4")
    task = add_task(session, case, "CSA")

    assert refusal(session, "naledi.vanter", task) is ConflictDeclared
    assert task.id not in {shown.id for shown in session.scalars(authority.visible_tasks(actor("naledi.vanter"), NOW))}


def test_s9_whoever_administers_owns_or_audits_takes_no_other_role(session: Session, case: Case) -> None:
    add_task(session, case, "DO")
    for person in ("mika.tarn", "pavel.eriksen", "amina.sorel"):
        session.add(RoleHolding(id=new_id(), person=person, role="DO", valid_from=NOW - timedelta(days=1)))
    session.flush()

    for person in ("mika.tarn", "pavel.eriksen", "amina.sorel"):
        assert session.scalars(authority.visible_tasks(actor(person), NOW)).all() == []


def test_s9_a_step_for_owners_of_processes_is_theirs_and_of_nobody_with_two_such_roles(session: Session, case: Case) -> None:
    task = add_task(session, case, "PRO")

    def sees(person: str) -> bool:
        return task.id in {shown.id for shown in session.scalars(authority.visible_tasks(actor(person), NOW))}

    assert [sees(person) for person in ("pavel.eriksen", "mika.tarn", "helga.brandvold")] == [True, False, False]
    session.add(RoleHolding(id=new_id(), person="pavel.eriksen", role="ADM", valid_from=NOW - timedelta(days=1)))
    session.flush()
    assert not sees("pavel.eriksen")


def test_own_tasks_are_asked_whatever_else_somebody_is_in_the_case(session: Session, case: Case) -> None:
    add_decision(session, case, "lina.marchetti", "ENDORSE", "SUP", line=None)
    task = add_task(session, case, "TRV", act="ANSWER")

    assert authority.capacity_for(session, actor("lina.marchetti"), task, NOW).role == "TRV"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("TRAVELLER", "SELF"), ("PREPARER", "PREPARER"), ("SUPERVISOR", "SUPERVISOR"), ("FAMILY", "FAMILY")],
)
def test_the_kind_of_an_involvement_has_a_name(session: Session, case: Case, kind: str, expected: str) -> None:
    add_party(session, case, "helga.brandvold", kind)

    facts = read_facts(session, case_id=case.id, area="XC-CAP", now=NOW)

    assert kind_of_involvement("helga.brandvold", facts) == expected
    assert kind_of_involvement("mei.okafor-lund", facts) is None


def test_what_an_act_has_decided_counts_before_it_is_written_until_it_is_taken_back(session: Session, case: Case) -> None:
    def facts() -> list[Fact]:
        return read_facts(session, case_id=case.id, area="XC-CAP", now=NOW)

    said = {"element": "stop_recommend", "actor_person": "helga.brandvold", "capacity": "OWN", "decided_at": NOW}
    before = facts()

    advice = audit.record_decision(session, case, act="RECOMMEND", actor_role="CSA", **said)
    waiting = facts()
    assert advice in session.new
    assert [(fact.person, fact.what) for fact in waiting if fact not in before] == [("helga.brandvold", "RECOMMEND")]

    session.flush()
    assert set(facts()) == set(waiting)

    audit.record_decision(session, case, act=audit.TAKE_BACK, supersedes_id=advice.id, **said)
    assert set(facts()) == set(before)


def test_an_answer_replaces_the_one_before_whether_that_is_written_yet_or_not(session: Session, case: Case) -> None:
    said = {"act": "DECIDE", "element": "stop_decide", "actor_person": "helga.brandvold", "capacity": "OWN", "decided_at": NOW}

    audit.record_decision(session, case, outcome="GRANT", line="1", **said)
    first = audit.record_decision(session, case, outcome="GRANT", line="2", **said)
    second = audit.record_decision(session, case, outcome="DENY", line="2", **said)
    assert second.supersedes_id == first.id

    audit.record_decision(session, case, **said | {"act": audit.TAKE_BACK}, supersedes_id=second.id)
    third = audit.record_decision(session, case, outcome="DENY", line="2", **said)
    session.flush()
    assert third.supersedes_id == first.id
