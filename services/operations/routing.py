"""What counts of the way that a request takes to its deciders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services import definitions
from services.operations.catalogue import operation
from services.operations.moments import hours_until
from services.operations.work import Work

MODES_TABLE, CLOCKS_TABLE = "D1.4", "D1.6"


def count_route(work: Work, area: str, *, mode: str, tier: float | None) -> None:
    """Count that a unit was routed, with the rule of the table by which it was, where this act has asked it."""
    asked = (trace for trace in reversed(work.call.traces) if trace.get("decision") == MODES_TABLE and trace.get("rules"))
    row = next((trace["rules"][0]["number"] for trace in asked), None)
    work.count("tsc.stop_routed", area=area, mode=mode, tier=tier, row=row)


def priority_of(work: Work, arrival: datetime) -> str | None:
    """Say how urgent a request is by the table of clocks, of the version of the case, before it is known who decides."""
    model = definitions.get_package(work.session, work.version_id).decisions.get(CLOCKS_TABLE)
    if model is None:
        return None
    asked = {"hours_to_arrival": hours_until(arrival, work.now), "tier": None}
    value = model.decide(CLOCKS_TABLE, asked, now=work.now).value or {}
    return str(value["priority"]) if value.get("priority") else None


@operation("clearance.note_endorsement")
def note_endorsement(work: Work, *, endorser: str, endorsed_by: list[Any] | None) -> dict[str, Any]:
    """Note who has endorsed the request for the organisation."""
    work.count("tsc.endorsed", area=work.case.area, role=endorser)
    return {"endorsed_by": [*(endorsed_by or []), endorser]}
