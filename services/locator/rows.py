"""One person on a board: what is told of the stop in the area, and how the person is reached there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.registers.phones import TRIP_PHONE

MISSING, HELP, OVERDUE = "MISSING", "HELP", "OVERDUE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """How somebody is reached on site."""

    mobile: str | None
    lodging_phone: str | None
    contact_name: str | None
    contact_phone: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Somebody on a board, at one stop.

    Attributes:
        alarms: What is wrong: MISSING, HELP or OVERDUE.
        heard_kind, heard_at, heard_place: The last that was heard; None when nothing was.
        reached: How to reach them; None where that is not the reader's to know.
        case_id: For the caller, who finds out which cases the reader may open.
    """

    case_id: str
    person: str
    name: str
    organisation: str
    area: str
    place: str | None
    status: str
    travel_kind: str
    arrive_at: datetime
    depart_at: datetime
    alarms: tuple[str, ...]
    heard_kind: str | None
    heard_at: datetime | None
    heard_place: str | None
    lodging: str | None
    reached: Reached | None


def read_row(row: Any, *, tells_phones: bool) -> Row:
    """Turn what a query found of somebody into a row; numbers of telephones stay out unless the reader is to have them."""
    line = row.ClearanceLine
    said = line.facts
    named = ((MISSING, row.missing), (HELP, row.help), (OVERDUE, row.overdue))
    reached = Reached(
        mobile=said.get(TRIP_PHONE) or row.mobile,
        lodging_phone=said.get("lodging_phone") or row.lodging_phone,
        contact_name=said.get("contact_name"),
        contact_phone=said.get("contact_phone"),
    )
    return Row(
        case_id=line.case_id,
        person=line.person,
        name=row.name,
        organisation=line.organisation,
        area=line.area,
        place=line.place,
        status=line.status,
        travel_kind=line.travel_kind,
        arrive_at=line.arrive_at,
        depart_at=line.depart_at,
        alarms=tuple(code for code, holds in named if holds),
        heard_kind=row.kind,
        heard_at=row.at,
        heard_place=row.place,
        lodging=_say_lodging(row.lodging, said),
        reached=reached if tells_phones else None,
    )


def _say_lodging(cleared: str | None, said: dict[str, Any]) -> str | None:
    """Name the cleared lodging, or the one that the traveller wrote, with its address."""
    written = [str(said[name]) for name in ("lodging_name", "lodging_address") if said.get(name)]
    return cleared or ", ".join(written) or None
