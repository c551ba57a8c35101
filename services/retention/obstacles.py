"""Why a case stays although its time is over: somebody holds it, or something in force rests on a row of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import aliased

from services.models.cases import Case, CaseIncident
from services.models.clearances import ClearanceLine, Waiver
from services.models.exercises import CorrectiveAction, Exercise
from services.models.headcounts import Headcount
from services.models.incidents import Crisis, RiskAvoidance
from services.models.plans import PlanCycle, PlanSignOff, PlanVersion
from services.models.residences import ClaimLine
from services.models.retention import CaseHold, CaseHoldEnd

#: What keeps a case besides these.
HOLD = "HOLD"
#: What keeps the content and the record of a case, and then what keeps the record alone.
OBSTACLE_TITLES = {
    HOLD: "Somebody holds it.",
    "FAILURE": "A step of it failed and waits for repair.",
    "CLEARANCE": "A clearance of it has not ended.",
    "WAIVER": "A waiver of it has not ended.",
    "CLAIM": "A promise to pay that was given in it has not ended.",
    "PLAN": "The document of a plan that is in force lies in it.",
    "CYCLE": "A cycle of a plan that began in it goes on.",
    "SIGN_OFF": "A plan counts as tested by a signature in it.",
    "ACTION": "Something that was to be put right after an exercise is not settled.",
    "BUILT_ON": "Another case builds on an exercise or a cycle that is recorded in it.",
    "CRISIS": "A crisis that is recorded in it is not over.",
    "AVOIDANCE": "A relocation or an evacuation that is recorded in it has not been taken back.",
    "HEADCOUNT": "A head count that is recorded in it is not over.",
}
_UNSETTLED = ("OPEN", "DONE")


def say_why(code: str) -> str:
    """Say in a sentence what keeps a case."""
    return OBSTACLE_TITLES[code]


def is_held(case_id: Any = Case.id) -> ColumnElement[bool]:
    """Say in SQL that somebody holds a case."""
    lifted = exists().where(CaseHoldEnd.hold_id == CaseHold.id)
    return exists(select(CaseHold.id).where(CaseHold.case_id == case_id, not_(lifted)).correlate(Case))


def content_obstacles(now: datetime) -> Mapping[str, ColumnElement[bool]]:
    """Say in SQL what keeps a case as it is, by its code."""
    return {
        "FAILURE": _of_case(CaseIncident, CaseIncident.closed_at.is_(None)),
        "CLEARANCE": _of_case(ClearanceLine, ClearanceLine.depart_at > now),
        "WAIVER": _of_case(Waiver, Waiver.valid_to >= now.date()),
        "CLAIM": _of_case(ClaimLine, ClaimLine.status == "PREAPPROVED", ClaimLine.valid_to >= now.date()),
        "PLAN": _of_case(PlanVersion, PlanVersion.status == "IN_FORCE", PlanVersion.document.is_not(None)),
    }


def record_obstacles(now: datetime) -> Mapping[str, ColumnElement[bool]]:
    """Say in SQL what keeps the record of a case, by its code; what keeps its content does so too."""
    return {
        **content_obstacles(now),
        "CYCLE": _of_case(PlanCycle, PlanCycle.closed_at.is_(None)),
        "SIGN_OFF": _newest_sign_off(),
        "ACTION": _of_case(CorrectiveAction, CorrectiveAction.status.in_(_UNSETTLED)),
        "BUILT_ON": or_(*_builds_on()),
        "CRISIS": _of_case(Crisis, Crisis.status.in_(("REPORTED", "ACTIVE"))),
        "AVOIDANCE": _of_case(RiskAvoidance, RiskAvoidance.status.in_(("PROPOSED", "IN_FORCE"))),
        "HEADCOUNT": _of_case(Headcount, Headcount.closed_at.is_(None)),
    }


def is_free(now: datetime, obstacles: Callable[[datetime], Mapping[str, ColumnElement[bool]]]) -> ColumnElement[bool]:
    """Say in SQL that nothing of this keeps a case, and nobody holds it."""
    return and_(not_(is_held()), *(not_(stands) for stands in obstacles(now).values()))


def _of_case(model: Any, *conditions: Any) -> ColumnElement[bool]:
    return exists(select(1).select_from(model).where(model.case_id == Case.id, *conditions).correlate(Case))


def _newest_sign_off() -> ColumnElement[bool]:
    """Of several signatures under tests of a plan the newest counts."""
    signed, later, exercise, other = aliased(PlanSignOff), aliased(PlanSignOff), aliased(Exercise), aliased(Exercise)
    newer = exists(
        select(later.id)
        .join(other, other.number == later.exercise)
        .where(other.plan == exercise.plan, later.signed_at > signed.signed_at, later.status.in_(("IN_FORCE", "CONDITIONAL")))
        .correlate(signed, exercise)
    )
    counts = select(signed.id).join(exercise, exercise.number == signed.exercise)
    counts = counts.where(signed.case_id == Case.id, signed.status.in_(("IN_FORCE", "CONDITIONAL")), not_(newer))
    return exists(counts.correlate(Case))


def _builds_on() -> list[ColumnElement[bool]]:
    exercises = select(Exercise.number).where(Exercise.case_id == Case.id).correlate(Case)
    cycles = select(PlanCycle.number).where(PlanCycle.case_id == Case.id).correlate(Case)
    other_exercise, sign_off, action = aliased(Exercise), aliased(PlanSignOff), aliased(CorrectiveAction)
    rests = (
        (other_exercise, other_exercise.cycle.in_(cycles)),
        (sign_off, or_(sign_off.cycle.in_(cycles), sign_off.exercise.in_(exercises))),
        (action, action.exercise.in_(exercises)),
    )
    return [
        exists(select(1).select_from(model).where(model.case_id != Case.id, condition).correlate(Case))
        for model, condition in rests
    ]
