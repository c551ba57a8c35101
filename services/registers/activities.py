"""What the register says about the activity that a trip serves: how critical it is there and then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.travel import Activity

#: From the most critical to what has no rating that counts.
LEVELS = ("PC1", "PC2", "PC3", "PC4", "NONE")
NOT_RATED = LEVELS[-1]
_FOLLOWING = select(Activity).where(Activity.follows.in_(bindparam("codes", expanding=True))).order_by(Activity.code)
_INSIDE = (
    select(AreaWithin.ancestor, AreaWithin.area)
    .where(AreaWithin.ancestor.in_(bindparam("areas", expanding=True)))
    .order_by(AreaWithin.area)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Criticality:
    """How critical a trip is at one stop.

    Attributes:
        level: One of `LEVELS`.
        misfit: Why the rating of the activity does not count there: UNNAMED, ORGANISATION, AREA or PERIOD; None when it does.
    """

    activity: Activity | None
    level: str
    misfit: str | None

    @property
    def said(self) -> dict[str, Any] | None:
        """What cards say of the activity; dates in ISO 8601."""
        if self.activity is None:
            return None
        begins = self.activity.pc_valid_from
        return {
            "code": self.activity.code,
            "title": self.activity.title,
            "level": self.activity.pc_level,
            "valid_from": begins.isoformat() if begins else None,
            "valid_to": self.activity.pc_valid_to.isoformat(),
        }


def rate(
    session: Session,
    code: str | None,
    *,
    organisation: str | None,
    area: str,
    arrive_at: datetime,
    depart_at: datetime,
    now: datetime,
) -> Criticality:
    """Say how critical an activity is for a stay: as the register rates it, where it fits today and over the whole stay."""
    activity = session.get(Activity, code) if code else None
    if activity is None:
        return Criticality(activity=None, level=NOT_RATED, misfit="UNNAMED")
    if activity.organisation != organisation:
        return Criticality(activity=activity, level=NOT_RATED, misfit="ORGANISATION")
    rows = [activity, *successors_of(session, activity)]
    inside = areas_of(session, rows)
    there = sorted((row for row in rows if area in inside[row.code]), key=lambda row: row.pc_valid_from or date.min)
    if not there:
        return Criticality(activity=activity, level=NOT_RATED, misfit="AREA")
    first, last = min(arrive_at, now).date(), max(depart_at, now).date()
    counting = _counting(there, first, last)
    newest = next((row for row in reversed(counting) if row is not None), activity)
    if None in counting:
        return Criticality(activity=newest, level=NOT_RATED, misfit="PERIOD")
    ahead = [row.pc_level for row in counting if row is not None and row.pc_valid_to >= now.date()]
    return Criticality(activity=newest, level=worst_of(ahead), misfit=None)


def _counting(rows: Sequence[Activity], first: date, last: date) -> list[Activity | None]:
    """Say which of the ratings of one activity counts on the days of a period, where that changes; None where none does.

    Of two on one day the later one counts: it was approved with the former in view.
    """
    changes = [row.pc_valid_from for row in rows if row.pc_valid_from] + [row.pc_valid_to + timedelta(days=1) for row in rows]
    days = sorted({first, *(day for day in changes if first < day <= last)})
    return [next((row for row in reversed(rows) if is_in_force(row, day)), None) for day in days]


def is_in_force(activity: Activity, on: date) -> bool:
    """Say whether a rating counts on a day."""
    return (activity.pc_valid_from is None or activity.pc_valid_from <= on) and activity.pc_valid_to >= on


def successors_of(session: Session, activity: Activity) -> list[Activity]:
    """Return the ratings that renewed one, and those that renewed them."""
    found: dict[str, Activity] = {}
    newest = [activity.code]
    while newest:
        rows = session.scalars(_FOLLOWING, {"codes": newest}).all()
        newest = [row.code for row in rows if row.code not in found]
        found |= {row.code: row for row in rows}
    return list(found.values())


def list_rated(session: Session, area: str, on: date) -> list[Activity]:
    """Return the activities with a rating that counts on a day in an area, or somewhere inside it."""
    counts = select(Activity).where(
        or_(Activity.pc_valid_from.is_(None), Activity.pc_valid_from <= on), Activity.pc_valid_to >= on
    )
    found = list(session.scalars(counts.order_by(Activity.organisation, Activity.title, Activity.code)))
    inside = areas_of(session, found)
    below = set(session.scalars(select(AreaWithin.area).where(AreaWithin.ancestor == area)))
    return [row for row in found if below & set(inside[row.code])]


def areas_of(session: Session, activities: list[Activity]) -> dict[str, list[str]]:
    """Return where activities are rated: their areas and all areas inside these, by the code of the activity."""
    named = {str(area) for activity in activities for area in activity.areas}
    inside: dict[str, list[str]] = {}
    for ancestor, area in session.execute(_INSIDE, {"areas": sorted(named)}) if named else ():
        inside.setdefault(ancestor, []).append(area)
    return {each.code: sorted({area for code in each.areas for area in inside.get(str(code), ())}) for each in activities}


def worst_of(levels: list[str]) -> str:
    """Return the least critical of some levels; of none that nothing is rated."""
    return max(levels, key=LEVELS.index, default=NOT_RATED)
