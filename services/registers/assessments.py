"""The register of assessments: which version holds for an area on a day, and which has to be renewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.areas import Area
from services.models.assessments import (
    AD_HOC,
    IN_FORCE_STATUSES,
    Assessment,
    Measure,
    RiskEvent,
)
from services.models.cases import Case

#: A renewal is opened so long before the version in force ends.
RENEW_BEFORE = timedelta(days=60)
DAY = timedelta(days=1)
#: A version that was in force, also one that is over.
_TOOK_FORCE = (*IN_FORCE_STATUSES, "EXPIRED", "SUPERSEDED")


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewal:
    """An area whose assessment ends soon, or has ended."""

    area: str
    number: str
    valid_to: date


def get_assessment(session: Session, number: str) -> Assessment:
    """Return a version.

    Raises:
        NotFound: There is no such version.
    """
    found = session.get(Assessment, number)
    if found is None:
        raise NotFound
    return found


def find_by_case(session: Session, case_id: str) -> Assessment | None:
    """Return the version that a case is about."""
    return session.scalars(select(Assessment).where(Assessment.case_id == case_id)).one_or_none()


def find_in_force(session: Session, area: str, on: date) -> Assessment | None:
    """Return the version that holds for an area on a day; assessments of single activities do not count."""
    query = select(Assessment).where(
        Assessment.area == area,
        Assessment.variant != AD_HOC,
        Assessment.status.in_(IN_FORCE_STATUSES),
        Assessment.valid_from <= on,
        Assessment.valid_to >= on,
    )
    return session.scalars(query.order_by(Assessment.valid_from.desc(), Assessment.endorsed_at.desc()).limit(1)).first()


def find_latest(session: Session, area: str, *, apart_from: str | None = None) -> Assessment | None:
    """Return the version of an area that ends last, whether it still holds or not."""
    query = select(Assessment).where(
        Assessment.area == area,
        Assessment.variant != AD_HOC,
        Assessment.status.in_(_TOOK_FORCE),
        Assessment.valid_to.is_not(None),
    )
    if apart_from is not None:
        query = query.where(Assessment.number != apart_from)
    newest = (Assessment.valid_to.desc(), Assessment.valid_from.desc(), Assessment.number.desc())
    return session.scalars(query.order_by(*newest).limit(1)).first()


def next_number(session: Session, area: str, year: int) -> str:
    """Return the next number for an area and year: SRM-XA-NOR-2026-02."""
    series = f"SRM-{area}-{year}-"
    numbers = session.scalars(select(Assessment.number).where(Assessment.number.like(f"{series}%")))
    last = max((int(number.removeprefix(series)) for number in numbers), default=0)
    return f"{series}{last + 1:02}"


def list_measures(session: Session, number: str) -> Sequence[Measure]:
    """Return the measures of a version, by code."""
    return session.scalars(
        select(Measure).where(Measure.assessment == number).order_by(func.length(Measure.code), Measure.code)
    ).all()


def list_risk_events(session: Session, number: str) -> Sequence[RiskEvent]:
    """Return the events of a version, by code."""
    query = select(RiskEvent).where(RiskEvent.assessment == number)
    return session.scalars(query.order_by(func.length(RiskEvent.code), RiskEvent.code)).all()


def expiry_of(session: Session, assessment: Assessment) -> datetime | None:
    """Return the first moment after the last day of a version, by the clock of its area; None while it has no end."""
    if assessment.valid_to is None:
        return None
    zone = session.get_one(Area, assessment.area).zone
    return datetime.combine(assessment.valid_to + DAY, time(), ZoneInfo(zone)).astimezone(UTC)


def has_open_case(session: Session, assessment: Assessment) -> bool:
    """Say whether the case of a version is still open, so that it looks after the version's end itself."""
    if assessment.case_id is None:
        return False
    return session.scalar(select(Case.id).where(Case.id == assessment.case_id, Case.ended_at.is_(None))) is not None


def list_renewals(session: Session, on: date) -> list[Renewal]:
    """Return the areas whose assessment ends within the time a renewal needs, the one that ends first at the top.

    An area that closes before a renewal could begin needs none.
    """
    last = select(Assessment.area, func.max(Assessment.valid_to).label("valid_to")).where(
        Assessment.variant != AD_HOC, Assessment.status.in_(_TOOK_FORCE), Assessment.valid_to.is_not(None)
    )
    ends = last.group_by(Assessment.area).subquery()
    query = select(ends.c.area, ends.c.valid_to).join(Area, Area.code == ends.c.area)
    goes_on = or_(Area.active_to.is_(None), Area.active_to > ends.c.valid_to)
    rows = session.execute(query.where(ends.c.valid_to <= on + RENEW_BEFORE, goes_on).order_by(ends.c.valid_to, ends.c.area))
    found = []
    for area, valid_to in rows:
        latest = find_latest(session, area)
        if latest is not None:
            found.append(Renewal(area=area, number=latest.number, valid_to=valid_to))
    return found
