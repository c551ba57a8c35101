"""Residences and what an area may pay for at them. No column anywhere says where a residence is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, select

from services.models.residences import Occupant, Residence, Schedule, ScheduleLine, Survey
from services.registry.reaches import AUDITOR, BY_AREA, BY_BODIES, RISK_TITLES
from services.registry.shape import Column, Kind, Part, Register, everywhere, in_area, own

RESIDENCE_TITLES = {"APARTMENT": "Apartment", "HOUSE": "House", "COMPOUND": "Compound"}
SCHEDULE_TITLES = {
    "SUBMITTED": "Submitted",
    "INTERIM": "Approved for the time being",
    "IN_FORCE": "In force",
    "SUPERSEDED": "Superseded",
    "EXPIRED": "Expired",
    "LAPSED": "Lapsed",
    "REFUSED": "Refused",
    "REJECTED": "Not approved",
    "RETURNED": "Returned",
    "WITHDRAWN": "Withdrawn",
}
COST_TITLES = {"ONE_OFF": "Once", "RECURRING": "Every month"}
SHARE_TITLES = {"PER_RESIDENCE": "For the residence", "PER_PERSON": "For each person"}


def _lives_there(person: Any) -> ColumnElement[bool]:
    return exists().where(Occupant.residence == Residence.code, Occupant.person == person)


def _lives_at_surveyed(person: Any) -> ColumnElement[bool]:
    return exists().where(Occupant.residence == Survey.residence, Occupant.person == person)


RESIDENCES = Register(
    key="residences",
    family="risk",
    title="Residences",
    about="The homes that people of the organisations live in. Where exactly they are, and who lives there, is not in this list.",
    model=Residence,
    identity=("code",),
    order=("code",),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=48),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, entered=True, required=True),
        Column("kind", "Kind", Kind.CHOICE, options=RESIDENCE_TITLES, listed=True, filtered=True, edited=True, required=True),
        Column("town", "Town", listed=True, searched=True, edited=True, required=True, longest=80),
        Column("active_from", "In use from", Kind.DATE, listed=True, entered=True, required=True),
        Column("active_to", "In use to", Kind.DATE, listed=True, edited=True),
    ),
    area="area",
    own=_lives_there,
    valid_from="active_from",
    valid_to="active_to",
    readers=(*own(), *in_area("SA", "CSA", "DO", "DOAI"), *AUDITOR),
    owners=in_area("SA", "CSA"),
    adding=True,
    parts=(Part("residence-surveys", "residence"),),
)

SURVEYS = Register(
    key="residence-surveys",
    family="risk",
    title="Surveys of residences",
    about="Which residences were looked at by whom, and until when the survey holds.",
    model=Survey,
    identity=("residence", "surveyed_on"),
    label="residence",
    order=("-surveyed_on", "residence"),
    columns=(
        Column("residence", "Residence", listed=True, filtered=True, searched=True),
        Column("surveyed_on", "Surveyed on", Kind.DATE, listed=True),
        Column("surveyor", "Surveyor", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("valid_to", "Valid to", Kind.DATE, listed=True),
        Column("case_id", "Case", Kind.CASE),
    ),
    area=select(Residence.area).where(Residence.code == Survey.residence).correlate(Survey).scalar_subquery(),
    own=_lives_at_surveyed,
    case="case_id",
    valid_from="surveyed_on",
    valid_to="valid_to",
    readers=(*own(), *in_area("SA", "CSA", "DO", "DOAI"), *AUDITOR),
    process="residence_claim",
    written_by="A survey is made in the process of a claim.",
)

#: What approves a schedule beside the roles.
INTERIM_TITLES = {"DO_INTERIM": "Ad interim, by the Designated Official"}

SCHEDULES = Register(
    key="residential-schedules",
    family="risk",
    title="Residential security measures",
    about="The versions of what an area may pay for at residences.",
    model=Schedule,
    identity=("number",),
    order=("area", "-version"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("version", "Version", Kind.NUMBER, listed=True),
        Column("status", "Status", Kind.CHOICE, options=SCHEDULE_TITLES, listed=True, filtered=True),
        Column("authority", "Approved by", Kind.ROLE, options=INTERIM_TITLES, listed=True, filtered=True),
        Column("residual_residential", "Residual risk at residences", Kind.CHOICE, options=RISK_TITLES, filtered=True),
        Column("residence_count", "Residences", Kind.NUMBER),
        Column("yearly_total_cents", "Cost of a year, US dollars", Kind.CENTS),
        Column("valid_from", "From", Kind.DATE, listed=True),
        Column("valid_to", "To", Kind.DATE, listed=True),
        Column("submitted_at", "Submitted", Kind.MOMENT),
        Column("approved_at", "Approved", Kind.MOMENT),
        Column("superseded_by", "Superseded by"),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    case="case_id",
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*BY_AREA, *BY_BODIES, *everywhere("FIN"), *AUDITOR),
    process="residential_measures",
    written_by="A schedule is proposed, approved and replaced in the process for it.",
    parts=(Part("residential-measures", "schedule"),),
)


def _of_schedule(attribute: str) -> ColumnElement[Any]:
    """Something of the schedule that a line belongs to."""
    return (
        select(getattr(Schedule, attribute))
        .where(Schedule.number == ScheduleLine.schedule)
        .correlate(ScheduleLine)
        .scalar_subquery()
    )


LINES = Register(
    key="residential-measures",
    family="risk",
    title="Lines of residential schedules",
    about="Each measure of a schedule: against which risk, up to which amount, and for whom.",
    model=ScheduleLine,
    identity=("schedule", "no"),
    label="name",
    order=("schedule", "no"),
    columns=(
        Column("schedule", "Schedule", listed=True, filtered=True, searched=True),
        Column("no", "Line", Kind.NUMBER, listed=True),
        Column("measure", "Code", listed=True, searched=True),
        Column("name", "Measure", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, value=_of_schedule("area"), filtered=True),
        Column("cost_kind", "How often it is paid", Kind.CHOICE, options=COST_TITLES, listed=True, filtered=True),
        Column("cap_cents", "Up to, US dollars", Kind.CENTS, listed=True),
        Column("share_rule", "The limit counts", Kind.CHOICE, options=SHARE_TITLES, listed=True),
        Column("risk_ref", "Against the risk"),
        Column("residence_kinds", "Kinds of residences", Kind.LIST),
        Column("includes_local", "Also for local personnel", Kind.YES_NO),
        Column("armed", "Armed guards", Kind.YES_NO),
    ),
    area=_of_schedule("area"),
    case=_of_schedule("case_id"),
    readers=(*BY_AREA, *BY_BODIES, *everywhere("FIN"), *AUDITOR),
    process="residential_measures",
    written_by="A schedule is proposed, approved and replaced in the process for it.",
)

REGISTERS = (RESIDENCES, SURVEYS, SCHEDULES, LINES)
