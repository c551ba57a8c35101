"""Homes: who lives there, whether they were looked at, what was billed and paid."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.people import Person
from services.models.residences import ClaimLine, Invoice, Occupant, Payment, Residence, Survey

#: Contracts of internationally recruited personnel; everybody else counts as locally recruited.
INTERNATIONAL = ("INTL", "UNV")
REINSTALL_YEARS = 2


def get_residence(session: Session, code: str) -> Residence:
    """Return a residence.

    Raises:
        NotFound: There is no such residence.
    """
    found = session.get(Residence, code)
    if found is None:
        raise NotFound
    return found


def list_residences(session: Session, *, on: date, person: str | None = None) -> list[Residence]:
    """Return the residences in use on a day, or those where a person lives or has lived."""
    query = select(Residence).where(Residence.active_from <= on, or_(Residence.active_to.is_(None), Residence.active_to >= on))
    if person is not None:
        query = query.where(Residence.code.in_(select(Occupant.residence).where(Occupant.person == person)))
    return list(session.scalars(query.order_by(Residence.code)))


def occupants_on(session: Session, residence: str, on: date) -> list[Person]:
    """Return who lives at a residence on a day."""
    query = select(Person).join(Occupant, Occupant.person == Person.code)
    return list(
        session.scalars(
            query.where(
                Occupant.residence == residence,
                Occupant.moved_in_on <= on,
                or_(Occupant.moved_out_on.is_(None), Occupant.moved_out_on >= on),
            ).order_by(Person.code)
        )
    )


def is_international(person: Person) -> bool:
    """Say whether somebody was recruited internationally."""
    return person.contract_type in INTERNATIONAL


def state_of_survey(session: Session, residence: str, *, occupants: Collection[str], on: date) -> str:
    """Say how the newest survey of a residence stands: VALID, EXPIRED, OTHER_OCCUPANTS or NONE."""
    query = select(Survey).where(Survey.residence == residence).order_by(Survey.surveyed_on.desc()).limit(1)
    survey = session.scalars(query).first()
    if survey is None:
        return "NONE"
    if survey.valid_to < on:
        return "EXPIRED"
    return "VALID" if set(survey.occupants) == set(occupants) else "OTHER_OCCUPANTS"


def find_invoice(session: Session, residence: str, measure: str, invoice_no: str | None) -> Invoice | None:
    """Return a bill as it stands now."""
    return session.get(Invoice, (residence, measure, invoice_no), populate_existing=True) if invoice_no else None


def is_paid_already(session: Session, residence: str, measure: str, invoice_no: str | None) -> bool:
    """Say whether the measure was paid for at this residence before: on another bill, or to the full on the same one."""
    others = select(Payment.number).where(Payment.residence == residence, Payment.measure == measure)
    if invoice_no:
        others = others.where(Payment.invoice_no != invoice_no)
    if session.scalar(others.limit(1)) is not None:
        return True
    invoice = find_invoice(session, residence, measure, invoice_no)
    return invoice is not None and invoice.paid_cents >= invoice.amount_cents


def is_reinstalled(session: Session, *, person: str, measure: str, residence: str, on: date) -> bool:
    """Say whether the person was paid for the same measure at another residence within 24 months before."""
    query = select(Payment.number).where(
        Payment.person == person,
        Payment.measure == measure,
        Payment.residence != residence,
        Payment.cost_kind == "ONE_OFF",
        Payment.installed_on > _years_before(on, REINSTALL_YEARS),
    )
    return session.scalar(query.limit(1)) is not None


def _years_before(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - years, day.month, 28 if is_leap_day else day.day)


def find_preapproval(session: Session, *, person: str, residence: str, measure: str, on: date) -> ClaimLine | None:
    """Return a pre-approval that still holds on a day."""
    query = select(ClaimLine).where(
        ClaimLine.person == person,
        ClaimLine.residence == residence,
        ClaimLine.measure == measure,
        ClaimLine.status == "PREAPPROVED",
        ClaimLine.valid_to >= on,
        ClaimLine.invoice_on <= on,
    )
    return session.scalars(query.limit(1)).first()


def enter_invoice(
    session: Session, *, residence: str, measure: str, invoice_no: str, invoice_on: date, amount_cents: int
) -> Invoice:
    """Enter a bill; whoever shares it and comes second finds it there, with the amount that the first one gave."""
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    row = {
        "residence": residence,
        "measure": measure,
        "invoice_no": invoice_no,
        "invoice_on": invoice_on,
        "amount_cents": amount_cents,
        "paid_cents": 0,
    }
    session.execute(insert(Invoice.__table__).values(row).on_conflict_do_nothing())
    found = find_invoice(session, residence, measure, invoice_no)
    if found is None:
        raise NotFound
    return found


def correct_invoice(session: Session, invoice: Invoice, amount_cents: int) -> None:
    """Set what a bill really comes to, never below what was paid of it."""
    statement = update(Invoice).where(_is(invoice)).values(amount_cents=amount_cents)
    session.execute(statement.where(Invoice.paid_cents <= amount_cents), execution_options={"synchronize_session": False})
    session.refresh(invoice)


def take_from_invoice(session: Session, invoice: Invoice, cents: int) -> bool:
    """Use up a part of a bill, or nothing of it.

    The condition is inside the statement: of two payments for the same rest the second finds it false after waiting for the
    first, on both databases.
    """
    statement = update(Invoice).where(_is(invoice), Invoice.paid_cents + cents <= Invoice.amount_cents)
    result: Any = session.execute(
        statement.values(paid_cents=Invoice.paid_cents + cents), execution_options={"synchronize_session": False}
    )
    session.refresh(invoice)
    return int(result.rowcount) == 1


def _is(invoice: Invoice) -> Any:
    return (
        (Invoice.residence == invoice.residence)
        & (Invoice.measure == invoice.measure)
        & (Invoice.invoice_no == invoice.invoice_no)
    )


def payments_of(session: Session, residence: str, measure: str) -> Sequence[Payment]:
    """Return what was paid for a measure at a residence, the oldest first."""
    query = select(Payment).where(Payment.residence == residence, Payment.measure == measure)
    return session.scalars(query.order_by(Payment.paid_at, Payment.number)).all()
