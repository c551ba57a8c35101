"""Money: the parts of sharers never come to more than the bill, whoever is quicker."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from services.errors import Busy
from services.models.residences import Invoice, Schedule
from services.registers import residences
from tests.services.residences.homes import CERTIFIED, NOW, VERIFIED, Homes, claimed
from tests.statements import watch_statements

HOUSE = "RES-XA-CAP-03"
WAIT_S = 20
GUARD = {
    "measure": "RS01",
    "cost_kind": "RECURRING",
    "amount": 840,
    "period_from": "2026-06-01",
    "months": 6,
    "invoice_on": "2026-11-30",
}
CERTIFIERS = {"marek.dunn": "salome.brandt", "petrus.lowe": "paolo.rinne", "amal.reyes": "odran.beck"}


def to_certifying(homes: Homes, person: str, **changes: Any) -> str:
    """A claim of a sharer for the same bill, verified and waiting for finance."""
    case_id = homes.claim(person, HOUSE, claimed(**(GUARD | {"invoice_no": "guard h-1"} | changes)))
    homes.do(case_id, "naledi.vanter", "rmc_verify", **VERIFIED)
    return case_id


def test_three_sharers_of_a_bill_each_get_a_third_and_together_the_bill(homes: Homes) -> None:
    for person, certifier in CERTIFIERS.items():
        homes.do(to_certifying(homes, person), certifier, "rmc_certify", **CERTIFIED)

    assert [payment.amount_cents for payment in homes.payments("RS01")] == [168_000] * 3
    bill = homes.invoice(HOUSE, "RS01", "GUARD H-1")
    assert bill.paid_cents == bill.amount_cents == 504_000


def test_a_bill_that_rounds_up_is_still_not_exceeded(homes: Homes) -> None:
    for person, certifier in CERTIFIERS.items():
        case_id = to_certifying(homes, person, amount=100.01, months=1)
        homes.do(case_id, certifier, "rmc_certify", **CERTIFIED)

    assert [payment.amount_cents for payment in homes.payments("RS01")] == [3_334, 3_334, 3_333]
    assert homes.invoice(HOUSE, "RS01", "GUARD H-1").paid_cents == 10_001


def meet_at_the_bill(homes: Homes, payers: int) -> None:
    """Let nobody take from the bill before all have come to it, on the database where writers do not wait at BEGIN."""
    if homes.database.dialect != "postgresql":
        return
    barrier = threading.Barrier(payers)

    def before(statement: str) -> None:
        if statement.startswith("UPDATE rsm_invoices SET paid_cents") and barrier.n_waiting < payers:
            try:
                barrier.wait(WAIT_S)
            except threading.BrokenBarrierError:
                return
            barrier.abort()  # only the first time; whoever comes again goes through

    watch_statements(homes.database.engine, before)


@pytest.mark.parametrize("round_", range(3))
def test_two_certified_at_the_same_moment_never_come_to_more_than_the_bill(homes: Homes, round_: int) -> None:
    """Two claims that each hold the whole rest of a bill: when finance certifies both at once, one is paid."""
    first, second = to_certifying(homes, "marek.dunn"), to_certifying(homes, "petrus.lowe")
    with homes.database.transaction() as session:
        session.get_one(Invoice, (HOUSE, "RS01", "GUARD H-1")).paid_cents = 504_000 - 168_000
    meet_at_the_bill(homes, 2)
    barrier = threading.Barrier(2)

    def certify(case_id: str, certifier: str) -> None:
        barrier.wait(WAIT_S)
        try:
            homes.do(case_id, certifier, "rmc_certify", **CERTIFIED)
        except Busy:
            homes.do(case_id, certifier, "rmc_certify", **CERTIFIED)

    with ThreadPoolExecutor(2) as pool:
        acts = [pool.submit(certify, first, "salome.brandt"), pool.submit(certify, second, "paolo.rinne")]
        assert [act.result(WAIT_S * 2) for act in acts] == [None, None]

    bill = homes.invoice(HOUSE, "RS01", "GUARD H-1")
    assert bill.paid_cents == bill.amount_cents
    assert len(homes.payments("RS01")) == 1
    assert sorted(homes.case(case_id).outcome or "" for case_id in (first, second)) == ["PAID", "REJECTED"]


def test_when_less_is_left_than_was_certified_it_is_certified_again(homes: Homes) -> None:
    case_id = to_certifying(homes, "marek.dunn")
    with homes.database.transaction() as session:
        session.get_one(Invoice, (HOUSE, "RS01", "GUARD H-1")).paid_cents = 504_000 - 168_000 + 1

    homes.do(case_id, "salome.brandt", "rmc_certify", **CERTIFIED)
    assert homes.open_tasks(case_id) == ["rmc_certify"]
    assert homes.payments("RS01") == []

    homes.do(case_id, "salome.brandt", "rmc_certify", **CERTIFIED)
    assert [payment.amount_cents for payment in homes.payments("RS01")] == [167_999]


def test_the_database_itself_refuses_more_than_the_bill(homes: Homes) -> None:
    row = {"residence": HOUSE, "measure": "RS06", "invoice_no": "X", "invoice_on": NOW.date(), "amount_cents": 100}

    with pytest.raises(IntegrityError), homes.database.transaction() as session:
        session.execute(insert(Invoice).values(**row, paid_cents=101))


def test_the_database_itself_refuses_a_second_schedule_in_force(homes: Homes) -> None:
    with pytest.raises(IntegrityError), homes.database.transaction() as session:
        there = session.get_one(Schedule, "RSM-XA-CAP-2026-v2")
        kept = {column.key: getattr(there, column.key) for column in Schedule.__table__.columns}
        session.execute(insert(Schedule).values(**kept | {"number": "RSM-XA-CAP-2026-v9", "version": 9}))


def test_a_bill_is_never_corrected_below_what_was_paid_of_it(homes: Homes) -> None:
    with homes.database.transaction() as session:
        bill = residences.enter_invoice(
            session, residence=HOUSE, measure="RS06", invoice_no="Y", invoice_on=NOW.date(), amount_cents=10_000
        )
        assert residences.take_from_invoice(session, bill, 6_000)

        residences.correct_invoice(session, bill, 5_000)
        assert bill.amount_cents == 10_000
        residences.correct_invoice(session, bill, 6_000)
        assert (bill.amount_cents, bill.paid_cents) == (6_000, 6_000)
        assert not residences.take_from_invoice(session, bill, 1)


def test_one_line_that_cannot_be_paid_keeps_the_other_unpaid(homes: Homes) -> None:
    lock = claimed(measure="RS06", amount=200, invoice_no="INV-2")
    case_id = homes.claim("noemi.hart", "RES-XA-CAP-01", claimed(), lock)
    homes.do(case_id, "naledi.vanter", "rmc_verify", **VERIFIED)
    with homes.database.transaction() as session:
        session.get_one(Invoice, ("RES-XA-CAP-01", "RS06", "INV-2")).paid_cents = 5_000

    homes.do(case_id, "salome.brandt", "rmc_certify", **CERTIFIED)

    assert homes.payments("RS05") == []
    assert homes.invoice("RES-XA-CAP-01", "RS05", "INV-1").paid_cents == 0
    assert homes.open_tasks(case_id) == ["rmc_accept_short"]  # fifty dollars of the lock went to somebody else
