"""What a claim ends in: a survey on the way, a payment that never exceeds the bill, a promise for 90 days, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from services.models.residences import ClaimLine, Payment, Survey
from services.operations.catalogue import operation
from services.operations.residences_measures import cents
from services.operations.work import Work
from services.registers import residences

#: A pre-approval holds so long.
PROMISE = timedelta(days=90)
MONTHS_OF_SURVEY = 12


@operation("residence.record_survey")
def record_survey(
    work: Work, *, residence: str, surveyed_on: str, checklist: list[dict[str, Any]] | None, advice: str | None
) -> dict[str, Any]:
    """Enter a survey into the register; it holds for twelve months and for those who live there now."""
    day = date.fromisoformat(surveyed_on[:10])
    survey = work.session.get(Survey, (residence, day))
    if survey is None:
        survey = Survey(residence=residence, surveyed_on=day)
        work.session.add(survey)
    survey.surveyor = work.actor.person
    survey.occupants = [person.code for person in residences.occupants_on(work.session, residence, work.now.date())]
    survey.findings = list(checklist or [])
    survey.advice = advice
    survey.valid_to = a_year_after(day)
    survey.case_id = work.case.id
    return {"survey": {"surveyed_on": day.isoformat(), "valid_to": survey.valid_to.isoformat(), "surveyor": survey.surveyor}}


def a_year_after(day: date) -> date:
    """Return the same day of the next year; the 28th for a 29 February."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, day.month, 28 if is_leap_day else day.day)


@operation("residence.verify")
def verify(
    work: Work, *, residence: str, lines: list[dict[str, Any]], verified_lines: list[dict[str, Any]] | None
) -> dict[str, Any]:
    """Take over the amounts that the verifier found on the bills."""
    found = {int(row["no"]): float(row["amount"]) for row in verified_lines or [] if row.get("amount")}
    for line in lines:
        if line["no"] in found:
            row = work.session.get_one(ClaimLine, (work.case.id, line["no"]))
            row.amount_cents = cents(found[line["no"]])
            invoice = residences.find_invoice(work.session, residence, line["measure"], line["invoice_no"])
            if invoice is not None:
                residences.correct_invoice(work.session, invoice, row.amount_cents * row.months)
    corrected = [{**line, "amount": found.get(line["no"], line["amount"])} for line in lines]
    return {"lines": corrected, "verified": True}


@operation("residence.pay")
def pay(
    work: Work,
    *,
    residence: str,
    claimant: str,
    amounts: list[dict[str, Any]],
    budget_line: str | None,
    order_ref: str | None,
) -> dict[str, Any]:
    """Pay what was certified, or nothing when a sharer was quicker and the bill has less left: then it is worked out anew."""
    rows = [row for row in sorted(amounts, key=lambda row: (row["measure"], row["no"])) if row["payable"] > 0]
    paid = set(work.session.scalars(select(Payment.number).where(Payment.case_id == work.case.id)))
    due = [row for row in rows if _number(work, row) not in paid]
    savepoint = work.session.begin_nested()
    if not all(_take(work, residence, row) for row in due):
        savepoint.rollback()
        return {"payment": {"result": "REDUCED", "total": 0}}
    savepoint.commit()
    for row in due:
        _enter_payment(work, residence, claimant, row, budget_line=budget_line, order_ref=order_ref)
    total = sum(cents(row["payable"]) for row in rows) / 100
    work.count("rmc.paid", area=work.case.area, amount=total)
    return {"payment": {"result": "PAID", "total": total, "total_text": f"USD {total:,.2f}"}}


def _number(work: Work, row: dict[str, Any]) -> str:
    return f"{work.case.number}-P{row['no']}"


def _take(work: Work, residence: str, row: dict[str, Any]) -> bool:
    invoice = residences.find_invoice(work.session, residence, row["measure"], row["invoice_no"])
    return invoice is not None and residences.take_from_invoice(work.session, invoice, cents(row["payable"]))


def _enter_payment(
    work: Work, residence: str, claimant: str, row: dict[str, Any], *, budget_line: str | None, order_ref: str | None
) -> None:
    line = work.session.get_one(ClaimLine, (work.case.id, int(row["no"])))
    payment = Payment(
        number=_number(work, row),
        case_id=work.case.id,
        residence=residence,
        measure=row["measure"],
        invoice_no=row["invoice_no"],
        person=claimant,
        cost_kind=line.cost_kind,
        amount_cents=cents(row["payable"]),
        installed_on=line.invoice_on,
        budget_line=budget_line,
        order_ref=order_ref,
        paid_at=work.now,
    )
    work.session.add(payment)
    line.status, line.payable_cents, line.changed_at = "PAID", payment.amount_cents, work.now


@operation("residence.conclude")
def conclude(work: Work, *, status: str, route: str | None, reason: str | None, total: float | None) -> dict[str, Any]:
    """End a claim, and say so in the words of its notice; a pre-approval holds for 90 days."""
    _settle(_open_lines(work), work, status, reason)
    work.set_status(status)
    work.case.outcome = status
    if status != "WITHDRAWN":
        days = (work.now - work.case.started_at).days
        work.count("rmc.decided", area=work.case.area, route=route, days=days, outcome=status)
    until = (work.now.date() + PROMISE).isoformat() if status == "PREAPPROVED" else None
    said = {"PAID": "paid", "REJECTED": "rejected", "PREAPPROVED": f"approved in advance until {until}", "WITHDRAWN": "withdrawn"}
    return {
        "outcome": status,
        "verdict": {
            "decision": said[status],
            "amount": f"USD {total or 0:,.2f}",
            "reason": reason or "",
            "valid_to": until,
        },
    }


def _open_lines(work: Work) -> Sequence[ClaimLine]:
    query = select(ClaimLine).where(ClaimLine.case_id == work.case.id, ClaimLine.status == "OPEN")
    return work.session.scalars(query.order_by(ClaimLine.line_no)).all()


def _settle(lines: Sequence[ClaimLine], work: Work, status: str, reason: str | None) -> None:
    for line in lines:
        line.status = "REJECTED" if status == "PAID" else status
        line.reason = line.reason or (reason or "")[:500] or None
        line.valid_to = work.now.date() + PROMISE if status == "PREAPPROVED" else None
        line.changed_at = work.now
