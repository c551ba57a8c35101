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
STARTUP = "STARTUP"
#: The plans that a new station keeps: how each is called, and the part of a code that stands for it.
NEW_PLANS: dict[str, tuple[str, dict[str, str]]] = {
    "CRISIS": (
        "CRIS",
        {
            "en": "Crisis management plan",
            "fr": "Plan de gestion des crises",
            "es": "Plan de gestión de crisis",
            "ru": "План действий в кризисных ситуациях",
            "zh": "危机管理计划",
            "ar": "خطة إدارة الأزمات",
        },
    ),
    "EVACUATION": (
        "EVAC",
        {
            "en": "Evacuation plan",
            "fr": "Plan d’évacuation",
            "es": "Plan de evacuación",
            "ru": "План эвакуации",
            "zh": "撤离计划",
            "ar": "خطة الإجلاء",
        },
    ),
    "CONTINGENCY": (
        "CONT",
        {
            "en": "Contingency plan",
            "fr": "Plan d’intervention d’urgence",
            "es": "Plan de contingencia",
            "ru": "План на случай непредвиденных обстоятельств",
            "zh": "应急计划",
            "ar": "خطة الطوارئ",
        },
    ),
}


class PhaseUnknown(SafeconductError):
    """A duty station has no phase {phase}."""


def find_open(session: Session, area: str) -> DutyStation | None:
    """Return the duty station of an area that is not closed; the first by code, where there are several."""
    query = select(DutyStation).where(DutyStation.area == area, DutyStation.phase.in_(ACTIVE_PHASES)).order_by(DutyStation.code)
    return session.scalars(query.limit(1)).first()


def open_station(session: Session, *, area: str, name: str, ds_type: str, actor: Actor, now: datetime) -> DutyStation:
    """Open a duty station in the phase of starting up, with a plan of each kind, and let the cycles of its plans begin.

    It bears the code of its area, with a number behind where another station, which is closed, bore that.
    """
    station = DutyStation(
        code=_free_code(session, area),
        name={"en": name},
        area=area,
        ds_type=ds_type,
        phase=STARTUP,
        phase_since=now.date(),
        opened_on=now.date(),
    )
    session.add(station)
    session.flush()
    for plan_type, (short, called) in NEW_PLANS.items():
        plan = Plan(
            code=f"{station.code}-{short}", duty_station=station.code, plan_type=plan_type, name=called, starts_on=now.date()
        )
        session.add(plan)
        _tell(session, PHASE, station, {"plan": plan.code, "phase": STARTUP}, actor, now)
    return station


def _free_code(session: Session, area: str) -> str:
    taken = set(session.scalars(select(DutyStation.code).where(DutyStation.code.startswith(area))))
    return next(code for number in range(1, len(taken) + 2) if (code := area if number == 1 else f"{area}-{number}") not in taken)


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
        if phase == STARTUP:
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
