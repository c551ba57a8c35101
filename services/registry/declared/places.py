"""What belongs to areas: duty stations, calendars, advisories, lodgings, standing orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services import duty_stations
from services.models.areas import Advisory, Calendar, Lodging, StandingOrder
from services.models.base import new_id
from services.models.plans import DutyStation
from services.people import Actor
from services.registry.reaches import ADMINISTRATOR, AUDITOR, BY_AREA, TO_ALL
from services.registry.shape import Column, Kind, Part, Register, in_area
from workflows.errors import AnswersInvalid, Problem

PHASE_TITLES = {
    "STARTUP": "Start-up",
    "ESTABLISHED": "Established",
    "DRAWDOWN": "Drawdown",
    "CRISIS": "Crisis",
    "CLOSED": "Closed",
}
STATION_TYPE_TITLES = {
    "HQ_MAIN": "Main headquarters",
    "REGIONAL_COMMISSION": "Regional commission",
    "FIELD_CAPITAL": "Capital in the field",
    "FIELD_SUB": "Sub-office in the field",
}


def _change_station(
    session: Session, entry: DutyStation, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
) -> None:
    """A phase changes through the function that tells the plans of the station."""
    phase = changes["phase"]
    if phase == "CLOSED":
        duty_stations.close_station(session, entry.code, reason=reason, actor=actor, now=now)
    else:
        duty_stations.change_phase(session, entry.code, phase, actor=actor, now=now)


STATIONS = Register(
    key="duty-stations",
    family="places",
    title="Duty stations",
    about="Where the organisations have people, and the phase that says which cycle the plans there keep.",
    model=DutyStation,
    identity=("code",),
    label="name",
    order=("code",),
    columns=(
        Column("code", "Code", listed=True, searched=True),
        Column("name", "What it is called", Kind.NAME, listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("ds_type", "Type", Kind.CHOICE, options=STATION_TYPE_TITLES, listed=True, filtered=True),
        Column(
            "phase",
            "Phase",
            Kind.CHOICE,
            options=PHASE_TITLES,
            listed=True,
            filtered=True,
            edited=True,
            required=True,
            hint="The cycles of its plans follow the phase. Closing a station gives up its plans and ends their open cycles.",
        ),
        Column("phase_since", "In this phase since", Kind.DATE, listed=True),
        Column("opened_on", "Opened", Kind.DATE),
        Column("closed_on", "Closed", Kind.DATE, listed=True),
    ),
    area="area",
    valid_from="opened_on",
    valid_to="closed_on",
    readers=TO_ALL,
    owners=in_area("DO", "DOAI", "DRO_DIR", "DHSSS_DIR"),
    apply=_change_station,
    parts=(Part("plans", "duty_station"),),
)


def _keep_calendar(
    session: Session, entry: Calendar, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
) -> None:
    _fill_calendar(entry, changes)


def _enter_calendar(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> Calendar:
    calendar = Calendar(code=values["code"], weekend=[], holidays=[])
    _fill_calendar(calendar, values)
    return calendar


def _fill_calendar(calendar: Calendar, values: Mapping[str, Any]) -> None:
    if "weekend" in values:
        calendar.weekend = _read_weekend([str(day) for day in values["weekend"]])
    if "holidays" in values:
        calendar.holidays = _read_holidays(values["holidays"])


def _read_weekend(days: list[str]) -> list[int]:
    if not set(days) <= set("1234567") or len(days) > 6:
        sentence = "Days of the weekend are numbers from 1 for Monday to 7 for Sunday, and one day at least is worked."
        raise AnswersInvalid([Problem(where="weekend", sentence=sentence)])
    return sorted({int(day) for day in days})


def _read_holidays(days: list[str]) -> list[str]:
    try:
        return sorted({date.fromisoformat(day).isoformat() for day in days})
    except ValueError:
        sentence = "Holidays are days, one in a line."
        raise AnswersInvalid([Problem(where="holidays", sentence=sentence, way_out="Write them like 2026-12-31.")]) from None


CALENDARS = Register(
    key="calendars",
    family="places",
    title="Calendars",
    about="Weekends and holidays by which working days are counted; each area names the calendar that it keeps.",
    model=Calendar,
    identity=("code",),
    order=("code",),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=32),
        Column(
            "weekend",
            "Weekend",
            Kind.LIST,
            listed=True,
            edited=True,
            required=True,
            hint="One number in a line: 1 is Monday, 7 is Sunday.",
        ),
        Column("holidays", "Holidays", Kind.LIST, listed=True, edited=True, hint="One day in a line, like 2026-12-31."),
    ),
    readers=TO_ALL,
    owners=ADMINISTRATOR,
    adding=True,
    apply=_keep_calendar,
    enter=_enter_calendar,
)


def _enter_advisory(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> Advisory:
    latest = session.scalar(select(func.max(Advisory.version)).where(Advisory.area == values["area"])) or 0
    return Advisory(id=new_id(), area=values["area"], version=latest + 1, text=values["text"], valid_from=now)


ADVISORIES = Register(
    key="advisories",
    family="places",
    title="Travel advisories",
    about="What travellers to an area read and confirm; the newest version of an area counts, and no version is ever changed.",
    model=Advisory,
    label="area",
    order=("area", "-version"),
    columns=(
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, entered=True, required=True),
        Column("version", "Version", Kind.NUMBER, listed=True),
        Column("text", "Text", Kind.NAME, listed=True, searched=True, entered=True, required=True, longest=4000),
        Column("valid_from", "From", Kind.MOMENT, listed=True),
    ),
    area="area",
    valid_from="valid_from",
    readers=TO_ALL,
    owners=in_area("CSA", "DSSO"),
    adding=True,
    enter=_enter_advisory,
)

LODGINGS = Register(
    key="lodgings",
    family="places",
    title="Cleared lodgings",
    about="Hotels and guest houses that security has cleared, and until when.",
    model=Lodging,
    identity=("code",),
    label="name",
    order=("area", "name"),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=64),
        Column("name", "What it is called", listed=True, searched=True, edited=True, required=True, longest=120),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, entered=True, required=True),
        Column("address", "Address", searched=True, edited=True, required=True, longest=240),
        Column("phone", "Telephone", edited=True, longest=20),
        Column("cleared_to", "Cleared to", Kind.DATE, listed=True, edited=True, required=True),
    ),
    area="area",
    valid_to="cleared_to",
    readers=TO_ALL,
    owners=in_area("DSSO", "SA", "CSA"),
    adding=True,
)


def _sign_order(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> StandingOrder:
    """Whoever gives an order signs it; it begins no earlier than it is given."""
    begins = max(values.get("valid_from") or now, now)
    return StandingOrder(**{**values, "signed_by": actor.person, "valid_from": begins})


ORDERS = Register(
    key="standing-orders",
    family="places",
    title="Standing orders",
    about="Written orders of Designated Officials that clearances of an area are granted by rule.",
    model=StandingOrder,
    identity=("number",),
    order=("area", "-valid_from"),
    columns=(
        Column("number", "Number", listed=True, searched=True, entered=True, required=True, longest=32),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, entered=True, required=True),
        Column("signed_by", "Signed by", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("valid_from", "From", Kind.MOMENT, listed=True, entered=True),
        Column("valid_to", "To", Kind.MOMENT, listed=True, edited=True),
        Column("text", "Text", Kind.PROSE, searched=True, entered=True, required=True, longest=1000),
    ),
    area="area",
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*BY_AREA, *AUDITOR, *ADMINISTRATOR),
    owners=in_area("DO", "DOAI"),
    adding=True,
    enter=_sign_order,
)

REGISTERS = (STATIONS, CALENDARS, ADVISORIES, LODGINGS, ORDERS)
