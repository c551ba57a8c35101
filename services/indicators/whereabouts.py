"""K14: where people are is known at any time; measured every night, at every duty station."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Row, Select, case, func, select
from sqlalchemy.orm import Session

from services.indicators.shape import Asked, Member, Part, Unit, Value, Why, percent, tenths
from services.models.indicators import WhereaboutsNight
from services.models.plans import DutyStation

NIGHTS, BY_SIGN = "nights", "by_sign"


def whereabouts_known(session: Session, asked: Asked) -> Value:
    """K14: the mean over the nights of the period of the share of duty stations where of nearly everybody the place was known.

    Beside it the same with signs of life alone, and how many nights were measured: a night on which nothing was measured is not
    made up for.
    """
    nights = session.execute(_by_night(asked)).all()
    members = [_member(row) for row in session.execute(_by_station(asked))]
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


def _mean(nights: Sequence[Row[Any]], column: str) -> Decimal | None:
    if not nights:
        return None
    shares = [Decimal(100) * getattr(row, column) / row.stations for row in nights]
    return tenths(sum(shares, Decimal()) / len(shares))


def _enough(people: Any, asked: Asked) -> Any:
    """Say in SQL, as 1 or 0, whether so many of the listed people are enough; where nobody is listed nobody is missing."""
    enough = people * 100 >= WhereaboutsNight.listed * asked.settings.located_percent
    return func.sum(case((enough, 1), else_=0), type_=Integer)


def _by_night(asked: Asked) -> Select[Any]:
    known = _enough(WhereaboutsNight.located, asked).label("known")
    signed = _enough(WhereaboutsNight.signs, asked).label("signed")
    query = select(WhereaboutsNight.night, func.count().label("stations"), known, signed)
    return _measured(query, asked).group_by(WhereaboutsNight.night).order_by(WhereaboutsNight.night)


def _by_station(asked: Asked) -> Select[Any]:
    known = _enough(WhereaboutsNight.located, asked).label("known")
    query = select(WhereaboutsNight.duty_station, DutyStation.area, func.count().label("nights"), known)
    grouped = _measured(query, asked).group_by(WhereaboutsNight.duty_station, DutyStation.area)
    return grouped.order_by(WhereaboutsNight.duty_station)


def _measured(query: Select[Any], asked: Asked) -> Select[Any]:
    return query.join(DutyStation, DutyStation.code == WhereaboutsNight.duty_station).where(
        asked.covers(DutyStation.area),
        WhereaboutsNight.night >= asked.period.start,
        WhereaboutsNight.night <= asked.on,
    )


def _member(row: Row[Any]) -> Member:
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
