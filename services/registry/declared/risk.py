"""Assessments with their measures, and the security plans behind them. Processes write them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from services.models.assessments import Assessment, Measure
from services.models.incidents import SecurityPlan
from services.registry.reaches import AUDITOR, BY_AREA, BY_BODIES, BY_ORGANISATION, RISK_TITLES
from services.registry.shape import Column, Kind, Part, Register

VARIANT_TITLES = {"FULL": "Full", "UPDATE": "Update", "AD_HOC": "Ad hoc"}
TRIGGER_TITLES = {
    "ANNUAL": "Yearly renewal",
    "NEW_AREA": "New area",
    "INCIDENT_MAJOR": "Major incident",
    "LEVEL_CHANGE": "Changed security level",
    "NEW_PROGRAMME": "New programme",
    "EVENT": "Event",
    "ORG_REQUEST": "Request of an organisation",
}
ASSESSMENT_TITLES = {
    "DRAFT": "Draft",
    "IN_CONSULTATION": "Waiting for comments",
    "WITH_SMT": "With the Security Management Team",
    "WITH_DO": "With the Designated Official",
    "APPROVED": "Approved",
    "WITH_DESK": "With headquarters",
    "RETURNED": "Returned",
    "WITH_DIRECTOR": "With the director",
    "WITH_USG": "With the Under-Secretary-General",
    "ENDORSED": "Endorsed",
    "ENDORSED_WITH_OBSERVATIONS": "Endorsed with observations",
    "REFUSED": "Refused",
    "REJECTED": "Not endorsed",
    "WITHDRAWN": "Withdrawn",
    "SUPERSEDED": "Superseded",
    "EXPIRED": "Expired",
}
MEASURE_KIND_TITLES = {
    "PREVENT": "Prevents",
    "MITIGATE": "Mitigates",
    "AVOID": "Avoids",
    "RESIDENTIAL": "At residences",
    "TRAINING": "Training",
    "MOVEMENT": "Movement",
}
MEASURE_TITLES = {
    "PLANNED": "Planned",
    "IN_PROGRESS": "In progress",
    "DONE": "Done",
    "DROPPED": "Dropped",
    "OVERDUE": "Overdue",
}
PLAN_TITLES = {
    "DRAFT": "Draft",
    "APPROVED": "Approved",
    "ENDORSED": "Endorsed",
    "STALE": "Stale, not signed again",
    "SUPERSEDED": "Superseded",
    "REFUSED": "Refused",
    "WITHDRAWN": "Withdrawn",
}

ASSESSMENTS = Register(
    key="assessments",
    family="risk",
    title="Security risk assessments",
    about="The versions of assessments of areas and activities, from the draft to what is in force.",
    model=Assessment,
    identity=("number",),
    order=("-opened_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("title", "Title", listed=True, searched=True),
        Column("variant", "Variant", Kind.CHOICE, options=VARIANT_TITLES, filtered=True),
        Column("trigger", "Why it was begun", Kind.CHOICE, options=TRIGGER_TITLES, filtered=True),
        Column("status", "Status", Kind.CHOICE, options=ASSESSMENT_TITLES, listed=True, filtered=True),
        Column("level", "Security level", Kind.NUMBER, listed=True),
        Column("residual_max", "Residual risk", Kind.CHOICE, options=RISK_TITLES, listed=True, filtered=True),
        Column("valid_from", "From", Kind.DATE, listed=True),
        Column("valid_to", "To", Kind.DATE, listed=True),
        Column("interim_review_on", "Interim review", Kind.DATE),
        Column("opened_at", "Begun", Kind.MOMENT),
        Column("approved_at", "Approved", Kind.MOMENT),
        Column("approved_by", "Approved by", Kind.PERSON),
        Column("endorsed_at", "Endorsed", Kind.MOMENT),
        Column("observations", "Observations", Kind.PROSE),
        Column("base", "Follows"),
        Column("superseded_by", "Superseded by"),
        Column("created_by", "Begun by", Kind.PERSON),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    case="case_id",
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*BY_AREA, *BY_BODIES, *AUDITOR),
    process="risk_assessment",
    written_by="It is drafted, approved and endorsed in the process for it.",
    parts=(Part("measures", "assessment"),),
)


def _of_assessment(attribute: str) -> ColumnElement[Any]:
    """Something of the assessment that a measure belongs to."""
    return (
        select(getattr(Assessment, attribute)).where(Assessment.number == Measure.assessment).correlate(Measure).scalar_subquery()
    )


MEASURES = Register(
    key="measures",
    family="risk",
    title="Measures",
    about="What organisations do against the events of an assessment, until when, and at what cost.",
    model=Measure,
    label="text",
    order=("due_on", "assessment", "code"),
    columns=(
        Column("assessment", "Assessment", listed=True, filtered=True, searched=True),
        Column("code", "Code", listed=True),
        Column("text", "Measure", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, value=_of_assessment("area"), filtered=True),
        Column("kind", "Kind", Kind.CHOICE, options=MEASURE_KIND_TITLES, filtered=True),
        Column("owner", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("due_on", "Due", Kind.DATE, listed=True),
        Column("state", "State", Kind.CHOICE, options=MEASURE_TITLES, listed=True, filtered=True),
        Column("settled_on", "Settled on", Kind.DATE),
        Column("one_off_cost", "Cost once, US dollars", Kind.NUMBER),
        Column("yearly_cost", "Cost a year, US dollars", Kind.NUMBER),
        Column("cost_share", "Who pays"),
        Column("lowers", "Against the events", Kind.LIST),
        Column("remarks", "Remarks", Kind.PROSE),
    ),
    area=_of_assessment("area"),
    organisation="owner",
    case=_of_assessment("case_id"),
    readers=(*BY_AREA, *BY_BODIES, *BY_ORGANISATION, *AUDITOR),
    process="risk_assessment",
    written_by="Measures are approved with their assessment, and tracked in its process until they are settled.",
)

SECURITY_PLANS = Register(
    key="security-plans",
    family="risk",
    title="Security plans",
    about="The versions of the security plans of designated areas, who signed and who endorsed them.",
    model=SecurityPlan,
    label="number",
    order=("area", "-version"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("version", "Version", Kind.NUMBER, listed=True),
        Column("status", "Status", Kind.CHOICE, options=PLAN_TITLES, listed=True, filtered=True),
        Column("signed_by", "Signed by", Kind.PERSON, listed=True, searched=True),
        Column("signed_at", "Signed", Kind.MOMENT),
        Column("endorsed_by", "Endorsed by", Kind.PERSON),
        Column("endorsed_at", "Endorsed", Kind.MOMENT),
        Column("valid_from", "From", Kind.DATE, listed=True),
        Column("valid_to", "To", Kind.DATE, listed=True),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    case="case_id",
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*BY_AREA, *BY_BODIES, *AUDITOR),
    process="security_plan",
    written_by="It is renewed, approved and endorsed in the process for it.",
)

REGISTERS = (ASSESSMENTS, MEASURES, SECURITY_PLANS)
