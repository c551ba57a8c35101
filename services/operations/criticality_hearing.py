"""Requests that wait because their activity was not rated high enough hear when activities of their organisation are rated."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services import definitions
from services.models.areas import AreaWithin
from services.models.bus import BusEvent
from services.models.cases import OPEN, Case, Task
from services.models.clearances import CLOSED_STATUSES, ClearanceLine
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import areas

#: The step at which a request lies that table D1.3 sent back, and the text that its traveller gets.
RETURNED, TEXT = "tsc_correct_request", "N-TSC-31"


def cases_sent_back(_session: Session, event: BusEvent) -> Select[str]:
    """Find the requests of an organisation that lie with their traveller, with a stop where its activities were rated."""
    there = select(AreaWithin.area).where(AreaWithin.ancestor == event.area)
    return (
        select(Task.case_id)
        .join(Case, Case.id == Task.case_id)
        .join(ClearanceLine, ClearanceLine.case_id == Task.case_id)
        .where(Task.element == RETURNED, Task.state == OPEN, Case.organisation == event.payload.get("organisation"))
        .where(ClearanceLine.area.in_(there), ClearanceLine.status.not_in(CLOSED_STATUSES))
        .distinct()
    )


@operation("clearance.activity_rated_told", concerns=cases_sent_back)
def tell_of_ratings(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Tell those with whom a request lies that activities were rated; the request itself stays as it is."""
    if TEXT not in definitions.get_package(work.session, work.version_id).messages:
        return {"told": []}
    found = select(Task.assignee).where(Task.case_id == work.case.id, Task.element == RETURNED, Task.state == OPEN)
    receivers = {assignee or work.case.requester for assignee in work.session.scalars(found)}
    facts = {"no": work.case.number, "area": areas.name_of(areas.get_area(work.session, event["area"])), "event": event["id"]}
    work.notify(TEXT, sorted(receivers), facts=facts, area=event["area"], line=event["id"])
    return {"told": []}
