"""The yearly test of head counts: which areas have one due, and whether one was held meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.headcounts import Headcount
from services.models.plans import DutyStation
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import areas

#: So long after the last head count of an area a test is due. A real one shows as much as an exercise.
EVERY = timedelta(days=365)
#: So long before it is due the adviser is asked to plan it.
PLANNED_BEFORE = timedelta(days=14)
#: Phases in which an area is tested; in a crisis people are counted for real.
TESTED_PHASES = ("STARTUP", "ESTABLISHED", "DRAWDOWN")


@operation("headcount.tests_due")
def tests_due(work: Work) -> dict[str, Any]:
    """List the areas with a duty station in which nobody was counted for a year, or will not have been in 14 days."""
    stations = select(DutyStation.area, func.max(DutyStation.phase_since)).where(DutyStation.phase.in_(TESTED_PHASES))
    found = work.session.execute(stations.group_by(DutyStation.area).order_by(DutyStation.area)).all()
    due = {area: _due_on(work.session, area, since) for area, since in found}
    soon = work.now.date() + PLANNED_BEFORE
    return {"due": [{"area": area, "due_on": day.isoformat()} for area, day in due.items() if day <= soon]}


@operation("headcount.plan_test")
def plan_test(work: Work, *, area: str) -> dict[str, Any]:
    """Say when people of an area were last counted, and whether the test is still wanting."""
    last = _last_counted(work.session, area)
    held = last is not None and last + EVERY - PLANNED_BEFORE > work.now.date()
    name = areas.name_of(areas.get_area(work.session, area))
    work.case.subject = name
    work.set_status("TEST_HELD" if held else "TEST_DUE")
    return {"test": {"area_name": name, "last_on": None if last is None else last.isoformat(), "held": held}}


def _due_on(session: Session, area: str, since: date) -> date:
    last = _last_counted(session, area)
    return (last or since) + EVERY


def _last_counted(session: Session, area: str) -> date | None:
    """Return the day of the last head count of an area, or of one that it lies in."""
    around = select(AreaWithin.ancestor).where(AreaWithin.area == area)
    query = select(func.max(Headcount.started_at)).where(or_(Headcount.area == area, Headcount.area.in_(around)))
    found = session.scalar(query)
    return None if found is None else found.date()
