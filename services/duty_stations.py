"""Duty stations as they begin, change and close: what that means for their plans goes onto the bus."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.plans import DutyStation, Plan
from services.people import Actor
from services.posting import post_event
from services.registers.plans import ACTIVE_PHASES
from workflows.errors import SafeconductError

PHASE, CLOSED = "MSG_DUTY_STATION_PHASE", "MSG_DUTY_STATION_CLOSED"


class PhaseUnknown(SafeconductError):
    """A duty station has no phase {phase}."""


def change_phase(session: Session, code: str, phase: str, *, actor: Actor, now: datetime) -> DutyStation:
    """Let a duty station enter another phase, and tell the cycles of its plans, one event for each plan.

    In the phase STARTUP the plans of the station begin today, so that their first dates count from today.

    Raises:
        NotFound: There is no such duty station.
        PhaseUnknown: It is none of the phases of a station that is open; a station is closed by `close_station`.
    """
    station = _get(session, code)
    if phase not in ACTIVE_PHASES:
        raise PhaseUnknown(phase=phase)
    if station.phase == phase:
        return station
    station.phase, station.phase_since, station.closed_on = phase, now.date(), None
    for plan in _plans_of(session, station):
        if phase == "STARTUP":
            plan.starts_on, plan.updated_on, plan.tested_on = now.date(), None, None
        _tell(session, PHASE, station, {"plan": plan.code, "phase": phase}, actor, now)
    return station


def close_station(session: Session, code: str, *, reason: str, actor: Actor, now: datetime) -> DutyStation:
    """Close a duty station: its plans are given up, and their open cycles end.

    Raises:
        NotFound: There is no such duty station.
    """
    station = _get(session, code)
    if station.phase == "CLOSED":
        return station
    station.phase, station.phase_since, station.closed_on = "CLOSED", now.date(), now.date()
    for plan in _plans_of(session, station):
        plan.retired_on = now.date()
    _tell(session, CLOSED, station, {"reason": reason}, actor, now)
    return station


def _get(session: Session, code: str) -> DutyStation:
    station = session.get(DutyStation, code)
    if station is None:
        raise NotFound
    return station


def _plans_of(session: Session, station: DutyStation) -> list[Plan]:
    kept = select(Plan).where(Plan.duty_station == station.code, Plan.retired_on.is_(None)).order_by(Plan.code)
    return list(session.scalars(kept))


def _tell(session: Session, kind: str, station: DutyStation, payload: dict[str, Any], actor: Actor, now: datetime) -> None:
    said = {"duty_station": station.code, **payload}
    post_event(session, kind, area=station.area, payload=said, by=actor.person, now=now)
