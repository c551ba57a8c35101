"""Who may act on a task: roles, areas, organisations, substitutes, delegations, escalations; who may see a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from services import authority
from services.database import Database
from services.errors import NotAllowed, NotFound, NotYourRole
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.cases import Case, Task
from services.models.people import Person
from tests.services.case_rows import NOW, actor, add_candidate, add_case, add_decision, add_line, add_party, add_task
from tests.statements import watch_statements


@pytest.fixture
def session(demo_database: Database) -> Iterator[Session]:
    with demo_database.transaction() as opened:
        yield opened


@pytest.fixture
def case(session: Session) -> Case:
    return add_case(session)


def test_the_holder_of_the_role_in_the_area_acts_in_the_own_capacity(session: Session, case: Case) -> None:
    task = add_task(session, case, "DO")

    capacity = authority.capacity_for(session, actor("ingrid.sollerman"), task, NOW)

    assert (capacity.role, capacity.capacity, capacity.delegation_id) == ("DO", "OWN", None)


@pytest.mark.parametrize("person", ["anwar.tessier", "naledi.vanter", "lina.marchetti", "nobody.there"])
def test_a_role_elsewhere_or_another_role_does_not_lead_to_the_task(session: Session, case: Case, person: str) -> None:
    task = add_task(session, case, "DO")

    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor(person), task, NOW)


def test_a_role_for_one_organisation_does_not_act_for_another(session: Session) -> None:
    case = add_case(session, requester="amadou.keita", organisation="UNAH")
    task = add_task(session, case, "HOA", act="ENDORSE", line=None)

    capacity = authority.capacity_for(session, actor("bakari.thorne"), task, NOW)

    assert capacity.role == "HOA"
    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("clara.jimenez"), task, NOW)


def test_a_role_that_has_ended_leads_nowhere(session: Session, case: Case) -> None:
    task = add_task(session, case, "DO")
    holding = session.query(RoleHolding).filter_by(person="ingrid.sollerman", role="DO").one()
    holding.valid_to = NOW
    session.flush()

    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("ingrid.sollerman"), task, NOW)


def test_a_task_by_name_is_for_that_person_only(session: Session, case: Case) -> None:
    task = add_task(session, case, "SUP", assignee="odile.farrant", act="ENDORSE", area=None, line=None)

    assert authority.capacity_for(session, actor("odile.farrant"), task, NOW).role == "SUP"
    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("mirela.castellan"), task, NOW)


def test_a_substitute_acts_ad_interim_while_the_other_is_away(session: Session, case: Case) -> None:
    task = add_task(session, case, "DO")
    session.add(
        Absence(
            person="ingrid.sollerman",
            substitute="bakari.thorne",
            valid_from=NOW - timedelta(days=3),
            valid_to=NOW + timedelta(days=11),
        )
    )
    session.flush()

    capacity = authority.capacity_for(session, actor("bakari.thorne"), task, NOW)

    assert (capacity.role, capacity.capacity) == ("DO", "AD_INTERIM")
    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("bakari.thorne"), task, NOW + timedelta(days=12))


def test_a_substitute_of_the_official_is_the_official_ad_interim(session: Session) -> None:
    case = add_case(session)
    task = add_task(session, case, "DOAI", area="XE-CAP")
    session.add(Absence(person="elif.tanaka", substitute="pieter.vos", valid_from=NOW, valid_to=NOW + timedelta(days=5)))
    session.flush()

    assert authority.capacity_for(session, actor("pieter.vos"), task, NOW).capacity == "AD_INTERIM"
    assert "pieter.vos" in authority.people_in_role(session, role="DOAI", area="XE-CAP", now=NOW)


def test_a_standing_delegation_is_named_in_the_capacity_of_the_adviser_who_decides(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA", area="XA-CAP", properties={"authority": "TSC_TIER1, TSC_TIER2"})
    other = add_task(session, case, "CSA", area="XA-CAP", properties={"authority": "CLAIM_VERIFY"})

    capacity = authority.capacity_for(session, actor("naledi.vanter"), task, NOW)

    assert capacity.capacity == "DELEGATED"
    delegation = session.get_one(Delegation, capacity.delegation_id)
    assert (delegation.delegator, delegation.area) == ("ingrid.sollerman", "XA-CAP")
    assert authority.capacity_for(session, actor("naledi.vanter"), other, NOW).delegation_id is None
    session.query(RoleHolding).filter_by(person="ingrid.sollerman", role="DO").one().valid_to = NOW
    session.flush()
    assert authority.capacity_for(session, actor("naledi.vanter"), task, NOW).capacity == "OWN"  # given by nobody in office


def test_an_adviser_who_only_recommends_needs_no_delegation(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA", area="XA-CAP", act="RECOMMEND")

    assert authority.capacity_for(session, actor("naledi.vanter"), task, NOW).capacity == "OWN"


def delegate(session: Session, **columns: object) -> None:
    """Let Bakari Thorne act as Designated Official of Arvenia North under a delegation."""
    values = {
        "area": "XA-NOR",
        "valid_from": NOW - timedelta(days=5),
        "valid_to": NOW + timedelta(days=5),
        "accepted_at": NOW - timedelta(days=4),
    }
    session.add(
        Delegation(
            number="DOA-2026-0900",
            delegator="ingrid.sollerman",
            delegate="bakari.thorne",
            authority="TSC_TIER2",
            **(values | columns),
        )
    )
    session.flush()
    session.add(
        RoleHolding(
            person="bakari.thorne",
            role="DO",
            area="XA-NOR",
            valid_from=NOW - timedelta(days=5),
            capacity="DELEGATED",
            delegation_id="DOA-2026-0900",
        )
    )
    session.flush()


def test_a_delegate_acts_under_the_number_of_the_delegation(session: Session, case: Case) -> None:
    delegate(session)
    task = add_task(session, case, "DO")

    capacity = authority.capacity_for(session, actor("bakari.thorne"), task, NOW)

    assert (capacity.capacity, capacity.delegation_id) == ("DELEGATED", "DOA-2026-0900")


@pytest.mark.parametrize(
    "columns",
    [
        {"accepted_at": None},
        {"revoked_at": NOW - timedelta(hours=1)},
        {"valid_to": NOW - timedelta(hours=1)},
        {"valid_from": NOW + timedelta(hours=1)},
        {"area": "XA-CAP"},
    ],
)
def test_a_delegation_counts_only_accepted_unrevoked_and_inside_its_dates_and_scope(
    session: Session, case: Case, columns: dict[str, object]
) -> None:
    delegate(session, **columns)
    task = add_task(session, case, "DO")

    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("bakari.thorne"), task, NOW)


def test_a_delegation_ends_with_the_post_of_the_delegator(session: Session, case: Case) -> None:
    delegate(session)
    task = add_task(session, case, "DO")
    session.query(RoleHolding).filter_by(person="ingrid.sollerman", role="DO").one().valid_to = NOW - timedelta(days=1)
    session.flush()

    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("bakari.thorne"), task, NOW)


def test_a_delegate_cannot_pass_the_right_on_to_a_substitute(session: Session, case: Case) -> None:
    delegate(session)
    session.add(Absence(person="bakari.thorne", substitute="petra.strand", valid_from=NOW, valid_to=NOW + timedelta(days=5)))
    session.flush()
    task = add_task(session, case, "DO")

    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("petra.strand"), task, NOW)


def test_an_escalated_role_may_act_and_the_first_keeps_the_right(session: Session, case: Case) -> None:
    task = add_task(session, case, "DSSO")
    add_candidate(session, task, role="CSA")

    assert authority.capacity_for(session, actor("naledi.vanter"), task, NOW).capacity == "ESCALATED"
    assert authority.capacity_for(session, actor("yusra.ben-halim"), task, NOW).role == "DSSO"


def test_a_traveller_acts_on_tasks_of_the_own_case_and_on_no_others(session: Session, case: Case) -> None:
    task = add_task(session, case, "TRV", act="CORRECT", area=None, line=None)

    assert authority.capacity_for(session, actor("lina.marchetti"), task, NOW).capacity == "OWN"
    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("tomas.rehberg"), task, NOW)


@pytest.mark.parametrize("role", ["ADM", "PRO", "AUD"])
def test_administrators_owners_and_auditors_never_act_whatever_else_they_hold(session: Session, case: Case, role: str) -> None:
    task = add_task(session, case, "DO")
    session.add(RoleHolding(person="ingrid.sollerman", role=role, valid_from=NOW - timedelta(days=1)))
    session.flush()

    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("ingrid.sollerman"), task, NOW)


def test_a_task_without_an_area_is_not_for_officials_of_some_area(session: Session, case: Case) -> None:
    task = add_task(session, case, "DO", area=None)

    with pytest.raises(NotYourRole):
        authority.capacity_for(session, actor("ingrid.sollerman"), task, NOW)


def test_the_capacity_is_found_in_two_queries(session: Session, case: Case) -> None:
    task = add_task(session, case, "CSA", area="XA-CAP")
    statements: list[str] = []
    watch_statements(session.connection(), statements.append)

    authority.capacity_for(session, actor("naledi.vanter"), task, NOW)

    assert len(statements) == 2


def test_candidates_are_those_who_may_act(session: Session, case: Case) -> None:
    task = add_task(session, case, "DSSO")
    add_candidate(session, task, role="CSA")
    add_party(session, case, "yusra.ben-halim", "PREPARER")

    found = authority.candidates(session, task, NOW)

    assert [(one.person, one.capacity) for one in found] == [("naledi.vanter", "ESCALATED")]


AGREEING = frozenset(
    [
        "lina.marchetti",
        "ingrid.sollerman",
        "petra.strand",
        "emeka.strand",
        "mei.okafor-lund",
        "sofia.lindqvist-rao",
        "iris.calder",
        "odile.farrant",
        "clara.jimenez",
        "naledi.vanter",
        "helga.brandvold",
        "nils.oberg",
        "bakari.thorne",
        "viktor.amsel",
        "gabriel.noor",
        "livia.arendt",
        "per.vane",
        "mirela.castellan",
        "mika.tarn",
    ]
)


def test_the_inbox_and_the_door_agree_for_everybody(session: Session) -> None:
    """`visible_tasks` (SQL) and `capacity_for` (Python) say the same of each person and task."""
    tasks = list(varied_tasks(session))
    people = [person.code for person in session.query(Person).all() if person.code in AGREEING]

    for person in people:
        shown = set(session.scalars(authority.visible_tasks(actor(person), NOW).with_only_columns(Task.id)))
        for task in tasks:
            assert (task.id in shown) is may_act(session, person, task), (person, task.role, task.act, task.element)


def may_act(session: Session, person: str, task: object) -> bool:
    try:
        authority.capacity_for(session, actor(person), task, NOW)  # type: ignore[arg-type]
    except NotAllowed:
        return False
    return True


def varied_tasks(session: Session) -> Iterator[object]:
    """Tasks in cases with every kind of involvement."""
    delegate(session)
    session.add(Absence(person="sofia.lindqvist-rao", substitute="iris.calder", valid_from=NOW, valid_to=NOW + timedelta(days=5)))
    requesters = ["lina.marchetti", "ingrid.sollerman", "petra.strand", "sofia.lindqvist-rao"]
    for number, requester in enumerate(requesters, start=1):
        organisation = session.get_one(Person, requester).organisation
        case = add_case(session, requester=requester, organisation=organisation, number=number)
        add_party(session, case, requester, "TRAVELLER")
        add_party(session, case, "odile.farrant", "SUPERVISOR")
        add_party(session, case, "clara.jimenez", "SUPERVISOR")
        add_decision(session, case, "naledi.vanter", "RECOMMEND", "CSA")
        add_decision(session, case, "clara.jimenez", "ENDORSE", "HOA", line=None, element="tsc_hoa_endorse")
        add_decision(session, case, "helga.brandvold", "RECOMMEND", "CSA", conflict_declared=True)
        add_decision(session, case, "nils.oberg", "DECIDE", "DOAI", line=f"{case.number}-S2", element="stop_decide")
        for area in ("XA-NOR", "XB-HIG", "XH-CAP", None):
            for role in ("DO", "DOAI", "CSA", "DRO_DIR", "TRV"):
                yield add_task(session, case, role, area=area)
            yield add_task(session, case, "CSA", area=area, act="RECOMMEND", element="stop_recommend")
            escalated = add_task(session, case, "DSSO", area=area, line=f"{case.number}-S2", separate_from=["tsc_hoa_endorse"])
            add_candidate(session, escalated, role="CSA")
            add_candidate(session, escalated, role="DOAI")
            named = add_task(session, case, None, area=area, act="ANSWER")
            add_candidate(session, named, person="iris.calder")
        yield add_task(session, case, "HOA", area="XA-NOR", act="ENDORSE", line=None)
        yield add_task(session, case, "SUP", area=None, act="ENDORSE", line=None, assignee="odile.farrant")
        yield add_task(session, case, "EXH", area=None, act="CERTIFY", line=None, separate_from=["stop_recommend"])


def test_parties_see_the_whole_case(session: Session, case: Case) -> None:
    add_party(session, case, "odile.farrant", "SUPERVISOR")

    assert authority.may_see_case(session, actor("lina.marchetti"), case, NOW).areas is None
    assert authority.may_see_case(session, actor("odile.farrant"), case, NOW).areas is None


def test_an_official_sees_only_the_stops_in_the_own_area(session: Session, case: Case) -> None:
    add_line(session, case, area="XA-NOR", stop=1)
    add_line(session, case, area="XB-CAP", stop=2)

    sight = authority.may_see_case(session, actor("sofia.lindqvist-rao"), case, NOW)

    assert sight.areas == frozenset({"XB-CAP"})
    assert not sight.sees_area("XA-NOR")


@pytest.mark.parametrize("person", ["jonas.keel", "mirela.castellan", "amina.sorel"])
def test_focal_point_coordinator_and_auditor_see_the_case(session: Session, case: Case, person: str) -> None:
    assert authority.may_see_case(session, actor(person), case, NOW).areas is None


@pytest.mark.parametrize(
    "person", ["tomas.rehberg", "anwar.tessier", "rafael.mendes", "pavel.eriksen", "mika.tarn", "emeka.strand"]
)
def test_a_strangers_case_is_not_there(session: Session, case: Case, person: str) -> None:
    add_line(session, case, area="XA-NOR")

    with pytest.raises(NotFound):
        authority.may_see_case(session, actor(person), case, NOW)


def test_whoever_acted_keeps_the_sight(session: Session, case: Case) -> None:
    add_decision(session, case, "victor.hale", "RECOMMEND", "SA", area="XA-NOR")

    assert authority.may_see_case(session, actor("victor.hale"), case, NOW).areas == frozenset({"XA-NOR"})


def test_the_list_of_cases_and_the_door_agree(session: Session) -> None:
    cases = []
    for number, (requester, area) in enumerate(
        [("lina.marchetti", "XA-NOR"), ("petra.strand", "XB-HIG"), ("iris.calder", "XH-CAP")], start=1
    ):
        case = add_case(session, requester=requester, organisation=session.get_one(Person, requester).organisation, number=number)
        add_line(session, case, person=requester, area=area)
        add_task(session, case, "CSA", area=area)
        cases.append(case)

    for person in (
        "lina.marchetti",
        "jonas.keel",
        "naledi.vanter",
        "emeka.strand",
        "dario.velasco",
        "viktor.amsel",
        "amina.sorel",
        "mika.tarn",
    ):
        in_sight = authority.as_asked_by(authority.cases_in_sight(), actor(person), NOW)
        listed = set(session.scalars(in_sight)) & {case.id for case in cases}
        assert listed == {case.id for case in cases if may_see(session, person, case)}, person


def may_see(session: Session, person: str, case: Case) -> bool:
    try:
        authority.may_see_case(session, actor(person), case, NOW)
    except NotFound:
        return False
    return True
