"""Trainings that people were told to take, tools that their functions use, help on the way, and what is measured at night."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from services.models.duties import ToolAccess, ToolNeed, TrainingAssignment
from services.models.indicators import WhereaboutsNight
from services.models.people import Person
from services.models.plans import DutyStation
from services.models.support import TravelNotification
from services.registry.reaches import ADMINISTRATOR, AUDITOR, BY_AREA, BY_ORGANISATION, RISK_TITLES, TO_ALL
from services.registry.shape import Column, Kind, Register, everywhere, in_area, in_organisation, own

AUDIENCE_TITLES = {"MANAGERS": "Managers", "SECURITY": "Security personnel", "PERSONNEL": "Personnel"}
GROUND_TITLES = {
    "PERSONNEL": "Everybody in service",
    "AREA_SSAFE": "The area asks for it",
    "HIGH_RISK": "Station of high risk",
    "OFFICIAL": "Official or member of the team",
    "SECURITY": "Security function",
    "WARDEN": "Warden",
    "FAMILY": "Family",
    "FAMILY_HIGH_RISK": "Family at a station of high risk",
}
TOOL_TITLES = {
    "SSIRS": "Incident recording",
    "PREMISES": "Premises database",
    "SRM": "Risk management",
    "BUDGET": "Cost-share budget",
    "TRIP": "Travel requests",
    "ADVISORY": "Travel advisories",
    "DIRECTORY": "Directory",
}
OFFICIAL_RISK_TITLES = {code: RISK_TITLES[code] for code in ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")}
MEASURE_TITLES = {
    "ADVICE": "Advice only",
    "LIAISON": "Liaison officer",
    "TEAM": "Close protection team",
    "TEAM_ESCORT": "Close protection team and host escort",
}
VISIT_OUTCOME_TITLES = {
    "COORDINATED": "Assessed and coordinated before the departure",
    "ASSESSED_ONLY": "Left assessed, but not coordinated",
    "TOO_LATE": "Left before it was assessed",
    "CANCELLED": "Cancelled",
}


def _of_person(column: Any, person: Any) -> ColumnElement[Any]:
    return select(column).where(Person.code == person).correlate_except(Person).scalar_subquery()


ASSIGNMENTS = Register(
    key="training-assignments",
    family="people",
    title="Trainings to be taken",
    about="Courses that somebody has to pass, and by which day. Whether they did is told by the trainings.",
    model=TrainingAssignment,
    label="person",
    order=("-due_on", "person", "course"),
    columns=(
        Column("person", "Person", Kind.PERSON, listed=True, filtered=True, searched=True, entered=True, required=True),
        Column("course", "Course", listed=True, filtered=True, searched=True, entered=True, required=True, longest=16),
        Column("audience", "Group", Kind.CHOICE, options=AUDIENCE_TITLES, listed=True, filtered=True, edited=True, required=True),
        Column("assigned_on", "Assigned on", Kind.DATE, listed=True, entered=True, required=True),
        Column("due_on", "Due on", Kind.DATE, listed=True, edited=True, required=True),
        Column(
            "withdrawn_on",
            "Withdrawn on",
            Kind.DATE,
            listed=True,
            edited=True,
            hint="On the same ground it is not assigned to the person again.",
        ),
        Column("binding", "Has to be passed", Kind.YES_NO, listed=True, filtered=True),
        Column("ground", "On which ground", Kind.CHOICE, options=GROUND_TITLES, filtered=True),
    ),
    area=_of_person(Person.duty_area, TrainingAssignment.person),
    organisation=_of_person(Person.organisation, TrainingAssignment.person),
    person="person",
    valid_from="assigned_on",
    valid_to="withdrawn_on",
    readers=(*own(), *in_organisation("HR"), *BY_ORGANISATION, *in_area("DO", "DOAI", "CSA", "HOA"), *AUDITOR),
    owners=in_organisation("HR", "SFP"),
    not_own=True,
    adding=True,
)

NEEDS = Register(
    key="tool-needs",
    family="indicators",
    title="Functions and their tools",
    about="Which tools the holders of a role need for it.",
    model=ToolNeed,
    label="role",
    order=("role", "tool"),
    columns=(
        Column("role", "Role", Kind.ROLE, listed=True, filtered=True, entered=True, required=True, longest=16),
        Column("tool", "Tool", Kind.CHOICE, options=TOOL_TITLES, listed=True, filtered=True, entered=True, required=True),
        Column("valid_from", "From", Kind.DATE, listed=True, entered=True, required=True),
        Column("valid_to", "To", Kind.DATE, listed=True, edited=True),
    ),
    valid_from="valid_from",
    valid_to="valid_to",
    readers=TO_ALL,
    owners=everywhere("USG_OFFICE"),
    adding=True,
)

ACCESS = Register(
    key="tool-access",
    family="indicators",
    title="Access to tools",
    about="Who may use which tool.",
    model=ToolAccess,
    label="person",
    order=("person", "tool"),
    columns=(
        Column("person", "Person", Kind.PERSON, listed=True, filtered=True, searched=True, entered=True, required=True),
        Column("tool", "Tool", Kind.CHOICE, options=TOOL_TITLES, listed=True, filtered=True, entered=True, required=True),
        Column("valid_from", "From", Kind.DATE, listed=True, entered=True, required=True),
        Column("valid_to", "To", Kind.DATE, listed=True, edited=True),
    ),
    organisation=_of_person(Person.organisation, ToolAccess.person),
    person="person",
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*own(), *BY_ORGANISATION, *ADMINISTRATOR, *AUDITOR),
    owners=ADMINISTRATOR,
    not_own=True,
    adding=True,
)

NOTIFICATIONS = Register(
    key="travel-notifications",
    family="travel",
    title="Travel of senior officials",
    about="Visits of which the protection unit was told: whether each was assessed and coordinated before the departure.",
    model=TravelNotification,
    identity=("number",),
    order=("-departs_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("official", "Official", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("notified_at", "Notified", Kind.MOMENT),
        Column("departs_at", "Departs", Kind.MOMENT, listed=True),
        Column("ends_at", "Until", Kind.MOMENT),
        Column("risk", "Risk", Kind.CHOICE, options=OFFICIAL_RISK_TITLES, listed=True, filtered=True),
        Column("measure", "Protection", Kind.CHOICE, options=MEASURE_TITLES, listed=True, filtered=True),
        Column("assessed_at", "Assessed", Kind.MOMENT, listed=True),
        Column("coordinated_at", "Coordinated", Kind.MOMENT, listed=True),
        Column("cancelled_at", "Cancelled", Kind.MOMENT),
        Column("outcome", "How it came out", Kind.CHOICE, options=VISIT_OUTCOME_TITLES, filtered=True),
        Column("replaced_by", "Changed, now"),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    organisation="organisation",
    person="official",
    case="case_id",
    readers=(*own(), *everywhere("PCU", "PCU_CHIEF"), *in_area("CSA", "DO", "DOAI", "HGL"), *AUDITOR),
    process="official_travel",
    written_by="It is notified, assessed and coordinated in the process for it.",
)

NIGHTS = Register(
    key="whereabouts-nights",
    family="indicators",
    title="Whereabouts, night by night",
    about="Of how many people of a duty station it was known where they were.",
    model=WhereaboutsNight,
    identity=("duty_station", "night"),
    label="duty_station",
    order=("-night", "duty_station"),
    columns=(
        Column("duty_station", "Duty station", listed=True, filtered=True, searched=True),
        Column("night", "Night", Kind.DATE, listed=True),
        Column("listed", "People", Kind.NUMBER, listed=True),
        Column("located", "Of whom it was known", Kind.NUMBER, listed=True),
        Column("signs", "By a sign of life", Kind.NUMBER, listed=True),
        Column("measured_at", "Measured", Kind.MOMENT),
    ),
    area=select(DutyStation.area)
    .where(DutyStation.code == WhereaboutsNight.duty_station)
    .correlate_except(DutyStation)
    .scalar_subquery(),
    valid_from="night",
    readers=(*BY_AREA, *AUDITOR),
    written_by="The system measures it every night and keeps the counts only.",
)

REGISTERS = (ASSIGNMENTS, NEEDS, ACCESS, NOTIFICATIONS, NIGHTS)
