"""Security budgets that the organisations of an area share: what they pay for, and who carries how much."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from services.models.security_budgets import SecurityBudget, SecurityBudgetLine, SecurityBudgetShare
from services.registry.reaches import AUDITOR, BY_AREA, BY_BODIES, BY_ORGANISATION
from services.registry.shape import Column, Kind, Part, Register, of_visible_cases

BUDGET_OUTCOME_TITLES = {
    "AGREED": "Agreed",
    "NOT_AGREED": "Not agreed",
    "REFUSED": "Refused",
    "WITHDRAWN": "Withdrawn",
}
LINE_KIND_TITLES = {"MEASURE": "Measure of an assessment", "SERVICE": "Common service"}
ANSWER_TITLES = {"CONFIRMED": "Confirmed", "OBJECTED": "Objected", "NO_ANSWER": "No answer"}
WRITTEN_SENTENCE = "It is drafted, commented on, approved and shared in the process for it."
_READERS = (*of_visible_cases(), *BY_ORGANISATION, *BY_AREA, *BY_BODIES, *AUDITOR)


def _shared_by(budget: ColumnElement[str], organisations: Sequence[str]) -> ColumnElement[bool]:
    """Say whether one of the organisations has a share in a budget; each of them reads the whole of it."""
    share = aliased(SecurityBudgetShare)
    return select(share.id).where(share.budget == budget, share.organisation.in_(organisations)).correlate_except(share).exists()


def _of_budget(attribute: str, number: ColumnElement[str]) -> ColumnElement[str]:
    budget = aliased(SecurityBudget)
    return select(getattr(budget, attribute)).where(budget.number == number).correlate_except(budget).scalar_subquery()


_LINE, _SHARE = SecurityBudgetLine.__table__.c.budget, SecurityBudgetShare.__table__.c.budget

BUDGETS = Register(
    key="security-budgets",
    family="risk",
    title="Security budgets",
    about="The locally cost-shared security budget of each area and year, what it comes to and whether the organisations agreed.",
    model=SecurityBudget,
    identity=("number",),
    order=("-year", "area", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("year", "Year", listed=True),
        Column("currency", "Currency", listed=True),
        Column("total_cents", "Total", Kind.CENTS, listed=True),
        Column("census_on", "Census date", Kind.DATE),
        Column("version", "Version of the shares", Kind.NUMBER, listed=True),
        Column("opened_at", "Begun", Kind.MOMENT),
        Column("approved_by", "Approved by", Kind.PERSON),
        Column("approved_at", "Approved", Kind.MOMENT, listed=True),
        Column("outcome", "How it ended", Kind.CHOICE, options=BUDGET_OUTCOME_TITLES, listed=True, filtered=True),
        Column("unsettled", "Not agreed with", Kind.LIST, listed=True),
        Column("ended_at", "Ended", Kind.MOMENT),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    case="case_id",
    shared_by=lambda organisations: _shared_by(SecurityBudget.__table__.c.number, organisations),
    readers=_READERS,
    process="security_budget",
    written_by=WRITTEN_SENTENCE,
    parts=(Part("security-budget-lines", "budget"), Part("security-budget-shares", "budget")),
)

LINES = Register(
    key="security-budget-lines",
    family="risk",
    title="Lines of security budgets",
    about="What each security budget pays for, and how much of it in its year.",
    model=SecurityBudgetLine,
    label="text",
    order=("budget", "no"),
    columns=(
        Column("budget", "Budget", listed=True, filtered=True, searched=True),
        Column("no", "Line", Kind.NUMBER, listed=True),
        Column("kind", "Kind", Kind.CHOICE, options=LINE_KIND_TITLES, listed=True, filtered=True),
        Column("text", "What it pays for", Kind.PROSE, listed=True, searched=True),
        Column("measure", "Measure", searched=True),
        Column("amount_cents", "Amount in the year", Kind.CENTS, listed=True),
        Column("currency", "Currency", listed=True, value=_of_budget("currency", _LINE)),
    ),
    area=_of_budget("area", _LINE),
    case=_of_budget("case_id", _LINE),
    shared_by=lambda organisations: _shared_by(_LINE, organisations),
    readers=_READERS,
    process="security_budget",
    written_by=WRITTEN_SENTENCE,
)

SHARES = Register(
    key="security-budget-shares",
    family="risk",
    title="Shares of security budgets",
    about="What each organisation carries of a security budget by its heads, and what it said to that; earlier versions stay.",
    model=SecurityBudgetShare,
    label="organisation",
    order=("budget", "-version", "organisation"),
    columns=(
        Column("budget", "Budget", listed=True, filtered=True, searched=True),
        Column("area", "Area", Kind.AREA, value=_of_budget("area", _SHARE), filtered=True),
        Column("year", "Year", listed=True, value=_of_budget("year", _SHARE)),
        Column("version", "Version of the shares", Kind.NUMBER, listed=True, filtered=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("census_on", "Census date", Kind.DATE),
        Column("heads", "Heads", Kind.NUMBER, listed=True),
        Column("counted", "Heads in the register", Kind.NUMBER),
        Column("amount_cents", "Share", Kind.CENTS, listed=True),
        Column("currency", "Currency", listed=True, value=_of_budget("currency", _SHARE)),
        Column("answer", "Answer", Kind.CHOICE, options=ANSWER_TITLES, listed=True, filtered=True),
        Column("reasons", "Reasons", Kind.PROSE),
        Column("answered_by", "Answered by", Kind.PERSON),
        Column("answered_at", "Answered", Kind.MOMENT),
    ),
    area=_of_budget("area", _SHARE),
    case=_of_budget("case_id", _SHARE),
    shared_by=lambda organisations: _shared_by(_SHARE, organisations),
    readers=_READERS,
    process="security_budget",
    written_by=WRITTEN_SENTENCE,
)

REGISTERS = (BUDGETS, LINES, SHARES)
