"""An assessment in force: its measures, its interim reviews, and its end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services.models.assessments import IN_FORCE_STATUSES, SETTLED_STATES, Measure
from services.operations.assessments_decisions import months_later
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.work import Work
from services.registers import areas
from services.registers import assessments as register
from services.registers.calendars import calendar_of

#: The owner of a measure is reminded so long before it is due.
REMIND_BEFORE = timedelta(days=14)
DAY = timedelta(days=1)


@operation("assessment.expire")
def expire(work: Work, *, number: str) -> dict[str, Any]:
    """Say that a version has ended, when nothing has taken its place: the area has no valid assessment from then on.

    `first` is true once, when the end is noted; `stale` as long as the area has no valid assessment.
    """
    row = register.get_assessment(work.session, number)
    stale = register.find_in_force(work.session, row.area, _today(work, row.area)) is None
    first = stale and row.status in IN_FORCE_STATUSES
    if first:
        row.status = "EXPIRED"
        work.count("srm.expired", area=row.area, number=number)
        if row.case_id == work.case.id:
            work.set_status("EXPIRED")
    return {"expired": {"first": first, "stale": stale, "area_name": areas.name_of(areas.get_area(work.session, row.area))}}


def _today(work: Work, area: str) -> date:
    return work.now.astimezone(_zone(work, area)).date()


def _zone(work: Work, area: str) -> ZoneInfo:
    return ZoneInfo(calendar_of(work.session, area).zone)


@operation("assessment.next_review")
def next_review(work: Work, *, number: str, months: float) -> dict[str, Any]:
    """Say when the next interim review is due; null when the version ends before."""
    row = register.get_assessment(work.session, number)
    if row.valid_to is None or row.valid_from is None or not months:
        return {"review_at": None}
    count = 1
    while (day := months_later(row.valid_from, count * int(months))) <= work.now.date():
        count += 1
    if day >= row.valid_to:
        row.interim_review_on = None
        return {"review_at": None}
    row.interim_review_on = day
    return {"review_at": write_moment(datetime.combine(day, time(), _zone(work, row.area)))}


@operation("assessment.plan_measure")
def plan_measure(work: Work, *, measure: dict[str, Any]) -> dict[str, Any]:
    """Say when the owner of a measure is reminded, and from when on the measure is overdue."""
    due = datetime.combine(date.fromisoformat(measure["due_on"]), time(), _zone(work, work.case.area or ""))
    times = {"remind_at": max(due - REMIND_BEFORE, work.now), "due_at": due, "late_at": max(due + DAY, work.now)}
    return {"clock": {name: write_moment(moment) for name, moment in times.items()}}


@operation("assessment.measure")
def follow_measure(
    work: Work, *, number: str, code: str, state: str, new_due_on: str | None, remarks: str | None
) -> dict[str, Any]:
    """Note how far a measure is; one that takes longer gets its new date."""
    measure = work.session.scalars(select(Measure).where(Measure.assessment == number, Measure.code == code)).one()
    if measure.state in SETTLED_STATES:
        return {"measure": _row(measure)}
    if state == "OVERDUE":
        work.count("srm.measure", area=work.case.area, overdue=True, code=code)
    measure.state = "IN_PROGRESS" if state == "LATER" else state
    measure.remarks = remarks or measure.remarks
    if state == "LATER" and new_due_on:
        measure.due_on = date.fromisoformat(new_due_on[:10])
    if measure.state in SETTLED_STATES:
        measure.settled_on = work.now.date()
        work.count("srm.measure", area=work.case.area, overdue=measure.due_on < work.now.date(), code=code, state=state)
    return {"measure": _row(measure)}


def _row(measure: Measure) -> dict[str, Any]:
    return {"code": measure.code, "text": measure.text, "owner": measure.owner, "due_on": measure.due_on.isoformat()}
