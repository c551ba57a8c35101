"""Contracts of guards on their page: who is offered to end one early, and what is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services import cases, people, tasks
from services.models.cases import OPEN, Task
from services.models.guards import GuardContract
from services.models.premises import Premises
from tests.databases import NOW
from tests.pages import flaws_of

HEAD, PAYER = "jonas.keel", "odran.beck"
CASE = "/cases/GRD-2026-000001"
MESSAGE = f"{CASE}/guard-contract-early"


@pytest.fixture
def contract(leave):
    """Enter a contract and confirm it; gives a function that reads it."""
    answers = {
        "premises": "GVA-ARB",
        "vendor": "Alpine Watch",
        "contract_no": "GC-4",
        "posts": 6,
        "weekly_hours": 700,
        "posts_words": "Two gates day and night.",
        "starts_on": NOW.date().isoformat(),
        "ends_on": (NOW.date() + timedelta(days=300)).isoformat(),
    }
    with leave.database.transaction() as session:
        session.add(
            Premises(
                code="GVA-ARB",
                name={"en": "Patent house"},
                organisations=["WIPO"],
                kind="OFFICE",
                headcount=1300,
                valid_from=date(2012, 1, 1),
                area="CH-GVA",
            )
        )
        session.flush()
        head, payer = people.actor_named(session, HEAD), people.actor_named(session, PAYER)
        case = cases.start_case(session, "guard_contract", actor=head, answers=answers, now=NOW)
        session.flush()
        task = session.scalars(select(Task).where(Task.case_id == case.id, Task.state == OPEN)).one()
        tasks.complete_task(session, task.id, actor=payer, answers={"decision": "CONFIRM"}, revision=case.revision, now=NOW)

    def read():
        with leave.database.reading() as session:
            return session.scalars(select(GuardContract).where(GuardContract.number == "GRD-2026-000001")).one()

    return read


def test_ending_a_contract_early_is_offered_on_its_page_and_waits_in_no_inbox(contract, enter):
    head = enter(HEAD)

    assert f'href="{MESSAGE}"' in head.get(CASE).text
    assert "GRD-2026-000001" not in head.get("/inbox").text
    assert flaws_of(head.get(MESSAGE).text) == []
    assert MESSAGE not in enter(PAYER).get(CASE).text
    assert enter(PAYER).post(MESSAGE, ended_on=NOW.date().isoformat(), end_reasons="Not mine to end.").status_code == 404
    assert contract().status == "IN_FORCE"


@pytest.mark.parametrize(("days", "why"), [(3, "Enter it when it has ended"), (-3, "The contract had not begun then")])
def test_a_contract_does_not_end_on_a_day_that_cannot_be(contract, enter, days, why):
    day = (NOW.date() + timedelta(days=days)).isoformat()

    answer = enter(HEAD).post(MESSAGE, ended_on=day, end_reasons="The vendor lost its licence.")

    assert answer.status_code == 422
    assert why in answer.text
    assert contract().status == "IN_FORCE"


def test_a_contract_that_ended_early_says_since_when_and_why(contract, enter):
    enter(HEAD).post(MESSAGE, ended_on=NOW.date().isoformat(), end_reasons="The vendor lost its licence.")

    ended = contract()
    assert (ended.status, ended.ended_on, ended.reasons) == ("TERMINATED", NOW.date(), "The vendor lost its licence.")
    assert "The vendor lost its licence." in enter(HEAD).get(CASE).text
    assert MESSAGE not in enter(HEAD).get(CASE).text
