"""Guard contracts: who confirms one, what its months say, what silence does, and how the next one follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from services import cases, jobs, people
from services.errors import AlreadyOpen, MessageNotExpected, NotAllowed, NotFound, NotYourRole
from services.models.audit import Decision
from services.models.authority import RoleHolding
from services.models.cases import OPEN, Case, Task
from services.models.guards import GuardContract, GuardIncident, GuardRating
from services.models.incidents import Incident
from services.models.premises import Premises
from services.registers import guards
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

KEY, PLACE = "guard_contract", "GVA-ARB"
HEAD, PAYER, COORDINATOR, EXECUTIVE = "jonas.keel", "odran.beck", "mirela.castellan", "per.vane"
DAY = timedelta(days=1)
CONTRACT = {
    "premises": PLACE,
    "vendor": "Alpine Watch",
    "contract_no": "GC-4",
    "posts": 6,
    "weekly_hours": 700,
    "posts_words": "Two gates day and night.",
    "starts_on": "2026-12-01",
    "ends_on": "2027-01-31",
}
GOOD = {"manned": "ALL", "handled": "WELL", "kept": "YES", "rating": "GOOD"}
ENTERED = {name: value for name, value in CONTRACT.items() if name != "premises"}


def house(world: Security) -> Security:
    common = {"kind": "OFFICE", "headcount": 1300, "valid_from": date(2012, 1, 1), "area": "CH-GVA"}
    world.add(
        Premises(code=PLACE, name={"en": "Patent house"}, organisations=["WIPO"], **common),
        Premises(code="GVA-PAL", name={"en": "Palace"}, organisations=["UNOG"], **common),
    )
    return world.publish(KEY)


@pytest.fixture
def contracts(journeys: Security) -> Security:
    return house(journeys)


@pytest.fixture
def embedded_contracts(security: Security) -> Security:
    return house(security)


def in_force(contracts: Security, **answers: Any) -> str:
    case_id = contracts.start(KEY, HEAD, **(CONTRACT | answers))
    contracts.do(case_id, PAYER, "grd_confirm", decision="CONFIRM")
    return case_id


def end_early(contracts: Security, case_id: str, person: str, now: datetime, on: str) -> None:
    """Somebody says that a contract has ended before its last day."""
    with contracts.database.transaction() as session:
        actor, number = people.actor_named(session, person), session.get_one(Case, case_id).number
        said = {"ended_on": on, "end_reasons": "The vendor lost its licence."}
        cases.send_message(session, "MSG_GUARD_CONTRACT_EARLY", number, said, actor=actor, now=now)


def happened(contracts: Security, area: str, *, days: int, confidential: bool = False, place: str = "North gate") -> str:
    """Somebody reports an incident of some days after now; its number."""
    case_id = contracts.report(HEAD, area, place=place)
    (row,) = contracts.rows(Incident, case_id=case_id)
    with contracts.database.transaction() as session:
        kept = session.get_one(Incident, row.id)
        kept.happened_at, kept.confidential = NOW + days * DAY, confidential
    return str(row.number)


def test_a_contract_is_rated_linked_to_incidents_and_followed_by_one_that_is_confirmed_anew(contracts: Security) -> None:
    near, elsewhere = happened(contracts, "CH-GVA", days=3), happened(contracts, "XA-CAP", days=3)
    secret, before = happened(contracts, "CH-GVA", days=4, confidential=True), happened(contracts, "CH-GVA", days=-3)
    case_id = in_force(contracts)
    contracts.wait(case_id, NOW + 28 * DAY)
    month = contracts.task(case_id, "grd_rate")
    assert month.line == "2026-12-28"

    for number in (elsewhere, secret, before):
        with pytest.raises(AnswersInvalid):
            contracts.do(case_id, HEAD, "grd_rate", NOW + 28 * DAY, **GOOD, incidents=[number])
    contracts.do(case_id, HEAD, "grd_rate", NOW + 28 * DAY, **GOOD, incidents=[near])
    contracts.do(case_id, HEAD, "grd_ask", NOW + 29 * DAY, follows_now="RENEW", follows_reasons="They know the house.")
    contracts.dispatch(NOW + 29 * DAY)
    contracts.dispatch(NOW + 29 * DAY)
    _, following = contracts.cases_of(KEY)
    answers = ENTERED | {"starts_on": "2027-02-01", "ends_on": "2028-01-31", "contract_no": "GC-5"}
    contracts.do(following.id, HEAD, "grd_enter", NOW + 30 * DAY, enter="ENTER", **answers)
    contracts.do(following.id, PAYER, "grd_confirm", NOW + 30 * DAY, decision="CONFIRM")
    contracts.wait(case_id, NOW + 130 * DAY)

    first, second = sorted(contracts.rows(GuardContract), key=lambda row: row.number)
    assert (first.status, first.ended_on, first.entered_by, first.confirmed_by) == ("RENEWED", date(2027, 1, 31), HEAD, PAYER)
    assert (second.status, second.previous, second.premises, second.vendor) == ("IN_FORCE", first.number, PLACE, "Alpine Watch")
    assert sorted((row.until, row.since, row.rating) for row in contracts.rows(GuardRating)) == [
        (date(2026, 12, 28), date(2026, 12, 1), "GOOD"),
        (date(2027, 1, 31), date(2026, 12, 29), "NOT_RATED"),
    ]
    assert [row.incident for row in contracts.rows(GuardIncident)] == [near]
    assert contracts.case(case_id).state == "COMPLETED"
    jobs.forget_cases(contracts.database, NOW + 9000 * DAY)
    assert contracts.rows(Case, id=case_id) == []
    assert [row.case_id for row in contracts.rows(GuardContract, number=first.number)] == [None]


def test_incidents_whose_place_names_the_premises_are_offered_first(embedded_contracts: Security) -> None:
    there = happened(embedded_contracts, "CH-GVA", days=1, place="Lobby of the PATENT HOUSE")
    by_code = happened(embedded_contracts, "CH-GVA", days=2, place="Gate 2, gva-arb")
    around = happened(embedded_contracts, "CH-GVA", days=3, place="Palace")
    case_id = in_force(embedded_contracts)

    with embedded_contracts.database.reading() as session:
        contract = guards.get_contract(session, embedded_contracts.case(case_id).number)
        offered = [one.number for one in guards.list_incidents(session, contract)]
        first = guards.list_incidents(session, contract, most=1)

    assert offered == [by_code, there, around]
    assert [one.number for one in first] == [by_code]


def test_nobody_confirms_what_they_entered_though_they_hold_the_role(embedded_contracts: Security) -> None:
    also = {"area": None, "organisation": "WIPO", "valid_from": NOW - DAY}
    embedded_contracts.add(RoleHolding(person=HEAD, role="FIN", **also), RoleHolding(person=PAYER, role="HSSD", **also))
    case_id = embedded_contracts.start(KEY, HEAD, **CONTRACT)
    with pytest.raises(NotAllowed):
        embedded_contracts.do(case_id, HEAD, "grd_confirm", decision="CONFIRM")
    embedded_contracts.do(case_id, PAYER, "grd_confirm", decision="RETURN", decision_reasons="Four posts.")

    embedded_contracts.do(case_id, PAYER, "grd_enter", enter="ENTER", **ENTERED)

    for person in (HEAD, PAYER):
        with pytest.raises(NotAllowed):
            embedded_contracts.do(case_id, person, "grd_confirm", decision="CONFIRM")
    with pytest.raises(AlreadyOpen):
        embedded_contracts.start(KEY, PAYER, **CONTRACT)
    assert embedded_contracts.task(case_id, "grd_confirm").role == "SECCO"
    embedded_contracts.do(case_id, COORDINATOR, "grd_confirm", decision="CONFIRM")
    (kept,) = embedded_contracts.rows(GuardContract)
    assert (kept.status, kept.entered_by, kept.confirmed_by) == ("IN_FORCE", PAYER, COORDINATOR)


def test_silence_confirms_rates_and_renews_nothing(embedded_contracts: Security) -> None:
    waiting = embedded_contracts.start(KEY, HEAD, **(CONTRACT | {"contract_no": "GC-9"}))
    case_id = in_force(embedded_contracts)
    for each in (waiting, case_id):
        embedded_contracts.wait(each, NOW + 200 * DAY)

    status = {row.contract_no: (row.status, row.follows) for row in embedded_contracts.rows(GuardContract)}
    assert status == {"GC-9": ("PROPOSED", None), "GC-4": ("RAN_OUT", None)}
    assert {row.rating for row in embedded_contracts.rows(GuardRating)} == {"NOT_RATED"}
    assert {"N-ALL-10", "N-ALL-11", "N-GRD-03", "N-GRD-05"} <= set(embedded_contracts.notices(case_id))
    with pytest.raises(AnswersInvalid, match="There is a problem"):
        embedded_contracts.do(waiting, PAYER, "grd_confirm", NOW + 200 * DAY, decision="CONFIRM")


def test_a_head_of_the_service_ends_a_contract_early_and_nobody_else_does(contracts: Security) -> None:
    also = {"area": None, "valid_from": NOW - DAY}
    contracts.add(
        RoleHolding(person="lina.marchetti", role="HSSD", organisation="WIPO", **also),
        RoleHolding(person="ben.starter", role="HSSD", organisation="UNOG", **also),
    )
    entered, other = in_force(contracts), in_force(contracts, contract_no="GC-5")
    for person in (PAYER, COORDINATOR, EXECUTIVE, "ben.starter"):
        with pytest.raises((NotYourRole, NotFound)):
            end_early(contracts, entered, person, NOW + 30 * DAY, "2026-12-20")
    assert {row.status for row in contracts.rows(GuardContract)} == {"IN_FORCE"}

    end_early(contracts, entered, HEAD, NOW + 30 * DAY, "2026-12-20")
    end_early(contracts, other, "lina.marchetti", NOW + 30 * DAY, "2026-12-21")

    for case_id, person, day in ((entered, HEAD, 20), (other, "lina.marchetti", 21)):
        (kept,) = contracts.rows(GuardContract, case_id=case_id)
        assert (kept.status, kept.ended_on, kept.reasons) == ("TERMINATED", date(2026, 12, day), "The vendor lost its licence.")
        assert contracts.case(case_id).state == "COMPLETED"
        assert not [task for task in contracts.rows(Task, case_id=case_id) if task.state == OPEN]
        *_, said = sorted(contracts.rows(Decision, case_id=case_id), key=lambda row: row.decided_at)
        assert (said.actor_person, said.actor_role, said.act, said.outcome) == (person, "HSSD", "INFORM", "TERMINATED")
        assert (said.capacity, said.reason_text, said.area) == ("OWN", "The vendor lost its licence.", "CH-GVA")
        assert "N-GRD-04" in contracts.notices(case_id)


def test_a_contract_whose_last_day_is_over_does_not_end_early(embedded_contracts: Security) -> None:
    case_id = in_force(embedded_contracts)
    embedded_contracts.wait(case_id, NOW + 65 * DAY)
    open_now = [task.element for task in embedded_contracts.rows(Task, case_id=case_id) if task.state == OPEN]
    assert open_now == ["grd_rate", "grd_rate"], "its months are still rated"

    with pytest.raises(MessageNotExpected):
        end_early(embedded_contracts, case_id, HEAD, NOW + 65 * DAY, "2027-01-20")

    assert [row.status for row in embedded_contracts.rows(GuardContract)] == ["RAN_OUT"]


@pytest.mark.parametrize("wrong", [{"premises": "GVA-PAL"}, {"ends_on": "2026-11-30"}, {"posts": 0}, {"ends_on": "2037-12-01"}])
def test_what_cannot_be_a_contract_is_refused_and_nothing_is_kept(embedded_contracts: Security, wrong: dict[str, Any]) -> None:
    with pytest.raises(AnswersInvalid):
        embedded_contracts.start(KEY, HEAD, **(CONTRACT | wrong))

    assert embedded_contracts.rows(GuardContract) == embedded_contracts.cases_of(KEY) == []


@pytest.mark.parametrize(
    ("starts", "ends"), [((2027, 1, 31), (2028, 1, 31)), ((2026, 12, 1), (2026, 12, 5)), ((2027, 1, 28), (2027, 1, 31))]
)
def test_ratings_speak_about_every_day_once(starts: tuple[int, int, int], ends: tuple[int, int, int]) -> None:
    contract = GuardContract(starts_on=date(*starts), ends_on=date(*ends))

    spans = [guards.rated_time(contract, day) for day in guards.monthly_days(contract, NOW)]

    assert spans[0][0] == contract.starts_on
    assert spans[-1][1] == contract.ends_on
    assert all(before[1] + DAY == after[0] for before, after in pairwise(spans))
