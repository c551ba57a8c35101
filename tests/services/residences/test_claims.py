"""Claims: who sees them, who may act on them, and what the facts rest on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services import authority, people, residences
from services.errors import NotAllowed, NotFound
from services.models.audit import Decision
from services.models.authority import Delegation, RoleHolding
from services.models.base import new_id
from services.models.cases import OPEN, Case, Task
from services.models.residences import Occupant
from services.registers import options_for
from services.registers import residences as register
from tests.services.residences.homes import CERTIFIED, LONG_AGO, NOW, VERIFIED, Homes, claimed
from workflows.errors import AnswersInvalid
from workflows.forms import read_form

HOME = "RES-XA-CAP-01"
THREAT = {
    "individual_risk": True,
    "threat_text": "A letter with a threat against me came to the house.",
    "assessment_ref": "SRM-XA-CAP-2026-ADHOC-3",
}


def sees(homes: Homes, case_id: str, person: str) -> bool:
    with homes.database.reading() as session:
        try:
            authority.may_see_case(session, people.actor_named(session, person), session.get_one(Case, case_id), NOW)
        except NotFound:
            return False
        return True


def candidates(homes: Homes, case_id: str, element: str) -> list[str]:
    with homes.database.reading() as session:
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)).one()
        return [one.person for one in authority.candidates(session, task, NOW)]


def test_a_claim_that_rests_on_a_threat_is_hidden_from_the_organisation(homes: Homes) -> None:
    threat = homes.claim("liya.berhan", "RES-XA-CAP-09", claimed(measure="RS08", amount=2400), **THREAT)
    usual = homes.claim("noemi.hart", HOME)

    assert sees(homes, usual, "rafael.mendes")  # the security focal point of the organisation
    assert not sees(homes, threat, "rafael.mendes")
    assert not sees(homes, threat, "hugo.lemaire")
    assert not sees(homes, threat, "salome.brandt")  # finance, before it is asked
    assert not sees(homes, threat, "noemi.hart")
    assert all(sees(homes, threat, person) for person in ("liya.berhan", "ingrid.sollerman"))
    assert "Liya" not in homes.case(threat).subject


def test_supervisor_and_staff_of_the_claimant_do_not_judge_the_claim(homes: Homes) -> None:
    with homes.database.transaction() as session:
        session.add_all(
            RoleHolding(id=new_id(), person=person, role="CSA", area="XA", valid_from=NOW)
            for person in ("bakari.thorne", "marek.dunn")
        )
    case_id = homes.claim("noemi.hart", HOME)

    assert "bakari.thorne" not in candidates(homes, case_id, "rmc_verify")  # her supervisor
    assert "marek.dunn" in candidates(homes, case_id, "rmc_verify")
    assert not sees(homes, case_id, "odile.farrant")
    with pytest.raises(NotAllowed):
        homes.do(case_id, "bakari.thorne", "rmc_verify", **VERIFIED)


def test_whoever_verified_does_not_certify(homes: Homes) -> None:
    with homes.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person="naledi.vanter", role="FIN", organisation="UNAH", valid_from=NOW))
    case_id = homes.claim("noemi.hart", HOME)
    homes.do(case_id, "naledi.vanter", "rmc_verify", **VERIFIED)

    assert candidates(homes, case_id, "rmc_certify") == ["salome.brandt", "tess.hallam"]
    with pytest.raises(NotAllowed):
        homes.do(case_id, "naledi.vanter", "rmc_certify", **CERTIFIED)


def test_the_spouse_neither_surveys_nor_verifies(homes: Homes) -> None:
    locks = claimed(measure="RS06", amount=150, invoice_no="L-1")
    case_id = homes.claim("petra.strand", "RES-XB-CAP-01", locks, **THREAT)
    assert homes.open_tasks(case_id) == ["rmc_exception_do"]
    homes.do(case_id, "sofia.lindqvist-rao", "rmc_exception_do", decision="APPROVE", approved_cap=300, reasons="It is justified.")
    homes.do(case_id, "viktor.amsel", "rmc_exception_dro", decision="APPROVE", approved_cap=300, reasons="It is justified.")

    assert candidates(homes, case_id, "rmc_verify") == ["ines.moreau"]


def test_the_security_adviser_verifies_in_the_own_right(homes: Homes) -> None:
    case_id = homes.claim("noemi.hart", HOME)

    with homes.database.reading() as session:
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.element == "rmc_verify")).one()
        able = {one.person: one.capacity for one in authority.candidates(session, task, NOW)}

    assert able == {"naledi.vanter": "OWN", "kofi.drummond": "OWN"}


def test_an_organisation_without_an_able_certifier_uses_the_pool(homes: Homes) -> None:
    with homes.database.transaction() as session:
        for holding in session.scalars(select(RoleHolding).where(RoleHolding.role == "FIN", RoleHolding.organisation == "UNAH")):
            session.delete(holding)
    case_id = homes.claim("noemi.hart", HOME)
    homes.do(case_id, "naledi.vanter", "rmc_verify", **VERIFIED)

    assert candidates(homes, case_id, "rmc_certify") == ["ottilie.crane"]


def test_the_address_is_read_by_those_who_have_to_know(homes: Homes) -> None:
    def address(person: str) -> str | None:
        with homes.database.reading() as session:
            try:
                return residences.read_address(session, HOME, actor=people.actor_named(session, person), now=NOW)
            except NotFound:
                return None

    told = {person: address(person) for person in ("noemi.hart", "naledi.vanter", "kofi.drummond", "salome.brandt")}
    assert set(told.values()) == {"12 Harbour Steps, flat 4"}
    for person in ("rafael.mendes", "odran.beck", "emeka.strand", "ingrid.sollerman", "amina.sorel", "hal.orsini"):
        assert address(person) is None, person


def test_no_address_is_in_any_case(homes: Homes) -> None:
    case_id = homes.claim("noemi.hart", HOME)
    homes.do(case_id, "naledi.vanter", "rmc_verify", **VERIFIED)

    with homes.database.reading() as session:
        case = session.get_one(Case, case_id)
        cards = [str(task.card) + task.subject for task in session.scalars(select(Task).where(Task.case_id == case_id))]
        session.refresh(case, ["engine_state"])

    assert "Harbour" not in str(case.engine_state) + case.subject + "".join(cards)


def test_people_choose_among_their_own_residences_and_never_see_an_address(homes: Homes) -> None:
    asked = b'{"id": "F", "components": [{"type": "select", "key": "residence", "properties": {"register": "residences"}}]}'
    form = read_form(asked, name="f.form")

    with homes.database.reading() as session:
        mine = options_for(session, form, asker=authority.asker_of(session, "noemi.hart", NOW), now=NOW)["residences"]
        everybody = options_for(session, form, now=NOW)["residences"]

    assert [option["value"] for option in mine] == ["RES-XA-CAP-01", "RES-XA-CAP-02"]
    assert len(everybody) > len(mine)
    assert "Harbour" not in str(everybody)


def test_a_residence_of_somebody_else_cannot_be_claimed_for(homes: Homes) -> None:
    with pytest.raises(AnswersInvalid, match="residence"):
        homes.claim("noemi.hart", "RES-XA-CAP-04")


def test_only_entitled_occupants_of_that_day_share(homes: Homes) -> None:
    with homes.database.transaction() as session:
        session.add(Occupant(residence=HOME, person="liya.berhan", moved_in_on=date(2026, 5, 1)))
        session.add(Occupant(residence=HOME, person="hal.orsini", moved_in_on=date(2026, 11, 20)))
        living = register.occupants_on(session, HOME, date(2026, 11, 11))
        assert [person.code for person in living if register.is_international(person)] == ["noemi.hart"]


def test_a_second_door_counts_by_residence_measure_and_time(homes: Homes) -> None:
    asked = {"person": "noemi.hart", "measure": "RS05"}
    with homes.database.transaction() as session:
        assert register.is_reinstalled(session, residence=HOME, on=date(2025, 10, 11), **asked)
        assert not register.is_reinstalled(session, residence=HOME, on=date(2025, 10, 12), **asked)
        assert not register.is_reinstalled(session, residence="RES-XA-CAP-02", on=LONG_AGO.replace(year=2024), **asked)
        assert register.is_paid_already(session, "RES-XA-CAP-02", "RS05", "ANY")
        assert register.is_paid_already(session, "RES-XA-CAP-02", "RS05", "ST-5520")  # the same bill, paid in full
        assert not register.is_paid_already(session, HOME, "RS05", "ANY")


def test_a_promise_of_before_holds_ninety_days_although_the_measure_left_the_schedule(homes: Homes) -> None:
    asked = {"measure": "RS04", "cost_kind": "ONE_OFF", "amount": 600, "invoice_on": "2026-11-28", "has_receipt": False}
    first = homes.claim("noemi.hart", HOME, asked, kind="PREAPPROVAL")
    homes.do(first, "naledi.vanter", "rmc_verify", **VERIFIED)
    with homes.database.transaction() as session:
        for schedule in homes.schedules("XA-CAP").values():
            session.merge(schedule).status = "WITHDRAWN"
    in_time = claimed(measure="RS04", amount=590, invoice_no="B-1", invoice_on="2026-12-20")
    too_late = claimed(measure="RS04", amount=590, invoice_no="B-2", invoice_on="2027-03-02")

    kept = homes.claim("noemi.hart", HOME, in_time, now=NOW.replace(year=2027, month=1))
    broken = homes.claim("noemi.hart", HOME, too_late, now=NOW.replace(year=2027, month=3, day=3))

    assert homes.open_tasks(kept) == ["rmc_verify"]
    assert homes.case(broken).outcome == "REJECTED"


def test_the_inbox_offers_the_own_draft_and_not_the_claim_of_the_own_staff(homes: Homes) -> None:
    with homes.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person="bakari.thorne", role="CSA", area="XA", valid_from=NOW))
    claim = homes.claim("noemi.hart", HOME)
    asked = {"area": "XA-CAP", "trigger": "RENEWAL", "reason": "It runs out soon."}
    draft = homes.start("residential_measures", "naledi.vanter", asked)

    def inbox(person: str) -> set[tuple[str, str]]:
        with homes.database.reading() as session:
            found = session.scalars(authority.visible_tasks(people.actor_named(session, person), NOW))
            return {(task.case_id, task.element) for task in found}

    assert inbox("naledi.vanter") == {(draft, "rsm_draft"), (claim, "rmc_verify")}
    assert inbox("bakari.thorne") == {(draft, "rsm_draft")}


def test_who_is_given_the_verification_verifies_first_and_under_its_number(homes: Homes) -> None:
    day = timedelta(days=1)
    with homes.database.transaction() as session:
        given = {"authority": "CLAIM_VERIFY", "area": "XA", "valid_from": NOW - day, "accepted_at": NOW - day}
        session.add(Delegation(number="DOA-2026-0778", delegator="naledi.vanter", delegate_role="SA", **given))
    case_id = homes.claim("noemi.hart", HOME)
    with homes.database.reading() as session:
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.element == "rmc_verify")).one()
        adviser = authority.capacity_for(session, people.actor_named(session, "kofi.drummond"), task, NOW)
        chief = authority.capacity_for(session, people.actor_named(session, "naledi.vanter"), task, NOW)

    homes.do(case_id, "kofi.drummond", "rmc_verify", **VERIFIED)

    assert task.role == "SA"
    assert (adviser.capacity, adviser.delegation_id) == ("DELEGATED", "DOA-2026-0778")
    assert (chief.role, chief.capacity) == ("CSA", "OWN")
    with homes.database.reading() as session:
        assert session.scalars(select(Decision.delegation_id).where(Decision.case_id == case_id)).all() == ["DOA-2026-0778"]
