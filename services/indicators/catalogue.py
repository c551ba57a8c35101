"""The sixteen indicators, in the order of the programme, and how each is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.errors import NotFound
from services.indicators import (
    assessments,
    aviation,
    officials,
    plans,
    premises,
    residences,
    response,
    security_plans,
    tools,
    trainings,
    whereabouts,
)
from services.indicators.periods import Period, PeriodAhead, quarter_of, read_period
from services.indicators.settings import DEFAULTS, Settings
from services.indicators.shape import Asked, Unit, Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """One indicator.

    Attributes:
        seed: Where the programme asks for it.
        target: What is to be reached, in percent, where the programme says so.
        by_organisation: It can be asked for the people of one organisation.
        is_state: It says how things stand on the reference date; otherwise what happened in the period.
    """

    key: str
    seed: str
    count: Callable[[Session, Asked], Value]
    unit: Unit = Unit.PERCENT
    target: int | None = None
    by_organisation: bool = False
    is_state: bool = False


def _of(key: str, seed: str, count: Callable[[Session, Asked], Value], **how: Any) -> Indicator:
    return Indicator(key=key, seed=seed, count=count, **how)


INDICATORS: dict[str, Indicator] = {
    each.key: each
    for each in (
        _of("K1", "1(a)(i)", premises.minimum_standards, is_state=True),
        _of("K2", "1(a)(ii)", premises.unauthorised_entries, unit=Unit.COUNT),
        _of("K3", "1(b)", officials.travel_notifications, by_organisation=True),
        _of("K4", "1(c)", plans.plans_kept, target=100, is_state=True),
        _of("K5", "2(a)(i)", assessments.endorsed_assessments, is_state=True),
        _of("K6", "2(a)(ii)", residences.approved_schedules, is_state=True),
        _of("K7", "2(b)(i)", security_plans.endorsed_plans, is_state=True),
        _of("K8", "2(b)(ii)", response.crises_activated),
        _of("K9", "2(b)(iii)", response.deployments),
        _of("K10", "3(a)(i)", trainings.stress_management, by_organisation=True, is_state=True),
        _of("K11", "3(a)(ii)", trainings.counsellors, unit=Unit.COUNT, by_organisation=True),
        _of("K12", "3(a)(iii)", response.support_given),
        _of("K13", "3(b)", trainings.mandatory_trainings, by_organisation=True, is_state=True),
        _of("K14", "3(c)(i)", whereabouts.whereabouts_known),
        _of("K15", "3(c)(ii)", tools.tool_access, by_organisation=True, is_state=True),
        _of("K16", "3(d)", aviation.advice_given, by_organisation=True),
    )
}


def get_indicator(key: str) -> Indicator:
    """Return an indicator.

    Raises:
        NotFound: There is none with this key.
    """
    if key not in INDICATORS:
        raise NotFound
    return INDICATORS[key]


def ask(
    *,
    period: Period | str | None = None,
    on: date | None = None,
    area: str | None = None,
    organisation: str | None = None,
    settings: Settings = DEFAULTS,
    now: datetime,
) -> Asked:
    """Say what is asked: by default the running quarter, as of today; of a period that is over, as of its last day.

    Raises:
        PeriodUnknown: The period is none.
        PeriodAhead: It has not begun.
    """
    chosen = read_period(period) if isinstance(period, str) else period or quarter_of(now.date())
    if chosen.start > now.date():
        raise PeriodAhead(period=chosen.key)
    latest = min(chosen.end, now.date())
    return Asked(
        period=chosen,
        on=latest if on is None else min(max(on, chosen.start), latest),
        area=area,
        organisation=organisation,
        settings=settings,
    )


def compute(
    session: Session,
    key: str,
    *,
    period: Period | str | None = None,
    area: str | None = None,
    organisation: str | None = None,
    settings: Settings = DEFAULTS,
    now: datetime,
) -> Value:
    """Count one indicator from the registers, with the list of what stands behind it. The number of queries is constant.

    Args:
        period: A quarter or biennium; by default the running quarter.
        area: Only this area and what lies inside it.
        organisation: Only the people of this organisation; for indicators that can be asked so.

    Raises:
        NotFound: There is no such indicator.
        PeriodUnknown, PeriodAhead: There is no such period, or it has not begun.
    """
    indicator = get_indicator(key)
    asked = ask(period=period, area=area, organisation=organisation, settings=settings, now=now)
    return indicator.count(session, asked)
