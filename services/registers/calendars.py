"""The working days of areas: an area without a calendar of its own keeps the one of the area above it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.areas import Area
from services.models.areas import Calendar as CalendarRow
from workflows.calendars import Calendar

#: What counts where no area says otherwise.
COMMON = Calendar(weekend=frozenset({6, 7}), holidays=frozenset(), zone="UTC")


def calendar_of(session: Session, code: str | None) -> Calendar:
    """Return the working days of an area, in its own zone."""
    area = session.get(Area, code) if code else None
    if area is None:
        return COMMON
    row = _find_row(session, area)
    if row is None:
        return Calendar(weekend=COMMON.weekend, holidays=COMMON.holidays, zone=area.zone)
    holidays = frozenset(date.fromisoformat(str(day)) for day in row.holidays)
    return Calendar(weekend=frozenset(row.weekend), holidays=holidays, zone=area.zone)


def _find_row(session: Session, area: Area) -> CalendarRow | None:
    """Return the calendar of the nearest area above that has one, the area itself first."""
    nearest: Area | None = area
    while nearest is not None and nearest.calendar is None:
        nearest = session.get(Area, nearest.parent) if nearest.parent else None
    if nearest is None:
        return None
    return session.scalars(select(CalendarRow).where(CalendarRow.code == nearest.calendar)).first()
