"""The areas of the demo world and what belongs to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.demo.reading import DAY, add_rows, moment_of
from services.models.areas import Advisory, Area, AreaState, AreaWithin, Calendar, Lodging, StandingOrder
from services.models.authority import Delegation
from services.models.base import new_id

LODGINGS_TO = date(2027, 12, 31)
_ADVICE = "Invented advisory. Read it, keep it with you, and tell security when your plans change."


def load_areas(session: Session, world: dict[str, Any], beginning: datetime, now: datetime) -> None:
    """Add calendars, the tree of areas with its closure, area states, advisories and lodgings."""
    add_rows(session, Calendar, ({"code": code, **row} for code, row in world["calendars"].items()))
    parents = {code: row[0] for code, row in world["areas"].items()}
    for code in world["areas"]:
        line = _upwards(code, parents)
        add_rows(session, Area, [_area(code, line, world, beginning)])
        add_rows(session, AreaWithin, ({"area": code, "ancestor": ancestor} for ancestor in line))
    add_rows(session, AreaState, (_state(row, beginning, now) for row in world["states"]))
    places = sorted({row["area"] for row in world["states"]})
    text = {"en": _ADVICE}
    add_rows(
        session,
        Advisory,
        ({"id": new_id(), "area": area, "version": 1, "text": text, "valid_from": beginning} for area in places),
    )
    lodgings = (
        {"code": code, "area": area, "name": name, "address": address, "phone": "+41225559999", "cleared_to": LODGINGS_TO}
        for code, (area, name, address) in world["lodgings"].items()
    )
    add_rows(session, Lodging, lodgings)


def _area(code: str, line: list[str], world: dict[str, Any], beginning: datetime) -> dict[str, Any]:
    parent, name, kind, zone, calendar = world["areas"][code]
    designated = next((area for area in line if world["areas"][area][2] == "DESIGNATED"), None)
    return {
        "code": code,
        "parent": parent,
        "designated_area": designated if designated != code else None,
        "name": {"en": name, **world["areas_called"].get(code, {})},
        "kind": kind,
        "location_class": line[-1],
        "zone": zone,
        "calendar": calendar,
        "country_code": None if kind == "GROUP" else code[:2],
        "phase": world["phases"].get(code, "ESTABLISHED"),
        "active_from": beginning.date(),
        "active_to": world["closing"].get(code),
        "contact": f"Security operations, {name}",
    }


def _upwards(code: str, parents: dict[str, str | None]) -> list[str]:
    """Return an area and everything above it, the top last."""
    line = [code]
    while (parent := parents[line[-1]]) is not None:
        line.append(parent)
    return line


def _state(row: dict[str, Any], beginning: datetime, now: datetime) -> dict[str, Any]:
    restricted = row.get("restricted", False)
    return {
        "id": new_id(),
        "area": row["area"],
        "valid_from": moment_of(row["from"]) if "from" in row else beginning,
        "status": row.get("status", "OPEN"),
        "security_level": row["level"],
        "residual_risk": row["risk"],
        "clearance_mode": row["mode"],
        "ceiling": row.get("ceiling"),
        "present": row.get("present", 0),
        "requires_ssafe": row.get("ssafe", restricted),
        "family_restricted": row.get("family", restricted),
        "accom_required": row.get("lodging", restricted),
        "internal_control": restricted,
        "checkin_required": row.get("checkin", restricted and row["area"] != "XJ-DEL"),
        "assessment": f"SRM-{row['area']}-2026-01" if "assessment_to" in row else None,
        "assessment_valid_to": row.get("assessment_to"),
        "reason": "Demo world",
        "created_by": "system",
        "created_at": now,
    }


def load_orders(session: Session, world: dict[str, Any], beginning: datetime) -> None:
    """Add standing orders and delegations, each signed by the Designated Official of the area."""
    officials = {area: code for code, row in world["people"].items() for role, area, _ in row.get("roles", []) if role == "DO"}
    automatic = sorted({row["area"] for row in world["states"] if row["mode"] == "AUTO"})
    text = "Clearances for this area are granted by rule while its mode is automatic."
    orders = (
        {"number": f"SO-{area}", "area": area, "signed_by": officials[area[:2]], "valid_from": beginning, "text": text}
        for area in automatic
    )
    add_rows(session, StandingOrder, orders)
    delegations = (
        {
            "number": f"DOA-{DAY.year}-{number:04}",
            "delegator": officials[area[:2]],
            "delegate_role": role,
            "authority": "TSC_TIER2" if role == "CSA" else "TSC_TIER1",
            "area": area,
            "valid_from": beginning,
            "accepted_at": beginning,
            "reason": "Standing delegation of clearances",
        }
        for number, (area, role) in enumerate(world["delegations"].items(), start=1)
    )
    add_rows(session, Delegation, delegations)
