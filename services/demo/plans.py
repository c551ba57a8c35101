"""The duty stations of the demo world with their plans, and the cycles that the demo begins with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from services.demo.reading import add_rows
from services.models.plans import DutyStation, Plan, PlanVersion


def load_plans(session: Session, world: dict[str, Any], beginning: datetime) -> None:
    """Add duty stations, and of each of them a plan of every kind with the version in force."""
    add_rows(session, DutyStation, (_station(code, row, world, beginning) for code, row in world["duty_stations"].items()))
    plans = list(_plans(world))
    add_rows(session, Plan, plans)
    add_rows(session, PlanVersion, (_version(plan) for plan in plans))


def _station(code: str, row: list[Any], world: dict[str, Any], beginning: datetime) -> dict[str, Any]:
    ds_type, opened_on, _ = row
    phase = world["phases"].get(code, "ESTABLISHED")
    return {
        "code": code,
        "name": {"en": world["areas"][code][1]},
        "area": code,
        "ds_type": ds_type,
        "phase": phase,
        "phase_since": opened_on if phase == "STARTUP" else beginning.date(),
        "opened_on": opened_on,
        "closed_on": None,
    }


def _plans(world: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for station, (_, opened_on, owner) in world["duty_stations"].items():
        for plan_type, (short, name) in world["plan_types"].items():
            code = f"{station}-{short}"
            version, updated_on, tested_on, test_type = world["plans"].get(code, world["usual_plans"][plan_type])
            yield {
                "code": code,
                "duty_station": station,
                "plan_type": plan_type,
                "scenario": "",
                "name": name,
                "owner": owner,
                "starts_on": opened_on,
                "retired_on": None,
                "version": version,
                "updated_on": updated_on,
                "tested_on": tested_on,
                "test_type": test_type,
                "test_is_conditional": False,
                "update_months": 12,
                "test_months": 12,
                "min_test": "TABLETOP",
            }


def _version(plan: dict[str, Any]) -> dict[str, Any]:
    at = datetime.combine(plan["updated_on"], time(9), UTC)
    return {
        "plan": plan["code"],
        "version": plan["version"],
        "case_id": None,
        "kind": "NEW_VERSION",
        "document": f"{plan['code']}/v{plan['version']}",
        "checklist": {},
        "contacts_verified_on": plan["updated_on"],
        "prepared_by": plan["owner"],
        "prepared_at": at,
        "approved_by": "system",
        "approved_at": at,
        "status": "IN_FORCE",
    }
