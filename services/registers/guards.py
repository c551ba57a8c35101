"""Contracts with vendors of guards: their monthly days, what follows them, and which incidents may be linked to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.guards import GuardContract, GuardIncident, GuardRating
from services.models.incidents import Incident
from services.models.premises import Premises
from services.registers.plans import add_months

#: So long before its last day it is asked what follows a contract. Source: specification F19.
ASKED_BEFORE = timedelta(days=180)
#: On a monthly day, and on the day on which something is asked, it is asked at this hour.
_HOUR = time(8, tzinfo=UTC)
_NOT_LINKED = ("DUPLICATE", "NOT_SECURITY", "FALSE_ALARM", "SUPERSEDED")
_DAY = timedelta(days=1)
#: A monthly day that every month has, so that a timer which counts months keeps to it.
_DAY_OF_EACH_MONTH = 28


def get_contract(session: Session, number: str) -> GuardContract:
    """Return a contract by its number, which is that of its case."""
    return session.get_one(GuardContract, number)


def over_at(contract: GuardContract) -> datetime:
    """Return the moment at which the last day of a contract is over."""
    return datetime.combine(contract.ends_on + _DAY, time(tzinfo=UTC))


def ask_at(contract: GuardContract) -> datetime:
    """Return when it is asked what follows a contract."""
    return datetime.combine(contract.ends_on - ASKED_BEFORE, _HOUR)


def monthly_days(contract: GuardContract, now: datetime) -> list[date]:
    """List the days from now on at which a contract is rated: the last that every month has up to its end, and those before."""
    last = _last_monthly_day(contract)
    found, months = [], 0
    while (day := add_months(last, -months)) > contract.starts_on and _asked_at(day) > now:
        found.append(day)
        months += 1
    return found[::-1] or [contract.ends_on]


def rating_cycle(contract: GuardContract, now: datetime) -> str:
    """Write the moments at which a contract is rated as a cycle of a timer."""
    days = monthly_days(contract, now)
    return f"R{len(days)}/{_asked_at(days[0]):%Y-%m-%dT%H:%M:%SZ}/P1M"


def rated_time(contract: GuardContract, on: date) -> tuple[date, date]:
    """Return from which day to which a rating speaks that is asked for on a day; the last one speaks up to the end."""
    last, months = _last_monthly_day(contract), 0
    while add_months(last, -months) > on:
        months += 1
    until = add_months(last, -months) if months else contract.ends_on
    return max(add_months(last, -months - 1) + _DAY, contract.starts_on), until


def _last_monthly_day(contract: GuardContract) -> date:
    return contract.ends_on.replace(day=min(contract.ends_on.day, _DAY_OF_EACH_MONTH))


def last_rating(session: Session, number: str) -> GuardRating | None:
    """Return the newest rating of a contract."""
    query = select(GuardRating).where(GuardRating.contract == number).order_by(GuardRating.until.desc())
    return session.scalars(query.limit(1)).first()


def is_followed(session: Session, number: str) -> bool:
    """Say whether the contract that follows another was confirmed."""
    query = select(GuardContract.number).where(GuardContract.previous == number, GuardContract.confirmed_at.is_not(None))
    return session.scalar(query.limit(1)) is not None


def list_incidents(session: Session, contract: GuardContract, *, most: int = 50) -> Sequence[Incident]:
    """List incidents in the area of a contract since it began that are not linked to it; none in confidence.

    Those whose place names the premises come first, then the newest.
    """
    within = select(AreaWithin.area).where(AreaWithin.ancestor == contract.area)
    linked = select(GuardIncident.incident).where(GuardIncident.contract == contract.number)
    query = select(Incident).where(
        Incident.area.in_(within),
        Incident.happened_at >= datetime.combine(contract.starts_on, time(tzinfo=UTC)),
        Incident.status.not_in(_NOT_LINKED),
        Incident.confidential.is_(False),
        Incident.number.not_in(linked),
    )
    newest = {row.number: row for row in session.scalars(query.order_by(Incident.happened_at, Incident.version))}
    names, listed = _names_of_premises(session, contract.premises), list(newest.values())[::-1]
    return sorted(listed, key=lambda one: not _is_named(one.place or "", names))[:most]


def _names_of_premises(session: Session, code: str) -> list[str]:
    names = session.get_one(Premises, code).name.values()
    return [code.casefold(), *(str(name).casefold() for name in names)]


def _is_named(place: str, names: Sequence[str]) -> bool:
    return any(name in place.casefold() for name in names)


def _asked_at(day: date) -> datetime:
    return datetime.combine(day, _HOUR)
