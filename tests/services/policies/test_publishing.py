"""A policy on its way into force: who may prepare it, who is asked, who approves, and what becomes of what organisations add."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import jobs
from services.errors import NotAllowed, NotFound, NotYourRole, OperationFailed, told_of
from services.models.audit import Decision
from services.models.authority import RoleHolding
from services.models.cases import Task
from services.models.people import Person
from services.models.policies import Policy, PolicyAddendum, PolicyReader
from services.operations.policies import PolicyInWork
from tests.services.policies.promulgating import AUTHOR, COORDINATOR, HEAD, OFFICE, ROUND, USG, Promulgating
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid


def test_what_was_approved_is_in_force_with_its_author_and_approver(promulgating: Promulgating) -> None:
    case_id = promulgating.publish()

    (version,) = promulgating.versions()
    assert (version.number, version.version, version.generation, version.material) == (f"{version.policy}-V1", 1, 1, True)
    assert (version.drafted_by, version.approved_by, version.approved_role) == (AUTHOR, HEAD, "EXH")
    assert version.policy == promulgating.case(case_id).number
    assert promulgating.case(case_id).status == "PUBLISHED"
    assert promulgating.problems() == []


@pytest.mark.parametrize(
    ("author", "scope"), [(AUTHOR, "SYSTEM"), ("rafael.mendes", "SYSTEM"), (OFFICE, "ORGANISATION"), ("lina.marchetti", "SYSTEM")]
)
def test_a_policy_is_prepared_by_the_offices_that_it_is_for(embedded: Promulgating, author: str, scope: str) -> None:
    with pytest.raises(NotYourRole):
        embedded.begin(author, scope=scope)

    assert embedded.cases_of("policy") == []


def test_every_organisation_is_asked_and_silence_is_noted_and_not_agreement(promulgating: Promulgating) -> None:
    case_id = promulgating.begin(OFFICE, scope="SYSTEM")
    promulgating.draft(case_id, OFFICE)
    assert promulgating.open_tasks(case_id) == ["pol_comment"] * 4
    promulgating.answer(case_id, COORDINATOR, "WIPO", answer="OBJECT", comment="Too much.", addendum_choice="NONE")

    promulgating.wait(case_id, NOW + ROUND - timedelta(seconds=1))
    assert promulgating.open_tasks(case_id) == ["pol_comment"] * 3
    promulgating.wait(case_id, NOW + ROUND)

    assert promulgating.open_tasks(case_id) == ["pol_revise"]
    card = str(promulgating.task(case_id, "pol_revise").card)
    assert card.count("No answer came") == 3
    assert card.count("Nobody could be asked") == 2  # UNDSS and UNOG have no focal point
    assert "An organisation objects" in card
    assert "Not every organisation has answered" in card
    assert promulgating.versions() == []


def test_no_time_that_passes_approves(promulgating: Promulgating) -> None:
    case_id = promulgating.begin()
    promulgating.draft(case_id)
    promulgating.wait(case_id, NOW + ROUND)
    promulgating.settle(case_id, now=NOW + ROUND)

    promulgating.wait(case_id, NOW + timedelta(days=400))

    assert promulgating.open_tasks(case_id) == ["pol_approve"]
    assert promulgating.versions() == []


@pytest.mark.parametrize("role", ["EXH", "USG"])
def test_nobody_approves_their_own_text(promulgating: Promulgating, role: str) -> None:
    author, scope, office = (AUTHOR, "ORGANISATION", "WIPO") if role == "EXH" else (OFFICE, "SYSTEM", None)
    promulgating.add(RoleHolding(person=author, role=role, organisation=office, valid_from=NOW - timedelta(days=9)))
    case_id = promulgating.begin(author, scope=scope)
    promulgating.draft(case_id, author)
    promulgating.wait(case_id, NOW + ROUND)
    promulgating.settle(case_id, author, NOW + ROUND)

    with pytest.raises(NotAllowed):
        promulgating.do(case_id, author, "pol_approve", NOW + ROUND, decision="APPROVE", iasmn_item="Session 41")

    assert promulgating.versions() == []


def test_the_author_does_not_answer_for_the_organisation(embedded: Promulgating) -> None:
    case_id = embedded.begin()
    embedded.draft(case_id)

    with pytest.raises(NotAllowed):
        embedded.do(case_id, AUTHOR, "pol_comment", answer="AGREE")


def test_whoever_wrote_in_the_place_of_the_author_does_not_approve(embedded: Promulgating) -> None:
    case_id = embedded.begin()
    embedded.wait(case_id, NOW + timedelta(days=31))
    embedded.draft(case_id, COORDINATOR, NOW + timedelta(days=31))
    embedded.add(RoleHolding(person=COORDINATOR, role="EXH", organisation="WIPO", valid_from=NOW))
    later = NOW + timedelta(days=31) + ROUND
    embedded.wait(case_id, later)
    embedded.settle(case_id, now=later)

    with pytest.raises((NotAllowed, NotFound)):
        embedded.do(case_id, COORDINATOR, "pol_approve", later, decision="APPROVE")


@pytest.mark.parametrize(("author", "scope", "office"), [(AUTHOR, "ORGANISATION", "SFP"), (OFFICE, "SYSTEM", "USG_OFFICE")])
def test_the_record_names_the_office_of_the_author(embedded: Promulgating, author: str, scope: str, office: str) -> None:
    case_id = embedded.begin(author, scope=scope)
    embedded.draft(case_id, author)

    assert [(row.actor_person, row.actor_role) for row in embedded.rows(Decision, case_id=case_id)] == [(author, office)]


def test_two_cases_do_not_prepare_the_same_policy(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish())
    change = {"kind": "CHANGE", "policy": code}
    first = promulgating.begin(**change)

    with pytest.raises(AnswersInvalid, match="being prepared already"):
        promulgating.begin(COORDINATOR, **change)

    promulgating.draft(first, material="YES")
    promulgating.do(first, COORDINATOR, "pol_comment", answer="AGREE")
    promulgating.settle(first, next="WITHDRAW", material="YES")
    assert promulgating.case(first).status == "WITHDRAWN"
    assert [version.superseded_at for version in promulgating.versions()] == [None]
    promulgating.begin(COORDINATOR, **change)


def test_who_begins_the_same_policy_at_the_same_moment_is_told_beside_the_form() -> None:
    failed = OperationFailed(cause="policy.open")
    failed.__cause__ = PolicyInWork(number="POL-2026-000007")

    told = told_of(failed, to_person=True)

    assert isinstance(told, AnswersInvalid)
    assert ["POL-2026-000007" in str(problem) for problem in told.problems] == [True]


def test_another_organisation_s_policy_is_not_offered(embedded: Promulgating) -> None:
    code = embedded.code(embedded.publish())

    with pytest.raises(AnswersInvalid):
        embedded.begin("rafael.mendes", kind="CHANGE", policy=code)


def test_a_material_change_is_read_anew_and_another_is_not(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish())
    everybody = promulgating.waiting()
    promulgating.confirm("lina.marchetti", code)
    change = {"kind": "CHANGE", "policy": code}

    promulgating.publish(begun=change, material="NO", audience_kind=None, text=f"{TEXT_AGAIN} Please.")
    assert promulgating.waiting() == everybody - {"lina.marchetti"}
    promulgating.confirm("ben.starter", code)

    promulgating.publish(begun=change, material="YES", text=TEXT_AGAIN)
    assert promulgating.waiting() == everybody
    assert [(row.version, row.generation) for row in promulgating.versions()] == [(1, 1), (2, 1), (3, 3)]
    assert [row.superseded_at is None for row in promulgating.versions()] == [False, False, True]


TEXT_AGAIN = "Visitors give their badge back at the gate on the same day, and nobody takes a key home."


def test_a_change_of_wording_keeps_the_audience(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish(audience_kind="ROLES", roles=["SUP"]))

    promulgating.publish(begun={"kind": "CHANGE", "policy": code}, material="NO", audience_kind=None)

    assert [(row.audience_kind, row.audience) for row in promulgating.versions()] == [("ROLES", ["SUP"])] * 2
    assert promulgating.waiting() == {"odile.farrant"}


def test_each_organisation_adds_for_its_own_people_until_it_says_otherwise(promulgating: Promulgating) -> None:
    own = {"by": "rafael.mendes", "for": "UNAH", "answer": "AGREE"}
    added = own | {"addendum_choice": "NEW", "addendum": "Our drivers call the office."}
    code = promulgating.code(promulgating.publish_for_all(added))
    assert promulgating.read("amadou.keita", code).addendum == "Our drivers call the office."
    assert promulgating.read("lina.marchetti", code).addendum is None
    change = {"kind": "CHANGE", "policy": code}

    later = NOW + timedelta(days=40)
    promulgating.publish_for_all(now=later, begun=change, material="NO", audience_kind=None)
    kept = promulgating.read("amadou.keita", code, later).addendum
    gone = own | {"addendum_choice": "NONE"}
    promulgating.publish_for_all(gone, now=later + timedelta(days=40), begun=change, material="NO", audience_kind=None)

    assert kept == "Our drivers call the office."
    assert promulgating.read("amadou.keita", code, later).addendum is None
    assert len(promulgating.rows(PolicyAddendum)) == 2
    assert promulgating.versions()[-1].approved_by == USG


@pytest.mark.parametrize(
    ("audience", "is_meant"),
    [
        ({"audience_kind": "EVERYBODY"}, lambda row: row.organisation != "RLG"),
        ({"audience_kind": "ORGANISATIONS", "organisations": ["UNFR", "UNVX"]}, lambda row: row.organisation in {"UNFR", "UNVX"}),
        ({"audience_kind": "AREAS", "areas": ["XB-CAP"]}, lambda row: (row.duty_area or "").startswith("XB-CAP")),
    ],
)
def test_those_are_asked_for_whom_it_is(promulgating: Promulgating, audience: dict[str, object], is_meant: object) -> None:
    promulgating.publish_for_all(**audience)

    with promulgating.database.reading() as session:
        on = (NOW + ROUND).date()
        staff = [
            row for row in session.scalars(select(Person)) if row.contract_type != "VISITOR" and (row.contract_to or on) >= on
        ]
    assert {row.person for row in promulgating.rows(PolicyReader)} == {row.code for row in staff if is_meant(row)}  # type: ignore[operator]


def test_a_policy_outlives_the_cases_in_which_it_was_made(promulgating: Promulgating) -> None:
    case_id = promulgating.publish()
    code = promulgating.code(case_id)
    promulgating.confirm("lina.marchetti", code)
    promulgating.wait(case_id, NOW + timedelta(days=31))

    jobs.forget_cases(promulgating.database, NOW + timedelta(days=4100))
    jobs.forget_cases(promulgating.database, NOW + timedelta(days=4100))

    assert promulgating.cases_of("policy") == []
    assert [row.code for row in promulgating.rows(Policy)] == [code]
    assert {row.case_id for row in promulgating.rows(PolicyReader)} == {None}
    assert promulgating.read("lina.marchetti", code).reader.acknowledged_at == NOW  # type: ignore[union-attr]


def test_the_case_is_seen_by_whoever_has_a_step_and_by_the_own_organisation(embedded: Promulgating) -> None:
    case_id = embedded.begin()
    embedded.draft(case_id)

    assert embedded.sees(HEAD, case_id)
    assert not embedded.sees("rafael.mendes", case_id)
    assert [task.line for task in embedded.rows(Task, case_id=case_id, element="pol_comment")] == ["WIPO"]
