"""New missions and offices: what was asked for, and what security needs there."""

from __future__ import annotations

from sqlalchemy import select

from services.models.offices import OfficeRequest, OfficeRequirement
from services.registry.declared.places import STATION_TYPE_TITLES
from services.registry.reaches import AUDITOR, BY_AREA
from services.registry.shape import Column, Kind, Part, Register, own

REQUIREMENT_TITLES = {
    "STAFF": "Security staff",
    "MOSS": "Security standards of premises",
    "RSM": "Residential measures",
    "OTHER": "Other measures",
}
OUTCOME_TITLES = {
    "OPENED": "Opened",
    "REFUSED": "Refused",
    "RETURNED": "Sent back too often",
    "WITHDRAWN": "Withdrawn",
}
WRITTEN_SENTENCE = "It is asked for, assessed and decided in the process for it; the list of requirements is drawn up there."
_REQUEST = select(OfficeRequest).where(OfficeRequest.number == OfficeRequirement.request).correlate_except(OfficeRequest)

REQUESTS = Register(
    key="office-requests",
    family="places",
    title="New missions and offices",
    about="Missions and offices that were asked for, by which assessment, and how each request ended.",
    model=OfficeRequest,
    identity=("number",),
    label="name",
    order=("-asked_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("name", "Mission or office", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("ds_type", "Kind of duty station", Kind.CHOICE, options=STATION_TYPE_TITLES, filtered=True),
        Column("purpose", "What it is for", Kind.PROSE, searched=True),
        Column("people", "How many people", Kind.NUMBER),
        Column("starts_on", "From", Kind.DATE, listed=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("asked_by", "Asked for by", Kind.PERSON),
        Column("asked_at", "Asked for", Kind.MOMENT, listed=True),
        Column("assessment", "Assessment", searched=True),
        Column("duty_station", "Duty station", listed=True),
        Column("outcome", "How it ended", Kind.CHOICE, options=OUTCOME_TITLES, listed=True, filtered=True),
        Column("ended_at", "Ended", Kind.MOMENT),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    person="asked_by",
    case="case_id",
    readers=(*own(), *BY_AREA, *AUDITOR),
    process="new_office",
    written_by=WRITTEN_SENTENCE,
    parts=(Part("office-requirements", "request"),),
)

REQUIREMENTS = Register(
    key="office-requirements",
    family="places",
    title="Security requirements of new offices",
    about="What security needs in a new mission or office: of which organisation, from which year on, and at what cost.",
    model=OfficeRequirement,
    label="text",
    order=("request", "year", "text"),
    columns=(
        Column("request", "Request", listed=True, filtered=True, searched=True),
        Column("kind", "Kind", Kind.CHOICE, options=REQUIREMENT_TITLES, listed=True, filtered=True),
        Column("text", "What is needed", Kind.PROSE, listed=True, searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("year", "From year", Kind.NUMBER, listed=True, filtered=True),
        Column("one_off_cost", "Once, in US dollars", Kind.NUMBER, listed=True),
        Column("yearly_cost", "Each year, in US dollars", Kind.NUMBER, listed=True),
    ),
    area=_REQUEST.with_only_columns(OfficeRequest.area).scalar_subquery(),
    case=_REQUEST.with_only_columns(OfficeRequest.case_id).scalar_subquery(),
    readers=(*BY_AREA, *AUDITOR),
    process="new_office",
    written_by=WRITTEN_SENTENCE,
)

REGISTERS = (REQUESTS, REQUIREMENTS)
