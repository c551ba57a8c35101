"""Whom an evacuation calls away, and what an ended delegation leaves behind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.models.areas import AreaWithin
from services.models.bus import BusEvent
from services.models.cases import OPEN, Task
from services.models.people import Dependant
from services.operations.catalogue import operation
from services.operations.work import Work

EVERYBODY = "ALL"
#: The steps of a journey in which the holders of a role decide.
DECIDING = ("stop_decide", "stop_recommend")


def who_leaves(session: Session, payload: dict[str, Any], persons: Collection[str]) -> set[str]:
    """Say which of some persons an event calls away; one that names no groups calls everybody."""
    groups = set(payload.get("groups") or (EVERYBODY,))
    if EVERYBODY in groups:
        return set(persons)
    family = set(session.scalars(select(Dependant.person).where(Dependant.person.in_(persons))))
    leaving = family if "FAMILY" in groups else set()
    if "NON_ESSENTIAL" in groups:
        leaving |= set(persons) - family - set(payload.get("essential") or ())
    return leaving


def cases_decided_by_role(_session: Session, event: BusEvent) -> Select[str]:
    """Find the cases in which the holders of a role, whose delegation has ended, were to decide in its area."""
    within = select(AreaWithin.area).where(AreaWithin.ancestor == event.area)
    role = event.payload.get("role") or ""
    return select(Task.case_id).where(Task.state == OPEN, Task.role == role, Task.area.in_(within), Task.element.in_(DECIDING))


@operation("clearance.delegation_ended_told", concerns=cases_decided_by_role)
def tell_of_ended_delegation(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Let every stop that was to be decided under a delegation be routed again when the delegation has ended."""
    within = select(AreaWithin.area).where(AreaWithin.ancestor == event["area"])
    waiting = select(Task.line).where(
        Task.case_id == work.case.id,
        Task.state == OPEN,
        Task.role == event["payload"].get("role"),
        Task.area.in_(within),
        Task.element.in_(DECIDING),
    )
    keys = sorted({str(line) for line in work.session.scalars(waiting) if line})
    reason = f"Delegation {event['payload'].get('delegation')} has ended"
    return {"told": [{"message": "MSG_STOP_REROUTE", "key": key, "payload": {"reason": reason}} for key in keys]}
