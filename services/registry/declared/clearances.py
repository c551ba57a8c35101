"""Clearances and what hangs on them. Whoever may see a case, or a stop of it, sees its rows here, and nobody else does."""

from __future__ import annotations

from services.models.clearances import Breach, Certificate, ClearanceLine, MovementTotal, Waiver
from services.registry.reaches import AUDITOR, BY_AREA
from services.registry.shape import Column, Kind, Register, of_visible_cases

CLEARANCE_TITLES = {
    "PENDING": "Waiting for a decision",
    "HELD": "On hold",
    "DEFERRED": "Deferred",
    "RETURNED": "Question to the traveller",
    "GRANTED": "Cleared",
    "GRANTED_COND": "Cleared with conditions",
    "IN_AREA": "Arrived",
    "LEFT": "Left the area",
    "DENIED": "Refused",
    "REFUSED": "Refused by the organisation",
    "UNDECIDED": "Not cleared: no decision was taken",
    "REVOKED": "Revoked",
    "RELEASED": "Released",
    "NOT_COVERED": "Not covered",
}
TRAVEL_TITLES = {"OFFICIAL": "Official", "ENTITLEMENT": "Entitlement", "PRIVATE": "Private"}
CERTIFICATE_TITLES = {"VALID": "Valid", "SUSPENDED": "Suspended", "VOID": "Void"}
MOVEMENT_TITLES = {
    "PLANNED": "Expected",
    "ARRIVED": "Arrived",
    "DEPARTED": "Left",
    "MISSING": "Did not check in",
    "PRESENT": "Present without a clearance",
}
BREACH_MEASURE_TITLES = {
    "CLEAR_AFTERWARDS": "Stay is accepted, person was briefed",
    "LEAVE_AREA": "Person leaves the area",
    "REPORT": "Reported to the organisation",
    "NONE": "Nothing",
}
WAIVER_TITLES = {"ASKED": "Asked", "GRANTED": "Granted", "DENIED": "Refused"}
WRITTEN_SENTENCE = "It is written by the process of travel clearance, step by step."

CLEARANCES = Register(
    key="clearances",
    family="travel",
    title="Clearances",
    about="Who is cleared for which stop. A journey is nobody else's business: only stops that are yours to see are here.",
    model=ClearanceLine,
    label="stop_key",
    order=("-arrive_at", "stop_key"),
    columns=(
        Column("stop_key", "Stop", listed=True, searched=True),
        Column("person", "Traveller", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("place", "Place", searched=True),
        Column("arrive_at", "Arrival", Kind.MOMENT, listed=True),
        Column("depart_at", "Departure", Kind.MOMENT, listed=True),
        Column("status", "Status", Kind.CHOICE, options=CLEARANCE_TITLES, listed=True, filtered=True),
        Column("travel_kind", "Kind of travel", Kind.CHOICE, options=TRAVEL_TITLES, filtered=True),
        Column("tier", "Tier", Kind.NUMBER, filtered=True),
        Column("late", "Sent late", Kind.YES_NO, filtered=True),
        Column("valid_from", "Valid from", Kind.MOMENT),
        Column("valid_to", "Valid to", Kind.MOMENT),
        Column("case_id", "Case", Kind.CASE, listed=True),
    ),
    area="area",
    organisation="organisation",
    person="person",
    case="case_id",
    part_of_case="area",
    valid_from="arrive_at",
    valid_to="depart_at",
    readers=of_visible_cases(),
    process="travel_clearance",
    written_by=WRITTEN_SENTENCE,
)

CERTIFICATES = Register(
    key="certificates",
    family="travel",
    title="Certificates",
    about="The versions of clearance certificates; a newer one makes the older void.",
    model=Certificate,
    identity=("number",),
    order=("-issued_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("case_id", "Case", Kind.CASE, listed=True),
        Column("version", "Version", Kind.NUMBER, listed=True),
        Column("status", "Status", Kind.CHOICE, options=CERTIFICATE_TITLES, listed=True, filtered=True),
        Column("issued_at", "Issued", Kind.MOMENT, listed=True),
        Column("acknowledged_at", "Conditions confirmed", Kind.MOMENT),
        Column("void_at", "Void since", Kind.MOMENT, listed=True),
        Column("void_reason", "Why void"),
        Column("holds", "Suspended because", Kind.LIST),
    ),
    case="case_id",
    valid_from="issued_at",
    valid_to="void_at",
    readers=of_visible_cases(),
    process="travel_clearance",
    written_by=WRITTEN_SENTENCE,
)

WAIVERS = Register(
    key="waivers",
    family="travel",
    title="Waivers",
    about="Prerequisites that somebody asked to be freed from, and the answers.",
    model=Waiver,
    label="code",
    order=("-asked_at",),
    columns=(
        Column("person", "Traveller", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("code", "Prerequisite", listed=True, filtered=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("status", "Status", Kind.CHOICE, options=WAIVER_TITLES, listed=True, filtered=True),
        Column("asked_at", "Asked at", Kind.MOMENT, listed=True),
        Column("asked_by", "Asked for by", Kind.PERSON),
        Column("asked_as", "Asked for in the role", Kind.ROLE),
        Column("valid_to", "Valid to", Kind.DATE, listed=True),
        Column("reason", "Reason", Kind.PROSE),
        Column("mitigation", "What is done instead", Kind.PROSE),
        Column("case_id", "Case", Kind.CASE, listed=True),
    ),
    area="area",
    person="person",
    case="case_id",
    part_of_case="area",
    valid_to="valid_to",
    readers=of_visible_cases(),
    process="travel_clearance",
    written_by=WRITTEN_SENTENCE,
)

BREACHES = Register(
    key="breaches",
    family="travel",
    title="Stops without clearance",
    about="Stops that somebody reached without being cleared, and what was found out.",
    model=Breach,
    label="stop_key",
    order=("-recorded_at",),
    columns=(
        Column("stop_key", "Stop", listed=True, searched=True),
        Column("person", "Traveller", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("recorded_at", "Recorded", Kind.MOMENT, listed=True),
        Column("reviewed_at", "Reviewed", Kind.MOMENT, listed=True),
        Column("findings", "Findings", Kind.PROSE),
        Column("measure", "Measure taken", Kind.CHOICE, options=BREACH_MEASURE_TITLES, filtered=True),
        Column("case_id", "Case", Kind.CASE, listed=True),
    ),
    area="area",
    person="person",
    case="case_id",
    part_of_case="area",
    readers=of_visible_cases(),
    process="travel_clearance",
    written_by=WRITTEN_SENTENCE,
)

MOVEMENTS = Register(
    key="movements",
    family="travel",
    title="Movements by day",
    about="How many were expected, arrived and left, of journeys that ended more than 90 days ago. Who they were is not kept.",
    model=MovementTotal,
    label="area",
    order=("-day", "area"),
    columns=(
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("day", "Day", Kind.DATE, listed=True),
        Column("kind", "Kind", Kind.CHOICE, options=MOVEMENT_TITLES, listed=True, filtered=True),
        Column("movements", "How many", Kind.NUMBER, listed=True),
    ),
    area="area",
    readers=(*BY_AREA, *AUDITOR),
    process="travel_clearance",
    written_by="It is counted by itself, 90 days after a journey has ended.",
)

REGISTERS = (CLEARANCES, CERTIFICATES, WAIVERS, BREACHES, MOVEMENTS)
