"""Air operators: what is known about them, and what the organisation decided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, literal, select

from services.models.base import new_id
from services.models.cases import CANCELLED, Task
from services.models.spans import paused_seconds
from services.models.travel import AirOperator, OperatorAdvice, OperatorApproval
from services.operations.catalogue import operation
from services.operations.moments import read_moment, write_moment
from services.operations.work import Work
from services.registers.travellers import ADVICE_AGE, find_operator, latest_advice


@operation("aviation.lookup")
def lookup(work: Work, *, operators: list[str] | None, organisation: str | None) -> dict[str, Any]:
    """Look whether advice on every operator is at hand that is still new enough."""
    rows = [_known(work, named) for named in operators or []]
    ratings = [row["rating"] for row in rows if row["fresh"]]
    avoid = "NOT_RECOMMENDED" in ratings
    known = avoid or (bool(rows) and len(ratings) == len(rows) and all(str(rating).startswith("SUITABLE") for rating in ratings))
    shown = [{name: value for name, value in row.items() if name != "fresh"} for row in rows]
    decision = ("AVOID" if avoid else "USE") if known else None
    return {"advice": {"known": known, "decision": decision, "operators": shown}}


def _known(work: Work, named: str) -> dict[str, Any]:
    operator = find_operator(work.session, named)
    advice = latest_advice(work.session, operator.code) if operator else None
    return {
        "code": operator.code if operator else named,
        "name": operator.name if operator else named,
        "rating": advice.rating if advice else None,
        "given_on": advice.given_on.isoformat() if advice else None,
        "fresh": advice is not None and work.now.date() - advice.given_on <= ADVICE_AGE,
    }


@operation("aviation.request")
def request(work: Work, *, asked: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Take in which operators somebody asks about, and for which organisation."""
    named = [str(row.get("operator") or row.get("name")) for row in asked or []]
    work.set_status("REQUESTED")
    return {"operators": list(dict.fromkeys(named)), "organisation": work.case.organisation}


@operation("aviation.ask")
def ask(work: Work, *, hours: float) -> dict[str, Any]:
    """Note that the risk office is asked, and until when it is to answer."""
    work.set_status("WITH_RISK_OFFICE")
    work.count("avn.asked", hours=hours)
    return {"question": {"asked_at": write_moment(work.now), "due_at": write_moment(work.now + timedelta(hours=hours))}}


@operation("aviation.answer")
def answer(work: Work, *, question: dict[str, Any]) -> dict[str, Any]:
    """Note that the risk office answered, and whether within its time; waiting for an answer to a question is none of it."""
    asked_at, due_at = read_moment(question["asked_at"]), read_moment(question["due_at"])
    steps = select(func.sum(paused_seconds(Task, literal(work.now)))).where(
        Task.case_id == work.case.id, Task.opened_at >= asked_at, Task.state != CANCELLED
    )
    took = work.now - asked_at - timedelta(seconds=round(work.session.scalar(steps) or 0))
    work.count("avn.answered", hours=round(took.total_seconds() / 3600, 2), in_time=took <= due_at - asked_at)
    work.set_status("ADVISED")
    return {}


@operation("aviation.record")
def record(
    work: Work,
    *,
    operators: list[str] | None,
    organisation: str | None,
    decision: str,
    rating: str | None,
    remarks: str | None,
    route: str | None,
    valid_to: str | None,
) -> dict[str, Any]:
    """Keep what the organisation decided about operators, and the risk office's rating if it gave one.

    A blanket approval holds for a route until a day; the others hold until somebody changes them, or for one case.
    """
    for named in operators or []:
        operator = find_operator(work.session, named) or _enter_operator(work, named)
        if rating:
            _enter_advice(work, operator, rating, remarks)
        if decision in _APPROVALS:
            _enter_approval(work, operator, organisation, _APPROVALS[decision], route=route, valid_to=valid_to)
    return {}


#: What a decision to fly with an operator is called in the register.
_APPROVALS = {"USE": "LISTED", "USE_ONCE": "ONCE", "BLANKET": "BLANKET"}


def _enter_operator(work: Work, named: str) -> AirOperator:
    operator = AirOperator(code=named[:32].upper(), name=named[:120])
    work.session.add(operator)
    work.session.flush()  # of two that enter the same at the same moment one fails here, at this step
    return operator


def _enter_advice(work: Work, operator: AirOperator, rating: str, remarks: str | None) -> None:
    today = work.now.date()
    same = select(OperatorAdvice.id).where(
        OperatorAdvice.operator == operator.code, OperatorAdvice.given_on == today, OperatorAdvice.rating == rating
    )
    if work.session.scalar(same.limit(1)) is None:
        advice = OperatorAdvice(
            id=new_id(), operator=operator.code, rating=rating, given_on=today, given_by=work.actor.person, remarks=remarks
        )
        work.session.add(advice)


def _enter_approval(
    work: Work, operator: AirOperator, organisation: str | None, kind: str, *, route: str | None, valid_to: str | None
) -> None:
    until = date.fromisoformat(valid_to[:10]) if kind == "BLANKET" and valid_to else None
    number = work.case.number if kind == "ONCE" else None
    same = select(OperatorApproval.id).where(
        OperatorApproval.operator == operator.code,
        OperatorApproval.organisation == organisation,
        OperatorApproval.kind == kind,
        OperatorApproval.case_number.is_(None) if number is None else OperatorApproval.case_number == number,
        OperatorApproval.valid_to.is_(None) if until is None else OperatorApproval.valid_to == until,
    )
    if work.session.scalar(same.limit(1)) is None:
        approval = OperatorApproval(
            id=new_id(),
            operator=operator.code,
            organisation=organisation,
            kind=kind,
            case_number=number,
            route=route if kind == "BLANKET" else None,
            valid_from=work.now.date(),
            valid_to=until,
        )
        work.session.add(approval)
