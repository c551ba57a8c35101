"""The security plans of the demo world; its incidents and crises are told as cases."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from services.demo.reading import add_rows, read_world
from services.models.base import new_id
from services.models.incidents import SecurityPlan

_SECTIONS = {"situation": "Invented for this demo."}


def load_security_plans(session: Session, now: datetime, *, days_later: int) -> None:
    """Add the plan in force of every designated area that has one."""
    plans = read_world(("incidents",), days_later)["security_plans"]
    add_rows(session, SecurityPlan, (_plan(area, row, now) for area, row in plans.items()))


def _plan(area: str, row: list[Any], now: datetime) -> dict[str, Any]:
    version, signed_by, valid_from, valid_to = row
    signed_at = datetime.combine(valid_from, time(9), now.tzinfo)
    return {
        "id": new_id(),
        "number": f"SPL-{area}-V{version}",
        "area": area,
        "version": version,
        "status": "ENDORSED",
        "editorial": False,
        "sections": _SECTIONS,
        "signed_by": signed_by,
        "signed_at": signed_at,
        "endorsed_by": "viktor.amsel",
        "endorsed_at": signed_at,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
