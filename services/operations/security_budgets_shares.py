"""The shares of a security budget: worked out from heads, put to the organisations, settled or not."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from services.models.organisations import Organisation
from services.models.security_budgets import SecurityBudget, SecurityBudgetShare
from services.operations.catalogue import operation
from services.operations.security_budgets import ENDED, NobodyShares, say_money, speakers_of
from services.operations.work import Work
from services.registers import security_budgets as register
from workflows.forms.rules import MomentText

CONFIRMED, OBJECTED, NO_ANSWER = "CONFIRMED", "OBJECTED", "NO_ANSWER"
_ANSWERS = {"CONFIRM": CONFIRMED, "OBJECT": OBJECTED}
_STATUSES = {"AGREED": "SHARES_AGREED", "NOT_AGREED": "SHARES_NOT_AGREED"}


@operation("security_budget.share")
def share_out(work: Work, *, area: str, census_on: str, corrections: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Count the heads on the census date and divide the approved total by them, as a further version of the shares.

    Args:
        corrections: Heads that take the place of those of the register, `{organisation, people}`; the latter are kept beside.

    Raises:
        NobodyShares: Nobody is left to share it.
    """
    budget = work.session.get_one(SecurityBudget, work.case.number)
    day = date.fromisoformat(census_on[:10])
    counted = register.count_heads(work.session, area, day)
    corrected = {row["organisation"]: int(row["people"]) for row in corrections or ()}
    heads = {code: number for code, number in sorted((counted | corrected).items()) if number > 0}
    if not heads:
        raise NobodyShares(on=MomentText(day.isoformat()))
    if budget.approved_at is None:
        budget.approved_by, budget.approved_at = work.actor.person, work.now
    budget.version, budget.census_on = budget.version + 1, day
    amounts = register.apportion(budget.total_cents, heads)
    for code, number in heads.items():
        share = {"version": budget.version, "heads": number, "counted": counted.get(code, 0), "amount_cents": amounts[code]}
        work.session.add(SecurityBudgetShare(budget=budget.number, organisation=code, census_on=day, **share))
    work.set_status("SHARES_PROPOSED")
    speakers = {code: speakers_of(work, area, code) for code in heads}
    return {
        "version": budget.version,
        "census_on": day.isoformat(),
        "contacts": sorted({person for one in speakers.values() for person in one["people"]}),
        "shares": [
            {
                **speakers[code],
                "heads": number,
                "counted": counted.get(code, 0),
                "amount": say_money(budget.currency, amounts[code]),
            }
            for code, number in heads.items()
        ],
        "corrections": [],
        **dict.fromkeys(("round", "round_reasons")),
    }


@operation("security_budget.note_answer")
def note_answer(work: Work, *, organisation: str, answer: str | None, reasons: str | None) -> dict[str, Any]:
    """Write what an organisation said to its share into the register; nothing in time is no confirmation, and no objection."""
    budget = work.session.get_one(SecurityBudget, work.case.number)
    query = select(SecurityBudgetShare).where(
        SecurityBudgetShare.budget == budget.number,
        SecurityBudgetShare.version == budget.version,
        SecurityBudgetShare.organisation == organisation,
    )
    row = work.session.scalars(query).one()
    row.answer, row.answered_at = _ANSWERS.get(answer or "", NO_ANSWER), work.now
    row.reasons = reasons if row.answer == OBJECTED else None
    row.answered_by = work.actor.person if answer else None
    if not answer:
        work.record_decision(act="CONFIRM", outcome=NO_ANSWER, line=organisation, area=work.case.area)
    work.count("lcs.answered", area=work.case.area, organisation=organisation, answer=row.answer, version=budget.version)
    return {}


@operation("security_budget.settle")
def settle(work: Work) -> dict[str, Any]:
    """Say who has not confirmed the latest shares: who objects, with the reasons, and who gave no answer."""
    budget = work.session.get_one(SecurityBudget, work.case.number)
    rows = [row for row in register.list_shares(work.session, budget) if row.answer != CONFIRMED]
    if rows:
        work.set_status("SHARES_OPEN")
    unsettled = [{"organisation": row.organisation, "answer": row.answer, "reasons": row.reasons} for row in rows]
    return {"unsettled": unsettled, "organisations": _choices(work) if rows else []}


def _choices(work: Work) -> list[dict[str, str]]:
    """Return the organisations that can share: those of the system, apart from the department that carries the budget out."""
    query = select(Organisation).where(Organisation.unsms_member, Organisation.code != register.PROVIDER)
    rows = work.session.scalars(query.order_by(Organisation.code))
    return [{"value": row.code, "label": str(row.name.get("en", row.code))} for row in rows]


@operation("security_budget.close")
def close(work: Work, *, outcome: str, reasons: str | None, unsettled: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Write into the register how the budget ended, and with whom there is no agreement."""
    budget = work.session.get_one(SecurityBudget, work.case.number)
    left = [row["organisation"] for row in unsettled or ()] if outcome == "NOT_AGREED" else []
    budget.outcome, budget.ended_at, budget.unsettled = outcome, work.now, left
    work.case.once_key = None
    work.set_status(_STATUSES.get(outcome, outcome))
    work.count(ENDED, area=budget.area, year=budget.year, outcome=outcome, version=budget.version)
    return {"outcome": outcome, "said": reasons or "-", "left": ", ".join(left) or "-"}
