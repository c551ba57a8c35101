"""What the register says about the activity that a trip serves: how critical it is there and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.travel import Activity

#: From the most critical to what has no rating that counts.
LEVELS = ("PC1", "PC2", "PC3", "PC4", "NONE")
NOT_RATED = LEVELS[-1]


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
    misfit = _misfit(session, activity, organisation, area)
    begins, ends = activity.pc_valid_from, activity.pc_valid_to
    first, last = min(arrive_at, now).date(), max(depart_at, now).date()
    if misfit is None and ((begins is not None and begins > first) or ends < last):
        misfit = "PERIOD"
    return Criticality(activity=activity, level=NOT_RATED if misfit else activity.pc_level, misfit=misfit)


def _misfit(session: Session, activity: Activity, organisation: str | None, area: str) -> str | None:
    if activity.organisation != organisation:
        return "ORGANISATION"
    return None if area in areas_of(session, [activity])[activity.code] else "AREA"


def areas_of(session: Session, activities: list[Activity]) -> dict[str, list[str]]:
    """Return where activities are rated: their areas and all areas inside these, by the code of the activity."""
    named = {str(area) for activity in activities for area in activity.areas}
    inside: dict[str, list[str]] = {}
    query = select(AreaWithin.ancestor, AreaWithin.area).where(AreaWithin.ancestor.in_(named)).order_by(AreaWithin.area)
    for ancestor, area in session.execute(query) if named else ():
        inside.setdefault(ancestor, []).append(area)
    return {each.code: sorted({area for code in each.areas for area in inside.get(str(code), ())}) for each in activities}


def worst_of(levels: list[str]) -> str:
    """Return the least critical of some levels; of none that nothing is rated."""
    return max(levels, key=LEVELS.index, default=NOT_RATED)
