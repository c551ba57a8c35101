"""Security incidents, crises, and what was done to take people out of danger."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from services import authority
from services.models.incidents import Crisis, Incident, RiskAvoidance
from services.registry.reaches import AUDITOR, BY_AREA, BY_BODIES
from services.registry.shape import Column, Kind, Register, in_area, of_visible_cases

CATEGORY_TITLES = {
    "CRIME": "Crime",
    "TERRORISM": "Terrorism",
    "ARMED_CONFLICT": "Armed conflict",
    "CIVIL_UNREST": "Civil unrest",
    "HAZARD": "Hazard",
    "ACCIDENT": "Accident",
    "SEXUAL_ASSAULT": "Sexual assault",
    "THREAT_BY_COLLEAGUE": "Threat by a colleague",
    "OTHER": "Other",
}
SEVERITY_TITLES = {"MINOR": "Minor", "MODERATE": "Moderate", "MAJOR": "Major", "CRITICAL": "Critical"}
INCIDENT_TITLES = {
    "REPORTED": "Reported",
    "TRIAGED": "Being recorded",
    "RECORDED": "Waiting for endorsement",
    "CLOSED": "Closed",
    "DUPLICATE": "Reported before",
    "NOT_SECURITY": "Not a security matter",
    "FALSE_ALARM": "False alarm",
    "SUPERSEDED": "Superseded",
}
CRISIS_TITLES = {
    "REPORTED": "Reported",
    "NOT_CONFIRMED": "Not confirmed",
    "ACTIVE": "Crisis active",
    "CLOSED": "Closed",
}
AVOIDANCE_KIND_TITLES = {"ALTERNATE": "Other ways of working", "RELOCATION": "Relocation", "EVACUATION": "Evacuation"}
AVOIDANCE_TITLES = {
    "PROPOSED": "Proposed",
    "REFUSED": "Refused",
    "IN_FORCE": "In force",
    "RETURNED": "People have returned",
}


def _is_confided() -> ColumnElement[bool]:
    """What was reported in confidence stays with those who may see its case, also when nothing confines the case any more."""
    return or_(Incident.confidential.is_(False), Incident.case_id.in_(authority.cases_wholly_in_sight()))


INCIDENTS = Register(
    key="incidents",
    family="incidents",
    title="Security incidents",
    about="What was reported, what it was found to be, and how grave it was. Who was harmed is not in this list.",
    model=Incident,
    label="number",
    order=("-happened_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("version", "Version", Kind.NUMBER),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("place", "Place", listed=True, searched=True),
        Column("happened_at", "Happened", Kind.MOMENT, listed=True),
        Column("category", "Category", Kind.CHOICE, options=CATEGORY_TITLES, listed=True, filtered=True),
        Column("severity", "Severity", Kind.CHOICE, options=SEVERITY_TITLES, listed=True, filtered=True),
        Column("status", "Status", Kind.CHOICE, options=INCIDENT_TITLES, listed=True, filtered=True),
        Column("un_related", "Concerns the United Nations", Kind.YES_NO, filtered=True),
        Column("what", "What happened", Kind.PROSE, searched=True),
        Column("account", "Full account", Kind.PROSE),
        Column("duplicate_of", "Reported before as"),
        Column("reported_at", "Reported", Kind.MOMENT),
        Column("triaged_at", "Judged", Kind.MOMENT),
        Column("recorded_at", "Recorded", Kind.MOMENT),
        Column("closed_at", "Closed", Kind.MOMENT),
        Column("case_id", "Case", Kind.CASE, listed=True),
    ),
    area="area",
    case="case_id",
    only=_is_confided,
    readers=(*in_area("DSSO", "SA", "ASC", "CSA", "DO", "DOAI", "DRO_DESK", "DRO_DIR", "DHSSS_DIR", "USG"), *of_visible_cases()),
    process="incident",
    written_by="An incident is reported by anybody, and judged, recorded and endorsed in the process for it.",
)

CRISES = Register(
    key="crises",
    family="incidents",
    title="Crises",
    about="Crises of areas from the report to their end, with the moments that say how quickly they were acted on.",
    model=Crisis,
    label="number",
    order=("-reported_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("status", "Status", Kind.CHOICE, options=CRISIS_TITLES, listed=True, filtered=True),
        Column("reason", "Reason", Kind.PROSE, searched=True),
        Column("incident", "Incident"),
        Column("reported_at", "Reported", Kind.MOMENT, listed=True),
        Column("confirmed_at", "Confirmed", Kind.MOMENT),
        Column("activated_at", "Activated", Kind.MOMENT, listed=True),
        Column("activated_by", "Activated by", Kind.PERSON),
        Column("provisional", "For the time being", Kind.YES_NO),
        Column("ratified_at", "Ratified", Kind.MOMENT),
        Column("closed_at", "Closed", Kind.MOMENT, listed=True),
        Column("closed_by", "Closed by", Kind.PERSON),
        Column("case_id", "Case", Kind.CASE, listed=True),
    ),
    area="area",
    case="case_id",
    valid_from="reported_at",
    valid_to="closed_at",
    readers=(*BY_AREA, *BY_BODIES, *AUDITOR),
    process="crisis_activation",
    written_by="A crisis is reported, activated and closed in the process for it.",
)

AVOIDANCES = Register(
    key="risk-avoidances",
    family="incidents",
    title="Relocations and evacuations",
    about="Other ways of working, relocations and evacuations: on whose word, from when, and whether people have returned.",
    model=RiskAvoidance,
    label="number",
    order=("-begins_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("measure", "Measure", Kind.CHOICE, options=AVOIDANCE_KIND_TITLES, listed=True, filtered=True),
        Column("status", "Status", Kind.CHOICE, options=AVOIDANCE_TITLES, listed=True, filtered=True),
        Column("destination", "Destination", Kind.AREA),
        Column("reason", "Reason", Kind.PROSE, searched=True),
        Column("decided_by", "Decided by", Kind.PERSON, listed=True),
        Column("decided_as", "In the role", Kind.ROLE),
        Column("begins_at", "Begins", Kind.MOMENT, listed=True),
        Column("reviewed_at", "Reviewed", Kind.MOMENT),
        Column("returned_at", "People returned", Kind.MOMENT, listed=True),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    case="case_id",
    valid_from="begins_at",
    valid_to="returned_at",
    readers=(*BY_AREA, *BY_BODIES, *AUDITOR),
    process="crisis_activation",
    written_by="It is proposed, decided and ended in the process for it.",
)

REGISTERS = (INCIDENTS, CRISES, AVOIDANCES)
