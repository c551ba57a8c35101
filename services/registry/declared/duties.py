"""Trainings that people were told to take, tools that their functions use, help on the way, and what is measured at night."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from services.models.duties import ToolAccess, ToolNeed, TrainingAssignment
from services.models.indicators import WhereaboutsNight
from services.models.people import Person
from services.models.plans import DutyStation
from services.models.support import Deployment, TravelNotification
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
DEPLOYMENT_TITLES = {"EMERGING": "Incidents are emerging", "EXPERTISE": "Nobody there has the expertise"}
OFFICIAL_RISK_TITLES = {code: RISK_TITLES[code] for code in ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")}


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
    about="Official travel of which the protection unit was told: whether it was assessed and coordinated, and when.",
    model=TravelNotification,
    identity=("number",),
    order=("-departs_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True, entered=True, required=True, longest=32),
        Column("official", "Official", Kind.PERSON, listed=True, filtered=True, searched=True, entered=True, required=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True, entered=True, required=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, entered=True, required=True),
        Column("notified_at", "Notified", Kind.MOMENT, entered=True, required=True),
        Column("departs_at", "Departs", Kind.MOMENT, listed=True, edited=True, required=True),
        Column("risk", "Risk", Kind.CHOICE, options=OFFICIAL_RISK_TITLES, listed=True, filtered=True, edited=True),
        Column("assessed_at", "Assessed", Kind.MOMENT, listed=True, edited=True),
        Column("coordinated_at", "Coordinated", Kind.MOMENT, listed=True, edited=True),
        Column("cancelled_at", "Cancelled", Kind.MOMENT, edited=True),
    ),
    area="area",
    organisation="organisation",
    person="official",
    readers=(*own(), *everywhere("PCU"), *in_area("CSA", "DO", "DOAI", "HGL"), *AUDITOR),
    owners=everywhere("PCU"),
    not_own=True,
    adding=True,
)

DEPLOYMENTS = Register(
    key="deployments",
    family="indicators",
    title="Support to Security Management Teams",
    about="Security staff that were asked for, approved and sent to an area, and when the first of them arrived.",
    model=Deployment,
    identity=("number",),
    order=("-asked_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True, entered=True, required=True, longest=32),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, entered=True, required=True),
        Column("kind", "Why", Kind.CHOICE, options=DEPLOYMENT_TITLES, listed=True, filtered=True, entered=True, required=True),
        Column("need", "What is needed", Kind.PROSE, searched=True, entered=True, required=True, longest=2000),
        Column("asked_at", "Asked for", Kind.MOMENT, listed=True, entered=True, required=True),
        Column("approved_at", "Approved", Kind.MOMENT, listed=True, edited=True),
        Column("refused_at", "Refused", Kind.MOMENT, listed=True, edited=True),
        Column("arrived_at", "First arrival", Kind.MOMENT, listed=True, edited=True),
    ),
    area="area",
    readers=(*BY_AREA, *AUDITOR),
    owners=in_area("DRO_DESK", "DRO_DIR"),
    adding=True,
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

REGISTERS = (ASSIGNMENTS, NEEDS, ACCESS, NOTIFICATIONS, DEPLOYMENTS, NIGHTS)
