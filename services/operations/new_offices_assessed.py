"""The assessment that a new mission or office waits for: asked for, or one that is being drafted already; and how it ended."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.models.assessments import FAILED_STATUSES, FULL, Assessment, Measure
from services.models.bus import BusEvent
from services.models.cases import Case
from services.models.offices import OfficeRequest
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import assessments
from services.waiting import is_open

KEY, WAITING = "new_office", "WITH_ASSESSMENT"
OPEN_ASSESSMENT, SETTLED = "MSG_OPEN_ASSESSMENT", "MSG_ASSESSMENT_SETTLED"
ENDORSED = "ENDORSED"


@operation("new_office.ask_assessment")
def ask_assessment(work: Work, *, area: str, office: str, purpose: str) -> dict[str, Any]:
    """Ask for an assessment of the area as a new one; one that is being drafted already is waited for instead."""
    work.set_status(WAITING)
    if _is_being_drafted(work.session, area):
        return {"settled": None}
    title = f"New mission or office: {office}"[:120]
    work.tell_bus(OPEN_ASSESSMENT, area, {"trigger": "NEW_AREA", "title": title, "reason": purpose[:2000]})
    return {"settled": None}


def _is_being_drafted(session: Session, area: str) -> bool:
    query = select(Assessment.number).join(Case, Case.id == Assessment.case_id)
    drafted = Assessment.valid_from.is_(None), Assessment.status.not_in(FAILED_STATUSES), is_open()
    return session.scalar(query.where(Assessment.area == area, Assessment.variant == FULL, *drafted).limit(1)) is not None


def cases_waiting_for(_session: Session, event: BusEvent) -> Select[str]:
    """Find the requests for offices that wait for an assessment of the area."""
    return select(Case.id).where(Case.process_key == KEY, Case.area == event.area, Case.status == WAITING, is_open())


@operation("new_office.assessment_told", concerns=cases_waiting_for)
def tell_of_assessment(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Say that the assessment is endorsed, or that it ended without and no other is being drafted. Only a full one counts."""
    said = event.get("payload") or {}
    result = ENDORSED if event["kind"] == "MSG_SRM_ENDORSED" else said.get("status")
    if work.case.status != WAITING or event.get("area") != work.case.area or said.get("variant") != FULL:
        return {"told": []}
    if result != ENDORSED and _is_being_drafted(work.session, event["area"]):
        return {"told": []}
    return {"told": [{"message": SETTLED, "payload": {"assessment": said.get("assessment"), "result": result}}]}


@operation("new_office.settle")
def settle(work: Work, *, settled: dict[str, Any], requirements: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Note how the assessment ended; of one that is endorsed the measures are the first draft of the requirements."""
    if settled["result"] != ENDORSED:
        work.set_status("NOT_ASSESSED")
        return {"ended": settled["result"]}
    work.set_status("BEING_DRAWN_UP")
    row = assessments.get_assessment(work.session, settled["assessment"])
    work.session.get_one(OfficeRequest, work.case.number).assessment = row.number
    measures = assessments.list_measures(work.session, row.number)
    return {
        "assessment": row.number,
        "ended": None,
        "requirements": requirements or [_requirement(measure) for measure in measures if measure.state != "DROPPED"],
    }


def _requirement(measure: Measure) -> dict[str, Any]:
    return {
        "kind": "RSM" if measure.kind == "RESIDENTIAL" else "OTHER",
        "text": measure.text,
        "organisation": measure.owner,
        "year": measure.due_on.year,
        "one_off": measure.one_off_cost,
        "yearly": measure.yearly_cost,
    }
