"""What registers of amounts come to: what each organisation pays in a year of all that a reader may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from services.models.organisations import Organisation
from services.models.security_budgets import SecurityBudget, SecurityBudgetShare
from services.registry.asking import Asked
from services.registry.queries import narrow
from services.registry.rights import Reader, is_readable
from services.registry.shape import Register

AGREED = "AGREED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """What one organisation pays in one year, in one currency, and of how many budgets that is made."""

    organisation: str
    name: str
    year: int
    currency: str
    amount_cents: int
    budgets: int


def add_up(session: Session, register: Register, asked: Asked, *, reader: Reader, locale: str) -> list[Total]:
    """Add up the latest shares of the budgets that were agreed on, of those rows of a list that the reader may see. Two queries.

    Of any other register there are no totals.
    """
    if register.model is not SecurityBudgetShare or asked.problems:
        return []
    latest = and_(
        SecurityBudget.number == SecurityBudgetShare.budget,
        SecurityBudget.version == SecurityBudgetShare.version,
        SecurityBudget.outcome == AGREED,
    )
    summed = (func.sum(SecurityBudgetShare.amount_cents).label("amount"), func.count().label("budgets"))
    found = (
        select(SecurityBudgetShare.organisation, SecurityBudget.year, SecurityBudget.currency, *summed)
        .join(SecurityBudget, latest)
        .where(is_readable(register, reader), *narrow(register, asked))
        .group_by(SecurityBudgetShare.organisation, SecurityBudget.year, SecurityBudget.currency)
        .order_by(SecurityBudget.year.desc(), SecurityBudgetShare.organisation, SecurityBudget.currency)
    )
    rows = session.execute(found, reader.values).all()
    names = _names_of(session, {row.organisation for row in rows}, locale)
    return [
        Total(
            organisation=row.organisation,
            name=names[row.organisation],
            year=row.year,
            currency=row.currency,
            amount_cents=int(row.amount),
            budgets=row.budgets,
        )
        for row in rows
    ]


def _names_of(session: Session, codes: set[str], locale: str) -> dict[str, str]:
    query = select(Organisation.code, Organisation.name).where(Organisation.code.in_(codes))
    return {code: str(name.get(locale) or name.get("en") or code) for code, name in session.execute(query)} if codes else {}
