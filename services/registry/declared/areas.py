"""Areas, and what held in them from which moment on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from services.authority.ways import NOW
from services.models.areas import Area, AreaState
from services.new_areas import enter_area
from services.registry.reaches import ADMINISTRATOR, AUDITOR, BY_AREA, RISK_TITLES, TO_ALL
from services.registry.shape import Column, Kind, Part, Register, in_area

AREA_KIND_TITLES = {
    "GROUP": "Group of areas",
    "DESIGNATED": "Designated area",
    "HQ_MAIN": "Main headquarters",
    "REGIONAL_COMMISSION": "Regional commission",
    "FIELD_CAPITAL": "Capital in the field",
    "FIELD_SUB": "Sub-office in the field",
    "SITE": "Site",
}
LOCATION_TITLES = {"HQ": "Headquarters", "FIELD": "Field"}
AREA_STATUS_TITLES = {"OPEN": "Open to travel", "SUSPENDED": "Suspended", "EVACUATED": "Evacuated"}
MODE_TITLES = {"AUTO": "By rule", "MANUAL": "By a decider"}
#: What whoever adds an area is told about some of its columns.
FIRST_STATE_SENTENCE = (
    "For places that clearances are given for: what counts there at first. Each clearance is decided by a person, and level and "
    "risk change only in the process for it."
)
INHERITED_SENTENCE = "Left empty, that of what it lies in."


def _present(attribute: str) -> ColumnElement[Any]:
    """What holds in an area now: the newest state that has begun."""
    state = aliased(AreaState)
    found = select(getattr(state, attribute)).where(state.area == Area.code, state.valid_from <= NOW)
    return found.order_by(state.valid_from.desc()).limit(1).correlate(Area).scalar_subquery()


AREAS = Register(
    key="areas",
    family="places",
    title="Areas",
    about="The places that clearances are given for, with what holds in each of them now.",
    model=Area,
    identity=("code",),
    label="name",
    order=("code",),
    columns=(
        Column(
            "code",
            "Code",
            listed=True,
            searched=True,
            entered=True,
            required=True,
            longest=32,
            hint="Such as XA-NOR: the code of what it lies in first. It never changes.",
        ),
        Column("name", "What it is called", Kind.NAME, listed=True, searched=True, edited=True, required=True, longest=120),
        Column("kind", "Kind", Kind.CHOICE, options=AREA_KIND_TITLES, listed=True, filtered=True, entered=True, required=True),
        Column("parent", "Lies in", Kind.AREA, filtered=True, entered=True, required=True),
        Column("status", "Status", Kind.CHOICE, options=AREA_STATUS_TITLES, value=_present("status"), listed=True, filtered=True),
        Column(
            "security_level",
            "Security level",
            Kind.NUMBER,
            value=_present("security_level"),
            listed=True,
            filtered=True,
            entered=True,
            hint=FIRST_STATE_SENTENCE,
        ),
        Column(
            "residual_risk",
            "Residual risk",
            Kind.CHOICE,
            options=RISK_TITLES,
            value=_present("residual_risk"),
            listed=True,
            filtered=True,
            entered=True,
        ),
        Column(
            "clearance_mode",
            "Clearances are granted",
            Kind.CHOICE,
            options=MODE_TITLES,
            value=_present("clearance_mode"),
            listed=True,
            filtered=True,
        ),
        Column("ceiling", "Ceiling", Kind.NUMBER, value=_present("ceiling")),
        Column("assessment_valid_to", "Assessment valid to", Kind.DATE, value=_present("assessment_valid_to"), listed=True),
        Column("requires_ssafe", "SSAFE needed", Kind.YES_NO, value=_present("requires_ssafe")),
        Column("family_restricted", "Family restricted", Kind.YES_NO, value=_present("family_restricted")),
        Column("designated_area", "Designated area", Kind.AREA),
        Column("location_class", "Headquarters or field", Kind.CHOICE, options=LOCATION_TITLES, filtered=True),
        Column("country_code", "Country code"),
        Column("zone", "Time zone", entered=True, longest=48, hint=INHERITED_SENTENCE),
        Column("calendar", "Calendar", entered=True, longest=32, hint=INHERITED_SENTENCE),
        Column("contact", "Contact", edited=True, longest=120),
        Column("active_from", "In use from", Kind.DATE, edited=True),
        Column("active_to", "In use to", Kind.DATE, edited=True),
    ),
    area="code",
    valid_from="active_from",
    valid_to="active_to",
    readers=TO_ALL,
    owners=(*in_area("DRO_DIR", "DHSSS_DIR"), *ADMINISTRATOR),
    adding=True,
    enter=enter_area,
    process="area_status",
    written_by="What holds in an area changes only through the process for it, because travellers there have to be told.",
    parts=(
        Part("area-states", "area"),
        Part("duty-stations", "area"),
        Part("standing-orders", "area"),
        Part("advisories", "area"),
        Part("lodgings", "area"),
    ),
)

STATES = Register(
    key="area-states",
    family="places",
    title="States of areas",
    about="What held in an area from which moment on, and what is announced for later.",
    model=AreaState,
    order=("-valid_from", "area"),
    label="area",
    columns=(
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, searched=True),
        Column("valid_from", "From", Kind.MOMENT, listed=True),
        Column("status", "Status", Kind.CHOICE, options=AREA_STATUS_TITLES, listed=True, filtered=True),
        Column("security_level", "Security level", Kind.NUMBER, listed=True, filtered=True),
        Column("residual_risk", "Residual risk", Kind.CHOICE, options=RISK_TITLES, listed=True, filtered=True),
        Column("clearance_mode", "Clearances are granted", Kind.CHOICE, options=MODE_TITLES, listed=True, filtered=True),
        Column("ceiling", "Ceiling", Kind.NUMBER, listed=True),
        Column("present", "Posted there", Kind.NUMBER),
        Column("requires_ssafe", "SSAFE needed", Kind.YES_NO),
        Column("family_restricted", "Family restricted", Kind.YES_NO),
        Column("accom_required", "Cleared lodging needed", Kind.YES_NO),
        Column("internal_control", "Movements inside are controlled", Kind.YES_NO),
        Column("checkin_required", "Check-in needed", Kind.YES_NO),
        Column("assessment", "Assessment"),
        Column("assessment_valid_to", "Assessment valid to", Kind.DATE),
        Column("reason", "Reason", Kind.PROSE),
        Column("created_by", "Entered by", Kind.PERSON),
        Column("created_at", "Entered at", Kind.MOMENT),
    ),
    area="area",
    readers=(*BY_AREA, *AUDITOR, *ADMINISTRATOR),
    process="area_status",
    written_by="A state begins when the process for it has been decided.",
)

REGISTERS = (AREAS, STATES)
