"""K14: where people are is known at any time; measured every night, at every duty station."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from services.indicators.shape import Asked, Member, Part, Unit, Value, Why, percent, tenths
from services.indicators.statements import ON, START, Extent
from services.models.indicators import WhereaboutsNight
from services.models.plans import DutyStation
from services.prepared import Prepared, PreparedRow

NIGHTS, BY_SIGN = "nights", "by_sign"


def whereabouts_known(session: Session, asked: Asked) -> Value:
    """K14: the mean over the nights of the period of the share of duty stations where of nearly everybody the place was known.

    Beside it the same with signs of life alone, and how many nights were measured: a night on which nothing was measured is not
    made up for.
    """
    values = asked.values(percent=asked.settings.located_percent)
    nights = _by_night(asked.extent).rows(session, **values)
    members = [_member(row) for row in _by_station(asked.extent).rows(session, **values)]
    lasted = (asked.on - asked.period.start).days + 1
    parts = (
        Part(name=BY_SIGN, value=_mean(nights, "signed")),
        Part(name=NIGHTS, value=percent(len(nights), lasted), numerator=len(nights), denominator=lasted),
    )
    return Value(
        key="K14",
        asked=asked,
        unit=Unit.PERCENT,
        numerator=sum(member.numerator for member in members),
        denominator=sum(member.denominator for member in members),
        value=_mean(nights, "known"),
        members=members,
        parts=parts,
    )


def _mean(nights: Sequence[PreparedRow], column: str) -> Decimal | None:
    if not nights:
        return None
    shares = [Decimal(100) * getattr(row, column) / row.stations for row in nights]
    return tenths(sum(shares, Decimal()) / len(shares))


def _enough(people: Any) -> Any:
    """Say in SQL, as 1 or 0, whether so many of the listed people are enough; where nobody is listed nobody is missing."""
    enough = people * 100 >= WhereaboutsNight.listed * bindparam("percent", type_=Integer)
    return func.sum(case((enough, 1), else_=0), type_=Integer)


@cache
def _by_night(extent: Extent) -> Prepared:
    known = _enough(WhereaboutsNight.located).label("known")
    signed = _enough(WhereaboutsNight.signs).label("signed")
    query = select(WhereaboutsNight.night, func.count().label("stations"), known, signed)
    return Prepared(lambda: _measured(query, extent).group_by(WhereaboutsNight.night).order_by(WhereaboutsNight.night))


@cache
def _by_station(extent: Extent) -> Prepared:
    known = _enough(WhereaboutsNight.located).label("known")
    query = select(WhereaboutsNight.duty_station, DutyStation.area, func.count().label("nights"), known)
    grouped = _measured(query, extent).group_by(WhereaboutsNight.duty_station, DutyStation.area)
    return Prepared(lambda: grouped.order_by(WhereaboutsNight.duty_station))


def _measured(query: Select[Any], extent: Extent) -> Select[Any]:
    return query.join(DutyStation, DutyStation.code == WhereaboutsNight.duty_station).where(
        extent.covers(DutyStation.area),
        WhereaboutsNight.night >= START,
        WhereaboutsNight.night <= ON,
    )


def _member(row: PreparedRow) -> Member:
    missing = row.nights - row.known
    return Member(
        register="duty-stations",
        entry=row.duty_station,
        label=row.duty_station,
        numerator=row.known,
        denominator=row.nights,
        why=(Why("NIGHTS_UNKNOWN", str(missing)),) if missing else (),
        area=row.area,
    )
