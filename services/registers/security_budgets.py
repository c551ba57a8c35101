"""The register of security budgets: heads per organisation, shares by heads, and what may be paid for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.assessments import IN_FORCE_STATUSES, Assessment, Measure
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.security_budgets import SecurityBudget, SecurityBudgetShare

#: The department that carries the budget out does not share in it. Source: our reading.
PROVIDER = "UNDSS"
#: Contracts that make nobody a head: guests, and people of partners. Source: our reading.
_NOT_COUNTED = ("VISITOR", "PARTNER")


def apportion(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Divide a total by weights into whole parts that sum to it exactly, by the largest remainder.

    Of equal remainders the heavier comes first, then the alphabet, so that the same weights always give the same parts.

    Args:
        total: In the smallest unit, not negative.
        weights: By name, not negative; at least one more than 0.
    """
    whole = sum(weights.values())
    parts = {name: total * weight // whole for name, weight in weights.items()}
    order = sorted(weights, key=lambda name: (-(total * weights[name] % whole), -weights[name], name))
    for name in order[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def count_heads(session: Session, area: str, on: date) -> dict[str, int]:
    """Count the people of each organisation of the system who are posted in an area, by contracts that run on a day."""
    below = select(AreaWithin.area).where(AreaWithin.ancestor == area)
    query = (
        select(Person.organisation, func.count())
        .join(Organisation, Organisation.code == Person.organisation)
        .where(
            Organisation.unsms_member,
            Organisation.code != PROVIDER,
            Person.duty_area.in_(below),
            Person.contract_type.not_in(_NOT_COUNTED),
            or_(Person.contract_from.is_(None), Person.contract_from <= on),
            or_(Person.contract_to.is_(None), Person.contract_to >= on),
        )
        .group_by(Person.organisation)
        .order_by(Person.organisation)
    )
    return {organisation: int(heads) for organisation, heads in session.execute(query)}


def list_yearly_measures(session: Session, area: str, on: date) -> Sequence[Measure]:
    """List what the assessments in force in an area ask for that costs something each year, and was not given up."""
    below = select(AreaWithin.area).where(AreaWithin.ancestor == area)
    query = (
        select(Measure)
        .join(Assessment, Assessment.number == Measure.assessment)
        .where(Assessment.area.in_(below), Assessment.status.in_(IN_FORCE_STATUSES))
        .where(Assessment.valid_from <= on, Assessment.valid_to >= on, Measure.yearly_cost > 0, Measure.state != "DROPPED")
        .order_by(Measure.assessment, Measure.code)
    )
    return session.scalars(query).all()


def find_agreed(session: Session, area: str, year: int) -> SecurityBudget | None:
    """Return the budget of an area for a year on which all organisations agreed."""
    query = select(SecurityBudget).where(
        SecurityBudget.area == area, SecurityBudget.year == year, SecurityBudget.outcome == "AGREED"
    )
    return session.scalars(query).first()


def list_shares(session: Session, budget: SecurityBudget) -> Sequence[SecurityBudgetShare]:
    """List the latest shares of a budget; earlier versions stay as they were."""
    query = select(SecurityBudgetShare).where(
        SecurityBudgetShare.budget == budget.number, SecurityBudgetShare.version == budget.version
    )
    return session.scalars(query.order_by(SecurityBudgetShare.organisation)).all()
