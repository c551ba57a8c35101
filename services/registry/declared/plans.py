"""Plans of duty stations, their cycles, exercises and corrective actions. Exercises that few know of are not here for others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from services.models.exercises import CorrectiveAction, Exercise
from services.models.plans import DutyStation, Plan, PlanCycle
from services.registry.reaches import AUDITOR, BY_AREA, BY_BODIES
from services.registry.shape import Column, Kind, Part, Register, in_area, own

PLAN_TYPE_TITLES = {"CRISIS": "Crisis plan", "EVACUATION": "Evacuation plan", "CONTINGENCY": "Contingency plan"}
TEST_TITLES = {
    "ORIENTATION": "Orientation",
    "TABLETOP": "Table-top exercise",
    "DRILL": "Drill",
    "FUNCTIONAL": "Functional exercise",
    "FULL_SCALE": "Full-scale exercise",
}
STAGE_TITLES = {
    "UPDATE": "Update",
    "DESIGN": "Exercise being designed",
    "WAIT": "Exercise planned",
    "EVALUATE": "Being evaluated",
    "REPORT": "Waiting for the report",
    "GATE": "Waiting for the sign-off",
    "CONDITION": "Signed off on condition",
    "CLOSED": "Closed",
}
RESULT_TITLES = {"TESTED": "Tested", "UPDATED": "Updated", "LAPSED": "Lapsed", "CANCELLED": "Cancelled"}
EXERCISE_KIND_TITLES = {"EXERCISE": "Exercise", "REAL_EVENT": "Real event"}
EXERCISE_TITLES = {
    "DESIGNED": "Designed",
    "APPROVED": "Approved",
    "CHANGED": "Changed",
    "REFUSED": "Refused",
    "RUNNING": "Running",
    "ABORTED": "Broken off",
    "RAN": "Has taken place",
    "RATED": "Rated",
    "TRAINING": "Counts as training",
    "FAILED": "Failed",
    "TESTED": "Tested",
    "NO_CREDIT": "Does not count",
    "CANCELLED": "Cancelled",
}
RATING_TITLES = {
    "SATISFACTORY": "Satisfactory",
    "PARTLY_SATISFACTORY": "Partly satisfactory",
    "UNSATISFACTORY": "Unsatisfactory",
}
PRIORITY_TITLES = {"CRITICAL": "Critical", "HIGH": "High", "MEDIUM": "Medium", "LOW": "Low"}
ACTION_TITLES = {"OPEN": "To be done", "DONE": "Done, not yet checked", "CLOSED": "Closed", "CANCELLED": "Cancelled"}
PLANNERS = in_area("PLO", "EXC", "EVAL")
WRITTEN_SENTENCE = "It is kept up to date, exercised and signed off in the process for it."


def _area_of(plan: Any) -> ColumnElement[Any]:
    """The area of the duty station whose plan a row names."""
    found = select(DutyStation.area).join(Plan, Plan.duty_station == DutyStation.code).where(Plan.code == plan)
    return found.correlate_except(DutyStation, Plan).scalar_subquery()


PLANS = Register(
    key="plans",
    family="plans",
    title="Plans",
    about="The crisis, evacuation and contingency plans that duty stations must keep, and when each was updated and tested.",
    model=Plan,
    identity=("code",),
    label="name",
    order=("duty_station", "code"),
    columns=(
        Column("code", "Code", listed=True, searched=True),
        Column("name", "What it is called", Kind.NAME, listed=True, searched=True),
        Column("duty_station", "Duty station", listed=True, filtered=True, searched=True),
        Column("plan_type", "Type", Kind.CHOICE, options=PLAN_TYPE_TITLES, listed=True, filtered=True),
        Column("owner", "Owner", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("version", "Version", Kind.NUMBER),
        Column("updated_on", "Updated", Kind.DATE, listed=True),
        Column("tested_on", "Tested", Kind.DATE, listed=True),
        Column("test_type", "Tested by", Kind.CHOICE, options=TEST_TITLES),
        Column("test_is_conditional", "Signed off on condition", Kind.YES_NO, filtered=True),
        Column("update_months", "Months between updates", Kind.NUMBER),
        Column("test_months", "Months between tests", Kind.NUMBER),
        Column("min_test", "Least test", Kind.CHOICE, options=TEST_TITLES),
        Column("starts_on", "Begins", Kind.DATE),
        Column("retired_on", "Given up", Kind.DATE),
    ),
    area=select(DutyStation.area).where(DutyStation.code == Plan.duty_station).correlate(Plan).scalar_subquery(),
    person="owner",
    valid_from="starts_on",
    valid_to="retired_on",
    readers=(*own(), *BY_AREA, *BY_BODIES, *PLANNERS, *AUDITOR),
    process="crisis_plan",
    written_by=WRITTEN_SENTENCE,
    parts=(Part("plan-cycles", "plan"), Part("exercises", "plan"), Part("corrective-actions", "plan")),
)

CYCLES = Register(
    key="plan-cycles",
    family="plans",
    title="Cycles of plans",
    about="Each round of update and test of a plan, with its dates and how it went.",
    model=PlanCycle,
    identity=("number",),
    order=("-opened_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("plan", "Plan", listed=True, filtered=True, searched=True),
        Column("stage", "Stage", Kind.CHOICE, options=STAGE_TITLES, listed=True, filtered=True),
        Column("update_due", "Update due", Kind.DATE, listed=True),
        Column("update_done_on", "Updated", Kind.DATE),
        Column("test_due", "Test due", Kind.DATE, listed=True),
        Column("overdue_since", "Overdue since", Kind.DATE, listed=True),
        Column("postponements", "Times put off", Kind.NUMBER),
        Column("paused_at", "Paused since", Kind.MOMENT),
        Column("opened_at", "Opened", Kind.MOMENT),
        Column("closed_at", "Closed", Kind.MOMENT),
        Column("result", "Result", Kind.CHOICE, options=RESULT_TITLES, listed=True, filtered=True),
        Column("case_id", "Case", Kind.CASE, listed=True),
    ),
    area=_area_of(PlanCycle.plan),
    case="case_id",
    readers=(*BY_AREA, *BY_BODIES, *PLANNERS, *AUDITOR),
    process="crisis_plan",
    written_by=WRITTEN_SENTENCE,
)

EXERCISES = Register(
    key="exercises",
    family="plans",
    title="Exercises",
    about="Exercises of plans, and real events that counted as one, with what they showed.",
    model=Exercise,
    identity=("number",),
    order=("-starts_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("name", "What it is called", listed=True, searched=True),
        Column("plan", "Plan", listed=True, filtered=True, searched=True),
        Column("kind", "Kind", Kind.CHOICE, options=EXERCISE_KIND_TITLES, filtered=True),
        Column("ex_type", "Type", Kind.CHOICE, options=TEST_TITLES, listed=True, filtered=True),
        Column("starts_at", "Begins", Kind.MOMENT, listed=True),
        Column("ends_at", "Ends", Kind.MOMENT),
        Column("status", "Status", Kind.CHOICE, options=EXERCISE_TITLES, listed=True, filtered=True),
        Column("meets_min", "Enough for the test", Kind.YES_NO),
        Column("coordinator", "Coordinator", Kind.PERSON),
        Column("approved_by", "Approved by", Kind.PERSON),
        Column("ran_on", "Took place on", Kind.DATE),
        Column("rating", "Rating", Kind.CHOICE, options=RATING_TITLES, listed=True, filtered=True),
        Column("critical_unmet", "Critical objectives not met", Kind.NUMBER),
        Column("case_id", "Case", Kind.CASE),
    ),
    area=_area_of(Exercise.plan),
    case="case_id",
    readers=(*BY_AREA, *BY_BODIES, *PLANNERS, *AUDITOR),
    process="crisis_plan",
    written_by=WRITTEN_SENTENCE,
    parts=(Part("corrective-actions", "exercise"),),
)

ACTIONS = Register(
    key="corrective-actions",
    family="plans",
    title="Corrective actions",
    about="What has to be put right after an exercise, by whom and until when.",
    model=CorrectiveAction,
    identity=("number",),
    order=("due_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("text", "What has to be done", listed=True, searched=True),
        Column("plan", "Plan", filtered=True),
        Column("exercise", "Exercise", filtered=True),
        Column("owner", "Owner", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("priority", "Priority", Kind.CHOICE, options=PRIORITY_TITLES, listed=True, filtered=True),
        Column("status", "Status", Kind.CHOICE, options=ACTION_TITLES, listed=True, filtered=True),
        Column("due_at", "Due", Kind.MOMENT, listed=True),
        Column("overdue_since", "Overdue since", Kind.MOMENT),
        Column("opened_at", "Opened", Kind.MOMENT),
        Column("done_at", "Done", Kind.MOMENT),
        Column("closed_at", "Closed", Kind.MOMENT),
        Column("closed_by", "Closed by", Kind.PERSON),
        Column("evidence", "Evidence", Kind.PROSE),
        Column("case_id", "Case", Kind.CASE),
    ),
    area=_area_of(CorrectiveAction.plan),
    person="owner",
    case="case_id",
    readers=(*own(), *BY_AREA, *BY_BODIES, *PLANNERS, *AUDITOR),
    process="crisis_plan",
    written_by=WRITTEN_SENTENCE,
)

REGISTERS = (PLANS, CYCLES, EXERCISES, ACTIONS)
