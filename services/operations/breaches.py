"""Stops that somebody reached without a clearance: entered with where they are, reviewed, and what is done about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.models.base import new_id
from services.models.clearances import Breach, ClearanceLine
from services.operations.catalogue import operation
from services.operations.presence import movement_of
from services.operations.work import Work
from services.registers import areas, clearances
from services.registers.travellers import find_organisation


@operation("clearance.record_breach")
def record_breach(work: Work, *, requirements: list[dict[str, Any]]) -> dict[str, Any]:
    """Enter every mandatory stop that was reached without a clearance into the register of breaches and the locator."""
    found = [
        row for row in requirements if row["requirement"] == "MANDATORY" and row.get("is_open") and row["hours_to_arrival"] <= 0
    ]
    for row in found:
        for line in clearances.lines_of_stop(work.session, work.case.id, row["stop"]):
            _enter_breach(work, line)
    work.set_status("BREACH")
    work.count("tsc.breach", area=work.case.area)
    codes = list(dict.fromkeys(row["area"] for row in found))
    organisation = find_organisation(work.session, work.case.organisation)
    focal = [organisation.focal_point] if organisation and organisation.focal_point else []
    area = codes[0] if codes else work.case.area
    name = areas.name_of(areas.get_area(work.session, area)) if area else ""
    return {"breach": {"stops": [row["stop"] for row in found], "area": area, "area_name": name, "areas": codes, "sfp": focal}}


def _enter_breach(work: Work, line: ClearanceLine) -> None:
    known = select(Breach.id).where(Breach.stop_key == line.stop_key, Breach.person == line.person)
    if work.session.scalar(known) is not None or line.status == "NOT_COVERED":
        return
    work.session.add(
        Breach(
            id=new_id(),
            case_id=work.case.id,
            stop_key=line.stop_key,
            person=line.person,
            area=line.area,
            recorded_at=work.now,
        )
    )
    work.session.add(movement_of(work, line, "PRESENT", at=line.arrive_at))


@operation("clearance.enter_breach_review")
def enter_breach_review(work: Work, *, facts: str, measure: str, told: bool | None) -> dict[str, Any]:
    """Enter what was found out about the stops without clearance, and say who hears what is done about it.

    Whoever has to leave the area is told so; what is reported goes to the organisation.
    """
    for breach in work.session.scalars(select(Breach).where(Breach.case_id == work.case.id)).all():
        breach.reviewed_at, breach.findings, breach.measure = work.now, facts, measure
    work.count("tsc.breach_reviewed", area=work.case.area, measure=measure, told=bool(told))
    return {"reviewed": {"leaves": measure == "LEAVE_AREA", "reported": measure == "REPORT"}}
