"""Stops as the variables of a case hold them, and the lines of the register behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from services.models.base import new_id
from services.models.clearances import ClearanceLine
from services.models.people import Person
from services.operations.moments import read_moment, write_moment
from services.operations.work import Work
from services.registers import clearances
from services.registers.phones import TRIP_PHONE

Stop = dict[str, Any]
#: What a traveller may say about a stop; kept with its lines, because deciders read it.
REQUESTED = (
    "stop_type",
    "area",
    "place",
    "arrive_at",
    "depart_at",
    "transport_mode",
    "operator",
    "flight_number",
    "lodging_kind",
    "lodging_ref",
    "lodging_name",
    "lodging_address",
    "lodging_phone",
    "contact_name",
    "contact_phone",
    "moves_outside",
    "moves_text",
    "night_moves",
)


def say_journey(names: Sequence[str], places: Iterable[str], first: datetime, last: datetime) -> str:
    """Say in a line who goes where and when, as lists show it; the days as ISO 8601, which every reader gets in their own way."""
    who = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
    return f"{who}: {', '.join(dict.fromkeys(places))}"[:470] + f", {first:%Y-%m-%d}/{last:%Y-%m-%d}"


def clean_stop(stop: Stop) -> Stop:
    """Return a stop with every requested field, its moments in UTC."""
    cleaned: Stop = {name: stop.get(name) for name in REQUESTED}
    for name in ("arrive_at", "depart_at"):
        cleaned[name] = write_moment(read_moment(stop[name]))
    cleaned["stop_type"] = stop.get("stop_type") or "DESTINATION"
    kept = {name: stop.get(name) for name in ("key", "no", "extends", "status", "requirement", "advisory")}
    return {**cleaned, **kept}


def number_stops(work: Work, stops: Iterable[Stop]) -> list[Stop]:
    """Give new stops a key and a number; those that have them keep them, and no number is used twice in a case."""
    cleaned = [clean_stop(stop) for stop in stops]
    used = [line.stop_no for line in clearances.lines_of_case(work.session, work.case.id)]
    used += [stop["no"] for stop in cleaned if stop.get("no")]
    following = max(used, default=0)
    for stop in cleaned:
        if not stop.get("key"):
            following += 1
            stop["no"] = following
            stop["key"] = f"{work.case.number}-S{following}"
            stop["status"] = "PENDING"
    return cleaned


def write_lines(work: Work, stop: Stop, people: Iterable[Person], *, travel_kind: str) -> None:
    """Enter a stop into the register, one line per person; a line that is decided keeps its decision and its dates."""
    known = {line.person: line for line in clearances.lines_of_stop(work.session, work.case.id, stop["key"])}
    for person in people:
        line = known.get(person.code)
        if line is None:
            line = ClearanceLine(
                id=new_id(),
                case_id=work.case.id,
                stop_key=stop["key"],
                unit_key=stop["key"],
                stop_no=stop["no"],
                extends=stop.get("extends"),
                person=person.code,
                organisation=person.organisation,
                status="PENDING",
                created_at=work.now,
                travel_kind=travel_kind,
                conditions=[],
            )
            work.session.add(line)
            take_values(line, stop, work)
        elif line.status in clearances.OPEN_STATUSES:
            take_values(line, stop, work)


def take_values(line: ClearanceLine, stop: Stop, work: Work) -> None:
    """Let a line say what its stop says."""
    line.area = stop["area"]
    line.place = stop.get("place")
    line.arrive_at = read_moment(stop["arrive_at"])
    line.depart_at = read_moment(stop["depart_at"])
    line.stop_type = stop["stop_type"]
    line.operator = stop.get("operator")
    line.flight_number = stop.get("flight_number")
    kept = {TRIP_PHONE: line.facts.get(TRIP_PHONE)} if line.facts else {}
    line.facts = {name: stop.get(name) for name in REQUESTED} | kept
    line.changed_at = work.now


def set_status(work: Work, lines: Iterable[ClearanceLine], status: str) -> None:
    """Move lines to a status."""
    for line in lines:
        if line.status != status:
            line.status = status
            line.changed_at = work.now


def with_statuses(work: Work, stops: Iterable[Stop]) -> list[Stop]:
    """Return stops with what the register knows of them."""
    by_stop: dict[str, list[ClearanceLine]] = {}
    for line in clearances.lines_of_case(work.session, work.case.id):
        if line.status != "NOT_COVERED":
            by_stop.setdefault(line.stop_key, []).append(line)
    shown = []
    for stop in stops:
        lines = by_stop.get(stop["key"], [])
        status = lines[0].status if lines else "PENDING"
        requirement = lines[0].requirement if lines else stop.get("requirement")
        shown.append({**stop, "status": status, "requirement": requirement})
    return shown
