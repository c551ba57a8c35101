"""The organisations of the demo world, and what their travel rests on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.demo.reading import add_rows
from services.models.base import new_id
from services.models.organisations import Organisation
from services.models.trainings import TrainingCourse, TrainingRecord
from services.models.travel import Activity, AirOperator, OperatorAdvice, OperatorApproval


def load_organisations(session: Session, world: dict[str, Any], beginning: datetime) -> None:
    """Add organisations, air operators and which of them are listed."""
    organisations = (
        {
            "code": code,
            "name": {"en": row["name"], **world["organisations_called"].get(code, {})},
            "kind": row["kind"],
            "unsms_member": row.get("unsms_member", True),
            "flight_cap": row.get("flight_cap", 30),
            "supervisor_step": row.get("supervisor_step", False),
            "focal_point": row.get("focal_point"),
        }
        for code, row in world["organisations"].items()
    )
    add_rows(session, Organisation, organisations)
    add_rows(session, AirOperator, ({"code": code, "name": name} for code, (name, _) in world["operators"].items()))
    listed = (
        {"id": new_id(), "operator": code, "kind": "LISTED", "valid_from": beginning.date()}
        for code, (_, is_listed) in world["operators"].items()
        if is_listed
    )
    add_rows(session, OperatorApproval, listed)


def load_trainings(session: Session, world: dict[str, Any], people: dict[str, Any], beginning: datetime) -> None:
    """Add courses and who passed them."""
    courses = ({"code": code, "name": name, "validity_months": months} for code, (name, months) in world["courses"].items())
    add_rows(session, TrainingCourse, courses)
    trained = (code for code in people if code not in world["no_bsafe"])
    basic = (
        {"id": new_id(), "person": code, "course": "BSAFE", "issued_on": beginning.date(), "valid_to": None} for code in trained
    )
    add_rows(session, TrainingRecord, basic)
    safe = (
        {"id": new_id(), "person": code, "course": "SSAFE", "issued_on": to - timedelta(days=3 * 365), "valid_to": to}
        for code, to in world["ssafe"].items()
    )
    add_rows(session, TrainingRecord, safe)


def load_travel(session: Session, world: dict[str, Any], beginning: datetime) -> None:
    """Add advice on operators, and rated activities."""
    add_rows(session, OperatorAdvice, ({"id": new_id(), **row} for row in world["advice"]))
    rated_on = beginning.date() + timedelta(days=180)
    activities = (
        {
            "code": code,
            "organisation": organisation,
            "pc_level": level,
            "areas": areas,
            "title": title,
            "pc_valid_from": rated_on,
            "pc_valid_to": rated_on + timedelta(days=365),
        }
        for code, (organisation, level, areas, title) in world["activities"].items()
    )
    add_rows(session, Activity, activities)
