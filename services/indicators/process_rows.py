"""The rows behind the figures of the processes: one row for each thing that is counted.

Columns: entry, label, part, counted (1 or 0), amount, at, area, case_id.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Float, Select, String, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from services.audit import is_standing
from services.indicators.statements import ON, SINCE, UNTIL, Extent
from services.models.assessments import SETTLED_STATES, Assessment, Measure
from services.models.audit import Decision
from services.models.cases import Case, Task
from services.models.clearances import ClearanceLine, KpiEvent, Waiver
from services.models.exercises import CorrectiveAction
from services.models.plans import DutyStation, Plan
from services.models.spans import worked_seconds

DECIDING = "stop_decide"
#: What ends a stop; a question back or a wait does not.
FINAL = ("GRANT", "GRANT_COND", "DENY", "REFUSE")
GRANTS = ("GRANT", "GRANT_COND")
ASSESSMENT = "risk_assessment"


def _row(
    *, entry: Any, label: Any = None, at: Any, area: Any, case_id: Any, part: Any = "", counted: Any = 1, amount: Any = None
) -> Select[Any]:
    return select(
        entry.label("entry"),
        (entry if label is None else label).label("label"),
        (func.coalesce(cast(part, String), "") if not isinstance(part, str) else literal(part)).label("part"),
        (literal(counted) if isinstance(counted, int) else case((counted, 1), else_=0)).label("counted"),
        cast(null() if amount is None else amount, Float).label("amount"),
        at.label("at"),
        area.label("area"),
        case_id.label("case_id"),
    )


def _in_period(at: Any) -> ColumnElement[bool]:
    return and_(at >= SINCE, at < UNTIL)


def decided(extent: Extent) -> Select[Any]:
    """Select final decisions on stops by persons: counted when in time; the amount is the time it lay with deciders.

    Time in which the requester was asked is not in it: the clock of the task stands still then, and its due date moves on.
    """
    task, lay = aliased(Task), aliased(Task)
    tier = select(func.max(ClearanceLine.tier)).where(ClearanceLine.case_id == task.case_id, ClearanceLine.unit_key == task.line)
    spans = select(func.sum(worked_seconds(lay))).where(
        lay.case_id == task.case_id,
        lay.line == task.line,
        lay.element == DECIDING,
        lay.closed_at.is_not(None),
        lay.closed_at <= Decision.decided_at,
    )
    query = _row(
        entry=Case.number,
        part=tier.correlate(task).scalar_subquery(),
        counted=or_(task.due_at.is_(None), Decision.decided_at <= task.due_at),
        amount=spans.correlate(task, Decision).scalar_subquery(),
        at=Decision.decided_at,
        area=Decision.area,
        case_id=Decision.case_id,
    )
    query = query.select_from(Decision).join(task, task.id == Decision.task_id).join(Case, Case.id == Decision.case_id)
    return query.where(
        is_standing(),
        task.element == DECIDING,
        Decision.outcome.in_(FINAL),
        _in_period(Decision.decided_at),
        extent.covers(Decision.area),
    )


def _events(extent: Extent, *names: str, part: Any = "", counted: Any = 1, amount: Any = None) -> Select[Any]:
    query = _row(
        entry=Case.number,
        part=part,
        counted=counted,
        amount=amount,
        at=KpiEvent.at,
        area=KpiEvent.area,
        case_id=KpiEvent.case_id,
    )
    query = query.select_from(KpiEvent).join(Case, Case.id == KpiEvent.case_id)
    return query.where(KpiEvent.name.in_(names), _in_period(KpiEvent.at), extent.covers(func.coalesce(KpiEvent.area, Case.area)))


def undecided(extent: Extent) -> Select[Any]:
    """Select stops that were decided, or on which nobody had decided at the last moment: those are counted."""
    return _events(extent, "tsc.decided", "tsc.undecided", counted=KpiEvent.name == "tsc.undecided")


def submitted(extent: Extent) -> Select[Any]:
    """Select requests; counted are those sent later than seven days before the arrival."""
    return _events(extent, "tsc.submitted", counted=KpiEvent.facts["late"].as_boolean())


def blocked(extent: Extent) -> Select[Any]:
    """Select requirements that were not met, by their code."""
    return _events(extent, "tsc.prereq_blocked", part=KpiEvent.facts["code"].as_string())


def conditions(extent: Extent) -> Select[Any]:
    """Select granted stops; counted are those with conditions."""
    outcome = KpiEvent.facts["outcome"].as_string()
    return _events(extent, "tsc.decided", counted=outcome == GRANTS[1]).where(outcome.in_(GRANTS))


def revoked(extent: Extent) -> Select[Any]:
    """Select requests with a revoked clearance, by the reason."""
    return _events(extent, "tsc.revoked", part=KpiEvent.facts["reason"].as_string())


def rounds(extent: Extent) -> Select[Any]:
    """Select endorsed assessments; the amount is how often headquarters looked at them."""
    return _events(extent, "srm.endorsed", amount=KpiEvent.facts["rounds"].as_float())


def waivers(extent: Extent) -> Select[Any]:
    """Select waivers that were asked for, by the requirement; counted are the granted ones."""
    query = _row(
        entry=Case.number,
        part=Waiver.code,
        counted=Waiver.status == "GRANTED",
        at=Waiver.asked_at,
        area=Waiver.area,
        case_id=Waiver.case_id,
    )
    query = query.select_from(Waiver).join(Case, Case.id == Waiver.case_id)
    return query.where(_in_period(Waiver.asked_at), extent.covers(func.coalesce(Waiver.area, Case.area)))


def steps(extent: Extent) -> Select[Any]:
    """Select the steps of assessments that somebody finished, by step; the amount is how long they lay with their persons."""
    query = _row(
        entry=Case.number,
        part=Task.element,
        amount=worked_seconds(Task),
        at=Task.closed_at,
        area=Task.area,
        case_id=Task.case_id,
    )
    query = query.select_from(Task).join(Case, Case.id == Task.case_id)
    return query.where(Case.process_key == ASSESSMENT, Task.state == "DONE", _in_period(Task.closed_at), extent.covers(Case.area))


def measures(extent: Extent) -> Select[Any]:
    """Select the measures that are not settled on the reference date, by kind; counted are those that are overdue."""
    query = _row(
        entry=Measure.id,
        label=Measure.assessment + literal(" ") + Measure.code,
        part=Measure.kind,
        counted=Measure.due_on < ON,
        at=Measure.due_on,
        area=Assessment.area,
        case_id=Assessment.case_id,
    )
    query = query.select_from(Measure).join(Assessment, Assessment.number == Measure.assessment)
    unsettled = or_(Measure.state.not_in(SETTLED_STATES), Measure.settled_on > ON)
    known = Assessment.approved_at < UNTIL
    return query.where(unsettled, known, extent.covers(Assessment.area))


def actions(extent: Extent) -> Select[Any]:
    """Select the corrective actions that are open on the reference date, by priority."""
    query = _row(
        entry=CorrectiveAction.number,
        part=CorrectiveAction.priority,
        at=CorrectiveAction.due_at,
        area=DutyStation.area,
        case_id=CorrectiveAction.case_id,
    )
    query = query.select_from(CorrectiveAction).join(Plan, Plan.code == CorrectiveAction.plan)
    is_open = or_(CorrectiveAction.closed_at.is_(None), CorrectiveAction.closed_at >= UNTIL)
    return query.join(DutyStation, DutyStation.code == Plan.duty_station).where(
        CorrectiveAction.opened_at < UNTIL,
        CorrectiveAction.status != "CANCELLED",
        is_open,
        extent.covers(DutyStation.area),
    )


def _decisions(extent: Extent, counted: Any) -> Select[Any]:
    query = _row(
        entry=Case.number,
        part=Case.process_key,
        counted=counted,
        at=Decision.decided_at,
        area=Decision.area,
        case_id=Decision.case_id,
    )
    query = query.select_from(Decision).join(Case, Case.id == Decision.case_id)
    by_person = Decision.capacity != "SYSTEM"
    return query.where(
        is_standing(), by_person, _in_period(Decision.decided_at), extent.covers(func.coalesce(Decision.area, Case.area))
    )


def delegated(extent: Extent) -> Select[Any]:
    """Select decisions of persons, by process; counted are those taken under a delegation."""
    return _decisions(extent, Decision.capacity == "DELEGATED")


def conflicts(extent: Extent) -> Select[Any]:
    """Select decisions at which somebody declared a conflict of interest, by process."""
    return _decisions(extent, 1).where(Decision.conflict_declared)
