"""Security budgets: who is asked, how shares follow heads, who reads them, and what silence and objections do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from services import cases, jobs, people, tasks
from services.errors import MessageNotExpected, NotAllowed, NotFound
from services.mailers import MemoryMailer
from services.models.assessments import Assessment, Measure
from services.models.audit import Decision
from services.models.authority import RoleHolding
from services.models.cases import OPEN, Case, Task, TaskCandidate
from services.models.clearances import KpiEvent
from services.models.people import Person
from services.models.security_budgets import SecurityBudget, SecurityBudgetLine, SecurityBudgetShare
from services.registers.security_budgets import apportion, count_heads
from services.registry.asking import read_asked
from services.registry.declared import registers
from services.registry.rights import is_readable, reader_of
from services.registry.totals import add_up
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

KEY, AREA = "security_budget", "XB"
ADVISER, SECRETARY, OFFICIAL, DESK = "emeka.strand", "tove.marchand", "sofia.lindqvist-rao", "celeste.maron"
SPEAKERS = {"UNAH": "janek.oduya", "UNFR": "marta.ilves", "UNVX": "celia.norgaard", "WIPO": "arlo.penhallow"}
DAY = timedelta(days=1)
RADIO = {"kind": "SERVICE", "text": "Radio room by day and night", "amount": 1000.01}
DRAFT = {"has_budget": "YES", "lines": [RADIO], "currency": "USD", "census_on": "2026-11-01"}
MET = {"meeting_kind": "MEETING", "held_on": "2026-12-01", "present": ["janek.oduya", "celia.norgaard"], "advice": "RECOMMEND"}
_HEADS = st.dictionaries(st.text("ABCDEFGH", min_size=1, max_size=3), st.integers(0, 5000), min_size=1, max_size=12)


@pytest.fixture
def budgets(journeys: Security) -> Security:
    return journeys.publish(KEY)


@pytest.fixture
def embedded_budgets(security: Security) -> Security:
    return security.publish(KEY)


def answer(budgets: Security, case_id: str, element: str, organisation: str, now: Any = NOW, **answers: Any) -> None:
    """Somebody who speaks for an organisation answers for it."""
    with budgets.database.transaction() as session:
        found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
        task, revision = session.scalars(found.where(Task.line == organisation)).one(), session.get_one(Case, case_id).revision
        actor = people.actor_named(session, SPEAKERS[organisation])
        tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=revision, now=now)


def drafted(budgets: Security, **answers: Any) -> str:
    case_id = budgets.start(KEY, ADVISER, area=AREA, year=2027)
    budgets.do(case_id, ADVISER, "lcs_draft", **(DRAFT | answers))
    return case_id


def shared(budgets: Security) -> str:
    """A budget on which everybody commented and which is approved; the shares lie with the organisations."""
    case_id = drafted(budgets)
    for organisation in SPEAKERS:
        answer(budgets, case_id, "lcs_comment", organisation, comment="AGREE")
    approve(budgets, case_id)
    return case_id


def approve(budgets: Security, case_id: str, now: Any = NOW) -> None:
    budgets.do(case_id, SECRETARY, "lcs_smt", now, **MET)
    budgets.do(case_id, OFFICIAL, "lcs_do", now, endorsement="ENDORSE")
    budgets.do(case_id, DESK, "lcs_desk", now, approval="APPROVE")


def confirm_all(budgets: Security, case_id: str, now: Any = NOW) -> None:
    for organisation in SPEAKERS:
        answer(budgets, case_id, "lcs_confirm", organisation, now, answer="CONFIRM")


def shares(budgets: Security, version: int) -> dict[str, SecurityBudgetShare]:
    return {row.organisation: row for row in budgets.rows(SecurityBudgetShare, version=version)}


def seen(budgets: Security, person: str, key: str) -> int:
    """How many entries of a register somebody reads."""
    register = registers()[key]
    with budgets.database.reading() as session:
        reader = reader_of(session, people.actor_named(session, person), NOW)
        return len(session.scalars(select(register.model).where(is_readable(register, reader)), reader.values).all())


@settings(deadline=None, max_examples=200)
@given(total=st.integers(0, 10**12), heads=_HEADS.filter(lambda heads: sum(heads.values()) > 0))
def test_shares_sum_to_the_total_and_each_is_next_to_its_exact_part(total: int, heads: dict[str, int]) -> None:
    parts, whole = apportion(total, heads), sum(heads.values())

    assert sum(parts.values()) == total
    assert all(0 <= parts[name] * whole - total * heads[name] + whole < 2 * whole for name in heads)
    assert all(parts[one] >= parts[other] for one in heads for other in heads if heads[one] > heads[other])
    assert parts == apportion(total, dict(reversed(heads.items())))
    assert all(parts[name] == 0 for name in heads if heads[name] == 0)


def test_the_largest_remainders_get_what_rounding_leaves() -> None:
    assert apportion(100, {"A": 1, "B": 1, "C": 1}) == {"A": 34, "B": 33, "C": 33}
    assert apportion(7, {"A": 5, "B": 3, "C": 1}) == {"A": 4, "B": 2, "C": 1}


def test_an_objection_leads_to_a_further_version_and_the_former_one_stays(budgets: Security) -> None:
    case_id = shared(budgets)
    answer(budgets, case_id, "lcs_confirm", "UNAH", answer="OBJECT", objection="Three of us were there on that day.")
    for organisation in ("UNFR", "UNVX", "WIPO"):
        answer(budgets, case_id, "lcs_confirm", organisation, answer="CONFIRM")
    corrected = {"round": "NEW_SHARES", "census_on": "2026-11-02", "round_reasons": "Personnel says so."}
    budgets.do(case_id, DESK, "lcs_object", corrections=[{"organisation": "UNAH", "people": 3}], **corrected)

    first, second = shares(budgets, 1), shares(budgets, 2)
    assert {code: (row.heads, row.counted, row.amount_cents) for code, row in first.items()} == {
        "UNAH": (4, 4, 50001),
        "UNFR": (1, 1, 12500),
        "UNVX": (2, 2, 25000),
        "WIPO": (1, 1, 12500),
    }
    assert (first["UNAH"].answer, first["UNAH"].reasons) == ("OBJECTED", "Three of us were there on that day.")
    assert (first["UNAH"].answered_by, first["UNAH"].census_on) == ("janek.oduya", date(2026, 11, 1))
    assert (second["UNAH"].heads, second["UNAH"].counted) == (3, 4)
    assert {row.answer for row in second.values()} == {None}
    assert sum(row.amount_cents for row in second.values()) == 100001

    confirm_all(budgets, case_id)

    (budget,) = budgets.rows(SecurityBudget, case_id=case_id)
    assert (budget.outcome, budget.version, budget.total_cents, budget.approved_by) == ("AGREED", 2, 100001, DESK)
    assert [row.facts["outcome"] for row in budgets.rows(KpiEvent, name="lcs.ended")] == ["AGREED"]
    assert "N-LCS-01" in budgets.notices(case_id)
    with pytest.raises(AnswersInvalid):
        budgets.start(KEY, ADVISER, area=AREA, year=2027)
    assert budgets.problems() == []


def test_silence_is_never_consent_nor_a_confirmation(embedded_budgets: Security) -> None:
    case_id = drafted(embedded_budgets)
    begun = NOW + 16 * DAY
    embedded_budgets.wait(case_id, begun)
    assert embedded_budgets.open_tasks(case_id) == ["lcs_smt"]
    silent = embedded_budgets.rows(Decision, case_id=case_id, outcome="NO_COMMENT")
    assert {row.line for row in silent} == set(SPEAKERS)
    approve(embedded_budgets, case_id, begun)
    for organisation in ("UNAH", "UNFR", "UNVX"):
        answer(embedded_budgets, case_id, "lcs_confirm", organisation, begun, answer="CONFIRM")

    embedded_budgets.wait(case_id, begun + 17 * DAY)
    task = embedded_budgets.task(case_id, "lcs_confirm")
    assert "EXH" in {row.role for row in embedded_budgets.rows(TaskCandidate, task_id=task.id)}
    assert {"N-ALL-10", "N-ALL-11"} <= set(embedded_budgets.notices(case_id))

    later = begun + 46 * DAY
    embedded_budgets.wait(case_id, later)
    assert embedded_budgets.open_tasks(case_id) == ["lcs_object"]
    assert shares(embedded_budgets, 1)["WIPO"].answer == "NO_ANSWER"

    embedded_budgets.do(case_id, DESK, "lcs_object", later, round="NOT_AGREED", round_reasons="The year has begun.")
    (budget,) = embedded_budgets.rows(SecurityBudget, case_id=case_id)
    assert (budget.outcome, budget.unsettled) == ("NOT_AGREED", ["WIPO"])


def test_nobody_endorses_or_approves_what_they_drafted_or_judged_before(embedded_budgets: Security) -> None:
    everywhere = {"area": None, "valid_from": NOW - DAY}
    embedded_budgets.add(*(RoleHolding(person=ADVISER, role=role, **everywhere) for role in ("SMTSEC", "DO", "DRO_DESK")))
    embedded_budgets.add(*(RoleHolding(person=person, role="DRO_DESK", **everywhere) for person in (SECRETARY, OFFICIAL)))
    case_id = drafted(embedded_budgets)
    for organisation in SPEAKERS:
        answer(embedded_budgets, case_id, "lcs_comment", organisation, comment="AGREE")

    with pytest.raises(NotAllowed):
        embedded_budgets.do(case_id, ADVISER, "lcs_smt", **MET)
    with pytest.raises(AnswersInvalid):
        embedded_budgets.do(case_id, SECRETARY, "lcs_smt", **(MET | {"present": ["janek.oduya"]}))
    embedded_budgets.do(case_id, SECRETARY, "lcs_smt", **MET)
    with pytest.raises(NotAllowed):
        embedded_budgets.do(case_id, ADVISER, "lcs_do", endorsement="ENDORSE")
    embedded_budgets.do(case_id, OFFICIAL, "lcs_do", endorsement="ENDORSE")
    for person in (ADVISER, SECRETARY, OFFICIAL):
        with pytest.raises(NotAllowed):
            embedded_budgets.do(case_id, person, "lcs_desk", approval="APPROVE")
    assert shares(embedded_budgets, 1) == {}


def test_those_who_share_a_budget_read_the_whole_of_it_and_others_nothing(budgets: Security) -> None:
    shared(budgets)

    assert [seen(budgets, "jonas.keel", key) for key in ("security-budgets", "security-budget-lines")] == [1, 1]
    assert seen(budgets, "jonas.keel", "security-budget-shares") == 4
    assert [seen(budgets, "lina.marchetti", key) for key in ("security-budgets", "security-budget-shares")] == [0, 0]
    assert seen(budgets, "pieter.vos", "security-budgets") == 0


def totals(budgets: Security, person: str, **narrowed: str) -> list[tuple[str, int, int]]:
    """What each organisation pays in all, as somebody reads it."""
    register = registers()["security-budget-shares"]
    with budgets.database.reading() as session:
        reader = reader_of(session, people.actor_named(session, person), NOW)
        found = add_up(session, register, read_asked(register, narrowed), reader=reader, locale="fr")
    return [(total.organisation, total.year, total.amount_cents) for total in found]


def test_what_organisations_pay_in_all_counts_the_latest_shares_that_were_agreed_on(budgets: Security) -> None:
    case_id = shared(budgets)
    number = budgets.case(case_id).number
    assert totals(budgets, "jonas.keel") == []
    confirm_all(budgets, case_id)
    other = {"case_id": case_id, "area": "XA", "version": 2, "opened_at": NOW, "ended_at": NOW, "approved_at": NOW}
    budgets.add(SecurityBudget(number="LCS-2", year=2027, outcome="AGREED", total_cents=700, **other))
    share = {"budget": "LCS-2", "organisation": "WIPO", "census_on": NOW.date(), "heads": 1, "counted": 1}
    budgets.add(*(SecurityBudgetShare(version=version, amount_cents=350 * version, **share) for version in (1, 2)))

    (wipo,) = [row.amount_cents for row in budgets.rows(SecurityBudgetShare, budget=number, organisation="WIPO")]
    found = totals(budgets, "jonas.keel")
    assert [organisation for organisation, _, _ in found] == sorted(SPEAKERS)
    assert ("WIPO", 2027, wipo + 700) in found
    assert sum(cents for _, _, cents in found) == 100001 + 700
    assert totals(budgets, "jonas.keel", area="XA") == [("WIPO", 2027, 700)]
    assert totals(budgets, "lina.marchetti") == []


def test_heads_are_those_of_the_system_whose_contracts_run_on_the_day(embedded_budgets: Security) -> None:
    base = {"email": "a@demo.example", "organisation": "WIPO", "duty_area": "XB-CAP"}
    ended = {"contract_from": date(2026, 1, 1), "contract_to": date(2026, 10, 31)}
    embedded_budgets.add(
        Person(code="zoe.late", name="Zoe Late", contract_type="LOCAL", contract_from=date(2026, 11, 2), **base),
        Person(code="ali.left", name="Ali Left", contract_type="INTL", **ended, **base),
        Person(code="kim.guest", name="Kim Guest", contract_type="VISITOR", **base),
    )

    with embedded_budgets.database.reading() as session:
        assert count_heads(session, AREA, date(2026, 11, 1)) == {"UNAH": 4, "UNFR": 1, "UNVX": 2, "WIPO": 1}
        assert count_heads(session, AREA, date(2026, 10, 31))["WIPO"] == 2
        assert count_heads(session, AREA, date(2026, 11, 2))["WIPO"] == 2


def test_each_year_it_opens_by_itself_where_measures_cost_money_and_begins_with_them(embedded_budgets: Security) -> None:
    facts = {"area": "XB-CAP", "variant": "FULL", "trigger": "ANNUAL", "title": "Assessment", "status": "ENDORSED"}
    dates = {"opened_at": NOW, "created_by": ADVISER, "valid_from": NOW.date(), "valid_to": date(2027, 11, 30)}
    embedded_budgets.add(Assessment(number="SRM-XB-77", **facts, **dates))
    guards = {"assessment": "SRM-XB-77", "kind": "RESIDENTIAL", "owner": "WIPO", "due_on": date(2027, 6, 30)}
    embedded_budgets.add(
        Measure(**guards, code="M1", text="Guards at night", yearly_cost=48000),
        Measure(**guards, code="M2", text="A wall", one_off_cost=9000),
        Measure(**guards, code="M3", text="A dog", yearly_cost=900, state="DROPPED"),
    )

    for day in range(3):
        jobs.run_once(embedded_budgets.database, MemoryMailer(), NOW + day * DAY)

    opened = [case for case in embedded_budgets.cases_of(KEY) if case.area == AREA]
    assert [embedded_budgets.open_tasks(case.id) for case in opened] == [["lcs_draft"]]
    (case,) = opened
    (budget,) = embedded_budgets.rows(SecurityBudget, case_id=case.id)
    assert budget.year == NOW.year + 1
    measure = {"kind": "MEASURE", "text": "Guards at night", "measure": "SRM-XB-77 M1", "amount": 48000}
    embedded_budgets.do(case.id, ADVISER, "lcs_draft", NOW + 2 * DAY, **(DRAFT | {"lines": [measure]}))
    (line,) = embedded_budgets.rows(SecurityBudgetLine, budget=budget.number)
    assert (line.measure, line.amount_cents) == ("SRM-XB-77 M1", 4800000)


@pytest.mark.parametrize(
    ("person", "answers"),
    [
        ("naledi.vanter", {}),
        ("janek.oduya", {}),
        (ADVISER, {"area": "XB-CAP"}),
        (ADVISER, {"year": 2031}),
    ],
)
def test_only_offices_of_the_area_begin_and_only_for_designated_areas(
    embedded_budgets: Security, person: str, answers: dict[str, Any]
) -> None:
    with pytest.raises((NotAllowed, AnswersInvalid)):
        embedded_budgets.start(KEY, person, **({"area": AREA, "year": 2027} | answers))

    assert embedded_budgets.rows(SecurityBudget) == []


def test_an_area_without_a_team_has_no_budget(embedded_budgets: Security) -> None:
    with embedded_budgets.database.transaction() as session:
        session.execute(update(RoleHolding).where(RoleHolding.role == "SMT").values(valid_to=NOW - DAY))

    with pytest.raises(AnswersInvalid, match="Nobody belongs to the Security Management Team"):
        embedded_budgets.start(KEY, ADVISER, area=AREA, year=2027)

    assert embedded_budgets.rows(SecurityBudget) == []


def test_the_designated_official_speaks_for_no_organisation_though_heading_it(embedded_budgets: Security) -> None:
    posted = {"email": "a@demo.example", "organisation": "UNOG", "duty_area": "XB-CAP", "contract_type": "LOCAL"}
    head = RoleHolding(person=OFFICIAL, role="HOA", area=AREA, organisation="UNOG", valid_from=NOW - DAY)
    embedded_budgets.add(Person(code="ola.new", name="Ola New", **posted), head)
    case_id = drafted(embedded_budgets)

    (task,) = embedded_budgets.rows(Task, case_id=case_id, element="lcs_comment", line="UNOG")
    with embedded_budgets.database.transaction() as session, pytest.raises(NotFound):
        revision, actor = session.get_one(Case, case_id).revision, people.actor_named(session, OFFICIAL)
        tasks.complete_task(session, task.id, actor=actor, answers={"comment": "AGREE"}, revision=revision, now=NOW)


def test_what_is_approved_is_no_longer_withdrawn_and_no_share_is_answered_for_another(embedded_budgets: Security) -> None:
    case_id = shared(embedded_budgets)

    with embedded_budgets.database.transaction() as session, pytest.raises(MessageNotExpected):
        cases.withdraw(session, case_id, actor=people.actor_named(session, ADVISER), reason="Not needed.", now=NOW)
    with embedded_budgets.database.transaction() as session, pytest.raises((NotAllowed, NotFound)):
        found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.line == "WIPO")
        task, revision = session.scalars(found).one(), session.get_one(Case, case_id).revision
        actor = people.actor_named(session, SPEAKERS["UNAH"])
        tasks.complete_task(session, task.id, actor=actor, answers={"answer": "CONFIRM"}, revision=revision, now=NOW)

    assert shares(embedded_budgets, 1)["WIPO"].answer is None
